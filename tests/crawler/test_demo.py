"""The demo, whole: what it stores is held against what its outlets printed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pandas as pd
import pytest

from crawler.newsroom import Newsroom, StoryTruth
from pipelines.analysis import load_articles, load_runs, load_stories
from tests.crawler.playing import Demo


@dataclass
class Played:
    """A demo that has been played, and the truth about it."""

    out: str
    articles: pd.DataFrame
    stories: pd.DataFrame
    runs: pd.DataFrame
    truth: list[StoryTruth]

    def stored(self, story: StoryTruth) -> pd.DataFrame:
        path = urlsplit(story.url).path
        same = (self.articles["source"] == story.outlet) & (self.articles["path"] == path)
        return self.articles[same]


@pytest.fixture(scope="module")
def played(demo: Demo) -> Played:
    with Newsroom(lambda: datetime(2026, 1, 1, tzinfo=UTC), first_port=0) as newsroom:
        truth = newsroom.truth()
    articles = load_articles(demo.data)
    articles["path"] = [urlsplit(url).path for url in articles["canonical_url"]]
    return Played(demo.out, articles, load_stories(demo.data), load_runs(demo.data), truth)


def reachable(played: Played, keep: Callable[[StoryTruth], bool]) -> list[StoryTruth]:
    return [story for story in played.truth if not story.barrier and keep(story)]


def test_what_is_on_topic_is_stored(played: Played) -> None:
    wanted = reachable(played, lambda story: story.relevant)
    missed = [story.id for story in wanted if played.stored(story).empty]
    assert len(missed) <= 0.03 * len(wanted), missed


def test_what_is_not_is_left_alone(played: Played) -> None:
    false = [story.id for story in played.truth if not story.relevant and not played.stored(story).empty]
    assert len(false) <= 0.03 * len(played.articles), false


def test_projects_are_recognised(played: Played) -> None:
    found = [s for s in reachable(played, lambda story: story.relevant) if not played.stored(s).empty]
    wrong = [
        (story.id, sorted(story.projects), sorted(played.stored(story)["projects"].iloc[-1]))
        for story in found
        if set(story.projects) != set(played.stored(story)["projects"].iloc[-1])
    ]
    assert len(wrong) <= 0.1 * len(found), wrong


def test_days_are_those_that_the_outlets_printed(played: Played) -> None:
    found = [s for s in reachable(played, lambda story: story.relevant) if not played.stored(s).empty]
    days = {s.id: (s.first_published.date(), played.stored(s)["date"].iloc[0]) for s in found}
    # An outlet's own day may differ from the day in UTC by one.
    assert [name for name, (true, read) in days.items() if abs((true - read).days) > 1] == []


def test_copies_join_their_original_and_nothing_else(played: Played) -> None:
    families: dict[str, set[str]] = {}
    for story in reachable(played, lambda story: story.relevant):
        rows = played.stored(story)
        if not rows.empty:
            families.setdefault(story.copy_of or story.update_of or story.id, set()).update(rows["story_id"])
    assert {name: ids for name, ids in families.items() if len(ids) > 1} == {}, "one story became several"
    owners: dict[str, list[str]] = {}
    for name, ids in families.items():
        for story_id in ids:
            owners.setdefault(story_id, []).append(name)
    assert [names for names in owners.values() if len(names) > 1] == [], "several stories became one"


def test_an_update_keeps_its_story_and_adds_a_revision(played: Played) -> None:
    updates = played.articles[played.articles["role"] == "update"]
    assert list(updates["revision"]) == [1]


def test_the_books_of_every_run_add_up(played: Played) -> None:
    dropped = played.runs["dropped"].map(lambda counts: sum(count for _, count in counts))
    fates = played.runs["stored"] + played.runs["duplicates"] + played.runs["off_topic"] + dropped
    assert (played.runs["pages"] == fates).all()
    assert {"gone", "not_a_feed"} <= {reason for counts in played.runs["failed"] for reason, _ in counts}


def test_the_last_page_shows_the_race(played: Played) -> None:
    for words in ("Stories by project and year", "The longest syndication", "Milestones as claimed", "pd.read_parquet"):
        assert words in played.out
