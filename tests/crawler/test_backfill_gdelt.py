"""`orbitwatch backfill gdelt` against bulk files on the loopback."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawler.archive_servers import (
    UNAVAILABLE,
    Archives,
    ArchiveSite,
    Copy,
    Fault,
    Gdelt,
    Published,
    WebArchive,
    archives,
)
from tests.crawler.backfilling import Backfill, articles, backfill, bakery, landing, launch, write_sources
from tests.crawler.loopback import Asked
from tests.pipelines.backfill.gdelt_files import gal_line, gkg_row

__all__ = ["archives", "backfill"]

DAY = ("--since", "2021-10-05", "--until", "2021-10-05")
OCTOBER = datetime(2021, 10, 5, 13, 10, tzinfo=UTC)


@pytest.fixture
def bases(archives: Archives, data: Path) -> tuple[str, ...]:
    tribune = archives.url("tribune").rstrip("/")
    archives.sites["tribune"] = ArchiveSite(
        tribune,
        [Published("/film-crew-space-station", OCTOBER, launch(OCTOBER)), Published("/bakery", OCTOBER, bakery("A"))],
    )
    archives.sites["far"] = ArchiveSite(archives.url("far"), [])
    gone = archives.url("far", "/film-crew-back-from-space-station")
    archives.sites["archive"] = WebArchive([Copy(gone, "20211017050000", landing(None))])
    gdelt = archives.sites["gdelt"] = Gdelt(archives.url("gdelt"))
    gdelt.publish(
        "gal",
        "20211005130200",
        gal_line(f"{tribune}/film-crew-space-station", "Film crew reaches the International Space Station"),
        gal_line(f"{tribune}/bakery", "Old bakery reopens"),
        "no json",
    )
    gdelt.publish("gal", "20211005131600", gal_line(gone, "Film crew to shoot movie aboard the space station"))
    write_sources(data, {"id": "tribune", "home": f"{tribune}/"})
    return "--base", archives.url("gdelt"), "--archive", archives.url("archive", "/web")


def test_what_speaks_of_the_subject_is_fetched_and_what_is_gone_comes_from_the_archive(
    archives: Archives, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    done = backfill("gdelt", *DAY, *bases)
    assert (done.code, done.err) == (0, "")
    assert "/bakery" not in archives.paths("tribune")
    assert done.json["skipped"]["other_subject"] == 1
    assert done.json["skipped"]["json"] == 1
    assert done.json["units"] == 96
    kept = articles(data).set_index("source")
    assert set(kept.index) == {"tribune", "far.localhost"}
    assert set(kept["discovered_via"]) == {"gdelt"}
    assert kept.loc["far.localhost", "fetched_at"] == datetime(2021, 10, 17, 5, tzinfo=UTC)
    assert kept.loc["far.localhost", "url"] == archives.url("far", "/film-crew-back-from-space-station")
    rows = {row["source"]: row for row in done.json["rows"]}
    assert rows["far.localhost"]["failed"] == {"not_found": 1}

    archives.asked.clear()
    assert backfill("gdelt", *DAY, *bases).code == 0
    assert archives.asked == []


def test_an_outlet_that_always_asks_for_a_pause_keeps_no_list_open_for_ever(
    archives: Archives, bases: tuple[str, ...], backfill: Backfill
) -> None:
    archives.faults.append(Fault("tribune", "/film", UNAVAILABLE, times=99))
    left = []
    for day in ("16", "17", "18"):
        done = backfill("gdelt", *DAY, *bases, "--source", "tribune", now=f"2026-01-{day}T12:00:00Z")
        assert done.json["total"]["failed"] == {"server_error": 1}
        left.append(done.json["units_left"])
    assert left == [1, 1, 0]
    assert archives.paths("tribune").count("/film-crew-space-station") == 3


def test_a_quarter_hour_that_fails_is_read_again(
    archives: Archives, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    archives.faults.append(Fault("gdelt", "/gdeltv3/gal/20211005130200", (500, {}, b""), times=3))
    first = backfill("gdelt", *DAY, *bases, "--source", "tribune")
    assert first.code == 3
    assert first.json["units_left"] == 1
    second = backfill("gdelt", *DAY, *bases, "--source", "tribune")
    assert (second.code, second.json["total"]["stored"]) == (0, 1)


def test_the_knowledge_graph_and_pages_from_the_archive_alone(
    archives: Archives, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    url = archives.url("far", "/film-crew-back-from-space-station")
    gdelt = archives.sites["gdelt"]
    assert isinstance(gdelt, Gdelt)
    gdelt.publish("gkg", "20211005090000", gkg_row(url, "Film crew to shoot movie aboard the space station"))
    archives.faults.append(Fault("far", "/", UNAVAILABLE, times=99))
    listed = data.parent / "masterfilelist.txt"
    listed.write_bytes(gdelt(Asked("", "/gdeltv2/masterfilelist.txt", {}))[2])
    done = backfill("gdelt", *DAY, *bases, "--list", str(listed), "--from", "wayback")
    assert (done.code, done.json["total"]["stored"], done.json["units"]) == (0, 1, 1)
    assert archives.paths("gdelt") == ["/robots.txt", "/gdeltv2/20211005090000.gkg.csv.zip"]
    assert archives.paths("far") == []


def test_an_outlet_that_is_switched_off_is_left_alone_unless_it_is_named(
    archives: Archives, bases: tuple[str, ...], data: Path, backfill: Backfill
) -> None:
    write_sources(data, {"id": "tribune", "home": archives.url("tribune"), "enabled": False})
    done = backfill("gdelt", *DAY, *bases)
    assert (done.code, [row["source"] for row in done.json["rows"] if row["pages"]]) == (0, ["far.localhost"])
    assert done.json["skipped"]["other_source"] == 1
    assert archives.paths("tribune") == []
    assert backfill("gdelt", *DAY, *bases, "--source", "tribune").json["total"]["stored"] == 1


def test_an_estimate(archives: Archives, bases: tuple[str, ...], backfill: Backfill) -> None:
    (row,) = backfill("gdelt", *DAY, *bases, "--dry-run").json
    assert (row["lists"], row["read"]) == (96, 6)
    assert archives.paths("tribune") == []
    assert row["seconds"] >= 0
