"""robots.txt by RFC 9309.

Scrapy 2.19 does the opposite of the standard in three cases: it parses the body of a 404 as rules, allows everything
when the server answers 503, and allows everything when it cannot be reached. Section 2.3.1.3 says 4xx means no
restriction, 2.3.1.4 says 5xx and unreachable mean complete disallow, 2.4 lets a copy be used for 24 hours, 2.5 lets us
stop reading at 500 KiB.
"""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from crawler.failures import Refused, classify
from crawler.hosts import Hosts, hosts_of
from crawler.robots_rules import MAX_BYTES
from pipelines.polling.rules import CLOCK_SLACK
from pipelines.state import RobotsCopy, StateError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser


logger = logging.getLogger(__name__)

_EVERYTHING = b"User-agent: *\nDisallow: /\n"
_FRESH = timedelta(hours=24)


class Rfc9309Middleware(RobotsTxtMiddleware):
    """Scrapy's middleware with the standard's answers, and with a copy kept across runs for 24 hours."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._closed: dict[str, str] = {}  # hosts that are off limits because their rules could not be read, and why

    @property
    def _hosts(self) -> Hosts:
        return hosts_of(self.crawler)

    async def robot_parser(self, request: Request) -> "RobotParser | None":
        """The rules for the request's host: from this run, from the kept copy, or asked for now."""
        netloc = urlsplit(request.url).netloc
        if netloc not in self._parsers:
            kept = self._kept_copy(_authority(request))
            if kept is not None:
                parser = build_from_crawler(self._parserimpl, self.crawler, kept.body)
                self._parsers[netloc] = parser
                await self._announce(parser, request)
        return await super().robot_parser(request)

    async def process_request(self, request: Request) -> None:  # type: ignore[override]  # its `spider` is deprecated
        """Lets pass what the rules allow."""
        try:
            await super().process_request(request)
        except Refused:
            raise
        except IgnoreRequest as error:
            unread = self._closed.get(urlsplit(request.url).netloc)
            raise Refused(
                unread or "robots", "robots.txt cannot be read" if unread else "forbidden by robots.txt"
            ) from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        # 304: no copy was said to be there, so this is no answer.
        if response.status in {304, 429} or response.status >= 500:
            self._unreachable(netloc, "robots_unreachable", _authority(request))
            return
        # A redirect that leads nowhere counts as unavailable, like 4xx (2.3.1.2).
        body = b"" if response.status >= 300 else response.body[:MAX_BYTES]
        now = self._hosts.clock()
        with suppress(StateError):  # the copy is for later runs; a full disk is no fault of the outlet
            self._hosts.state.save_robots(RobotsCopy(_authority(request), response.status, body, now))
        await super()._parse_robots(response.replace(body=body), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._stats.inc_value("robotstxt/unreachable")
        # Scrapy hands over no request here, so both schemes are looked up; a host rarely has different rules for them.
        reason, _ = classify(exc, Request(f"https://{netloc}/robots.txt"))
        self._unreachable(netloc, reason, f"https://{netloc}", f"http://{netloc}")

    def _unreachable(self, netloc: str, reason: str, *authorities: str) -> None:
        """Complete disallow, unless a good copy is at hand that is not too old to trust."""
        kept = next((copy for copy in map(self._kept_copy, authorities) if copy), None)
        if kept is None:
            self._closed[netloc] = reason
        parser = build_from_crawler(self._parserimpl, self.crawler, kept.body if kept else _EVERYTHING)
        waiting, self._parsers[netloc] = self._parsers[netloc], parser
        if isinstance(waiting, Deferred):
            waiting.callback(parser)

    def _kept_copy(self, authority: str) -> RobotsCopy | None:
        """The copy of an earlier run, while it is fresh; one from the future is dated by a clock that was ahead."""
        kept = self._hosts.state.robots(authority)
        return kept if kept is not None and -CLOCK_SLACK <= self._hosts.clock() - kept.fetched_at < _FRESH else None

    async def _announce(self, parser: "RobotParser", request: Request) -> None:
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=parser, request=request
        )


def _authority(request: Request) -> str:
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}"
