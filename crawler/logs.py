"""Logging that an operator can leave to cron: quiet, one line an event, and nothing that an outlet can inject.

Titles and addresses come from the network; a newline or an escape sequence in one of them must not forge a line or
paint a terminal.
"""

import logging
import re
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter, LogFormatterResult

from pipelines.text import printable

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure

#: Loggers of libraries that print a traceback for what we count as an ordinary failure: a robots.txt that cannot be
# fetched, a certificate that does not verify, a page that trafilatura finds empty.
_NOISY = (
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.core.downloader.tls",
    "twisted",
    "trafilatura",
    "htmldate",
    "py.warnings",
)


#: What follows these names in an address, a header or a list of settings is nobody's business.
_SENSITIVE = (
    r"(?:[\w.-]{0,40}[_.-])?(?:access|api|app|auth|client|private|refresh|session)?"
    r"(?:key|token|sig|signature|pass|passwd|password|pwd|secret|auth|authorization|credentials?)(?:[_.-][\w.-]{0,40})?"
)
_SECRETS = (
    (re.compile(rf"([?&;#]{_SENSITIVE}=)[^&;#\s'\"<>]+", re.IGNORECASE), r"\1***"),
    (re.compile(rf"(['\"]{_SENSITIVE}['\"]\s?[:=]\s?['\"])[^'\"]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(\bauthorization\s?:\s?)[^\r\n'\"]+", re.IGNORECASE), r"\1***"),
    (re.compile(r"(?<=://)[^/@\s'\"<>]{1,200}@"), "***@"),
)


def redact(text: str) -> str:
    """The text without keys, tokens, signatures and passwords that stand in addresses, headers or settings.

    >>> redact("GET https://user:pw@example.org/feed?page=2&api_key=abc123")
    'GET https://***@example.org/feed?page=2&api_key=***'
    """
    for pattern, mended in _SECRETS:
        text = pattern.sub(mended, text)
    return text


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


def mended_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A log record without secrets and control characters.

    So nothing from the network starts a line of its own, and logs can be shown to others. A traceback, which ends with
    a message that may be anybody's, keeps its lines and has them indented: none begins as a record does. For
    `logging.setLogRecordFactory`: Scrapy replaces its handler, and a filter on it, when a crawler starts.
    """
    record = logging.LogRecord(*args, **kwargs)
    if isinstance(record.args, dict):
        record.args = {key: _mended(value) for key, value in record.args.items()}
    elif isinstance(record.args, tuple):
        record.args = tuple(_mended(value) for value in record.args)
    record.msg = _in_one_line(record.msg)
    if record.exc_info:
        lines = redact(_PLAIN.formatException(record.exc_info)).split("\n")
        record.exc_text = "\n".join(f"  {printable(line)}" for line in lines)
    return record


#: Formats tracebacks as `logging` does.
_PLAIN = logging.Formatter()


def _mended(value: Any) -> Any:
    if isinstance(value, int | float) or value is None:
        return value
    mended = _in_one_line(value)
    return value if mended == str(value) else mended


def _in_one_line(value: Any) -> str:
    return redact(printable(str(value)))


def hush(*, verbose: bool) -> None:
    """Silences libraries whose errors we count ourselves, and mends every record.

    Scrapy leaves the choice of levels to the handlers, so that every message below them is composed first and thrown
    away then, one and more a page. Its logger is set to what they want; the root's level it sets anew for each crawler.

    Args:
        verbose: leave the libraries alone.
    """
    if not verbose:
        for name in _NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    logging.setLogRecordFactory(mended_record)
    wanted = min((handler.level for handler in logging.getLogger().handlers), default=logging.WARNING)
    logging.getLogger("scrapy").setLevel(wanted)
