"""Tells the run of faults of the program, which Scrapy logs and then forgets."""

from typing import TYPE_CHECKING

from scrapy import signals

from crawler.run import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from pipelines.model import Fetched


class Faults:
    """Puts an exception out of a callback or a pipeline into the books of the source whose answer it met."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Faults":
        """Made by Scrapy."""
        extension = cls(crawler)
        crawler.signals.connect(extension.callback_raised, signal=signals.spider_error)
        crawler.signals.connect(extension.pipeline_raised, signal=signals.item_error)
        return extension

    def callback_raised(self, response: "Response | Failure") -> None:
        """One more; an errback's answer is the failure that it was given. Probes have a source for nothing."""
        request = getattr(response, "request", None)
        source = request.meta.get("source") if request is not None else None
        if source:
            run_of(self._crawler).fault(source)

    def pipeline_raised(self, item: "Fetched") -> None:
        """One more, of the source whose list named the page; the item is that which the first pipeline was given."""
        run = run_of(self._crawler)
        run.fault(run.agenda.planned(item.requested_url).source)
