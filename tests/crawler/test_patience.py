"""Which hosts a backfill waits for, and how long."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request

from crawler.backfill.past import Past
from crawler.backfill.patience import Patience
from crawler.backfill.run import BackfillRun
from crawler.backfill.units import Reading, Unit
from crawler.plans import RunOptions
from pipelines.catalogue.project import Projects, Vocabulary
from pipelines.state import State
from pipelines.store import Store

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PAGE = Request("https://archive.example/web/1")
RULES = Projects((), Vocabulary(), "rules")


class Archive(Past[str, Unit]):
    """A past of which one host is awaited."""

    vital = "archive.example"

    def targets(self) -> Iterator[str]:
        return iter(())

    def count_targets(self) -> int:
        return 0

    def name_target(self, target: str) -> str:
        return target

    async def roots(self, target: str) -> Sequence[Unit]:
        return [Unit(target, "tribune")]

    async def read(self, unit: Unit) -> Reading:
        return Reading(onward=unit.key)

    def is_awaited(self, host: str) -> bool:
        return host == self.vital


@pytest.fixture
def run(tmp_path: Path) -> Iterator[BackfillRun]:
    store = Store(tmp_path)
    with State(tmp_path / ".state" / "state.sqlite") as state, store.lock():
        yield BackfillRun(RunOptions(tmp_path, RULES), [], state, store, lambda: NOW, "url")


def test_a_host_that_is_awaited_is_asked_again_until_it_has_paused_too_often(run: BackfillRun) -> None:
    patience = Patience(run, Archive())
    assert not patience.comes_back(PAGE, "timeout"), "nobody asked for a pause"
    run.hosts.pause("archive.example", 60)
    assert [patience.comes_back(PAGE, "rate_limited") for _ in range(6)] == [True] * 5 + [False]
    assert run.hosts.refusal("archive.example") is not None
    assert run.finish(interrupted=False).exit_code == 3


def test_an_answer_sets_the_count_of_pauses_back(run: BackfillRun) -> None:
    patience = Patience(run, Archive())
    run.hosts.pause("archive.example", 60)
    for _ in range(3):
        assert all(patience.comes_back(PAGE, "rate_limited") for _ in range(5))
        patience.answered("archive.example")


def test_a_long_pause_is_left_to_the_next_run(run: BackfillRun) -> None:
    patience = Patience(run, Archive())
    run.hosts.pause("archive.example", 3600)
    assert patience.is_held_back(PAGE, "rate_limited")
    assert not patience.comes_back(PAGE, "rate_limited")
    assert not asyncio.run(patience.is_free("archive.example"))
    assert patience.why_not("archive.example") == "paused"
    (problem,) = run.finish(interrupted=False).problems
    assert problem == (
        "archive.example asked to be left alone until 2026-01-15 13:00 UTC; the same command goes on then"
    )


def test_nobody_waits_for_other_hosts_or_for_one_that_a_redirect_led_to(run: BackfillRun) -> None:
    patience = Patience(run, Archive())
    run.hosts.pause("tribune.example", 60)
    assert not patience.is_held_back(Request("https://tribune.example/"), "rate_limited")
    assert not asyncio.run(patience.is_free("tribune.example"))
    run.hosts.pause("archive.example", 60)
    sent_on = PAGE.replace(meta={"redirect_urls": ["https://tribune.example/a"]})
    assert not patience.is_held_back(sent_on, "rate_limited")
    assert asyncio.run(patience.is_free("gazette.example"))
