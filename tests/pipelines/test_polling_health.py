"""When does a source need a person?"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipelines.catalogue.sources import Source
from pipelines.polling import Answer, PollState, decide
from pipelines.polling.health import Health, health

NOW = datetime(2023, 4, 20, 12, tzinfo=UTC)
FEED = "https://tribune.example/feed"
SOURCE = Source("tribune", "Tribune", "https://tribune.example/", feeds=(FEED,), max_silence_days=14)


def row(days_ago: float, **values: Any) -> dict[str, Any]:
    """A row of the runs table; counts by reason are pairs, as Parquet's maps come."""
    empty: dict[str, Any] = {"new_urls": 0, "pages": 0, "stored": 0, "failed": [], "dropped": []}
    return {"started_at": NOW - timedelta(days=days_ago), **empty, **values}


def poll(**values: Any) -> dict[str, PollState]:
    state = PollState(
        FEED,
        last_checked=NOW,
        last_success=NOW,
        last_new=NOW - timedelta(hours=3),
        last_outcome="ok",
        next_due=NOW + timedelta(hours=1),
    )
    return {FEED: PollState(**{**{name: getattr(state, name) for name in state.__slots__}, **values})}


def judged(polls: dict[str, PollState], *rows: dict[str, Any], source: Source = SOURCE) -> Health:
    return health(source, polls, rows, NOW, reserved=("tdm-reservation: 1",))


def test_all_is_well() -> None:
    found = judged(
        poll(),
        row(1, new_urls=2, pages=2, stored=1, failed=[("timeout", 1)], dropped=[("not_html", 1)]),
        row(0, pages=1, failed=[("timeout", 2)]),
    )
    assert (found.verdict, found.needs, found.notices) == ("ok", (), ())
    assert (found.pages, found.stored, found.failures, found.dropped) == (3, 1, {"timeout": 3}, {"not_html": 1})
    assert found.silent_for == timedelta(hours=3)
    assert found.reservations == ("tdm-reservation: 1",)
    assert [(feed.url, feed.due, feed.why) for feed in found.feeds] == [(FEED, False, "due in 60 min: every 60 min")]


def test_a_source_never_visited_is_no_alarm() -> None:
    found = judged({})
    assert (found.verdict, found.last_success, found.silent_for) == ("ok", None, None)
    assert [(feed.due, feed.why) for feed in found.feeds] == [(True, "never visited")]


@pytest.mark.parametrize(("outcome", "answers", "verdict"), [("not_a_feed", 1, "notice"), ("not_a_feed", 2, "person"), ("server_error", 3, "notice"), ("server_error", 4, "person"), ("timeout", 7, "notice"), ("timeout", 8, "person")])  # fmt: skip
def test_failures_in_a_row_are_weighed(outcome: Any, answers: int, verdict: str) -> None:
    state = poll()[FEED]
    for n in range(answers):
        state = decide(state, Answer(outcome, 500), NOW - timedelta(days=answers - n))
    found = judged({FEED: state})
    assert found.verdict == verdict
    assert any(outcome in sentence and FEED in sentence for sentence in (*found.needs, *found.notices))


def test_a_feed_that_is_gone_needs_a_successor_at_once() -> None:
    found = judged({FEED: decide(poll()[FEED], Answer("gone", 410), NOW)})
    assert found.verdict == "person"
    assert "sources add https://tribune.example/" in found.needs[0]


def test_a_feed_that_moved_is_told_and_no_alarm() -> None:
    found = judged(poll(moved_to="https://www.tribune.example/rss"))
    assert found.verdict == "notice"
    assert "https://www.tribune.example/rss" in found.notices[0]


def test_a_feed_that_moved_to_another_domain_needs_a_look() -> None:
    found = judged(poll(moved_to="https://casino.example.org/feed"))
    assert found.verdict == "person"
    assert "https://casino.example.org/feed" in found.needs[0]
    assert "another domain" in found.needs[0]


@pytest.mark.parametrize(
    ("domains", "moved"),
    [
        ({"casino.example": 5}, True),
        ({"casino.example": 8, "tribune.example": 2}, True),
        ({"casino.example": 7, "tribune.example": 3}, False),
        ({"casino.example": 4}, False),
        ({"one.example": 5, "two.example": 5}, False),
        ({"tribune.example": 50}, False),
        ({}, False),
    ],
)
def test_a_source_whose_articles_are_elsewhere_has_moved(domains: dict[str, int], moved: bool) -> None:
    found = health(SOURCE, poll(), [], NOW, domains=domains)
    assert found.verdict == ("person" if moved else "ok")
    assert any("casino.example" in sentence for sentence in found.needs) is moved


def test_silence_beyond_the_limit_of_the_file() -> None:
    assert judged(poll(last_new=NOW - timedelta(days=13))).verdict == "ok"
    found = judged(poll(last_new=NOW - timedelta(days=15)))
    assert found.verdict == "person"
    assert "15 days" in found.needs[0]
    assert "14" in found.needs[0]


def test_silence_against_the_own_rhythm() -> None:
    daily = [row(20 - n, new_urls=1) for n in range(10)]
    assert judged(poll(last_new=NOW - timedelta(days=4)), *daily).verdict == "ok"
    found = judged(poll(last_new=NOW - timedelta(days=6)), *daily)
    assert found.usual_gap == timedelta(days=1)
    assert found.verdict == "person"
    assert "24 h is usual" in found.needs[0]
    assert judged(poll(last_new=NOW - timedelta(days=6)), *daily[:4]).usual_gap is None, "too few to know a rhythm"


def test_a_quick_source_is_not_silent_over_a_weekend() -> None:
    hourly = [row(3 + n / 24, new_urls=1) for n in reversed(range(10))]
    assert judged(poll(last_new=NOW - timedelta(hours=47)), *hourly).verdict == "ok"


def test_days_on_which_nobody_asked_are_not_silence() -> None:
    long_ago = NOW - timedelta(days=100)
    assert judged(poll(last_success=long_ago, last_new=long_ago)).verdict == "ok"


def test_walls_in_place_of_pages() -> None:
    walled = row(1, pages=6, dropped=[("bot_wall", 3), ("repeated_text", 1)], failed=[("bot_wall", 2)])
    found = judged(poll(), walled)
    assert found.verdict == "person"
    assert "6 of 8 pages" in found.needs[0]
    assert judged(poll(), row(1, pages=30, dropped=[("bot_wall", 6)])).verdict == "ok"
    assert judged(poll(), row(1, pages=4, dropped=[("bot_wall", 4)])).verdict == "ok"


def test_a_source_that_is_switched_off_asks_nothing_of_anybody() -> None:
    off = Source("tribune", "Tribune", "https://tribune.example/", feeds=(FEED,), enabled=False)
    found = judged(poll(gone=True, failures=9.0, failing_since=NOW), source=off)
    assert (found.verdict, found.needs, found.notices) == ("off", (), ())
