"""The readers of `pipelines.backfill` against the loopback archives, over HTTP: each is the other's check."""

import gzip
import http.client
from datetime import UTC, date, datetime
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from pipelines.backfill.archives import choose_children, choose_entries
from pipelines.backfill.captures import read_replay_address
from pipelines.backfill.cdx import CdxError, query_address, read_answer
from pipelines.backfill.gdelt import files_by_rule, read_file_list
from pipelines.backfill.gdelt_records import Records
from pipelines.backfill.scopes import scope_of_site
from pipelines.backfill.window import Window
from pipelines.sitemaps import parse_sitemap, robots_sitemaps
from tests.crawler.archive_servers import (
    HTML_ERROR,
    UNAVAILABLE,
    Archives,
    ArchiveSite,
    Copy,
    Fault,
    Gdelt,
    Published,
    WebArchive,
    archives,
    too_many,
)
from tests.pipelines.backfill.gdelt_files import export_row, gal_line, gkg_row

__all__ = ["archives"]

OCTOBER = Window(date(2021, 10, 1), date(2021, 10, 31))
OUTLET = "https://outlet.example/"


def ask(url: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    """A request to the loopback, whatever the host is called."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80)
    try:
        connection.request("GET", url.partition(parts.netloc)[2], headers={"Host": parts.netloc, **headers})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


class TestWebArchive:
    @pytest.fixture
    def index(self, archives: Archives) -> str:
        copies = [
            Copy(f"https://www.outlet.example/a{n}", f"202110{day:02}083000", f"{n}/{day}".encode())
            for n in range(10)
            for day in (5, 6, 7)
        ]
        copies += [
            Copy("https://outlet.example/moved", "20211005083000", status=301, location=f"{OUTLET}a0"),
            Copy("https://outlet.example/photo", "20211005083000", mimetype="image/jpeg"),
            Copy("https://outlet.example/old", "20200101000000"),
            Copy("https://blog.outlet.example/b", "20211005083000"),
            Copy("https://elsewhere.example/c", "20211005083000"),
        ]
        archives.sites["wayback"] = WebArchive(copies, blocked={"shy.example"})
        return archives.url("wayback", "/cdx/search/cdx")

    @pytest.mark.parametrize("limit", [1, 3, 11, 100])
    def test_the_first_good_capture_of_each_page_once_whatever_the_limit(self, index, limit):
        captures, key, last = [], "", ""
        while True:
            _, body = ask(query_address(index, scope_of_site(OUTLET), OCTOBER, limit=limit, resume_key=key))
            read = read_answer(body, after=last)
            captures += read.captures
            key, last = read.resume_key, read.last_urlkey
            if not key:
                break
        assert [c.original for c in captures] == [f"https://www.outlet.example/a{n}" for n in range(10)] + [
            "https://blog.outlet.example/b"
        ]
        assert {c.captured_at for c in captures} == {datetime(2021, 10, 5, 8, 30, tzinfo=UTC)}

    def test_copies_in_identity_form(self, archives, index):
        base = archives.url("wayback", "/web")
        _, body = ask(query_address(index, scope_of_site(OUTLET), OCTOBER, limit=1))
        (capture,) = read_answer(body).captures
        assert ask(capture.replay(base))[1] == b"0/5"
        assert b"TOOLBAR" in ask(capture.replay(base).replace("id_", ""))[1]

    def test_a_redirect_to_the_nearest_copy(self, archives, index):
        base = archives.url("wayback", "/web")
        response, _ = ask(f"{base}/20211006120000id_/https://outlet.example/a1")
        location = archives.url("wayback", response.headers["Location"])
        assert response.status == 302
        assert read_replay_address(location, base) == (
            "https://www.outlet.example/a1",
            datetime(2021, 10, 6, 8, 30, tzinfo=UTC),
        )
        assert ask(f"{base}/20211006120000id_/https://outlet.example/none")[0].status == 404
        moved, _ = ask(f"{base}/20211005083000id_/https://outlet.example/moved")
        assert (moved.status, moved.headers["Location"]) == (301, f"/web/20211005083000id_/{OUTLET}a0")

    def test_gzip_where_it_is_accepted(self, index):
        address = query_address(index, scope_of_site(OUTLET), OCTOBER)
        response, body = ask(address, **{"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        assert read_answer(gzip.decompress(body)) == read_answer(ask(address)[1])

    def test_faults_come_in_their_order_and_pass(self, archives, index):
        address = query_address(index, scope_of_site(OUTLET), OCTOBER)
        archives.faults += [Fault("wayback", "/cdx", fault) for fault in (too_many(30), UNAVAILABLE, HTML_ERROR)]
        busy, broken, offline = (ask(address) for _ in range(3))
        assert (busy[0].status, busy[0].headers["Retry-After"], broken[0].status) == (429, "30", 503)
        for response, body, reason in ((*offline, "html"), (*broken, "html")):
            with pytest.raises(CdxError) as raised:
                read_answer(body)
            assert raised.value.reason == reason, response.status
        assert len(read_answer(ask(address)[1]).captures) == 11
        assert len(archives.paths("wayback")) == 4

    def test_an_answer_that_is_cut_off_later_on(self, archives, index):
        address = query_address(index, scope_of_site(OUTLET), OCTOBER)
        archives.faults.append(Fault("wayback", "/cdx", cut=500, after=1))
        assert len(read_answer(ask(address)[1]).captures) == 11
        with pytest.raises(CdxError, match="cut off"):
            read_answer(ask(address)[1])

    def test_a_site_that_is_excluded(self, index):
        response, body = ask(query_address(index, scope_of_site("https://shy.example/"), OCTOBER))
        assert response.status == 403
        with pytest.raises(CdxError, match="excludes it"):
            read_answer(body)

    def test_nothing_found(self, index):
        assert read_answer(ask(query_address(index, scope_of_site("https://new.example/"), OCTOBER))[1]).captures == ()


class TestGdelt:
    def test_files_by_list_and_by_rule(self, archives):
        gdelt = Gdelt(archives.url("gdelt"))
        archives.sites["gdelt"] = gdelt
        gdelt.publish("gkg", "20211005090000", gkg_row(f"{OUTLET}film-crew", "Film crew"))
        gdelt.publish("gkg", "20211005090000", gkg_row(f"{OUTLET}вызов", "«Вызов»", language="rus"), translated=True)
        gdelt.publish("export", "20211005090000", export_row(f"{OUTLET}treaty"))
        gdelt.publish("gal", "20211005090100", gal_line(f"{OUTLET}film-crew", "Film crew"))
        listed = []
        for name in ("masterfilelist.txt", "masterfilelist-translation.txt"):
            url = archives.url("gdelt", f"/gdeltv2/{name}")
            listed += read_file_list(ask(url)[1], url=url, window=OCTOBER, kinds={"gkg"}).files
        day = Window(date(2021, 10, 5), date(2021, 10, 5))
        by_rule = [
            file for file in files_by_rule(archives.url("gdelt"), day, "gkg") if "T09:00" in file.instant.isoformat()
        ]
        assert [file.url for file in listed] == [file.url for file in by_rule]
        titles = [record.title for file in listed for record in Records(ask(file.url)[1], file)]
        assert titles == ["Film crew", "«Вызов»"]
        quarter = [file for file in files_by_rule(archives.url("gdelt"), day) if "T09:0" in file.instant.isoformat()]
        answers = [(file, *ask(file.url)) for file in quarter]
        assert [response.status for _, response, _ in answers] == [404, 200, 404, 404, 404, 404, 404, 404]
        file, _, body = answers[1]
        assert [record.url for record in Records(body, file)] == [f"{OUTLET}film-crew"]


class TestArchiveSite:
    @pytest.mark.parametrize(("dated", "reason"), [(True, "other_period"), (False, "unchanged_since")])
    @pytest.mark.parametrize("zipped", [True, False])
    def test_the_months_wanted(self, archives, dated, reason, zipped):
        base = archives.url("outlet")
        articles = [
            Published(f"/news/{month}-{day}", datetime(2021, month, day, 12, tzinfo=UTC), b"<h1>x</h1>")
            for month in (8, 9, 10)
            for day in (3, 20)
        ]
        archives.sites["outlet"] = ArchiveSite(base, articles, dated=dated, zipped=zipped)
        (sitemap,) = robots_sitemaps(ask(archives.url("outlet", "/robots.txt"))[1], url=base)
        children = choose_children(parse_sitemap(ask(sitemap)[1], url=sitemap), OCTOBER)
        assert (len(children.read), children.skipped) == (1, {reason: 2})
        (child,) = children.read
        entries = choose_entries(
            parse_sitemap(ask(child)[1], url=child).entries, Window(date(2021, 10, 10), OCTOBER.until)
        )
        assert [entry.url for entry in entries.read] == [archives.url("outlet", "/news/10-20")]
        assert ask(entries.read[0].url)[1] == b"<h1>x</h1>"
        assert entries.skipped == {"unchanged_since": 1}
