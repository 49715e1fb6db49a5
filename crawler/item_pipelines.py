"""Thin Scrapy adapters over `pipelines.intake`: a page is examined in the worker, then settled."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from crawler.extraction import ExtractionWorker
from crawler.run import run_of
from crawler.worker import WorkerDiedError, WorkerTimeoutError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.intake import Examined
    from pipelines.model import Fetched


@dataclass(frozen=True, slots=True)
class ExaminedPage:
    """A page between the two pipelines."""

    fetched: "Fetched"
    examined: "Examined"


class ExaminePipeline:
    """Reads and judges the page in the worker process."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._worker: ExtractionWorker | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "ExaminePipeline":
        """Made by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: "Fetched") -> ExaminedPage:
        """The page with what was found in it; a page that its worker did not survive is dropped with a reason."""
        run = run_of(self._crawler)
        if self._worker is None:
            self._worker = ExtractionWorker(run.options.projects)
        try:
            examined = await self._worker.examine(item, run.sources[item.source].timezone, item.fetched_at)
        except WorkerTimeoutError as error:
            run.drop(item, "extraction_timeout")
            raise DropItem(str(error)) from error
        except WorkerDiedError as error:
            run.drop_for_now(item, "extraction_failed")
            raise DropItem(str(error)) from error
        return ExaminedPage(item, examined)

    def close_spider(self) -> None:
        """Ends the worker."""
        if self._worker is not None:
            self._worker.close()


class SettlePipeline:
    """Hands the page to the run, which gives it its story and stores it."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "SettlePipeline":
        """Made by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: ExaminedPage) -> ExaminedPage:
        """Settles; the books are kept by the run."""
        run_of(self._crawler).settle(item.fetched, item.examined)
        return item
