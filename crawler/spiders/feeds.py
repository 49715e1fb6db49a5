"""The spider of the scheduled run: asks the feeds and news sitemaps that are due, then fetches the new articles."""

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider, signals

from crawler.failures import read_failure
from crawler.opening import open_run
from pipelines.catalogue.projects import load_projects
from pipelines.feeds import parse_feed
from pipelines.model import DiscoveredVia, Entry, Fetched
from pipelines.polling import Answer, body_hash
from pipelines.sitemaps import parse_sitemap
from pipelines.topic import Judge

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.run import Planned, Run

#: Levels of a sitemap index that are followed; real news sitemaps have one.
_MAX_SITEMAP_DEPTH = 2
#: Children of one index that are read in a run, newest (last named) first: an index of a whole archive is backfill's
# affair.
_MAX_SITEMAP_CHILDREN = 5
#: Priorities: what is likely on topic comes before the rest, and all feeds before any page, so that a budget cuts the
# rest.
_FEED, _PROMISING, _OTHER = 100, 50, 0


class FeedsSpider(Spider):
    """Visits outlets as `data/sources.toml` describes them.

    All decisions are the run's; this class makes requests and reads answers.
    """

    name = "feeds"

    run: "Run"
    judge: Judge

    @classmethod
    def from_crawler(
        cls, crawler: "Crawler", *args: Any, run: "Run | None" = None, judge: Judge | None = None, **kwargs: Any
    ) -> Self:
        """Made by `orbitwatch crawl`, which passes the run, or by `scrapy crawl feeds`, which gets one here."""
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        if run is None:
            opened = open_run(crawler.settings)
            run = opened.run
            crawler.signals.connect(opened.close, signal=signals.spider_closed, weak=False)
        spider.run = run
        spider.judge = judge or Judge(load_projects(run.options.projects_file))
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Requests for the feeds that are due, then second tries of pages that failed in earlier runs."""
        for due in self.run.due:
            yield self._listing(due.source.id, due.url)
        for planned in self.run.retries():
            yield self._page(planned)

    # --- feeds and news sitemaps

    def _listing(self, source: str, feed: str, address: str = "", depth: int = 0) -> Request:
        return Request(
            address or feed,
            headers={} if address else self.run.validators(feed),
            callback=self.read_listing,
            errback=self.listing_failed,
            cb_kwargs={"source": source, "feed": feed, "depth": depth},
            meta={"source": source, "handle_httpstatus_list": [304]},
            priority=_FEED,
            dont_filter=True,  # the run decides what is asked twice
        )

    def read_listing(self, response: "Response", source: str, feed: str, depth: int) -> Iterator[Request]:
        """Reads a feed or sitemap and requests what is new in it."""
        digest = body_hash(response.body)
        if response.status == 304 or (depth == 0 and response.body and digest == self.run.last_hash(feed)):
            outcome = "not_modified" if response.status == 304 else "unchanged"
            self.run.feed_unchanged(
                source, feed, _answer(outcome, response, body_hash=digest if outcome == "unchanged" else "")
            )
            return
        where = self.run.sources[source]
        if feed in where.news_sitemaps:
            yield from self._read_sitemap(response, source, feed, depth, digest)
            return
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        read = parse_feed(response.body, url=response.url, content_type=content_type, timezone=where.timezone)
        if not read.format:
            self.run.feed_failed(
                source, feed, _answer("empty" if not response.body.strip() else "not_a_feed", response)
            )
            return
        answer = _answer("ok", response, body_hash=digest, ttl=read.ttl, moved_to=_moved_to(response))
        yield from self._pages(source, feed, read.entries, "feed", answer)

    def _read_sitemap(self, response: "Response", source: str, feed: str, depth: int, digest: str) -> Iterator[Request]:
        read = parse_sitemap(response.body, url=response.url, timezone=self.run.sources[source].timezone)
        if not read.entries and not read.children:
            self.run.feed_failed(
                source, feed, _answer("empty" if not response.body.strip() else "not_a_feed", response)
            )
            return
        # A child's answer says nothing about the index that is polled, so only the index keeps validators.
        answer = _answer(
            "ok", response, body_hash=digest if depth == 0 else "", moved_to=_moved_to(response) if depth == 0 else ""
        )
        yield from self._pages(source, feed, read.entries, "news_sitemap", answer)
        if depth < _MAX_SITEMAP_DEPTH:
            for child in read.children[-_MAX_SITEMAP_CHILDREN:]:
                yield self._listing(source, feed, child, depth + 1)

    def _pages(
        self, source: str, feed: str, entries: tuple[Entry, ...], via: DiscoveredVia, answer: Answer
    ) -> Iterator[Request]:
        for planned in self.run.feed_read(source, feed, entries, via, answer):
            yield self._page(planned)

    def listing_failed(self, failure: "Failure") -> None:
        """Counts a feed that gave no usable answer."""
        request, reason, response = read_failure(failure)
        source, feed = request.cb_kwargs["source"], request.cb_kwargs["feed"]
        if reason == "paused":
            self.run.feed_skipped(source, reason)
        else:
            self.run.feed_failed(source, feed, _answer(reason, response))

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
        self.run.page_answered(planned)
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        charset = content_type.partition("charset=")[2].partition(";")[0].strip(" \"'")
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
        elif not _is_html(content_type, response.body):
            self.run.drop(fetched, "not_html")
        elif not self.judge.may_be_relevant(response.body, charset=charset):
            self.run.off_topic(planned, response.url)
        else:
            yield fetched

    def page_failed(self, failure: "Failure") -> None:
        """Counts a page that could not be fetched."""
        request, reason, _ = read_failure(failure)
        self.run.page_failed(request.cb_kwargs["planned"], reason)


def _answer(
    outcome: str, response: "Response | None", *, body_hash: str = "", ttl: int | None = None, moved_to: str = ""
) -> Answer:
    if response is None:
        return Answer(outcome)  # type: ignore[arg-type]
    headers = {
        name.decode("latin-1").lower(): (response.headers.get(name) or b"").decode("latin-1")
        for name in response.headers
    }
    return Answer(outcome, response.status, headers, body_hash=body_hash, ttl=ttl, moved_to=moved_to)  # type: ignore[arg-type]


def _moved_to(response: "Response") -> str:
    """Where a feed lives now, when every redirect on the way to it was permanent."""
    reasons = response.meta.get("redirect_reasons", [])
    return response.url if reasons and all(reason in {301, 308} for reason in reasons) else ""


def _is_html(content_type: str, body: bytes) -> bool:
    """Pages are known by their first bytes; servers name the wrong type too often to believe it alone."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return b"<?xml" not in body[:100] or b"<html" in body[:2000].lower()
    # UTF-16 begins with a byte order mark, and some pages begin with text.
    return "html" in content_type and body[:4] not in {b"%PDF", b"\x89PNG"} and not body.startswith(b"\xff\xd8")
