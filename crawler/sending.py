"""The last word before a request goes out.

Requests to one host wait in its queue, a second and more each, and have passed every middleware by then. What the first
of them brings (a 429, a dead line) must hold for those behind it as well.
"""

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from crawler.failures import Refused
from crawler.run import run_of
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response


def keep_back(crawler: "Crawler", request: "Request") -> None:
    """Raises `Refused` while the request's host is paused or given up."""
    refusal = run_of(crawler).refusal(host_of(request.url))
    if refusal is not None:
        raise Refused(*refusal)


class HeldBackHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, which asks once more when a request's turn has come."""

    async def download_request(self, request: "Request") -> "Response":
        """The answer; raises `Refused` for a host that has been paused or given up meanwhile."""
        keep_back(self._crawler, request)
        return await super().download_request(request)
