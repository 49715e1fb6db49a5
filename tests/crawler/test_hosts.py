"""Hosts that are left alone."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.hosts import Hosts
from pipelines.state import State, StateError
from tests.crawler.loopback import Web

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "state.sqlite") as opened:
        yield opened


def test_a_pause_holds_in_this_run_and_the_next_one_until_it_is_over(state: State) -> None:
    now = [NOON]
    hosts = Hosts(state, lambda: now[0])
    hosts.pause("tribune.example", 600)
    hosts.pause("tribune.example", 60)  # a shorter one takes nothing back
    for each in (hosts, Hosts(state, lambda: now[0])):
        assert each.refusal("tribune.example") == (
            "paused",
            "tribune.example asked to be left alone until 2026-01-15 12:10 UTC",
        )
        assert each.paused_for("tribune.example") == 600
        assert each.refusal("gazette.example") is None
    now[0] += timedelta(seconds=600)
    assert hosts.refusal("tribune.example") is None
    assert hosts.paused_for("tribune.example") == 0


def test_a_host_that_is_given_up_is_asked_again_by_the_next_run(state: State) -> None:
    hosts = Hosts(state, lambda: NOON)
    hosts.give_up("tribune.example", "timeout")
    refusal = hosts.refusal("tribune.example")
    assert refusal is not None
    assert refusal[0] == "timeout"
    assert hosts.paused_for("tribune.example") == 0
    assert Hosts(state, lambda: NOON).refusal("tribune.example") is None


def test_tools_of_scrapy_have_the_manners_of_a_crawl(web: Web, data: Path) -> None:
    web.serve("tribune", "/robots.txt", "User-agent: *\nDisallow: /members/", "text/plain")
    addresses = [web.serve("tribune", path, "<p>The bakery reopens.</p>") for path in ("/open", "/members/page")]
    settings = ["-s", f"ORBITWATCH_DATA={data}", "-s", "ORBITWATCH_ALLOW_PRIVATE=127.0.0.0/8"]
    fetch = [sys.executable, "-m", "scrapy", "fetch", *settings]
    done = [
        subprocess.run([*fetch, address], capture_output=True, text=True, timeout=60, check=True)
        for address in addresses
    ]
    assert [(each.stdout.strip(), each.stderr) for each in done] == [("<p>The bakery reopens.</p>", ""), ("", "")]
    # The second asks for no robots.txt: a copy is kept.
    assert web.paths("tribune") == ["/robots.txt", "/open"]


def test_a_pause_that_cannot_be_written_down_holds_in_this_run(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StateError(errno.ENOSPC, "state file: database or disk is full")

    monkeypatch.setattr(state, "hold_host", full)
    hosts = Hosts(state, lambda: NOON)
    hosts.pause("tribune.example", 600)
    assert hosts.paused_for("tribune.example") == 600
