"""The spider of the scheduled run: asks the feeds and news sitemaps that are due, then fetches the new articles."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from crawler import answers
from crawler.failures import is_answer, read_failure, reason_of_status
from crawler.listing_reader import ListingReader
from crawler.opening import open_run
from crawler.worker import WorkerDiedError, WorkerTimeoutError
from pipelines.catalogue.projects import load_projects
from pipelines.interstitials import PASSING
from pipelines.model import DiscoveredVia, Feed, Fetched, Sitemap
from pipelines.polling import body_hash

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.plans import Planned
    from crawler.run import Run
    from pipelines.topic import Judge

#: Levels of a sitemap index that are followed; real news sitemaps have one.
_MAX_SITEMAP_DEPTH = 2
#: Children of one index that are read in a run, newest (last named) first: an index of a whole archive is backfill's
# affair.
_MAX_SITEMAP_CHILDREN = 5
#: Priorities: what is likely on topic comes before the rest, and all feeds before any page, so that a budget cuts the
# rest.
_FEED, _PROMISING, _OTHER = 100, 50, 0
#: Bytes and seconds for a feed or news sitemap, whatever pages may have: the largest in use has 4 MB, and a list that
# takes longer than 20 s is dripping.
_LISTING_MAX_BYTES, _LISTING_TIMEOUT = 8 * 2**20, 20.0
#: Markup signs above which a page goes to the worker without passing the gate, whose parser is quadratic in nesting:
# 130 KB of nested <div> took it 0.6 s, 8 MiB would take half an hour. The most of 763 real pages is 19,437.
_MANY_TAGS = 25_000


class FeedsSpider(Spider):
    """Visits outlets as `data/sources.toml` describes them.

    All decisions are the run's; this class makes requests and reads answers.
    """

    name = "feeds"

    run: "Run"
    reader: ListingReader
    listing_limits: dict[str, float]
    children: set[tuple[str, str]]

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, run: "Run | None" = None, **kwargs: Any) -> Self:
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

    @cached_property
    def judge(self) -> "Judge":
        """The gate. Most runs find every feed unchanged, and never need its vocabulary."""
        from pipelines.topic import Judge  # noqa: PLC0415

        return Judge(load_projects(self.run.options.projects_file))

    async def start(self) -> AsyncIterator[Request]:
        """Requests for the feeds that are due, then second tries of pages that failed in earlier runs."""
        for due in self.run.due:
            yield self._listing(due.source.id, due.url)
        for planned in self.run.retries():
            yield self._page(planned)

    # --- feeds and news sitemaps

    def _listing(self, source: str, feed: str, depth: int = 0) -> Request:
        return Request(
            feed,
            headers=self.run.validators(feed),
            callback=self.read_listing,
            errback=self.listing_failed,
            cb_kwargs={"source": source, "feed": feed, "depth": depth},
            meta={"source": source, "handle_httpstatus_list": [304], **self.listing_limits},
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
            yield self._page(planned)
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

    # --- article pages

    def _page(self, planned: "Planned") -> Request:
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
        words = f"<title>{planned.entry.title}</title><p>{planned.entry.summary}</p>"
        return _PROMISING if self.judge.may_be_relevant(words.encode()) else _OTHER

    def read_page(self, response: "Response", planned: "Planned") -> Iterator[Fetched]:
        """The gate: one page in fifty or so goes on to extraction."""
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
            fetched_at=self.run.clock(),
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
        elif response.body.count(b"<") > _MANY_TAGS or self.judge.may_be_relevant(response.body, charset=charset):
            yield fetched
        else:
            self.run.off_topic(planned, response.url)

    def page_failed(self, failure: "Failure") -> None:
        """Counts a page that could not be fetched."""
        request, reason, response = read_failure(failure)
        self.run.page_failed(request.cb_kwargs["planned"], answers.wall_or(reason, response))
