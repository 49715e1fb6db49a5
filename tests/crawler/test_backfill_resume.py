"""A backfill killed at any moment, and started again by the same command."""

import random
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from crawler.backfill.run import BackfillRun
from pipelines.store import check
from tests.crawler.archive_servers import Archives, ArchiveSite, Copy, Published, WebArchive, archives
from tests.crawler.backfilling import Backfill, articles, backfill, bakery, command, crew, launch, write_sources

__all__ = ["archives", "backfill"]

KILLS = 3
FIRST = datetime(2021, 1, 10, 9, 0, tzinfo=UTC)
YEAR = ("--since", "2021", "--until", "2021")


def name(number: int) -> str:
    """A word of its own: texts that differ in numbers only pass for a wall."""
    return "".join("bdfgklmnrs"[int(digit)] + "a" for digit in str(number)).title()


def pages(number: int) -> list[tuple[datetime, bytes]]:
    days = [FIRST + timedelta(days=9 * n) for n in range(number)]
    return [
        (day, (launch(day, name(n)), crew(day, name(n)), bakery(f"{name(n)} Street"))[n % 3])
        for n, day in enumerate(days)
    ]


def contents(data: Path) -> pd.DataFrame:
    columns = ["article_id", "source", "title", "text", "date", "discovered_via", "first_seen_at"]
    return articles(data)[columns].sort_values("article_id", ignore_index=True)


def kill_at_random(data: Path, *arguments: str) -> None:
    moments = random.Random(20211005)  # noqa: S311 - the same moments every time
    for _ in range(KILLS):
        process = subprocess.Popen(
            command(data, *arguments, "-v"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        lines = iter(process.stderr)
        for _ in range(moments.randrange(8, 40)):  # so many log lines into the run, wherever that is
            next(lines, None)
        process.send_signal(signal.SIGKILL)
        process.communicate()


def test_a_killed_backfill_goes_on_where_it_was(
    archives: Archives, data: Path, tmp_path: Path, backfill: Backfill
) -> None:
    home = archives.url("archive", "/web")
    made = pages(36)
    archives.sites["archive"] = WebArchive(
        [Copy(f"https://outlet.example/{n}", f"{day:%Y%m%d}120000", body) for n, (day, body) in enumerate(made)], most=9
    )
    asked = "wayback", *YEAR, "--cdx", archives.url("archive", "/cdx/search/cdx"), "--archive", home
    whole = tmp_path / "whole"
    for each in (whole, data):
        write_sources(each, {"id": "outlet", "home": "https://outlet.example/"})
    subprocess.run(command(whole, *asked), check=True, capture_output=True, timeout=120)

    archives.asked.clear()
    kill_at_random(data, *asked)
    done = backfill(*asked)
    assert (done.code, done.json["units_left"]) == (0, 0)
    pd.testing.assert_frame_equal(contents(data), contents(whole))
    assert pd.read_parquet(data / "stories")["story_id"].is_unique
    assert check(data, read_data=True).sound
    replays = [path for path in archives.paths("archive") if path.startswith("/web/")]
    # Examined pages that wait for their stories, and one in flight.
    assert len(replays) <= len(made) + KILLS * (BackfillRun.settle_every + 1)
    assert len(set(replays)) == len(made)


def test_without_the_state_everything_is_looked_at_again_and_nothing_is_stored_twice(
    archives: Archives, data: Path, backfill: Backfill
) -> None:
    published = [Published(f"/{n}", day, body) for n, (day, body) in enumerate(pages(6))]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), published)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    backfill("sitemaps", *YEAR)
    before = contents(data)
    for file in (data / ".state").glob("state.sqlite*"):
        file.unlink()
    again = backfill("sitemaps", *YEAR)
    assert again.json["total"]["pages"] == 6
    assert (again.json["total"]["stored"], again.json["total"]["duplicates"]) == (0, 4)
    pd.testing.assert_frame_equal(contents(data), before)


def test_an_interrupted_backfill_keeps_what_it_has(archives: Archives, data: Path, backfill: Backfill) -> None:
    published = [Published(f"/{n}", day, body) for n, (day, body) in enumerate(pages(6))]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), published)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    process = subprocess.Popen(
        command(data, "sitemaps", *YEAR, "-s", "DOWNLOAD_DELAY=3", "-vv"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert any("/0>" in line and "Crawled (200)" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(articles(data)) >= 1
    rest = backfill("sitemaps", *YEAR)
    assert rest.code == 0
    assert 1 <= rest.json["total"]["pages"] < 6
    asked = [path for path in archives.paths("tribune") if path[1:].isdigit()]
    assert sorted(asked) == [page.path for page in published], "each page once"
