"""Which articles of lists are fetched, and which of them wait for their fate."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.agenda import Agenda
from pipelines.accounting import Ledger
from pipelines.model import Entry
from pipelines.polling.listings import Failure, Fate
from pipelines.state import State
from pipelines.urls import match_key

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "state.sqlite") as opened:
        yield opened


def owner(url: str) -> str:
    return "tribune" if url.startswith("https://tribune.example/") else ""


@pytest.fixture
def made(state: State) -> Callable[..., Agenda]:
    def make(limit: int | None = None, limit_per_source: int = 100) -> Agenda:
        return Agenda(state, Ledger("run", NOON), limit=limit, limit_per_source=limit_per_source, owner=owner)

    return make


def entries(*paths: str) -> list[Entry]:
    return [Entry(f"https://tribune.example/{path}") for path in paths]


def test_a_page_is_planned_once_however_many_lists_name_it(made: Callable[..., Agenda]) -> None:
    agenda = made()
    plans, first = agenda.read("tribune", "feed", entries("a", "b"), "feed")
    again, second = agenda.read("tribune", "map", entries("b", "c"), "news_sitemap")
    assert [plan.url[-1] for plan in (*plans, *again)] == ["a", "b", "c"]
    assert (first.new, second.new) == (2, 2)
    agenda.done(plans[0])
    assert agenda.is_unfinished("feed")
    agenda.done(plans[1])
    assert not agenda.is_unfinished("feed")
    assert agenda.is_unfinished("map")


def test_caps_leave_a_list_unfinished(made: Callable[..., Agenda]) -> None:
    agenda = made(limit=3, limit_per_source=2)
    assert len(agenda.read("tribune", "feed", entries("a", "b", "c"), "feed")[0]) == 2
    assert not agenda.is_full
    assert len(agenda.read("gazette", "other", entries("d", "e"), "feed")[0]) == 1
    assert agenda.is_full
    assert agenda.is_unfinished("feed")
    agenda = made()
    agenda.close()
    assert agenda.read("tribune", "feed", entries("a"), "feed")[0] == []


def test_what_was_seen_is_known_and_what_failed_is_tried_once(state: State, made: Callable[..., Agenda]) -> None:
    state.mark_seen([Fate(match_key("https://tribune.example/a"), "stored")], NOON)
    agenda = made()
    plans, listing = agenda.read("tribune", "feed", entries("a", "b"), "feed")
    assert [plan.url for plan in plans] == ["https://tribune.example/b"]
    assert (listing.new, listing.known) == (1, 1)
    failures = [
        Failure(match_key(url), "tribune", url, "timeout")
        for url in ("https://tribune.example/b", "https://tribune.example/c")
    ]
    assert [plan.url for plan in agenda.retry(failures)] == ["https://tribune.example/c"]


def test_entries_without_an_address_are_counted(made: Callable[..., Agenda], state: State) -> None:
    ledger = Ledger("run", NOON)
    agenda = Agenda(state, ledger, limit=None, limit_per_source=9, owner=owner)
    assert agenda.read("tribune", "feed", [Entry(""), Entry("javascript:x()")], "feed")[0] == []
    assert ledger.of("tribune").failed == {"no_link": 1, "bad_url": 1}


def test_one_key_and_two_headlines_are_two_articles(made: Callable[..., Agenda]) -> None:
    addresses = ("https://tribune.example/a?utm_source=x", "https://tribune.example/a?utm_source=y")
    for titles, count in (
        (("Crew docks", "Crew lands"), 2),
        (("Crew docks", "CREW DOCKS"), 1),
        (("Crew docks", ""), 1),
    ):
        named = [Entry(url, title=title) for url, title in zip(addresses, titles, strict=True)]
        assert len(made().read("tribune", "feed", named, "feed")[0]) == count


def test_what_another_list_led_to_in_vain_is_new_once_for_its_own_outlet(
    made: Callable[..., Agenda], state: State
) -> None:
    [early], _ = made().read("thief", "https://thief.example/feed", entries("a"), "feed")
    state.mark_seen([Fate(early.key, "failed:not_found", early.signature)], NOON)
    assert made().read("thief", "https://thief.example/map", entries("a"), "feed")[0] == []
    [own], _ = made().read("tribune", "https://tribune.example/feed", entries("a"), "feed")
    state.mark_seen([Fate(own.key, "failed:not_found", own.signature)], NOON)
    assert made().read("tribune", "https://tribune.example/map", entries("a"), "feed")[0] == []
    assert made().read("thief", "https://thief.example/feed", entries("a"), "feed")[0] == []
