"""Keeps the crawl's own process small."""

from typing import TYPE_CHECKING, Self

from crawler.memory import give_back_freed_memory, keep_for_good

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Heap:
    """Sets how this process gives back memory, before the first page arrives."""

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:  # noqa: ARG003 - Scrapy's signature
        """Made by Scrapy."""
        give_back_freed_memory()
        keep_for_good()
        return cls()
