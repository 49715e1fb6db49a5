"""What an answer's headers say about when to ask again (RFC 9110 and RFC 9111).

Headers come from the network: every function takes any string, looks at a bounded part of it, and never
raises.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_WAIT = 24 * 3600
"""Seconds. No header may silence a source for longer: a mistyped Retry-After or a CDN's max-age of a year
would. Media Cloud's fetcher draws the line at one day too."""

# A date of RFC 9110 has 29 characters; anything much longer is none.
_MAX_DATE = 64
# Directives stand before anything that matters here; real headers have some 80 characters.
_MAX_HEADER = 1024
# Leading zeros apart, more digits than this are past every limit, and int() refuses thousands of them.
_MAX_DIGITS = 10
_DIRECTIVE = re.compile(r'([a-z-]+)(?:\s*=\s*"?([0-9]+)"?)?', re.ASCII)


def parse_http_date(value: str) -> datetime | None:
    """An HTTP-date in any of its three forms (RFC 9110 section 5.6.7), in UTC; None when it is none."""
    if len(value) > _MAX_DATE:
        return None
    try:
        parsed = parsedate_to_datetime(value)
        # asctime() dates name no zone; the RFC says that they are in UTC.
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_retry_after(value: str, now: datetime) -> int | None:
    """Seconds to wait by a Retry-After header (RFC 9110 section 10.2.3).

    Args:
        value: as received: seconds, or an HTTP-date.
        now: when it was received.

    Returns:
        1 to `MAX_WAIT`; None when the value is neither.
    """
    value = value.strip()
    seconds = _digits(value)
    if seconds is None:
        date = parse_http_date(value)
        if date is None:
            return None
        seconds = int((date - now).total_seconds())
    return min(max(seconds, 1), MAX_WAIT)


def parse_cache_control(value: str, *, expires: str = "", date: str = "", age: str = "", now: datetime) -> int | None:
    """Seconds for which an answer stays fresh in a private cache (RFC 9111 section 4.2).

    Args:
        value: the Cache-Control header, "" without one.
        expires: the Expires header; counts only without max-age.
        date: the Date header; Expires is measured from it, as the server's clock may be wrong.
        age: the Age header: how long a proxy has kept the answer already.
        now: when it was received.

    Returns:
        0 to `MAX_WAIT`; 0 for no-cache and no-store; None when the headers say nothing. s-maxage speaks to
        proxies only.
    """
    directives = dict(_DIRECTIVE.findall(value[:_MAX_HEADER].lower()))
    if "no-cache" in directives or "no-store" in directives:
        return 0
    seconds = _digits(directives.get("max-age", ""))
    if seconds is None:
        until = parse_http_date(expires)
        if until is None:
            return None
        seconds = int((until - (parse_http_date(date) or now)).total_seconds())
    return min(max(seconds - (_digits(age.strip()) or 0), 0), MAX_WAIT)


def freshness(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds until asking again makes sense by `headers` (names in lower case); 0 when they say nothing."""
    cache_control, expires, date, age = (headers.get(name, "") for name in ("cache-control", "expires", "date", "age"))
    return parse_cache_control(cache_control, expires=expires, date=date, age=age, now=now) or 0


def _digits(value: str) -> int | None:
    if not (value.isascii() and value.isdigit()):
        return None
    significant = value.lstrip("0")[: _MAX_DIGITS + 1]
    return int(significant or "0")
