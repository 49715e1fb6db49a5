"""A host that does not answer is left alone for the rest of the run."""

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import IgnoreRequest

from crawler.failures import classify
from crawler.hosts import hosts_of
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)

#: Failures in a row after which a host is given up for this run. A page with its two retries makes three, so one bad
# page is not enough; and 300 pages of a dead host would otherwise cost 900 connections, or hours of timeouts.
LIMIT = 5

#: A host that does not speak HTTP is as good as none.
_CONNECTION = frozenset({"connection", "dns", "not_http", "refused", "timeout", "tls"})


class CircuitMiddleware:
    """Counts failures of the line, host by host; any answer, of whatever status, sets the count back.

    Requests to a host that is given up fail in `crawler.sending`, with the reason of its last failure.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._failures: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "CircuitMiddleware":
        """Made by Scrapy."""
        return cls(crawler)

    async def process_response(self, request: "Request", response: "Response") -> Any:
        """The host answers."""
        self._failures.pop(host_of(request.url), None)
        return response

    async def process_exception(self, request: "Request", exception: BaseException) -> Any:
        """One more failure, where it is one of the line and not of what was sent over it."""
        if isinstance(exception, IgnoreRequest):
            return
        reason, _ = classify(exception, request)
        if reason not in _CONNECTION:
            return
        host = host_of(request.url)
        self._failures[host] += 1
        if self._failures[host] == LIMIT:
            hosts_of(self._crawler).give_up(host, reason)
            logger.info("%s has failed %d times in a row and is left alone in this run", host, LIMIT)
