"""What must hold for every request, whoever made it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.failures import Refused
from crawler.netguard import refused_hosts
from crawler.sending import keep_back

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request


#: Bytes and seconds for a robots.txt. RFC 9309 (2.5) lets us stop reading at 500 KiB, and so much is obeyed; one of
# four times the size is no list of rules, and its host is left alone like one that cannot be reached.
ROBOTS_MAX_BYTES, ROBOTS_TIMEOUT = 2 * 2**20, 10.0


class GuardMiddleware:
    """Stops requests to refused hosts and other schemes, and keeps every request in the slot of its own host.

    A request that says `stay_at` (host and port) must not be redirected to another one.

    Scrapy carries `download_slot` over a redirect, so a redirected request would wait in the slot of the host it left,
    and the host it goes to could see two requests at once.

    Args:
        crawler: whose requests are watched.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._robots_timeout = min(crawler.settings.getfloat("DOWNLOAD_TIMEOUT"), ROBOTS_TIMEOUT)

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "GuardMiddleware":
        """Made by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: "Request") -> Any:
        """Refuses, or lets pass with the right slot."""
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host:
            raise Refused("bad_url", f"only http and https are fetched, not {request.url[:200]!r}")
        if parts.netloc != request.meta.get("stay_at", parts.netloc):
            raise Refused("redirect", f"redirected from {request.meta['stay_at']} to {request.url[:200]!r}")
        if host in refused_hosts:
            raise Refused("blocked_address", f"{host} has no public address")
        keep_back(self._crawler, request)
        request.meta["download_slot"] = host
        if request.meta.get("dont_obey_robotstxt"):  # only requests for robots.txt itself say so
            request.meta["download_maxsize"] = ROBOTS_MAX_BYTES
            request.meta.setdefault("download_timeout", self._robots_timeout)
