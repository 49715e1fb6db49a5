"""One printed date to a day, and to an instant where a time of day stands with it.

Covers what pages, feeds and sitemaps write: ISO 8601 in its loose spellings, RFC 822 with the zone names
that matter here, epoch numbers, numeric dates, Chinese, Japanese and Korean dates, and month names in the
languages of `rules/months.toml`.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from pipelines.model import DatePrecision

_MAX_TEXT = 120
"""Characters read of a printed date: longer texts are sentences, and a sentence's date is not the page's."""

ZONE_HOURS = {
    "utc": 0.0, "gmt": 0.0, "z": 0.0, "wet": 0.0, "bst": 1.0, "ist": 5.5, "cet": 1.0, "west": 1.0,
    "mez": 1.0, "cest": 2.0, "mesz": 2.0, "eet": 2.0, "sast": 2.0, "eest": 3.0, "msk": 3.0, "мск": 3.0,
    "trt": 3.0, "gst": 4.0, "msd": 4.0, "pkt": 5.0, "wib": 7.0, "ict": 7.0, "hkt": 8.0, "sgt": 8.0,
    "pht": 8.0, "jst": 9.0, "kst": 9.0, "aest": 10.0, "aedt": 11.0, "nzst": 12.0, "nzdt": 13.0,
    "est": -5.0, "edt": -4.0, "cst": -6.0, "cdt": -5.0, "mst": -7.0, "mdt": -6.0, "pst": -8.0,
    "pdt": -7.0, "akst": -9.0, "akdt": -8.0, "hst": -10.0, "brt": -3.0, "art": -3.0,
}  # fmt: skip
"""Hours east of UTC. "bst", "ist" and "cst" have several meanings; the one of the biggest English-language
press is taken."""

_ZONE_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}
"""American papers print the zone without saying whether it is summer."""

_CLOCK = (
    r"(?P<half>午前|午後|上午|下午|오전|오후)?\s?(?P<hour>\d{1,2})\s?(?:[:.h時时点]|시)\s?(?P<minute>\d{2})(?:分|분)?"
    r"(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?\s?(?P<ampm>[ap]\.?\s?m\b\.?)?"
    r"(?:\s?\(?(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{1,2}\b|(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d{2})?)?|мск|[a-z]{1,5}\b))?"
)
_CLOCK_RE = re.compile(_CLOCK, re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
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
    r"(?:,\s?|\s(?:\d\d:\d\d:\d\d\s(?:[A-Z]{1,5}\s)?)?)(?P<y>\d{4})(?!\d)",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:[T ]?(?P<time>\d{4}|\d{6})(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
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
        zone: assumed where a time of day is printed without one.
        language: BCP 47 tag of the page, for month names and for the order of 5/10/2021 (American English
            only puts the month first).

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
            clock = found["time"]
            return _at(day, int(clock[:2]), int(clock[2:4]), found["zone"] or "", zone) if clock else Reading(day)
        located = _day(text, language)
        return _with_clock(located[0], text, located[1], located[2], zone) if located else None
    except (ValueError, OverflowError, OSError):
        return None


def _day(text: str, language: str) -> tuple[date, int, int] | None:
    """The first calendar day in a text with its place. Raises ValueError for an impossible one."""
    if found := _YEAR_FIRST.search(text):
        return date(int(found["y"]), int(found["m"]), int(found["d"])), *found.span()
    if found := _YEAR_LAST.search(text):
        first, second = int(found["a"]), int(found["b"])
        month_first = found["mark"] == "/" and (second > 12 or (first <= 12 and language.lower() in ("en-us", "en-ph")))
        if found["mark"] == "/" and language.lower() == "en" and first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if month_first else (first, second)
        return date(int(found["y"]), month, day), *found.span()
    for pattern in (_DAY_MONTH_YEAR, _MONTH_DAY_YEAR):
        if (found := pattern.search(text)) and (month := _month(found["word"], language)):
            return date(int(found["y"]), month, int(found["d"])), *found.span()
    return None


def _month(word: str, language: str) -> int:
    """Number of the month that a word names, 0 for none."""
    word = word.strip().lower()
    for code in dict.fromkeys((language.lower().split("-")[0].replace("nb", "no"), "en")):
        # The longest beginning wins: Czech "červenec" (July) starts as "červen" (June) does.
        matches = [(len(start), month) for start, month in _beginnings().get(code, ()) if word.startswith(start)]
        if matches:
            return max(matches)[1]
    return 0


@cache
def _beginnings() -> dict[str, tuple[tuple[str, int], ...]]:
    table = tomllib.loads(files("pipelines").joinpath("rules/months.toml").read_text("utf-8"))
    return {
        code: tuple((start, month) for month, spellings in enumerate(names, 1) for start in spellings.split("|"))
        for code, names in table.items()
    }


def _with_clock(day: date, text: str, start: int, end: int, zone: tzinfo) -> Reading:
    """Add the time of day that stands after the date, or before it."""
    inside = text[start:end] if ":" in text[start:end] else ""  # "Oct 05 08:55:00 MSK 2021"
    places = (inside, text[end:].removeprefix("T"), text[:start])
    found = next((match for place in places if (match := _CLOCK_RE.search(place))), None)
    if found is None:
        return Reading(day)
    hour = int(found["hour"])
    half = (found["half"] or found["ampm"] or "").lower()
    if half[:1] in ("p", "午", "下", "오") and half not in ("午前", "오전", "上午"):
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    return _at(day, hour, int(found["minute"]), found["zone"] or "", zone, int(found["second"] or 0))


def _at(day: date, hour: int, minute: int, printed_zone: str, zone: tzinfo, second: int = 0) -> Reading:
    """A day with a time of day; 24:00 is the next midnight (ISO 8601). Raises ValueError for no such time."""
    own = _zone(printed_zone)
    local = datetime(
        day.year,
        day.month,
        day.day,
        hour % 24 if hour == 24 else hour,
        minute,
        min(second, 59),
        tzinfo=own or zone,
    )
    if hour == 24:
        local += timedelta(days=1)
    instant = local.astimezone(UTC)
    if own is not None and not own.utcoffset(local):
        # A time in UTC is a machine's; the day that readers saw is that of the outlet's own zone.
        day = instant.astimezone(zone).date()
    return Reading(day, instant, "minute", own is not None)


def _zone(printed: str) -> tzinfo | None:
    """The zone a page prints, None when it prints none or another word ("Uhr")."""
    name = printed.lower().strip()
    if not name:
        return None
    if name in ZONE_HOURS:
        return timezone(timedelta(hours=ZONE_HOURS[name]))
    if name in _ZONE_PLACES:
        return ZoneInfo(_ZONE_PLACES[name])
    name = name.removeprefix("utc").removeprefix("gmt")
    digits = "".join(_NUMBERS.findall(name))
    if name[:1] not in "+-" or not digits:
        return None
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    offset = timedelta(hours=hours, minutes=minutes)
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if name[0] == "-" else offset)
