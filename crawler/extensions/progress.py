"""One progress line for whoever watches a crawl in a terminal."""

import sys
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import NotConfigured

from crawler.run import run_of

if TYPE_CHECKING:
    from rich.status import Status
    from scrapy import Spider
    from scrapy.crawler import Crawler


class Progress:
    """Shows lists, pages and stories while the crawl runs.

    Absent where stderr is no terminal or ORBITWATCH_PROGRESS is false.
    """

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._status: Status | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Progress":
        """Made by Scrapy."""
        if not sys.stderr.isatty() or not crawler.settings.getbool("ORBITWATCH_PROGRESS", default=True):
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.update, signal=signals.response_received)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self, spider: "Spider") -> None:
        """Starts the line, where there is a run to tell of: not in `scrapy shell`."""
        if not hasattr(spider, "run"):
            return
        from rich.console import Console  # noqa: PLC0415 - cron runs never need rich
        from rich.status import Status  # noqa: PLC0415

        self._status = Status("starting ...", console=Console(stderr=True))
        self._status.start()

    def update(self) -> None:
        """Shows the books as they stand."""
        if self._status is not None:
            self._status.update(run_of(self._crawler).progress())

    def closed(self) -> None:
        """Clears the line."""
        if self._status is not None:
            self._status.stop()
