"""Crawl-delay of robots.txt, which Scrapy can read but does not apply (its issue 892)."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from scrapy.robotstxt import RobotParser


class CrawlDelay:
    """Sets a host's delay to what its robots.txt asks for, up to ORBITWATCH_MAX_CRAWL_DELAY seconds.

    ORBITWATCH_LEAST_DELAYS names hosts that get more than others without asking: seconds by host.

    The delay also becomes the floor under AutoThrottle, which would otherwise shorten it after the first quick answer.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._cap = crawler.settings.getfloat("ORBITWATCH_MAX_CRAWL_DELAY")
        self._floor = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._asked: dict[str, float] = dict(crawler.settings.getdict("ORBITWATCH_LEAST_DELAYS"))

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "CrawlDelay":
        """Made by Scrapy; listens for parsed robots files, and for downloads that begin and end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(extension.request_moved, signal=signals.request_reached_downloader)
        crawler.signals.connect(extension.request_moved, signal=signals.request_left_downloader)
        return extension

    def robots_parsed(self, robotparser: "RobotParser", request: "Request") -> None:
        """Notes the delay that `robotparser` asks for."""
        delay = robotparser.crawl_delay(self._agent)
        if delay and delay > self._floor:
            host = urlsplit(request.url).hostname or ""
            self._asked[host] = max(min(delay, self._cap), self._asked.get(host, 0.0))
            self._apply(host)

    def request_moved(self, request: "Request") -> None:
        """Applies it to a new slot, and again after AutoThrottle has adjusted it."""
        self._apply(request.meta.get("download_slot", ""))

    def _apply(self, host: str) -> None:
        asked = self._asked.get(host)
        if asked is None:
            return
        slot = self._crawler.engine.downloader.slots.get(host)
        if slot is not None:
            slot.delay = max(slot.delay, asked)
