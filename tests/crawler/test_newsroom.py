"""The newsroom is a consistent world: what is written down is what is served, when it is served, and how."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crawler.newsroom import SCHEDULE, Newsroom, NewsroomError, Outlet, StoryTruth
from crawler.newsroom.__main__ import main
from crawler.newsroom.dates import feed_date, printed_instant
from crawler.newsroom.markup import Html, fill
from crawler.newsroom.outlets import load_outlets
from crawler.newsroom.site import Answer, Site, with_validators
from crawler.newsroom.stories import load_stories
from pipelines.catalogue.sources import load_sources

LAST = SCHEDULE[-1]
SECOND = timedelta(seconds=1)
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Room(Newsroom):
    """A newsroom whose time is set by hand."""

    def __init__(self) -> None:
        self.now = LAST
        super().__init__(lambda: self.now, first_port=0)

    def get(
        self, outlet: str, target: str, *, method: str = "GET", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port(outlet), timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, headers=named)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def opened() -> Iterator[Room]:
    with Room() as room:
        yield room


@pytest.fixture
def room(opened: Room) -> Room:
    opened.now = LAST
    return opened


OUTLETS = {outlet.id: outlet for outlet in load_outlets()}
STORIES = {story.id: story for story in load_stories()}
SITES = {outlet.id: Site(outlet, load_stories(), f"http://{outlet.host}:80") for outlet in OUTLETS.values()}


def target(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def text_of(outlet: str, body: bytes) -> str:
    return unescape(body.decode(OUTLETS[outlet].charset))


def xml(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314 - the newsroom's own document


def entries(outlet: Outlet, body: bytes) -> list[tuple[str, str]]:
    """Address and title of a feed's entries, read by other people's parsers."""
    if outlet.feed == "json":
        return [(item["url"], item["title"]) for item in json.loads(body)["items"]]
    if outlet.feed == "news_sitemap":
        rows = xml(body).iter(f"{MAP}url")
        return [(row.findtext(f"{MAP}loc", ""), row.findtext(f".//{NEWS}title", "")) for row in rows]
    return [(entry.link, entry.title) for entry in feedparser.parse(body).entries]


# The world ----------------------------------------------------------------------------------------------------


def test_enough_outlets_languages_and_stories(room: Room) -> None:
    truth = room.truth()
    assert len(room.outlets) >= 12
    assert {"en", "ru", "zh", "ja", "fr", "de", "es"} <= {outlet.language for outlet in room.outlets}
    assert {story.outlet for story in truth} == set(OUTLETS)
    assert 0.55 <= sum(story.relevant for story in truth) / len(truth) <= 0.65
    assert len({outlet.feed for outlet in room.outlets}) == 5
    assert len({story.lookalike for story in truth if story.lookalike}) >= 6
    assert {"robots", "feed_dead", "feed_html", "no_text", "soft_404"} <= {story.barrier for story in truth}


def test_truth_ids_and_addresses_are_unique(room: Room) -> None:
    truth = room.truth()
    assert len({story.id for story in truth}) == len(truth)
    first = [story for story in truth if not story.update_of]
    assert len({story.url for story in first}) == len(first)
    assert [story.published for story in truth] == sorted(story.published for story in truth)


def test_families_copy_what_was_there_before_in_the_same_language(room: Room) -> None:
    truth = {story.id: story for story in room.truth()}
    families: dict[str, set[str]] = defaultdict(set)
    for story in truth.values():
        if story.copy_of:
            original = truth[story.copy_of]
            families[original.id] |= {original.outlet, story.outlet}
            assert original.first_published < story.first_published
            assert original.language == story.language
            assert original.outlet != story.outlet
            assert original.relevant == story.relevant
            assert set(STORIES[story.id].versions[0].paragraphs) & set(STORIES[original.id].versions[0].paragraphs)
            assert STORIES[story.id].versions[0].headline != STORIES[original.id].versions[0].headline
    assert len(families) >= 6
    assert max(len(outlets) for outlets in families.values()) >= 5
    assert Counter(story.role for story in truth.values())["excerpt"] >= 2
    assert any(story.update_of for story in truth.values())


def test_a_crawl_by_the_schedule_sees_every_version(room: Room) -> None:
    assert 7 <= len(SCHEDULE) <= 10
    assert list(SCHEDULE) == sorted(SCHEDULE)
    for story in load_stories():
        seen = {story.at(moment) for moment in SCHEDULE}
        assert set(story.versions) <= seen, story.id


def test_every_section_and_word_is_there() -> None:
    for story in load_stories():
        assert story.section in OUTLETS[story.outlet].sections, story.id
    words = {frozenset(outlet.words) for outlet in OUTLETS.values()}
    assert len(words) == 1


# Pages --------------------------------------------------------------------------------------------------------


def test_a_page_is_there_from_its_instant_on_and_not_before(room: Room) -> None:
    for story in room.truth():
        path = target(story.listed_url)
        if not story.update_of:
            room.now = story.published - SECOND
            assert room.get(story.outlet, path)[0] == 404, story.id
        room.now = story.published
        status, _, body = room.get(story.outlet, path)
        assert status == 200, story.id
        shown = text_of(story.outlet, body)
        assert (story.headline in shown) == (story.barrier != "soft_404"), story.id


def test_an_update_replaces_text_and_headline(room: Room) -> None:
    (update,) = (story for story in room.truth() if story.update_of)
    old, new = STORIES[update.update_of].versions
    room.now = update.published - SECOND
    before = text_of(update.outlet, room.get(update.outlet, target(update.url))[2])
    room.now = update.published
    after = text_of(update.outlet, room.get(update.outlet, target(update.url))[2])
    assert old.headline in before
    assert new.headline not in before
    assert new.headline in after
    assert new.paragraphs[1] in after
    assert OUTLETS[update.outlet].words["updated"] in after
    feed = room.get(update.outlet, OUTLETS[update.outlet].feed_path)[2]
    assert (update.listed_url, new.headline) in entries(OUTLETS[update.outlet], feed)
    assert b"<lastmod>2021-10-05T13:45:00+01:00</lastmod>" in feed


def test_all_paragraphs_and_the_printed_date_stand_on_the_page(room: Room) -> None:
    for story in room.truth():
        if story.barrier == "soft_404" or story.update_of:
            continue
        room.now = story.published
        outlet = OUTLETS[story.outlet]
        shown = text_of(story.outlet, room.get(story.outlet, target(story.url))[2])
        for paragraph in STORIES[story.id].versions[0].paragraphs:
            assert paragraph in shown, story.id
        day = story.first_published.astimezone(outlet.zone)
        assert str(day.year) in shown
        assert f'lang="{outlet.language}"' in shown or outlet.template in {"evening", "portal"}


def test_charsets_are_really_used_and_declared_where_they_should_be(room: Room) -> None:
    for outlet in room.outlets:
        story = SITES[outlet.id].stories[0]
        _, headers, body = room.get(outlet.id, SITES[outlet.id].path(story))
        in_meta = f'<meta charset="{outlet.charset}">'.encode() in body
        assert (headers.get_content_charset() == outlet.charset) == (outlet.charset_in == "header")
        assert in_meta == (outlet.charset_in == "meta")
        if outlet.charset != "utf-8":
            assert outlet.name.encode(outlet.charset) in body
            with pytest.raises(UnicodeDecodeError):
                body.decode("utf-8")
    legacy = {(outlet.charset, outlet.charset_in) for outlet in room.outlets if outlet.charset != "utf-8"}
    assert {"windows-1251", "gb18030", "shift_jis"} == {charset for charset, _ in legacy}
    assert {"header", "meta", "nowhere"} == {where for _, where in legacy}


def test_spellings_of_an_address_give_one_canonical(room: Room) -> None:
    for outlet_id, spellings in {
        "orbitaldesk": ["/amp{}", "{}?print=1"],
        "tribune": ["{}?utm_source=rss"],
    }.items():
        for story in SITES[outlet_id].stories[:3]:
            path = SITES[outlet_id].path(story)
            canonical = f'<link rel="canonical" href="{room.base(outlet_id)}{path}">'
            for spelling in ["{}", *spellings]:
                status, _, body = room.get(outlet_id, spelling.format(path))
                assert status == 200
                assert canonical in body.decode()
    assert all("utm_source" in story.listed_url for story in room.truth() if story.outlet == "tribune")
    assert room.get("kuppelblick", "/amp/" + SITES["kuppelblick"].path(SITES["kuppelblick"].stories[0]))[0] == 404


def test_json_ld_can_be_read(room: Room) -> None:
    for story in room.truth():
        if OUTLETS[story.outlet].template != "broadsheet" or story.update_of:
            continue
        page = room.get(story.outlet, target(story.url))[2].decode(OUTLETS[story.outlet].charset)
        start = page.index('<script type="application/ld+json">') + 35
        article = json.loads(page[start : page.index("</script>", start)])
        assert article["headline"] == story.headline
        assert datetime.fromisoformat(article["datePublished"]) == story.first_published


def test_pages_without_text_and_soft_404s(room: Room) -> None:
    kinds = {story.barrier: story for story in room.truth()}
    video = room.get(kinds["no_text"].outlet, target(kinds["no_text"].url))[2].decode()
    assert "<p>" not in video
    assert kinds["no_text"].headline in unescape(video)
    status, _, missing = room.get(kinds["soft_404"].outlet, target(kinds["soft_404"].url))
    assert status == 200
    assert OUTLETS[kinds["soft_404"].outlet].words["missing"] in missing.decode()


def test_front_and_section_pages_list_what_is_there(room: Room) -> None:
    room.now = SCHEDULE[0]
    for outlet in room.outlets:
        front = text_of(outlet.id, room.get(outlet.id, "/")[2])
        listed = SITES[outlet.id].listed(room.now)
        assert listed
        for entry in listed:
            assert entry.version.headline in front
            section = text_of(outlet.id, room.get(outlet.id, f"/section/{entry.story.section}")[2])
            assert entry.version.headline in section
    assert room.get("tribune", "/section/horoscopes")[0] == 404


def test_every_value_is_escaped() -> None:
    assert fill("<p>$text</p>", text='<b>"&') == "<p>&lt;b&gt;&quot;&amp;</p>"
    assert fill("<p>$text</p>", text=Html("<b>")) == "<p><b></p>"
    site = SITES["reelrocket"]
    page = site.answer(site.path(site.stories[0]), LAST).body.decode()
    assert "Reel &amp; Rocket" in page
    assert "Reel & Rocket" not in page


@given(st.text(max_size=60))
def test_any_path_gets_an_answer(path: str) -> None:
    for outlet_id in ("orbitaldesk", "kosmograd"):
        assert SITES[outlet_id].answer(f"/{path}", LAST).status in {200, 404}


# Feeds --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", SCHEDULE, ids=lambda moment: f"{moment:%Y-%m-%d}")
def test_feeds_list_the_latest_entries(now: datetime) -> None:
    for site in SITES.values():
        if site.outlet.fault_at(now) in {"dead", "html"}:
            continue
        expected = [(entry.link, entry.version.headline) for entry in site.listed(now)[:20]]
        assert entries(site.outlet, site.answer(site.outlet.feed_path, now).body) == expected, site.outlet.id


def test_feeds_over_http_are_those_of_the_truth(room: Room) -> None:
    for outlet in room.outlets:
        status, headers, body = room.get(outlet.id, outlet.feed_path)
        fault = outlet.fault_at(room.now)
        assert status == (410 if fault == "dead" else 200)
        assert (headers.get_content_type() == "text/html") == (fault in {"dead", "html"})
        if fault not in {"dead", "html"}:
            mine = {story.listed_url for story in room.truth() if story.outlet == outlet.id}
            assert {url for url, _ in entries(outlet, body)} == mine


def test_feed_dates_mean_the_instant_of_publication() -> None:
    instant = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)
    written = {outlet.id: feed_date(instant, outlet) for outlet in OUTLETS.values()}
    assert written["kosmograd"] == "Tue, 05 Oct 2021 11:55:00 MSK"
    assert written["vecherny"] == "2021-10-05 11:55:00"
    assert written["xingqiao"] == "2021-10-05 16:55:00"
    assert written["coastline"] == "Tue, 05 Oct 2021 08:55:00 GMT"
    assert written["tribune"] == "Tue, 05 Oct 2021 04:55:00 -0400"
    assert written["hoshimado"] == "2021-10-05T17:55:00+09:00"
    for outlet in OUTLETS.values():
        if outlet.feed_dates == "iso":
            assert datetime.fromisoformat(written[outlet.id]) == instant
        elif outlet.feed_dates in {"gmt", "offset"}:
            assert parsedate_to_datetime(written[outlet.id]) == instant


def test_printed_dates_are_in_the_language_and_zone_of_the_outlet() -> None:
    instant = datetime(2021, 10, 5, 20, 55, tzinfo=UTC)
    printed = {outlet.id: printed_instant(instant, outlet) for outlet in OUTLETS.values()}
    assert printed["meridian"] == "5 October 2021, 21:55"
    assert printed["tribune"] == "October 5, 2021, 16:55"
    assert printed["coastline"] == "6 October 2021, 06:55"
    assert printed["kosmograd"] == "5 октября 2021, 23:55"
    assert printed["xingqiao"] == "2021年10月06日 04:55"
    assert printed["hoshimado"] == "2021年10月6日 5時55分"
    assert printed["depeche"] == "5 octobre 2021 à 22h55"
    assert printed["kuppelblick"] == "5. Oktober 2021, 22:55 Uhr"
    assert printed["faro"] == "5 de octubre de 2021, 17:55"
    assert printed["estuario"] == "5 de outubro de 2021, 21:55"
    assert printed["marsad"] == "6 أكتوبر 2021، 00:55"


def test_one_feed_is_broken_yet_usable() -> None:
    (outlet,) = (outlet for outlet in OUTLETS.values() if outlet.feed_fault == "broken")
    body = SITES[outlet.id].answer(outlet.feed_path, LAST).body
    with pytest.raises(ET.ParseError):
        xml(body)
    assert len(feedparser.parse(body).entries) == len(SITES[outlet.id].stories)


@pytest.mark.parametrize("fault", ["dead", "html"])
def test_a_feed_goes_bad_at_its_instant(fault: str) -> None:
    (outlet,) = (outlet for outlet in OUTLETS.values() if outlet.feed_fault == fault)
    since = outlet.feed_fault_since
    assert since is not None
    before = SITES[outlet.id].answer(outlet.feed_path, since - SECOND)
    after = SITES[outlet.id].answer(outlet.feed_path, since)
    assert entries(outlet, before.body)
    assert (after.status, after.media_type) == (410 if fault == "dead" else 200, "text/html")
    assert not entries(outlet, after.body)


def test_the_slow_feed_comes_whole_and_does_not_hold_up_the_end() -> None:
    (outlet,) = (outlet for outlet in OUTLETS.values() if outlet.feed_fault == "slow")
    with Room() as room:
        status, headers, body = room.get(outlet.id, outlet.feed_path)
        assert status == 200
        assert len(body) == int(headers["Content-Length"])
        connection = http.client.HTTPConnection("127.0.0.1", room.port(outlet.id), timeout=20)
        connection.request("GET", outlet.feed_path)
        assert connection.getresponse().read(10) == body[:10]
    connection.close()


def test_the_archive_sitemap_lists_every_article(room: Room) -> None:
    for outlet in room.outlets:
        found = {row.text for row in xml(room.get(outlet.id, "/sitemap.xml")[2]).iter(f"{MAP}loc")}
        assert found == {story.url for story in room.truth() if story.outlet == outlet.id}


# HTTP ---------------------------------------------------------------------------------------------------------


def test_unchanged_feeds_and_pages_are_answered_304(room: Room) -> None:
    for outlet in room.outlets:
        if outlet.fault_at(room.now) == "dead":
            continue
        for path in (outlet.feed_path, SITES[outlet.id].path(SITES[outlet.id].stories[0])):
            _, headers, _ = room.get(outlet.id, path)
            asked = {
                "If-None-Match": headers.get("ETag", ""),
                "If-Modified-Since": headers.get("Last-Modified", ""),
            }
            sent = {name: value for name, value in asked.items() if value}
            assert bool(sent) == (outlet.validators != "none") or outlet.fault_at(room.now) == "html"
            status, again, body = room.get(outlet.id, path, **sent)
            assert status == (304 if sent else 200)
            if sent:
                assert body == b""
                assert again["ETag"] == headers["ETag"]


def test_a_new_story_changes_the_feed(room: Room) -> None:
    for outlet in room.outlets:
        if outlet.validators == "none" or outlet.feed_fault:
            continue
        latest = max(story.published for story in SITES[outlet.id].stories)
        room.now = latest - SECOND
        _, headers, _ = room.get(outlet.id, outlet.feed_path)
        sent = {
            "If-None-Match": headers.get("ETag", ""),
            "If-Modified-Since": headers.get("Last-Modified", ""),
        }
        sent = {name: value for name, value in sent.items() if value}
        assert room.get(outlet.id, outlet.feed_path, **sent)[0] == 304
        room.now = latest
        assert room.get(outlet.id, outlet.feed_path, **sent)[0] == 200


@given(st.text(max_size=40), st.text(max_size=40))
def test_conditional_headers_may_hold_anything(if_none_match: str, if_modified_since: str) -> None:
    answer = Answer(200, b"text", changed=LAST)
    got = with_validators(answer, OUTLETS["meridian"], if_none_match, if_modified_since)
    assert got.status in {200, 304}


def test_etag_goes_before_date() -> None:
    answer = Answer(200, b"text", changed=LAST)
    outlet = OUTLETS["meridian"]
    tag = with_validators(answer, outlet, "", "").headers["ETag"]
    late = "Thu, 01 Jan 2026 00:00:00 GMT"
    assert with_validators(answer, outlet, f'"other", W/{tag}', "").status == 304
    assert with_validators(answer, outlet, '"other"', late).status == 200
    assert with_validators(answer, outlet, "", late).status == 304
    assert with_validators(answer, outlet, "", "Wed, 01 Jan 2020 00:00:00 GMT").status == 200
    assert with_validators(Answer(404, b"no"), outlet, "*", late).status == 404


def test_robots_says_what_is_closed_and_one_has_none(room: Room) -> None:
    closed = []
    for outlet in room.outlets:
        status, _, body = room.get(outlet.id, "/robots.txt")
        assert status == (404 if outlet.robots_missing else 200)
        rules = RobotFileParser()
        rules.parse(body.decode().splitlines() if status == 200 else [])
        for story in (story for story in room.truth() if story.outlet == outlet.id):
            allowed = outlet.robots_missing or rules.can_fetch("orbitwatch", target(story.listed_url))
            assert allowed == (story.barrier != "robots")
            closed += [] if allowed else [story.id]
        assert (f"Crawl-delay: {outlet.crawl_delay:g}" in body.decode()) == bool(outlet.crawl_delay)
    assert closed
    assert any(outlet.robots_missing for outlet in room.outlets)
    assert any(outlet.crawl_delay for outlet in room.outlets)


def test_head_has_no_body_and_other_methods_are_refused(room: Room) -> None:
    status, headers, body = room.get("tribune", "/", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0
    assert room.get("tribune", "/", method="POST")[0] == 501


def test_the_log_says_who_asked_for_what_and_when(room: Room) -> None:
    room.now = SCHEDULE[3]
    before = len(room.requests)
    room.get("tribune", "/nowhere?x=1", User_Agent="test/1", If_None_Match='"a"', If_Modified_Since="b")
    room.get("faro", "/robots.txt")
    first, second = room.requests[before:]
    assert (first.at, first.outlet, first.method, first.path) == (
        SCHEDULE[3],
        "tribune",
        "GET",
        "/nowhere?x=1",
    )
    assert (first.status, first.user_agent, first.if_none_match, first.if_modified_since) == (
        404,
        "test/1",
        '"a"',
        "b",
    )
    assert (second.outlet, second.status) == ("faro", 200)
    assert first.started <= first.ended <= second.started <= second.ended


def test_the_log_shows_requests_that_overlap() -> None:
    (outlet,) = (outlet for outlet in OUTLETS.values() if outlet.feed_fault == "slow")
    with Room() as room:
        both = threading.Barrier(2)

        def ask() -> None:
            both.wait()
            room.get(outlet.id, outlet.feed_path)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        first, second = sorted(room.requests, key=lambda request: request.started)
    assert second.started < first.ended


def test_the_date_header_is_the_newsrooms_own_time(room: Room) -> None:
    room.now = SCHEDULE[0]
    assert parsedate_to_datetime(room.get("faro", "/")[1]["Date"]) == SCHEDULE[0]


# Opening and closing ------------------------------------------------------------------------------------------


def test_sources_are_valid_and_name_the_ports_in_use(room: Room, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    room.write_sources(path)
    sources = load_sources(path)
    assert [source.id for source in sources] == [outlet.id for outlet in room.outlets]
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["source"]:
        assert row["home"] == f"{room.base(row['id'])}/"
        assert row["name"] == OUTLETS[row["id"]].name
        (listing,) = row["feeds"] + row["news_sitemaps"]
        assert urlsplit(listing).port == room.port(row["id"])
        assert urlsplit(listing).hostname == f"{row['id']}.localhost"


def test_a_taken_port_is_named_and_the_others_are_given_back() -> None:
    with Room() as room:
        taken = room.port("tribune")  # the second outlet; the one before it may be had
        late = Newsroom(lambda: LAST, first_port=taken - 1)
        with pytest.raises(NewsroomError, match=rf"port {taken} .*--port \(first_port\)|port {taken - 1} ") as caught:
            late.start()
        assert "--port" in str(caught.value)
        with pytest.raises(NewsroomError, match="not been open"):
            late.truth()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", taken))


def test_addresses_are_known_once_it_has_been_open(tmp_path: Path) -> None:
    room = Newsroom(lambda: LAST, first_port=0)
    for ask in (room.truth, lambda: room.base("faro"), lambda: room.write_sources(tmp_path / "sources.toml")):
        with pytest.raises(NewsroomError, match="not been open"):
            ask()
    room.stop()
    for _ in range(2):
        with room:
            assert room.base("faro").startswith("http://faro.localhost:")
            with pytest.raises(NewsroomError, match="open already"):
                room.start()
            port = room.port("faro")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
        assert room.port("faro") == port
        assert room.truth()


def test_a_client_that_hangs_up_is_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    with Room() as room:
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", room.port("marsad"))) as rude:
                rude.sendall(b"GET /rss.xml HTTP/1.1\r\n\r\n")
                rude.recv(1)
        assert room.get("marsad", "/")[0] == 200
    assert capfd.readouterr().err == ""


def test_a_person_can_look_at_it() -> None:
    command = [sys.executable, "-m", "crawler.newsroom", "--at", "2021-10-06", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        address = urlsplit(next(line for line in lines if "tribune" in line).split()[0])
        connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=20)
        connection.request("GET", "/")
        front = connection.getresponse().read().decode()
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    assert "October 5, 2021" in front
    assert "2022" not in front


def test_the_command_says_which_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["--port", str(port)])
    assert result.exit_code == 1
    assert f"port {port} of 127.0.0.1" in result.output
    assert "--port" in result.output


def test_truth_is_a_value(room: Room) -> None:
    story = room.truth()[0]
    assert isinstance(story, StoryTruth)
    assert hash(story) == hash(room.truth()[0])
