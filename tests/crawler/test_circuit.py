"""Hosts, and sources, that do not answer are left alone; what fails while a crawl ends is not tried again."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from crawler.failures import Refused
from crawler.hosts import Hosts
from crawler.middlewares.circuit import HOSTS_LIMIT, LIMIT, RETRIES_LIMIT, CircuitMiddleware
from pipelines.state import State
from tests.crawler.hostile import Hostile, answer, rss
from tests.crawler.test_hostile import RSS, crawl, write_sources


class Line:
    """The middleware, and what it knows of hosts."""

    def __init__(self, state: State) -> None:
        self.hosts = Hosts(state, lambda: datetime(2026, 1, 15, 12, tzinfo=UTC))
        self.slot = SimpleNamespace(closing=None)
        crawler: Any = SimpleNamespace(
            spider=SimpleNamespace(hosts=self.hosts), engine=SimpleNamespace(_slot=self.slot)
        )
        self.circuit = CircuitMiddleware(crawler)

    def fails(self, host: str, error: Exception | None = None, source: str = "tribune") -> Request:
        request = Request(f"http://{host}/page", meta={"source": source})
        asyncio.run(self.circuit.process_exception(request, error or DownloadTimeoutError("30 s")))
        return request

    def answers(self, host: str, source: str = "tribune", status: int = 200) -> Request:
        request = Request(f"http://{host}/page", meta={"source": source})
        asyncio.run(self.circuit.process_response(request, Response(request.url, status=status)))
        return request

    def reason(self, host: str, source: str = "tribune") -> str:
        return (self.hosts.refusal(host, source) or ("",))[0]


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with State(tmp_path / "state.sqlite") as state:
        yield Line(state)


def test_a_host_is_given_up_after_failures_in_a_row_and_an_answer_begins_anew(line: Line) -> None:
    for _ in range(LIMIT - 1):
        line.fails("a.example")
    line.answers("a.example")
    for _ in range(LIMIT - 1):
        line.fails("a.example")
    assert line.reason("a.example") == ""
    line.fails("a.example")
    assert line.reason("a.example", "gazette") == "timeout", "whoever asks for it"
    assert line.reason("b.example") == ""


def test_a_source_is_given_up_when_its_hosts_fail_one_after_the_other(line: Line) -> None:
    for n in range(HOSTS_LIMIT - 1):
        line.fails(f"{n}.example")
        line.fails(f"{n}.example")
    assert line.reason("other.example") == ""
    line.fails("last.example")
    assert line.reason("other.example") == "timeout"
    assert line.reason("other.example", "gazette") == ""


def test_an_answer_of_any_of_its_hosts_keeps_a_source(line: Line) -> None:
    for n in range(3 * HOSTS_LIMIT):
        line.fails(f"{n}.example")
        if n % 4 == 3:
            line.answers("alive.example", status=404)
    assert line.reason("other.example") == ""


def test_hosts_whose_rules_cannot_be_read_count_once(line: Line) -> None:
    unread = Refused("timeout", "robots.txt cannot be read")
    for n in range(HOSTS_LIMIT - 1):
        line.fails(f"{n}.example", unread)
    line.answers("alive.example")
    for n in range(HOSTS_LIMIT - 1):
        line.fails(f"{n}.example", unread)
    line.fails("8.example", unread)
    assert line.reason("other.example") == "", "those of before cost nothing any more"
    for n in range(20, 20 + HOSTS_LIMIT):
        line.fails(f"{n}.example", unread)
    assert line.reason("other.example") == "timeout"


def test_what_fails_otherwise_says_nothing_about_a_source(line: Line) -> None:
    for n in range(2 * HOSTS_LIMIT):
        line.fails(f"{n}.example", Refused("robots", "forbidden"))
        line.fails(f"{n}.example", Refused("blocked_address", "not public"))
    assert line.reason("other.example") == ""


def test_a_source_has_so_many_second_tries_and_no_more(line: Line) -> None:
    tried = []
    for n in range(RETRIES_LIMIT + 1):
        tried.append(line.fails(f"{n}.example"))
        line.answers("alive.example")
    assert ["dont_retry" in request.meta for request in tried] == [False] * RETRIES_LIMIT + [True]
    assert "dont_retry" not in line.fails("a.example", source="gazette").meta


def test_nothing_is_tried_again_while_the_crawl_ends(line: Line) -> None:
    assert "dont_retry" not in line.fails("a.example").meta
    assert "dont_retry" not in line.answers("a.example", status=500).meta
    line.slot.closing = object()
    assert line.fails("a.example").meta["dont_retry"]
    assert line.answers("a.example", status=500).meta["dont_retry"]


def test_what_is_under_way_when_a_run_ends_has_had_its_try(tmp_path: Path) -> None:
    with Hostile() as server:
        page = server.on("tribune", "/hangs", lambda exchange: exchange.stopping.wait())
        feed = server.on("tribune", "/feed", answer(rss(("Film crew in orbit", page)), RSS))
        write_sources(tmp_path / "data", [{"id": "tribune", "feeds": [feed]}])
        done = crawl(tmp_path / "data", "CLOSESPIDER_TIMEOUT=2", "DOWNLOAD_TIMEOUT=4", "RETRY_TIMES=2")
        asked = server.paths("tribune")
    assert done.json["rows"][0]["failed"] == {"timeout": 1}
    assert asked.count("/hangs") == 1
