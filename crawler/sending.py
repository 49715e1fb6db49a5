"""The last word before a request goes out, and the first about its answer.

Requests to one host wait in its queue, a second and more each, and have passed every middleware by then. What the first
of them brings (a 429, a dead line) must hold for those behind it as well, so it is heeded here, before the next one has
its turn: a middleware sees an answer only after that.
"""

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadFailedError

from crawler.failures import Refused
from crawler.header_limit import LIMIT, BoundedFactory, is_exceeded
from crawler.hosts import hosts_of
from pipelines.polling import parse_retry_after
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

logger = logging.getLogger(__name__)

#: Seconds for which a host that answers 429 or 503 without Retry-After is left alone: longer than any retry inside a
# run would wait, shorter than the usual distance of two runs.
DEFAULT_PAUSE = 600


def keep_back(crawler: "Crawler", request: "Request") -> None:
    """Raises `Refused` while the request's host is paused, or that or its source is given up."""
    refusal = hosts_of(crawler).refusal(host_of(request.url), request.meta.get("source", ""))
    if refusal is not None:
        raise Refused(*refusal)


class HeldBackHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which sends one request at a time to a host, and none that it must not get.

    Headers that do not end are not read to the end, see `crawler.header_limit`.

    Scrapy counts a request as under way only once its task has begun, so without a delay between requests its own limit
    lets all that wait for a host go out together.
    """

    #: By crawler and host, since http and https have a handler each.
    _turns: ClassVar[WeakKeyDictionary["Crawler", defaultdict[str, asyncio.Lock]]] = WeakKeyDictionary()

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory  # noqa: SLF001 - as its base class sets its own

    async def download_request(self, request: "Request") -> "Response":
        """The answer; raises `Refused` for a host that has been paused or given up meanwhile."""
        turns = self._turns.setdefault(self._crawler, defaultdict(asyncio.Lock))
        async with turns[urlsplit(request.url).hostname or ""]:
            keep_back(self._crawler, request)
            try:
                response = await super().download_request(request)
            except DownloadFailedError as error:
                if is_exceeded(error):
                    raise Refused("too_large", f"a header of more than {LIMIT} bytes") from error
                raise
            self._heed(request, response)
            return response

    def _heed(self, request: "Request", response: "Response") -> None:
        """Leaves a host alone that answers 429 or 503, for as long as it asks (1 s to 24 h), in later runs too.

        Scrapy does not know Retry-After (its issue 3849).
        """
        if response.status not in {429, 503}:
            return
        hosts, host = hosts_of(self._crawler), host_of(request.url)
        header = response.headers.get("Retry-After")
        asked = parse_retry_after(header.decode("latin-1"), hosts.clock()) if header else None
        pause = DEFAULT_PAUSE if asked is None else asked
        hosts.pause(host, pause)
        logger.info("%s answered %d and is left alone for %s s", host, response.status, pause)
