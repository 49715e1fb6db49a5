"""Real crawls of the newsroom, killed at any moment, and runs that overlap."""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from crawler.newsroom import Newsroom
from pipelines.analysis import load_articles, load_runs, load_stories
from pipelines.store import Store, check

NOW = datetime(2021, 10, 20, 6, tzinfo=UTC)
KILLS = 6


@pytest.fixture
def newsroom(data: Path) -> Iterator[Newsroom]:
    data.mkdir()
    with Newsroom(lambda: NOW, first_port=0) as room:
        room.write_sources(data / "sources.toml")
        yield room


def command(data: Path, *arguments: str) -> list[str]:
    fast = ["-s", "DOWNLOAD_DELAY=0.02", "-s", "AUTOTHROTTLE_ENABLED=False", "--allow-private", "127.0.0.0/8"]
    return [sys.executable, "-m", "crawler", "crawl", "--data", str(data), "--now", NOW.isoformat(), *fast, *arguments]


def finish(data: Path) -> None:
    done = subprocess.run(command(data, "--all"), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in {0, 3}, done.stderr


def contents(data: Path) -> pd.DataFrame:
    columns = ["article_id", "source", "title", "text", "date"]
    return load_articles(data, columns=columns).sort_values("article_id", ignore_index=True)


def test_a_crawl_killed_at_any_moment_ends_like_one_that_was_not(
    newsroom: Newsroom, data: Path, tmp_path: Path
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    newsroom.write_sources(whole / "sources.toml")
    finish(whole)

    moments = random.Random(20211005)  # noqa: S311 - the same moments every time
    for _ in range(KILLS):
        process = subprocess.Popen(
            command(data, "--all", "-v"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        lines = iter(process.stderr)
        for _ in range(moments.randrange(1, 40)):  # so many log lines into the run, wherever that is
            next(lines, None)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if (data / "articles").exists():
            pd.read_parquet(data / "articles")
    finish(data)
    finish(data)  # pages that failed in the run before are asked again

    pd.testing.assert_frame_equal(contents(data), contents(whole))
    assert load_stories(data)["story_id"].is_unique
    assert check(data, read_data=True).sound


def at_once(data: Path) -> list[int]:
    """The exit codes of four runs started together, each with a name that the newsroom sees."""
    commands = [command(data, "--contact", f"run-{number}@orbitwatch.example") for number in range(4)]
    runs = [subprocess.Popen(each, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for each in commands]
    return [run.wait(timeout=120) for run in runs]


def test_while_the_lock_is_held_every_run_steps_back_and_asks_nobody(newsroom: Newsroom, data: Path) -> None:
    with Store(data).lock():
        assert at_once(data) == [75, 75, 75, 75]
    assert newsroom.requests == ()


def test_of_four_runs_at_once_one_works(newsroom: Newsroom, data: Path, tmp_path: Path) -> None:
    """The others come while it works (75), or after its end, when nothing is due (0): which, is the machine's affair."""
    codes = at_once(data)
    assert set(codes) <= {0, 75}
    assert 0 in codes
    assert len({seen.user_agent for seen in newsroom.requests}) == 1, "one run has asked, and so held the lock"
    assert load_runs(data)["run_id"].nunique() == 1
    assert load_articles(data)["article_id"].is_unique
    assert load_stories(data)["story_id"].is_unique
    assert check(data, read_data=True).problems == ()

    whole = tmp_path / "whole"
    whole.mkdir()
    newsroom.write_sources(whole / "sources.toml")
    finish(whole)
    finish(data)
    pd.testing.assert_frame_equal(contents(data), contents(whole))
