"""Five polls of a mixed and partly hostile world of 22 outlets, by the real command; every number is known beforehand."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import pytest

from tests.crawler.hostile import Hostile, Seen
from tests.crawler.loopback import sources_toml
from tests.crawler.process_memory import watched
from tests.crawler.test_crawl import adds_up
from tests.crawler.world import CALENDAR, HEAVY, OUTLETS, PRIVATE, RETRY_AFTER, WALLS, Page, World

POLLS, APART = 5, timedelta(hours=7)
"""Pages are new in the first three polls; every source is due again after 7 hours."""
START = datetime(2026, 1, 10, 8, tzinfo=UTC)
PAGES = 20
"""Pages of one source in one run, at most; the calendar would like more."""
HANG = 150
"""Seconds after which a run is taken to hang; none is measured."""
MEMORY = 350
"""Megabytes that the command and its workers may have together."""


@dataclass
class Poll:
    """What a run printed, what the server was asked in it, and the most memory that it had."""

    result: dict[str, Any]
    code: int
    errors: str
    asked: list[Seen]
    megabytes: float

    def row(self, source: str) -> dict[str, Any]:
        return next((row for row in self.result["rows"] if row["source"] == source), {})


@dataclass
class Played:
    """The world after all polls."""

    world: World
    data: Path
    polls: list[Poll] = field(default_factory=list)

    def asked(self, outlet: str) -> list[Seen]:
        return [seen for poll in self.polls for seen in poll.asked if seen.host == outlet]

    def articles(self) -> pd.DataFrame:
        return pd.read_parquet(self.data / "articles")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("world")
    data = folder / "data"
    data.mkdir()
    with Hostile() as server:
        world = World(server)
        (data / "sources.toml").write_text(sources_toml(*world.sources()))
        played = Played(world, data)
        for number in range(1, POLLS + 1):
            world.polling = number
            played.polls.append(poll(server, data, START + (number - 1) * APART))
        yield played


def poll(server: Hostile, data: Path, moment: datetime) -> Poll:
    """One scheduled run at that moment."""
    settings = {
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_TIMES": 1,
        "DOWNLOAD_TIMEOUT": 3,
        "ORBITWATCH_MAX_PAGES_PER_SOURCE": PAGES,
    }
    words = [sys.executable, "-m", "crawler", "crawl", "--data", str(data), "--json", "--now", moment.isoformat()]
    words += ["--allow-private", "127.0.0.0/8"]
    words += [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    before = len(server.asked)
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
        watched(process.pid) as peak,
    ):
        try:
            out, errors = process.communicate(timeout=HANG)
        finally:
            process.kill()  # does nothing to one that has ended
    return Poll(json.loads(out), process.returncode, errors, server.asked[before:], peak.megabytes)


def wanted(world: World) -> list[Page]:
    return [page for page in world.pages if page.on_topic and not page.barrier]


def test_nearly_all_texts_on_topic_are_found_and_nearly_nothing_else(played: Played) -> None:
    articles = played.articles()
    texts: dict[str, str] = articles.groupby("source")["text"].agg(lambda own: "".join("".join(own).split())).to_dict()
    missed = [(p.outlet, p.path) for p in wanted(played.world) if p.words not in texts.get(p.outlet, "")]
    assert len(missed) <= 0.02 * len(wanted(played.world)), missed
    right = {(page.outlet, page.path) for page in played.world.pages if page.on_topic}
    right |= {("heavy", path) for path, (_, column, _) in HEAVY.items() if column == "stored"}
    right |= {("walls", path) for path, (_, column, _) in WALLS.items() if column == "stored"}
    stored = [(row.source, urlsplit(row.canonical_url).path) for row in articles.itertuples()]
    wrong = [each for each in stored if each not in right]
    assert len(wrong) <= 0.05 * len(stored), wrong


def test_an_article_has_one_row_and_a_copy_the_story_of_its_original(played: Played) -> None:
    articles = played.articles()
    assert not articles.duplicated(["canonical_url", "revision", "content_hash"]).any()
    stories = {(row.source, urlsplit(row.canonical_url).path): row.story_id for row in articles.itertuples()}
    where = {page.story.id: (page.outlet, page.path) for page in wanted(played.world)}
    pairs = [
        (stories.get(where[page.story.id]), stories.get(where[page.story.copy_of]))
        for page in wanted(played.world)
        if page.story.role == "copy" and page.story.copy_of in where
    ]
    together = sum(one == other is not None for one, other in pairs)
    assert len(pairs) > 10
    assert together >= 0.9 * len(pairs), f"{together} of {len(pairs)}"


def test_no_page_is_asked_for_again_that_had_neither_failed_nor_changed(played: Played) -> None:
    again = {
        page.path: times
        for page in played.world.pages
        if (times := sum(seen.path.partition("?")[0] == page.path for seen in played.asked(page.outlet))) > 1
    }
    changed = {page.path for page in played.world.pages if page.changed}
    failed = {page.path for page in [*played.world.of("heavy")[:3], played.world.of("limit")[1]]}
    assert changed | failed >= again.keys()
    assert all(again[path] == 2 for path in changed)


def test_a_changed_article_is_a_revision_of_the_old_one(played: Played) -> None:
    (page,) = [page for page in played.world.pages if page.changed]
    articles = played.articles()
    rows = articles[articles["canonical_url"].str.endswith(page.path)].sort_values("revision")
    assert list(rows["title"]) == [page.headline(1), page.headline(POLLS)]
    assert rows["story_id"].nunique() == 1


def test_nothing_forbidden_is_asked_for(played: Played) -> None:
    assert not [seen.path for seen in played.asked("rules") if seen.path.startswith("/members/")]
    assert {seen.path for seen in played.asked("down")} == {"/robots.txt"}
    assert not any(seen.path.startswith("/latest") for seen in played.world.server.asked)


def test_who_asks_to_be_left_alone_is(played: Played) -> None:
    first, second, third = (
        [seen for seen in poll.asked if seen.host == "limit" and seen.path != "/robots.txt"]
        for poll in played.polls[:3]
    )
    assert APART.total_seconds() < RETRY_AFTER < 2 * APART.total_seconds()
    assert first[-1].path == played.world.of("limit")[1].path, "nothing after the answer that asked for it"
    assert second == []
    assert played.polls[1].row("limit") == {}, "not even taken up"
    assert "/feed" in [seen.path for seen in third]


def test_one_request_at_a_time_reaches_a_host_and_a_crawl_delay_is_kept(played: Played) -> None:
    for poll in played.polls:
        for outlet in OUTLETS:
            seen = sorted((s for s in poll.asked if s.host == outlet), key=lambda s: s.accepted)
            # Of an answer that the crawler broke off, the server does not know the end.
            assert all(later.accepted >= earlier.ended for earlier, later in pairwise(seen)), outlet
    (first, *_) = played.polls
    delayed = [seen.accepted for seen in first.asked if seen.host == "delay"][1:]
    # Both ends of a gap are seen a little late, so half of the delay must be there in any case.
    assert all(later - earlier > 0.25 for earlier, later in pairwise(delayed))
    assert len(delayed) >= 3


def test_lists_in_which_nothing_is_new_cost_one_conditional_request(played: Played) -> None:
    quiet = [
        (outlet, path, status)
        for poll, outlet, path, status in played.world.statuses
        # The liar and the calendar never say that nothing is new, and an index of sitemaps is no list.
        if poll > 3 and outlet not in {"liar", "trap"} and path != "/index.xml"
    ]
    assert len(quiet) > 30
    assert sum(status == 304 for _, _, status in quiet) >= 0.95 * len(quiet), quiet


def test_every_fault_is_counted_by_its_reason(played: Played) -> None:
    first = played.polls[0]
    expected: dict[str, Counter[tuple[str, str]]] = {
        outlet: Counter((column, reason) for _, column, reason in pages.values() if column in {"failed", "dropped"})
        for outlet, pages in (("heavy", HEAVY), ("walls", WALLS))
    }
    expected["heavy"] += Counter({("failed", "server_error"): 1, ("failed", "connection"): 2})
    expected["redirects"] = Counter({("failed", "redirect"): 2, ("failed", "blocked_address"): len(PRIVATE)})
    expected["rules"] = Counter({("failed", "robots"): 2})
    expected["down"] = Counter({("failed", "robots_unreachable"): 1})
    expected["limit"] = Counter(
        {("failed", "rate_limited"): 1, ("failed", "paused"): len(played.world.of("limit")) - 2}
    )
    for outlet in OUTLETS:
        row = first.row(outlet)
        counted = Counter({(c, reason): n for c in ("failed", "dropped") for reason, n in row[c].items()})
        assert counted == expected.get(outlet, Counter()), outlet


def test_a_trap_costs_its_cap_and_hides_nothing(played: Played) -> None:
    for poll in played.polls:
        assert sum(seen.path.startswith("/calendar") for seen in poll.asked) <= PAGES < CALENDAR


def test_runs_end_by_themselves_with_books_that_add_up(played: Played) -> None:
    for poll in played.polls:
        assert (poll.code, poll.errors) == (3, ""), "an outlet is down"
        assert adds_up(poll.result)
        assert {row["source"] for row in poll.result["rows"]} <= set(OUTLETS)
    assert {row["source"] for row in played.polls[0].result["rows"]} == set(OUTLETS)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of other processes is read from /proc")
def test_the_command_and_its_workers_stay_small(played: Played) -> None:
    assert [round(poll.megabytes) for poll in played.polls if poll.megabytes > MEMORY] == []
    assert all(poll.megabytes > 50 for poll in played.polls), "they were looked at"
