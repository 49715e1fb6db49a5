"""Retry-After, which Scrapy does not know (its issue 3849): who asks us to wait is left alone, also by later runs."""

import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured

from crawler.run import Run, run_of
from pipelines.polling import parse_retry_after
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response


logger = logging.getLogger(__name__)

#: Seconds for which a host that answers 429 or 503 without Retry-After is left alone: longer than any retry inside a
# run would wait, : shorter than the usual distance of two runs.
DEFAULT_PAUSE = 600


class RetryAfterMiddleware:
    """Pauses a host that answers 429 or 503, for as long as it asks (1 s to 24 h), in this run and in the next ones.

    `crawler.sending` keeps requests to it back.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "RetryAfterMiddleware":
        """Made by Scrapy."""
        if not crawler.settings.getbool("RETRY_ENABLED"):
            raise NotConfigured
        return cls(crawler)

    @property
    def _run(self) -> Run:
        return run_of(self._crawler)

    async def process_response(self, request: "Request", response: "Response") -> Any:
        """Notes what the answer asks for."""
        if response.status in {429, 503}:
            host = host_of(request.url)
            header = response.headers.get("Retry-After")
            asked = parse_retry_after(header.decode("latin-1"), self._run.clock()) if header else None
            self._run.pause(host, asked if asked is not None else DEFAULT_PAUSE)
            logger.info("%s answered %d and is left alone for %s s", host, response.status, asked or DEFAULT_PAUSE)
        return response
