"""Scrapy started from a program of one's own: a spider, the project's settings, and what wins over them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler


def run_to_its_end(kind: "type[Spider]", settings: Mapping[str, Any], *, verbose: bool, **arguments: Any) -> "Crawler":
    """Runs a spider until it has ended. A process can do so once, since a reactor cannot be started again.

    Args:
        kind: the spider's class.
        settings: Scrapy settings that win over those of `crawler.settings`.
        verbose: whether libraries may log what is counted anyway.
        arguments: for the spider.

    Returns:
        The crawler, with the spider (None when it could not be made) and its statistics. Their finish_reason is
        "shutdown" after a signal, and missing when the spider could not be started.
    """
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - installs the reactor
    from scrapy.settings import Settings  # noqa: PLC0415

    from crawler.logs import hush  # noqa: PLC0415

    merged = Settings()
    merged.setmodule("crawler.settings", priority="project")
    merged.setdict(dict(settings), priority="cmdline")
    process = AsyncCrawlerProcess(merged)
    hush(verbose=verbose)
    crawler = process.create_crawler(kind)
    process.crawl(crawler, **arguments)
    process.start()
    if crawler.spider is not None and not process.bootstrap_failed and not crawler.stats.get_value("finish_reason"):
        # A second signal stops the reactor at once: nobody has closed the spider, and said why.
        crawler.stats.set_value("finish_reason", "shutdown")
    return crawler
