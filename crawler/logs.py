"""Logging that an operator can leave to cron: quiet, one line an event, and nothing that an outlet can inject.

Titles and addresses come from the network; a newline or an escape sequence in one of them must not forge a line or
paint a terminal.
"""

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from pipelines.text import printable

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure

#: Loggers of libraries that print a traceback for what we count as an ordinary failure: a robots.txt that cannot be
# fetched, a : certificate that does not verify, a page that trafilatura finds empty.
_NOISY = (
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.core.downloader.tls",
    "twisted",
    "trafilatura",
    "htmldate",
    "py.warnings",
)


class QuietLogFormatter(LogFormatter):
    """Scrapy's messages, with items named by their address: the default prints the whole page."""

    def dropped(
        self, item: Any, exception: BaseException, response: "Response | Failure | None", spider: "Spider"
    ) -> LogFormatterResult:
        """One line for a dropped page."""
        return self._line(logging.DEBUG, "Dropped %(url)s: %(reason)s", item, reason=str(exception))

    def scraped(self, item: Any, response: "Response | Failure | None", spider: "Spider") -> LogFormatterResult:
        """One line for a page that went the whole way."""
        return self._line(logging.DEBUG, "Examined %(url)s", item)

    def item_error(
        self, item: Any, exception: BaseException, response: "Response | Failure | None", spider: "Spider"
    ) -> LogFormatterResult:
        """One line (and the traceback that Scrapy adds) for a page that broke a pipeline."""
        return self._line(logging.ERROR, "Error processing %(url)s", item)

    @staticmethod
    def _line(level: int, message: str, item: Any, **arguments: str) -> LogFormatterResult:
        fetched = getattr(item, "fetched", item)
        url = printable(getattr(fetched, "url", "?"))
        return {"level": level, "msg": message, "args": {"url": url, **arguments}}


class OneLine(logging.Filter):
    """Escapes control characters in a record's arguments, so that nothing from the network starts a line of its own."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, mended."""
        if isinstance(record.args, dict):
            record.args = {key: _mended(value) for key, value in record.args.items()}
        elif isinstance(record.args, tuple):
            record.args = tuple(_mended(value) for value in record.args)
        return True


def _mended(value: Any) -> Any:
    if isinstance(value, int | float) or value is None:
        return value
    text = str(value)
    return printable(text) if not text.isprintable() else value


def hush(*, verbose: bool) -> None:
    """Silences libraries whose errors we count ourselves, and mends every record that reaches the handlers.

    Args:
        verbose: leave the libraries alone.
    """
    if not verbose:
        for name in _NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for handler in logging.getLogger().handlers:
        handler.addFilter(OneLine())
