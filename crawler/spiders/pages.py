"""What every spider does with an article page: asks for it, and lets few pass."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from crawler import answers
from crawler.cache import cache_folder
from crawler.failures import is_answer, read_failure, reason_of_status
from crawler.memory import loading
from crawler.promising import is_promising
from pipelines.interstitials import PASSING
from pipelines.model import Fetched

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.hosts import Hosts
    from crawler.plans import Planned
    from crawler.run import Run
    from pipelines.topic import Judge

#: Priorities: what is likely on topic comes before the rest, so that a budget cuts the rest.
_PROMISING, _OTHER = 50, 0


class PagesSpider(Spider):
    """Fetches the article pages that its run has planned.

    All decisions are the run's; this class makes requests and reads answers.
    """

    run: "Run"
    _ending: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Made by Scrapy."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.obey, signal=signals.spider_opened)
        return spider

    def obey(self) -> None:
        """Lets the run end the crawl, for example when the disk is full."""
        self.run.stop_by(self._end_crawl)

    def _end_crawl(self) -> None:
        if self._ending is None and self.crawler.engine is not None:
            self._ending = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store_failed"))

    @property
    def hosts(self) -> "Hosts":
        """What the middlewares go by."""
        return self.run.hosts

    @cached_property
    def judge(self) -> "Judge":
        """The gate. Most runs find every feed unchanged, and never need its vocabulary."""
        from pipelines.topic import Judge  # noqa: PLC0415

        with loading():  # before the worker starts, which needs as much
            judge = Judge(self.run.options.projects, kept=cache_folder())
            judge.prepare()
        return judge

    def page(self, planned: "Planned") -> Request:
        """The request for a planned page."""
        return Request(
            planned.url,
            callback=self.read_page,
            errback=self.page_failed,
            cb_kwargs={"planned": planned},
            meta={"source": planned.source},
            priority=self._priority(planned),
            dont_filter=True,
        )

    def _priority(self, planned: "Planned") -> int:
        if self.run.sources[planned.source].fetch == "all" or planned.entry is None:
            return _PROMISING
        return _PROMISING if is_promising(planned.entry, self.judge) else _OTHER

    def read_page(self, response: "Response", planned: "Planned") -> Iterator[Fetched]:
        """The gate: one page in fifty or so goes on to extraction."""
        yield from self.pass_page(response, planned, self.run.clock())

    def pass_page(self, response: "Response", planned: "Planned", fetched_at: datetime) -> Iterator[Fetched]:
        """The page when it is to be examined; else nothing, and the run knows why.

        Args:
            response: the answer, under the page's own address.
            planned: what was asked for.
            fetched_at: since when the page is known to be like this.
        """
        wall = answers.wall_of(response, planned.url)
        if not wall and not is_answer(response.status):
            self.run.page_failed(planned, reason_of_status(response.status))
            return
        self.run.page_answered(planned)
        content_type = answers.content_type(response)
        charset = answers.charset(content_type)
        fetched = Fetched(
            source=planned.source,
            url=response.url,
            requested_url=planned.url,
            body=response.body,
            charset=charset,
            fetched_at=fetched_at,
            discovered_via=planned.via,
            listed=planned.entry,
        )
        if not response.body.strip():
            self.run.drop(fetched, "empty")
        elif not answers.is_html(content_type, response.body):
            self.run.drop(fetched, "not_html")
        elif wall in PASSING:
            self.run.drop_for_now(fetched, wall)
        elif wall:
            self.run.drop(fetched, wall)
        elif self.judge.may_be_relevant(response.body, charset=charset):
            yield replace(fetched, source=self.run.printed_by(response.url, planned.source))
        else:
            self.run.off_topic(planned, response.url)

    def page_failed(self, failure: "Failure") -> None:
        """Counts a page that could not be fetched."""
        request, reason, response = read_failure(failure)
        self.run.page_failed(request.cb_kwargs["planned"], answers.wall_or(reason, response))
