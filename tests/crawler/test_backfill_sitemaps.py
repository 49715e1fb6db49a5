"""`orbitwatch backfill sitemaps` against an outlet's archive on the loopback."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.crawler.archive_servers import UNAVAILABLE, Archives, ArchiveSite, Fault, Published, archives, too_many
from tests.crawler.backfilling import Backfill, articles, backfill, bakery, crew, landing, launch, write_sources

__all__ = ["archives", "backfill"]

MAY, OCTOBER = datetime(2021, 5, 13, 9, 30, tzinfo=UTC), datetime(2021, 10, 5, 13, 10, tzinfo=UTC)
RETURN = datetime(2021, 10, 17, 6, 0, tzinfo=UTC)
YEAR = ("--since", "2021", "--until", "2021")


def tribune(archives: Archives, data: Path, **site: bool) -> list[Published]:
    published = [
        Published("/crew", MAY, crew(MAY)),
        Published("/launch", OCTOBER, launch(OCTOBER)),
        Published("/bakery", OCTOBER, bakery("Mill Street")),
        Published("/return", RETURN, landing(None)),
        Published("/old", datetime(2019, 3, 1, tzinfo=UTC), bakery("Old Street")),
    ]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), published, **site)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    return published


def test_the_articles_of_the_days_asked_for(archives: Archives, data: Path, backfill: Backfill) -> None:
    tribune(archives, data)
    done = backfill("sitemaps", *YEAR)
    assert (done.code, done.err) == (0, "")
    assert "/sitemap-2019-03.xml.gz" not in archives.paths("tribune")
    assert done.json["skipped"] == {"other_period": 1}
    assert (done.json["total"]["pages"], done.json["total"]["off_topic"], done.json["units_left"]) == (4, 1, 0)
    row = done.json["rows"][0]
    assert (row["source"], row["outcome"], row["next_due_at"]) == ("tribune", "backfill", None)

    found = articles(data)
    assert list(found["url"]) == [archives.url("tribune", path) for path in ("/crew", "/launch", "/return")]
    assert set(found["discovered_via"]) == {"sitemap"}
    assert list(found["published_at"][:2]) == [MAY, OCTOBER]
    assert list(found["date"].astype(str))[:2] == ["2021-05-13", "2021-10-05"]

    archives.asked.clear()
    again = backfill("sitemaps", *YEAR)
    assert again.code == 0
    assert archives.paths("tribune") == ["/sitemap.xml"], "an index is read again, what it names is done"
    wider = backfill("sitemaps", "--since", "2019", "--until", "2021")
    assert wider.json["total"]["pages"] == 1, "other days are another question, but what was seen is not fetched again"


def test_a_list_that_fails_and_a_page_that_is_gone(archives: Archives, data: Path, backfill: Backfill) -> None:
    tribune(archives, data, dated=False, zipped=False)
    archives.faults += [
        Fault("tribune", "/post-sitemap3.xml", (500, {}, b""), times=3),
        Fault("tribune", "/crew", (404, {"Content-Type": "text/html"}, b"gone")),
    ]
    first = backfill("sitemaps", *YEAR)
    assert first.code == 3
    assert first.json["total"]["failed"] == {"server_error": 1, "not_found": 1}
    assert first.json["units_left"] == 1
    archives.asked.clear()
    second = backfill("sitemaps", *YEAR)
    assert second.code == 0
    assert (second.json["total"]["stored"], second.json["units_left"]) == (2, 0)
    assert "/crew" not in archives.paths("tribune"), "what is gone stays gone"


def test_hostile_sitemaps_are_bounded_and_counted(archives: Archives, data: Path, backfill: Backfill) -> None:
    site = archives.url("tribune")
    index = "".join(
        f"<sitemap><loc>{site}{path}</loc></sitemap>" for path in ("sitemap.xml", "a.xml", "a.xml", "b.xml")
    )
    pages = "".join(
        f"<url><loc>{url}</loc></url>" for url in (f"{site}launch", "https://elsewhere.example/", "javascript:alert(1)")
    )
    answers = {
        "/sitemap.xml": f"<sitemapindex>{index}</sitemapindex>",
        "/a.xml": f"<urlset>{pages}</urlset>",
        "/b.xml": "<html><h1>Welcome</h1></html>",
        "/launch": launch(OCTOBER).decode(),
    }
    archives.sites["tribune"] = lambda asked: (
        (200, {"Content-Type": "text/html"}, answers[asked.path].encode()) if asked.path in answers else (404, {}, b"")
    )
    write_sources(data, {"id": "tribune", "home": site, "sitemaps": [f"{site}sitemap.xml"]})
    done = backfill("sitemaps", *YEAR)
    assert done.code == 3
    assert done.json["total"]["failed"] == {"not_a_feed": 1}
    assert done.json["skipped"] == {"other_site": 1, "repeated": 2}
    assert done.json["total"]["stored"] == 1
    assert archives.paths("tribune").count("/sitemap.xml") == 1


@pytest.mark.parametrize("answer", ["", '<!DOCTYPE u [<!ENTITY a "b">]><urlset/>'])
def test_a_sitemap_that_was_not_read_is_asked_for_again(
    answer: str, archives: Archives, data: Path, backfill: Backfill
) -> None:
    site = archives.url("tribune")
    answers = {"/sitemap.xml": answer, "/launch": launch(OCTOBER).decode()}
    archives.sites["tribune"] = lambda asked: (
        (200, {"Content-Type": "text/html"}, answers[asked.path].encode()) if asked.path in answers else (404, {}, b"")
    )
    write_sources(data, {"id": "tribune", "home": site, "sitemaps": [f"{site}sitemap.xml"]})
    first = backfill("sitemaps", *YEAR)
    assert (first.code, first.json["units_left"]) == (1, 1)
    answers["/sitemap.xml"] = f"<urlset><url><loc>{site}launch</loc></url></urlset>"
    assert backfill("sitemaps", *YEAR).json["total"]["stored"] == 1


def test_a_short_pause_is_waited_for_and_a_long_one_ends_the_run(
    archives: Archives, data: Path, backfill: Backfill
) -> None:
    tribune(archives, data)
    archives.faults += [Fault("tribune", "/crew", too_many(1)), Fault("tribune", "/launch", UNAVAILABLE)]
    first = backfill("sitemaps", *YEAR, "-s", "DOWNLOAD_DELAY=0.2")
    assert first.code == 3
    assert "asked to be left alone until" in first.err
    assert "the same command goes on" in first.err
    assert first.json["total"]["failed"] == {"rate_limited": 1, "server_error": 1}
    assert list(articles(data)["title"]) == ["Actress chosen to film in orbit"]
    assert archives.paths("tribune").count("/crew") == 2
    later = backfill("sitemaps", *YEAR, now="2026-01-15T13:00:00Z")
    assert later.code == 0
    assert len(articles(data)) == 3


def test_a_redirect_to_a_host_that_wants_a_pause_is_not_sent_in_circles(
    archives: Archives, data: Path, backfill: Backfill
) -> None:
    tribune(archives, data)
    archives.sites["edge"] = lambda _: too_many(60)
    for path in ("/crew", "/launch", "/sitemap-2021-10"):
        away = (302, {"Location": archives.url("edge", path)}, b"")
        archives.faults.append(Fault("tribune", path, away, times=99))
    done = backfill("sitemaps", *YEAR)
    assert done.code == 3
    assert len(archives.paths("edge")) <= 2, "its robots.txt, and what was on the way"
    assert archives.paths("tribune").count("/crew") == 1
    assert archives.paths("tribune").count("/sitemap-2021-10.xml.gz") == 1


def test_a_limit_and_a_budget_leave_the_rest_for_the_same_command(
    archives: Archives, data: Path, backfill: Backfill
) -> None:
    tribune(archives, data)
    first = backfill("sitemaps", *YEAR, "--limit", "1")
    assert (first.code, first.json["total"]["pages"]) == (0, 1)
    assert first.json["units_left"] > 0
    second = backfill("sitemaps", *YEAR, "-s", "DOWNLOAD_DELAY=2", "--budget", "3s")
    assert second.code == 0
    third = backfill("sitemaps", *YEAR)
    assert third.json["units_left"] == 0
    assert first.json["total"]["pages"] + second.json["total"]["pages"] + third.json["total"]["pages"] == 4
    assert len(articles(data)) == 3


def test_an_estimate_reads_lists_and_no_page(archives: Archives, data: Path, backfill: Backfill) -> None:
    published = [
        Published(f"/{month}/{n}", datetime(2021, month, 3, tzinfo=UTC), b"")
        for month in range(1, 13)
        for n in range(5)
    ]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), published)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    done = backfill("sitemaps", *YEAR, "--dry-run", "-s", "DOWNLOAD_DELAY=0.01")
    assert done.code == 0
    (row,) = done.json
    assert (row["target"], row["lists"], row["read"], row["pages"]) == ("tribune", 13, 4, 60)
    assert not [path for path in archives.paths("tribune") if path.count("/") > 1]
    assert not (data / "articles").exists()


def test_a_late_original_becomes_the_face_of_its_story(archives: Archives, data: Path, backfill: Backfill) -> None:
    later = datetime(2021, 10, 6, 8, 0, tzinfo=UTC)
    archives.sites["copyist"] = ArchiveSite(archives.url("copyist"), [Published("/launch", later, launch(later))])
    tribune(archives, data)
    write_sources(
        data,
        {"id": "tribune", "home": archives.url("tribune")},
        {"id": "copyist", "home": archives.url("copyist")},
    )
    backfill("sitemaps", *YEAR, "--source", "copyist")
    before = pd.read_parquet(data / "stories").iloc[0]
    assert before["source"] == "copyist"
    backfill("sitemaps", *YEAR, "--source", "tribune")
    stories = pd.read_parquet(data / "stories").set_index("story_id")
    after = stories.loc[before["story_id"]]
    assert (after["source"], after["published_at"], after["articles"]) == ("tribune", OCTOBER, 2)
