"""No source and no host takes the places of the others."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.settings import Settings
from scrapy.squeues import FifoMemoryQueue

from crawler import settings as ours
from crawler.fair_queue import PER_HOST, PER_SOURCE, FairQueue
from crawler.middlewares.circuit import HOSTS_LIMIT
from tests.crawler.hostile import Exchange, Hostile, answer, rss
from tests.crawler.test_crawl import BAKERY
from tests.crawler.test_hostile import RSS, crawl, write_sources


class Queue:
    """A queue, and the requests that it has given."""

    def __init__(self) -> None:
        settings = Settings()
        settings.setmodule(ours, priority="project")
        self.under_way: set[Request] = set()
        engine = SimpleNamespace(downloader=SimpleNamespace(active=self.under_way))
        self.queue = FairQueue(SimpleNamespace(settings=settings, engine=engine), FifoMemoryQueue, "")

    def push(self, *requests: Request) -> None:
        for request in requests:
            self.queue.push(request)

    def give(self) -> list[str]:
        """What it gives until it gives no more, each under way from then on."""
        given = []
        while (request := self.queue.pop()) is not None:
            self.under_way.add(request)
            given.append(request.url.removeprefix("http://"))
        return given


def page(source: str, address: str, priority: int = 0) -> Request:
    return Request(f"http://{address}", meta={"source": source}, priority=priority)


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_a_source_of_many_hosts_gets_four_places_and_the_next_when_one_is_free(queue: Queue) -> None:
    queue.push(*(page("many", f"{n:03}.many.example/") for n in range(300)), page("few", "few.example/"))
    given = queue.give()
    assert len(given) == PER_SOURCE + 1
    assert "few.example/" in given
    assert len(queue.queue) == 300 - PER_SOURCE
    queue.under_way.discard(next(request for request in queue.under_way if request.meta["source"] == "many"))
    assert len(queue.give()) == 1


def test_a_host_of_many_sources_gets_two_places_and_its_sources_take_turns(queue: Queue) -> None:
    queue.push(*(page(source, f"shared.example/{source}{n}") for source in "ab" for n in range(3)))
    order = []
    while len(queue.queue):
        given = queue.give()
        assert len(given) == PER_HOST
        order += given
        queue.under_way.clear()
    assert [address[-2] for address in order] == ["a", "b"] * 3


def test_of_one_lane_what_is_urgent_goes_first_and_else_what_came_first(queue: Queue) -> None:
    queue.push(page("a", "a.example/1"), page("a", "a.example/2"), page("a", "a.example/feed", priority=100))
    order = []
    while len(queue.queue):
        order += queue.give()
        queue.under_way.clear()
    assert order == ["a.example/feed", "a.example/1", "a.example/2"]


def test_what_belongs_to_no_source_stands_for_its_host(queue: Queue) -> None:
    queue.push(*(Request(f"http://{n}.example/") for n in range(9)))
    assert len(queue.give()) == 9


def test_a_redirected_request_waits_for_the_host_it_goes_to(queue: Queue) -> None:
    left = Request("http://new.example/", meta={"source": "a", "download_slot": "old.example"})
    queue.push(page("b", "new.example/1"), page("c", "new.example/2"))
    queue.give()
    queue.push(left)
    assert queue.give() == []


def hang(exchange: Exchange) -> None:
    exchange.stopping.wait()


def test_an_outlet_whose_hosts_never_answer_costs_the_others_nothing_and_is_given_up(tmp_path: Path) -> None:
    with Hostile() as server:
        dead = [(f"Crew {n}", server.on(f"{n:02}.many", f"/{n}", hang)) for n in range(40)]
        entries = [{"id": "many", "feeds": [server.on("many", "/feed", answer(rss(*dead), RSS))]}]
        for name in ("tribune", "gazette", "courier"):
            links = [(f"Bakery {n}", server.on(name, f"/{n}", answer(BAKERY))) for n in range(6)]
            entries.append({"id": name, "feeds": [server.on(name, "/feed", answer(rss(*links), RSS))]})
        write_sources(tmp_path / "data", entries)
        done = crawl(tmp_path / "data", "CONCURRENT_REQUESTS=8", "DOWNLOAD_TIMEOUT=4")
        pages = [seen.host for seen in server.asked if seen.path[1:].isdigit()]
    rows = {row["source"]: row for row in done.json["rows"]}
    assert [rows[name]["off_topic"] for name in ("tribune", "gazette", "courier")] == [6, 6, 6]
    assert rows["many"]["failed"] == {"timeout": 40}
    last = max(at for at, host in enumerate(pages) if not host.endswith("many"))
    assert sum(host.endswith("many") for host in pages[:last]) <= PER_SOURCE, "the others did not wait for a timeout"
    assert sum(host.endswith("many") for host in pages) <= HOSTS_LIMIT + PER_SOURCE
