"""The crawlers that Orbitwatch is compared with: Scrapy that only fetches, and Scrapy that extracts every page.

    python benchmarks/plain_scrapy.py ADDRESSES [--extract]

Fetches every address of the file (one a line) as fast as the run that it is compared with: one request at a time for
each host, no delay, no robots.txt, no log. Prints as JSON how many pages came, and the addresses of those in which
trafilatura found a text.
"""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class PlainSpider(Spider):
    """Fetches a list of addresses."""

    name = "plain"
    extract = False
    addresses: tuple[str, ...] = ()
    pages = 0

    async def start(self) -> AsyncIterator[Request]:
        for address in self.addresses:
            yield Request(address)

    def parse(self, response: Response) -> Any:
        self.pages += 1
        if self.extract:
            yield {"url": response.url, "body": response.body}


class TrafilaturaPipeline:
    """The design that suggests itself: every page is extracted where it arrives."""

    found: list[str] = []  # noqa: RUF012 - read by the program below after the crawl

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        from trafilatura import bare_extraction

        if bare_extraction(item["body"], url=item["url"], with_metadata=True) is not None:
            self.found.append(item["url"])
        return item


def main() -> None:
    """Crawls, and prints what came."""
    settings: dict[str, Any] = {
        "LOG_LEVEL": "CRITICAL",
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    }
    if "--extract" in sys.argv:
        settings["ITEM_PIPELINES"] = {TrafilaturaPipeline: 300}
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(PlainSpider)
    addresses = tuple(Path(sys.argv[1]).read_text().split())
    process.crawl(crawler, addresses=addresses, extract="--extract" in sys.argv)
    process.start()
    assert isinstance(crawler.spider, PlainSpider)
    print(json.dumps({"pages": crawler.spider.pages, "found": TrafilaturaPipeline.found}))


if __name__ == "__main__":
    main()
