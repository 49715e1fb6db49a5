"""One printed date to a day, and to an instant where a time of day stands with it.

Covers what pages, feeds and sitemaps write: ISO 8601 in its loose spellings, RFC 822, epoch numbers, numeric
dates, Chinese, Japanese and Korean dates, and month names in the languages of `rules/months.toml`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from pipelines.dates.clocks import Clock, clock_beside
from pipelines.dates.months import month_number
from pipelines.model import DatePrecision
from pipelines.zone_names import printed_zone, puts_month_first

_MAX_TEXT = 120
"""Characters read of a printed date: longer texts are sentences, and a sentence's date is not the page's."""

EARLIEST_YEAR = 1990
"""Before the web there were no web pages and no feeds: older years are unset clocks ("1970", "0001") or mistyped."""

_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<y>\d{4})\s?[-/.年년]\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)\s?[日일]?\.?"
)
_YEAR_LAST = re.compile(r"(?<!\d)(?P<a>\d{1,2})\s?(?P<mark>[./-])\s?(?P<b>\d{1,2})\s?[./-]\s?(?P<y>\d{4})(?!\d)")
_DAY_MONTH_YEAR = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|[.º°])?[\s-](?:de\s|of\s|d')?(?P<word>[^\W\d_][^\d,.()]{1,20}?)[.,]{0,2}[\s-](?:de\s|del\s)?(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_MONTH_DAY_YEAR = re.compile(
    r"(?P<word>[^\W\d_]{3,12})\.?[\s-](?P<d>\d{1,2})(?:st|nd|rd|th)?"
    r"(?:,\s?|\s(?:\d\d:\d\d:\d\d\s(?:[A-Z]{1,5}(?:[+-]\d\d:?\d\d)?\s)?)?)(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_YEAR_MONTH_DAY = re.compile(
    # Hungarian "2021. október 5.", Lithuanian "2021 m. spalio 5 d.".
    r"(?<!\d)(?P<y>\d{4})(?:\s?m\.\s?|[.,-]\s?|\s)(?P<word>[^\W\d_]{3,15})(?:\.\s?|-|\s)(?P<d>\d{1,2})(?![\d:])",
    re.IGNORECASE,
)
_YEAR_DAY_MONTH = re.compile(
    # Latvian "2021. gada 5. oktobrī", Kazakh "2021 жылғы 5 қазан".
    r"(?<!\d)(?P<y>\d{4})\.?\s?(?:gada|жылғы|жылдың|жыл|ж\.)\s(?P<d>\d{1,2})\.?\s(?P<word>[^\W\d_]{3,15})",
    re.IGNORECASE,
)
_IN_WORDS = (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR, _YEAR_MONTH_DAY, _YEAR_DAY_MONTH)
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:[T ]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class Reading:
    """A printed date, read.

    Attributes:
        day: as printed, in the outlet's own zone.
        instant: in UTC, None when no time of day is printed.
        precision: "minute" or "day".
        zone_known: False when the time was printed without a zone and the given one was assumed.
    """

    day: date
    instant: datetime | None = None
    precision: DatePrecision = "day"
    zone_known: bool = True


def read_date(text: str, *, zone: tzinfo = UTC, language: str = "") -> Reading | None:
    """Read one printed date.

    Args:
        text: as written; only its first 120 characters are looked at.
        zone: assumed where a time of day is printed without one. It also tells whether English that is not
            marked as American puts the month first in 5/10/2021.
        language: BCP 47 tag of the page, for month names and for that order.

    Returns:
        The reading, or None where there is no complete calendar date, or an impossible or ambiguous one.
        Never raises.
    """
    text = " ".join(text[:_MAX_TEXT].split())
    try:
        if found := _EPOCH.fullmatch(text):
            instant = datetime.fromtimestamp(int(found[1]), UTC)
            return Reading(instant.astimezone(zone).date(), instant, "minute")
        if found := _COMPACT.fullmatch(text):
            day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            clock = _compact_clock(found) if found["hour"] else None
        elif (dated := _first_day(text, language)) and (printed := _day_of(dated, language, zone)):
            day, clock = printed, clock_beside(text, *dated.span(), language)
        else:
            return None
        return _at(day, clock, zone) if clock else Reading(day)
    except (ValueError, OverflowError, OSError):
        return None


def _first_day(text: str, language: str) -> re.Match[str] | None:
    """The first calendar day in a text, whatever its form: those behind it are of updates."""
    if (at_once := _YEAR_FIRST.match(text)) is not None:
        return at_once
    found = [match for pattern in (_YEAR_FIRST, _YEAR_LAST) if (match := pattern.search(text))]
    for pattern in _IN_WORDS:
        named = (match for match in pattern.finditer(text) if month_number(match["word"], language))
        found.extend(islice(named, 1))
    return min(found, key=re.Match.start, default=None)


def _day_of(found: re.Match[str], language: str, zone: tzinfo) -> date | None:
    """The day that a match names, None for an ambiguous one. Raises ValueError for an impossible one."""
    year = int(found["y"])
    if found.re is _YEAR_FIRST:
        return date(year, int(found["m"]), int(found["d"]))
    if found.re is not _YEAR_LAST:
        return date(year, month_number(found["word"], language), int(found["d"]))
    first, second = int(found["a"]), int(found["b"])
    month_first = _is_month_first(first, second, found["mark"], language, zone)
    if month_first is None:
        return None
    return date(year, first, second) if month_first else date(year, second, first)


def _is_month_first(first: int, second: int, mark: str, language: str, zone: tzinfo) -> bool | None:
    """Whether 5/10/2021 is 10 May; None where it may be that as well as 5 October."""
    if mark == "." or first > 12 or first == second:
        return False
    if second > 12:
        return True
    language = language.lower()
    if language in ("en-us", "en-ph"):
        return True
    if language not in ("", "en"):
        return False
    usual = puts_month_first(zone)
    # English that names no country comes from any. With dashes, or where no language is named, the day is mostly first.
    return usual if usual is not None or (language == "en" and mark == "/") else False


def _compact_clock(found: re.Match[str]) -> Clock:
    return Clock(int(found["hour"]), int(found["minute"]), int(found["second"] or 0), found["zone"] or "")


def _at(day: date, clock: Clock, zone: tzinfo) -> Reading:
    """A day with a time of day; 24:00 is the next midnight (ISO 8601). Raises ValueError for no such time."""
    own = printed_zone(clock.zone, zone)
    local = datetime(
        day.year,
        day.month,
        day.day,
        0 if clock.hour == 24 else clock.hour,
        clock.minute,
        min(clock.second, 59),
        tzinfo=own or zone,
    )
    if clock.hour == 24:
        local += timedelta(days=1)
    instant = local.astimezone(UTC)
    if own is not None and not own.utcoffset(local):
        # A time in UTC is a machine's; the day that readers saw is that of the outlet's own zone.
        day = instant.astimezone(zone).date()
    return Reading(day, instant, "minute", own is not None)
