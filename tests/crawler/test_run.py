"""What a scheduled run makes of its pages, without a network."""

import errno
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.feeds_run import FeedsRun
from crawler.plans import RunOptions
from pipelines.catalogue.project import Projects, Vocabulary
from pipelines.catalogue.sources import Source
from pipelines.intake import Examined
from pipelines.model import Entry, Fetched
from pipelines.polling import Answer
from pipelines.state import State, StateError
from pipelines.store import Store

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
FEED = "https://tribune.example/feed"
TRIBUNE = Source("tribune", "Tribune", "https://tribune.example/", feeds=(FEED,))
RULES = Projects((), Vocabulary(), "rules")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[FeedsRun]:
    store = Store(tmp_path)
    with State(tmp_path / ".state" / "state.sqlite") as state, store.lock():
        yield FeedsRun(RunOptions(tmp_path, RULES), [TRIBUNE], state, store, lambda: NOW, [])


def fetched(run: FeedsRun, *paths: str) -> list[Fetched]:
    """Pages that the run has planned and that have been answered."""
    entries = [Entry(f"https://tribune.example/{path}") for path in paths]
    plans = run.feed_read("tribune", FEED, entries, "feed", Answer("ok"))
    for planned in plans:
        run.page_answered(planned)
    return [Fetched("tribune", each.url, each.url, b"", "utf-8", NOW, "feed", each.entry) for each in plans]


def test_a_run_that_loses_every_page_with_its_worker_has_failed(run: FeedsRun) -> None:
    for page in fetched(run, "a", "b", "c"):
        run.drop_for_now(page, "extraction_failed")
    summary = run.finish(interrupted=False)
    assert summary.exit_code == 1
    assert summary.problems == ("none of 3 pages could be read: the process that reads them does not work",)
    waiting = run.state.retries([TRIBUNE], NOW.replace(year=2027))
    assert [(each.reason, each.tries) for each in waiting] == [("worker_broken", 0)] * 3


def test_pages_that_end_their_worker_among_others_are_only_counted(run: FeedsRun) -> None:
    *hostile, good = fetched(run, "a", "b", "c", "d")
    for page in hostile:
        run.drop_for_now(page, "extraction_failed")
    run.settle(good, Examined(reason="no_text"))
    summary = run.finish(interrupted=False)
    assert summary.exit_code == 0
    assert summary.total.dropped == {"extraction_failed": 3, "no_text": 1}


def test_a_state_that_cannot_be_written_ends_the_run_and_is_asked_again_at_its_end(
    run: FeedsRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StateError(errno.ENOSPC, "state file: database or disk is full")

    stopped: list[str] = []
    run.flush_every = 1
    run.stop_by(lambda: stopped.append(run.fatal))
    pages = fetched(run, "a", "b")
    with monkeypatch.context() as patched:
        patched.setattr(run.state, "mark_seen", full)
        for page in pages:
            run.drop(page, "empty")
    assert stopped
    assert all("disk is full" in why for why in stopped)
    assert run.agenda.is_full
    summary = run.finish(interrupted=False)
    assert (summary.exit_code, summary.problems) == (1, (run.fatal,))
    assert len(run.state.seen([run.agenda.planned(page.requested_url).key for page in pages])) == 2


def test_the_pages_in_hand_of_a_run_that_was_ended_by_force_are_no_complaint(run: FeedsRun) -> None:
    fetched(run, "a")
    assert run.finish(interrupted=True).problems == ()


def test_pages_without_a_fate_are_told(run: FeedsRun) -> None:
    fetched(run, "a")
    assert run.finish(interrupted=False).problems == ("tribune: 1 pages without a fate",)
