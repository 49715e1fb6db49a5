"""The spider of the scheduled run: asks the feeds and news sitemaps that are due, then fetches the new articles."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, signals

from crawler import answers
from crawler.failures import is_answer, read_failure
from crawler.listing_reader import ListingReader
from crawler.opening import open_run
from crawler.spiders.pages import PagesSpider
from crawler.worker import WorkerDiedError, WorkerTimeoutError
from pipelines.model import DiscoveredVia, Feed, Sitemap
from pipelines.polling import body_hash

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.feeds_run import FeedsRun

#: Levels of a sitemap index that are followed; real news sitemaps have one.
_MAX_SITEMAP_DEPTH = 2
#: Children of one index that are read in a run, newest (last named) first: an index of a whole archive is backfill's
# affair.
_MAX_SITEMAP_CHILDREN = 5
#: All feeds come before any page, so that a budget cuts the rest.
_FEED = 100
#: Bytes and seconds for a feed or news sitemap, whatever pages may have: the largest in use has 4 MB, and a list that
# takes longer than 20 s is dripping.
_LISTING_MAX_BYTES, _LISTING_TIMEOUT = 8 * 2**20, 20.0


class FeedsSpider(PagesSpider):
    """Visits outlets as `data/sources.toml` describes them.

    All decisions are the run's; this class makes requests and reads answers.
    """

    name = "feeds"

    run: "FeedsRun"
    reader: ListingReader
    listing_limits: dict[str, float]
    children: set[tuple[str, str]]

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, run: "FeedsRun | None" = None, **kwargs: Any) -> Self:
        """Made by `orbitwatch crawl`, which passes the run, or by `scrapy crawl feeds`, which gets one here."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        if run is None:
            opened = open_run(crawler.settings)
            run = opened.run
            crawler.signals.connect(opened.close, signal=signals.spider_closed, weak=False)
        spider.run = run
        spider.children = set()
        spider.reader = ListingReader()
        crawler.signals.connect(spider.reader.close, signal=signals.spider_closed)
        spider.listing_limits = {
            "download_maxsize": min(crawler.settings.getint("DOWNLOAD_MAXSIZE"), _LISTING_MAX_BYTES),
            "download_timeout": min(crawler.settings.getfloat("DOWNLOAD_TIMEOUT"), _LISTING_TIMEOUT),
        }
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Requests for the feeds that are due, then second tries of pages that failed in earlier runs."""
        for due in self.run.due:
            yield self._listing(due.source.id, due.url)
        for planned in self.run.retries():
            yield self.page(planned)

    # --- feeds and news sitemaps

    def _listing(self, source: str, feed: str, depth: int = 0) -> Request:
        validators = self.run.validators(feed)
        return Request(
            feed,
            headers=validators,
            callback=self.read_listing,
            errback=self.listing_failed,
            cb_kwargs={"source": source, "feed": feed, "depth": depth},
            # "Not modified" is no answer for somebody who has nothing (RFC 9110, 15.4.5).
            meta={"source": source, "handle_httpstatus_list": [304] if validators else [], **self.listing_limits},
            priority=_FEED,
            dont_filter=True,  # the run decides what is asked twice
        )

    async def read_listing(self, response: "Response", source: str, feed: str, depth: int) -> AsyncIterator[Request]:
        """Reads a feed or sitemap and requests what is new in it."""
        digest = body_hash(response.body)
        if response.status == 304 or (response.body and digest == self.run.last_hash(feed)):
            outcome = "not_modified" if response.status == 304 else "unchanged"
            self.run.feed_unchanged(
                source, feed, answers.poll_answer(outcome, response, body_hash=digest if outcome == "unchanged" else "")
            )
            return
        try:
            read = await self._read(response, source, feed) if is_answer(response.status) else None
        except (WorkerTimeoutError, WorkerDiedError):
            self.run.feed_failed(source, feed, answers.poll_answer("too_large", response))
            return
        if read is None or answers.is_nothing(read):
            self.run.feed_failed(source, feed, answers.poll_answer(answers.why_nothing(response), response))
            return
        answer = answers.poll_answer(
            "ok",
            response,
            body_hash=digest,
            ttl=read.ttl if isinstance(read, Feed) else None,
            moved_to=answers.moved_to(response),
        )
        children = read.children if isinstance(read, Sitemap) else ()
        if children:
            # An index that has not changed says nothing about its children, so it is read anew at every poll.
            answer = replace(answer, headers={}, body_hash="")
        via: DiscoveredVia = "feed" if isinstance(read, Feed) else "news_sitemap"
        for planned in self.run.feed_read(source, feed, read.entries, via, answer):
            yield self.page(planned)
        if depth < _MAX_SITEMAP_DEPTH:
            alive = [child for child in dict.fromkeys(children) if not self.run.is_dead(child)]
            for child in alive[-_MAX_SITEMAP_CHILDREN:]:
                if (source, child) not in self.children:  # an index may name itself, or another that names it
                    self.children.add((source, child))
                    yield self._listing(source, child, depth + 1)

    async def _read(self, response: "Response", source: str, feed: str) -> Feed | Sitemap:
        where = self.run.sources[source]
        if feed in where.news_sitemaps or (source, feed) in self.children:
            return await self.reader.sitemap(response.body, url=response.url, timezone=where.timezone)
        return await self.reader.feed(
            response.body, url=response.url, content_type=answers.content_type(response), timezone=where.timezone
        )

    def listing_failed(self, failure: "Failure") -> None:
        """Counts a feed that gave no usable answer."""
        request, reason, response = read_failure(failure)
        source, feed = request.cb_kwargs["source"], request.cb_kwargs["feed"]
        if reason == "paused":
            self.run.feed_skipped(source, reason)
        else:
            self.run.feed_failed(source, feed, answers.poll_answer(answers.wall_or(reason, response), response))
