"""A host that does not answer is left alone for the rest of the run, and a source whose hosts do not."""

import logging
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from crawler.failures import classify
from crawler.fair_queue import PER_SOURCE
from crawler.hosts import hosts_of
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)

#: Failures in a row after which a host is given up for this run. A page with its two retries makes three, so one bad
# page is not enough; and 300 pages of a dead host would otherwise cost 900 connections, or hours of timeouts.
LIMIT = 5

#: Hosts of one source that fail, with no answer of any other between them, after which the source is given up: twice as
# many as it has places. A feed may name 300 pages on as many hosts that all hang, and each costs three timeouts.
HOSTS_LIMIT = 2 * PER_SOURCE

#: Failures of the line in all, after which the pages of a source are not tried a second time in this run.
RETRIES_LIMIT = 30

#: A host that does not speak HTTP is as good as none.
_CONNECTION = frozenset({"connection", "dns", "not_http", "refused", "timeout", "tls"})


class CircuitMiddleware:
    """Counts failures of the line, host by host; any answer, of whatever status, sets the count back.

    For each source it counts the hosts that fail like this, and those whose robots.txt cannot be had. Requests to a
    host, or for a source, that is given up fail in `crawler.sending`, with the reason of the last failure.

    A request that fails while the crawl ends is not tried again: nobody would ask, and it would have no fate.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._failures: Counter[str] = Counter()
        self._failed_hosts: defaultdict[str, set[str]] = defaultdict(set)  # by source
        self._refused: set[tuple[str, str]] = set()  # source and host, where no page of it was asked for
        self._failures_of: Counter[str] = Counter()  # by source, in all

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "CircuitMiddleware":
        """Made by Scrapy."""
        return cls(crawler)

    async def process_response(self, request: "Request", response: "Response") -> Any:
        """The host answers."""
        self._failures.pop(host_of(request.url), None)
        self._failed_hosts.pop(request.meta.get("source", ""), None)
        self._end_tries_with_the_crawl(request)
        return response

    async def process_exception(self, request: "Request", exception: BaseException) -> Any:
        """One more failure, where it is one of the line and not of what was sent over it."""
        self._end_tries_with_the_crawl(request)
        reason, _ = classify(exception, request)
        if reason not in _CONNECTION:
            return
        host, source = host_of(request.url), request.meta.get("source", "")
        if isinstance(exception, IgnoreRequest):  # costs nothing from the second time on
            if (source, host) not in self._refused:
                self._refused.add((source, host))
                self._count_host(source, host, reason)
            return
        self._count_host(source, host, reason)
        self._failures[host] += 1
        if self._failures[host] == LIMIT:
            hosts_of(self._crawler).give_up(host, reason)
            logger.info("%s has failed %d times in a row and is left alone in this run", host, LIMIT)
        self._failures_of[source] += 1
        if source and self._failures_of[source] > RETRIES_LIMIT:
            request.meta["dont_retry"] = True

    def _count_host(self, source: str, host: str, reason: str) -> None:
        failed = self._failed_hosts[source]
        failed.add(host)
        if source and len(failed) == HOSTS_LIMIT:
            hosts_of(self._crawler).give_up_source(source, reason)
            logger.info("%d hosts of %s have failed in a row, and it is left alone in this run", HOSTS_LIMIT, source)

    def _end_tries_with_the_crawl(self, request: "Request") -> None:
        engine = self._crawler.engine
        if engine is not None and engine._slot is not None and engine._slot.closing is not None:  # noqa: SLF001
            request.meta["dont_retry"] = True
