"""Counts what went over the wire for each source: requests sent and bytes received."""

from typing import TYPE_CHECKING

from scrapy import signals

from crawler.run import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response


class Traffic:
    """Adds requests and bytes to the run's books. Requests say in `meta["source"]` for whom they are made."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Traffic":
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.request_sent, signal=signals.request_reached_downloader)
        crawler.signals.connect(extension.response_received, signal=signals.response_received)
        return extension

    def request_sent(self, request: "Request") -> None:
        """One more request for its source; robots.txt belongs to no source."""
        source = request.meta.get("source")
        if source:
            run_of(self._crawler).ledger.of(source).requests += 1

    def response_received(self, response: "Response", request: "Request") -> None:
        """Its bytes, decompressed."""
        source = request.meta.get("source")
        if source:
            run_of(self._crawler).ledger.of(source).bytes += len(response.body)
