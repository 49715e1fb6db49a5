"""One address, for a person who waits: the same guards, manners and limits as a crawl, one page and no store."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from crawler.failures import read_failure
from crawler.logs import hush
from crawler.run import Run, RunOptions
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.state import State
from pipelines.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from scrapy.http import Response
    from twisted.python.failure import Failure


class FetchError(Exception):
    """The address gave no page; the message says why."""


class _OnePage(Spider):
    name = "one-page"
    run: Run
    answer: "Response | None" = None
    problem = ""

    def __init__(self, address: str, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.address, self.run = address, run

    async def start(self) -> "AsyncIterator[Request]":
        yield Request(self.address, callback=self.keep, errback=self.explain, dont_filter=True)

    def keep(self, response: "Response") -> None:
        self.answer = response

    def explain(self, failure: "Failure") -> None:
        _, reason, response = read_failure(failure)
        status = f" (HTTP {response.status})" if response is not None else ""
        self.problem = f"{reason}{status}: {failure.value}"


def fetch(
    address: str, *, data: Path, sources: "Iterable[Source]", clock: Clock, allow_private: "Iterable[str]"
) -> "Response":
    """The answer for `address`, redirects followed. Starts Scrapy's reactor, so a process can call it once.

    Raises:
        FetchError: saying why there is no answer.
    """
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - installs the reactor
    from scrapy.settings import Settings  # noqa: PLC0415

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict(
        {"ORBITWATCH_ALLOW_PRIVATE": list(allow_private), "ITEM_PIPELINES": {}, "EXTENSIONS": {}}, priority="cmdline"
    )
    process = AsyncCrawlerProcess(settings)
    hush(verbose=False)
    with State(data / ".state" / "state.sqlite") as state:
        run = Run(RunOptions(data, None, ""), sources, state, Store(data), clock, ())
        crawler = process.create_crawler(_OnePage)
        process.crawl(crawler, address=address, run=run)
        process.start()
    spider = crawler.spider
    if not isinstance(spider, _OnePage) or spider.answer is None:
        raise FetchError(spider.problem if isinstance(spider, _OnePage) else "the fetch could not be started")
    return spider.answer
