"""`orbitwatch backfill wayback` against a web archive on the loopback."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawler.archive_servers import HTML_ERROR, Archives, Copy, Fault, WebArchive, archives, found, too_many
from tests.crawler.backfilling import Backfill, articles, backfill, bakery, crew, landing, launch, write_sources

__all__ = ["archives", "backfill"]

YEAR = ("--since", "2021", "--until", "2021")
OCTOBER = datetime(2021, 10, 5, 13, 10, tzinfo=UTC)
OUTLET = "https://outlet.example"


@pytest.fixture
def archive(archives: Archives, data: Path) -> WebArchive:
    served = archives.sites["archive"] = WebArchive(
        [
            Copy(f"{OUTLET}/launch", "20211005140000", launch(OCTOBER)),
            Copy(f"{OUTLET}/launch", "20211120080000", launch(OCTOBER, "5 October")),
            Copy(f"{OUTLET}/crew", "20210514070000", crew(None)),
            Copy(f"{OUTLET}/return", "20211018010000", landing(None)),
            Copy(f"{OUTLET}/bakery", "20211018010000", bakery("Mill Street")),
            Copy(f"{OUTLET}/later", "20220301000000", bakery("Late Street")),
        ]
    )
    write_sources(data, {"id": "outlet", "home": f"{OUTLET}/"})
    return served


@pytest.fixture
def bases(archives: Archives) -> tuple[str, ...]:
    return "--cdx", archives.url("archive", "/cdx/search/cdx"), "--archive", archives.url("archive", "/web")


def replays(archives: Archives) -> list[str]:
    return [path.removeprefix("/web/") for path in archives.paths("archive") if path.startswith("/web/")]


def test_pages_keep_their_own_address_and_the_instant_of_their_capture(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    done = backfill("wayback", *YEAR, *bases)
    assert (done.code, done.err) == (0, "")
    kept = articles(data).set_index("url")
    assert list(kept.index) == [f"{OUTLET}/crew", f"{OUTLET}/launch", f"{OUTLET}/return"]
    assert set(kept["discovered_via"]) == {"wayback"}
    assert set(kept["source"]) == {"outlet"}
    assert set(kept["domain"]) == {"outlet.example"}
    captured = datetime(2021, 5, 14, 7, tzinfo=UTC)
    assert kept.loc[f"{OUTLET}/crew", "fetched_at"] == captured
    assert kept.loc[f"{OUTLET}/crew", "first_seen_at"] == captured
    assert str(kept.loc[f"{OUTLET}/crew", "date"]) == "2021-05-14", "an undated page was there when it was captured"
    assert kept.loc[f"{OUTLET}/launch", "published_at"] == OCTOBER
    assert replays(archives)[0].startswith("20210514070000id_/"), "the oldest capture first"

    archives.asked.clear()
    assert backfill("wayback", *YEAR, *bases).code == 0
    assert archives.asked == [], "a page of the index that is done is not asked for again"


def test_the_index_is_read_page_by_page_and_a_broken_answer_is_read_again(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    archive.most = 2
    archives.faults.append(Fault("archive", "/cdx/", HTML_ERROR, after=1))
    first = backfill("wayback", *YEAR, *bases)
    assert first.code == 3
    assert first.json["total"]["failed"] == {"html": 1}
    assert first.json["total"]["pages"] == 2
    second = backfill("wayback", *YEAR, *bases)
    assert second.code == 0
    assert second.json["total"]["pages"] == 2
    assert len(articles(data)) == 3


def test_redirects_inside_the_archive_are_followed_and_those_out_of_it_are_not(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    other, away = archives.url("archive", f"/web/20211120080000id_/{OUTLET}/launch"), archives.url("outlet", "/crew")
    moved = archives.url("archive", f"/web/20211018010000id_/{OUTLET}/returned")
    archive.copies.append(Copy(f"{OUTLET}/returned", "20211018010000", landing(None)))
    archives.sites["outlet"] = lambda _: found(crew(None))
    for path, target in (("launch", other), ("crew", away), ("return", moved)):
        stamp = next(copy.stamp for copy in archive.copies if copy.url == f"{OUTLET}/{path}")
        answer = (302, {"Location": target}, b"")
        archives.faults.append(Fault("archive", f"/web/{stamp}id_/{OUTLET}/{path}", answer))
    done = backfill("wayback", *YEAR, *bases)
    assert done.json["total"]["failed"] == {"redirect": 1}
    assert archives.paths("outlet") == []
    kept = articles(data).set_index("url")
    assert list(kept.index) == [f"{OUTLET}/launch", f"{OUTLET}/returned"]
    assert kept.loc[f"{OUTLET}/launch", "fetched_at"] == datetime(2021, 11, 20, 8, tzinfo=UTC)


def test_a_pattern_outside_of_the_catalogue_is_kept_under_its_domain(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    archive.copies.append(Copy("http://news.elsewhere.example/2021/launch", "20211005140000", launch(OCTOBER)))
    done = backfill("wayback", *YEAR, *bases, "--url", "*.elsewhere.example")
    assert done.code == 0
    assert list(articles(data)["source"]) == ["elsewhere.example"]
    assert not [path for path in replays(archives) if "outlet.example" in path]


def test_pauses_are_honoured_and_an_excluded_site_is_told(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    archive.blocked.add("shy.example")
    write_sources(data, {"id": "shy", "home": "https://shy.example/"}, {"id": "outlet", "home": f"{OUTLET}/"})
    archives.faults.append(Fault("archive", "/web/", too_many(1), times=2))
    done = backfill("wayback", *YEAR, *bases)
    assert done.code == 3
    assert done.json["total"]["failed"] == {"blocked": 1, "rate_limited": 2}
    assert len(articles(data)) == 3
    archives.faults.append(Fault("archive", "/cdx/", too_many(3600), times=9))
    archives.asked.clear()
    held = backfill("wayback", "--since", "2022", "--until", "2022", *bases)
    assert held.code == 3
    assert held.err.count("asked to be left alone until") == 1
    assert len(archives.paths("archive")) == 1


def test_an_estimate_says_when_the_index_goes_on(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], backfill: Backfill
) -> None:
    archive.most = 1
    archive.copies += [Copy(f"{OUTLET}/{n}", "20210601000000") for n in range(9)]
    (row,) = backfill("wayback", *YEAR, *bases, "--dry-run").json
    assert (row["target"], row["read"], row["pages"], row["at_least"]) == ("outlet", 4, 4, True)
    assert replays(archives) == []


def test_an_estimate_leaves_out_what_is_done_and_goes_on_behind_it(
    archives: Archives, archive: WebArchive, bases: tuple[str, ...], backfill: Backfill
) -> None:
    archive.most = 1
    archive.copies += [Copy(f"{OUTLET}/{n}", "20210601000000") for n in range(9)]
    first = backfill("wayback", *YEAR, *bases, "--limit", "5").json
    assert (first["total"]["pages"], first["units_left"]) == (5, 1)
    (row,) = backfill("wayback", *YEAR, *bases, "--dry-run").json
    assert (row["lists"], row["read"], row["pages"], row["at_least"]) == (4, 4, 4, True)
    backfill("wayback", *YEAR, *bases)
    (row,) = backfill("wayback", *YEAR, *bases, "--dry-run").json
    assert (row["lists"], row["read"], row["pages"], row["at_least"]) == (0, 0, 0, False)
