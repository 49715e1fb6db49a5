"""Dates as feeds and sitemaps print them.

RFC 822 (and what outlets take for it), W3C date and time (ISO 8601) and the order of C's asctime. Written
because the usual parsers take an unknown zone name for UTC in silence: "08:55:00 MSK" is then three hours
off, and a date without a zone is not told from one in UTC.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from pipelines.dates import texts
from pipelines.dates.clocks import hour_of_day
from pipelines.dates.months import month_number
from pipelines.dates.texts import EARLIEST_YEAR
from pipelines.model import DatePrecision
from pipelines.zone_names import printed_zone

_LIMIT = 100
"""Characters of a date that are read."""

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?\s*"
    r"(?P<half>[ap]\.?m\.?\b)?"
)
_ZONE = r"(?P<zone>(?:etc/|gmt|utc)?\s*[+-]\s?\d{1,2}:?\d{0,2}(?::?\d\d)?|(?:etc/)?[a-z]{1,5}(?![a-z]))"
_RFC822 = re.compile(
    rf"(?:[^\W\d_]+\.?,?\s*)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/.,]+(?P<month>[a-z]{{3,9}})\.?[\s\-/.,]+(?P<year>\d{{4}}|\d\d)\b"
    rf"(?:[,\s]+(?:at\s+)?{_CLOCK}\s*{_ZONE}?)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d_]{{2,9}}\.?,?\s+)?(?P<month>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b"
    rf"(?:[,\s]+(?:at\s+)?{_CLOCK}\s*{_ZONE}?)?",
    re.IGNORECASE,
)
_ASCTIME = re.compile(
    rf"(?:[a-z]{{3,9}},?\s+)?(?P<month>[a-z]{{3,9}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s*(?:{_ZONE}\s+)?(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_W3C = re.compile(
    r"(?P<year>\d{4})(?:(?P<mark>[-/.]?)(?P<month>\d\d)(?:(?P=mark)(?P<day>\d\d))?)?"
    r"(?:(?:t|\s+|\s*,\s*)(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,:]\d{1,12})?)?)?\s*"
    rf"{_ZONE}?)?(?!\d)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\Z")
"""RFC 822 allows a comment behind the zone, Java adds its zone's name in brackets."""

_FORMS = (_W3C, _RFC822, _MONTH_FIRST, _ASCTIME)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as it was printed.

    Attributes:
        instant: aware, in UTC; midnight UTC of the printed day when no time of day stands there.
        precision: "minute"; "day" for a date alone; "none" when only a year or a month is printed (`instant`
            is then its first day).
        zone_known: False when no zone that is known stands there.
    """

    instant: datetime
    precision: DatePrecision
    zone_known: bool


def read_date(text: str, zone: tzinfo, language: str = "") -> PrintedDate | None:
    """Read a date that a feed or a sitemap prints.

    Args:
        text: as printed.
        zone: the source's own zone, for dates without one and for zone names that several countries share.
        language: BCP 47 tag, for month names.

    Returns:
        None when no date can be read, or when it cannot be right (before 1990, 31 February, 25 o'clock).
        Never raises.

    >>> read_date("Tue, 05 Oct 2021 08:55:00 MSK", UTC).instant.isoformat()
    '2021-10-05T05:55:00+00:00'
    """
    text = _COMMENT.sub("", text.strip()[:_LIMIT])
    # In words first where more stands there than the form holds; but what nobody reads whole is still worth
    # its beginning.
    return _in_form(text, zone, whole=True) or _in_words(text, zone, language) or _in_form(text, zone, whole=False)


def _in_form(text: str, zone: tzinfo, *, whole: bool) -> PrintedDate | None:
    for form in _FORMS:
        found = form.fullmatch(text) if whole else form.match(text)
        if found is not None:
            try:
                return _dated(found.groupdict(), zone)
            except (ValueError, OverflowError):
                continue
    return None


def _dated(found: dict[str, str | None], zone: tzinfo) -> PrintedDate | None:
    month, day = found["month"], found["day"]
    moment = datetime(_year(found["year"] or ""), _month(month or "1"), int(day or 1))  # noqa: DTZ001  # gets its zone below
    if moment.year < EARLIEST_YEAR:
        return None
    if found["hour"] is None:
        return PrintedDate(moment.replace(tzinfo=UTC), "day" if day else "none", zone_known=False)
    hour, minute = hour_of_day(int(found["hour"]), found.get("half") or ""), int(found["minute"] or 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    # 24:00 is the end of the day in ISO 8601; a leap second is the end of its minute.
    moment += timedelta(hours=hour, minutes=minute, seconds=min(int(found["second"] or 0), 59))
    printed = printed_zone(found["zone"] or "", zone)
    return PrintedDate(moment.replace(tzinfo=printed or zone).astimezone(UTC), "minute", zone_known=printed is not None)


def _in_words(text: str, zone: tzinfo, language: str) -> PrintedDate | None:
    """What feeds should not print and some do: other languages' month names, numeric dates, epoch seconds."""
    reading = texts.read_date(text, zone=zone, language=language)
    if reading is None or reading.day.year < EARLIEST_YEAR:
        return None
    midnight = datetime(reading.day.year, reading.day.month, reading.day.day, tzinfo=UTC)
    known = reading.zone_known and reading.instant is not None
    return PrintedDate(reading.instant or midnight, reading.precision, zone_known=known)


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 90 else 2000)


def _month(text: str) -> int:
    return int(text) if text.isdigit() else month_number(text)
