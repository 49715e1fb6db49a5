"""What a backfill's run remembers, without a network."""

import errno
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.backfill import run as backfill_run
from crawler.backfill.run import BackfillRun
from crawler.backfill.units import Found, Reading, Unit
from crawler.plans import Planned, RunOptions
from pipelines.catalogue.projects import Projects, Vocabulary, load_projects
from pipelines.catalogue.sources import Source
from pipelines.intake import examine
from pipelines.milestones import ClaimFinder
from pipelines.model import Entry, Fetched
from pipelines.state import State, StateError
from pipelines.store import Store
from pipelines.topic import Judge
from tests.crawler.backfilling import crew, launch

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
UNIT = Unit("list 1", "tribune")
TRIBUNE = Source("tribune", "Tribune", "https://tribune.example/")
RULES = Projects((), Vocabulary(), "rules")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[BackfillRun]:
    store = Store(tmp_path)
    with State(tmp_path / ".state" / "state.sqlite") as state, store.lock():
        yield BackfillRun(RunOptions(tmp_path, RULES), [TRIBUNE], state, store, lambda: NOW, "url")


def found(*paths: str) -> tuple[Found, ...]:
    return tuple(Found("tribune", Entry(f"https://tribune.example/{path}")) for path in paths)


def opened(run: BackfillRun, *paths: str, unit: Unit = UNIT) -> list[Planned]:
    run.units.expect(1)
    run.open_unit(unit, Reading(found(*paths), skipped=Counter(other_date=2)))
    return run.plan(unit, found(*paths), replay=False)


def fetched(planned: Planned, body: bytes) -> Fetched:
    return Fetched(planned.source, planned.url, planned.url, body, "utf-8", NOW, planned.via, planned.entry)


def test_a_unit_is_done_when_its_last_page_has_its_fate_and_then_forgotten(run: BackfillRun) -> None:
    plans = opened(run, "a", "b", "c")
    run.page_answered(plans[0])
    run.off_topic(plans[0], plans[0].url)
    run.page_failed(plans[1], "not_found")
    run.close_unit(UNIT, broken=False)
    assert run.units.memory(UNIT) is None
    assert "0 of 1 lists, 1 pages" in run.progress()
    run.page_answered(plans[2])
    run.drop(fetched(plans[2], b""), "empty")
    assert run.units.memory(UNIT) is not None
    assert run.state.seen([plan.key for plan in plans]).keys() == {plan.key for plan in plans}
    agenda, units = run.agenda, run.units
    for memory in (
        agenda._by_url,
        agenda._keys,
        agenda._listings,
        units._open,
        units._lists,
        units._finished,
        run._fates,
    ):
        assert not memory
    summary = run.finish(interrupted=False)
    assert (summary.exit_code, summary.units, summary.units_left, summary.skipped) == (0, 1, 0, {"other_date": 2})
    assert summary.rows[0].outcome == "backfill"


def test_what_may_come_back_keeps_the_unit_open_for_three_runs(run: BackfillRun) -> None:
    for last in (False, False, True):
        (plan,) = opened(run, "a")
        run.page_failed(plan, "timeout")
        run.close_unit(UNIT, broken=False)
        assert (run.units.memory(UNIT) is not None) is last
    assert run.finish(interrupted=False).exit_code == 3


def test_a_page_that_is_left_is_no_failed_try(run: BackfillRun) -> None:
    for _ in range(5):
        (plan,) = opened(run, "a")
        run.leave(plan)
        run.close_unit(UNIT, broken=False)
        assert run.units.memory(UNIT) is None
    assert run.ledger.total().failed == {}


def test_a_list_that_has_changed_is_read_again_and_two_lists_fetch_a_page_once(run: BackfillRun) -> None:
    (plan,) = opened(run, "a")
    other = Unit("list 2", "tribune")
    assert opened(run, "a", unit=other) == []
    run.page_answered(plan)
    run.off_topic(plan, plan.url)
    for unit in (UNIT, other):
        run.close_unit(unit, broken=False)
    assert run.units.memory(UNIT) is not None
    assert run.units.memory(Unit(UNIT.key, "tribune", NOW + timedelta(days=1))) is None
    assert run.unseen(UNIT, found("a", "b"))[0].entry.url.endswith("/b")


def test_the_journal_is_folded_while_a_long_run_goes_on(run: BackfillRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_run, "_FOLD_EVERY", 2)
    monkeypatch.setattr(BackfillRun, "settle_every", 1)
    projects = load_projects()
    judge, finder = Judge(projects), ClaimFinder(projects)
    stored = []
    for path, body in (("crew", crew(NOW)), ("launch", launch(NOW))):
        (plan,) = opened(run, path, unit=Unit(path, "tribune"))
        run.page_answered(plan)
        page = fetched(plan, body)
        run.settle(page, examine(page, judge=judge, finder=finder, timezone="UTC", now=NOW))
        stored.append(sum(table.num_rows for table in run.store.articles(["article_id"])))
    assert stored == [0, 2]


@pytest.mark.parametrize("reason", ["store_failed", "extraction_failed"])
def test_a_list_is_not_called_done_for_our_own_faults(run: BackfillRun, reason: str) -> None:
    for _ in range(5):
        (planned,) = opened(run, "a")
        run.page_answered(planned)
        run.drop_for_now(fetched(planned, b""), reason)
        run.close_unit(UNIT, broken=False)
        assert run.units.memory(UNIT) is None


def test_a_list_that_cannot_be_counted_as_failed_ends_the_run(
    run: BackfillRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise StateError(errno.ENOSPC, "state file: database or disk is full")

    monkeypatch.setattr(run.state.units, "mark_failed", full)
    (plan,) = opened(run, "a")
    run.page_failed(plan, "timeout")
    run.close_unit(UNIT, broken=False)
    assert "disk is full" in run.fatal
    assert run.finish(interrupted=False).exit_code == 1
