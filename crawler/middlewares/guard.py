"""What must hold for every request, whoever made it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.failures import Refused
from crawler.netguard import refused_hosts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request


class GuardMiddleware:
    """Stops requests to refused hosts and other schemes, and keeps every request in the slot of its own host.

    Scrapy carries `download_slot` over a redirect, so a redirected request would wait in the slot of the host it left,
    and the host it goes to could see two requests at once.
    """

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "GuardMiddleware":  # noqa: ARG003 - Scrapy's signature
        """Made by Scrapy."""
        return cls()

    async def process_request(self, request: "Request") -> Any:
        """Refuses, or lets pass with the right slot."""
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host:
            reason = "bad_url"
            raise Refused(reason, f"only http and https are fetched, not {request.url[:200]!r}")
        if host in refused_hosts:
            reason = "blocked_address"
            raise Refused(reason, f"{host} has no public address")
        request.meta["download_slot"] = host
