"""When was an article published? All evidence, one decision, and its provenance.

The order of trust was measured on 117 pages with a known time: JSON-LD, then meta elements, then `<time>`
give 111 of them to the minute, htmldate with a time format 85, and the day alone is what trafilatura
reports. Feed and sitemap come next (they are often the time of export), then the address and htmldate's
search of the text, which know days only.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from pipelines.dates.texts import EARLIEST_YEAR, Reading, read_date
from pipelines.model import DateEvidence, DateSource, Entry, PublicationDate
from pipelines.zone_names import source_zone

_ORDER: tuple[DateSource, ...] = ("jsonld", "meta", "time", "feed", "sitemap", "url", "htmldate")
_TRUSTED = frozenset({"jsonld", "meta", "time", "feed", "url"})
"""Evidence that can contradict: a sitemap's date may be that of a change, htmldate's a guess."""

_TOLERATED_FUTURE = timedelta(days=1)
"""Zones and embargoes put honest dates up to a day ahead of our clock."""
_CONFLICT = timedelta(days=1)
_KEPT_RAW = 100
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
"""The farthest zones: a calendar day begins 14 hours before its UTC midnight in the one and ends 12 hours
after in the other."""

_MIDNIGHT = re.compile(r"[T\s]00:00(?::00(?:\.0+)?)?(?=$|[Zz+\s-])")
_IN_UTC = re.compile(r"(?:[Zz]|[+-]00:?00|UTC|GMT)\s*$")

_FIGURES = re.compile(r"\d{1,4}")

_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([/_.-]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Statement:
    """A date as some place of the page states it, unread.

    Attributes:
        source: where it stands.
        raw: as written.
        modified: the place speaks of a change, not of publication.
    """

    source: DateSource
    raw: str
    modified: bool = False


def decide(
    statements: Iterable[Statement],
    *,
    url: str = "",
    listed: Entry | None = None,
    listed_source: DateSource = "feed",
    timezone: str = "UTC",
    language: str = "",
    now: datetime | None = None,
) -> PublicationDate:
    """Read all evidence and decide.

    Args:
        statements: what the page states, in any order; within one source the first counts most.
        url: the page's address, which may name the day.
        listed: the feed or sitemap entry that led here, already read.
        listed_source: "feed" or "sitemap".
        timezone: IANA name, for times printed without a zone; an unknown name counts as UTC.
        language: BCP 47 tag of the page.
        now: instant of the visit, aware; None leaves the future unchecked.

    Returns:
        The decision. `day` is the day as printed; `instant` is in UTC. Without usable evidence `precision`
        is "none" and the evidence says why.
    """
    zone = _zone(timezone)
    evidence = [_read(statement, zone, language, now) for statement in statements]
    unread = [item.raw for item in evidence if item.rejected == "unreadable"]
    evidence = [_doubt(item, unread) if item.source == "htmldate" else item for item in evidence]
    if listed is not None and listed.published is not None:
        evidence.append(_from_entry(listed, listed_source, zone, now))
    if (day := day_in_url(url)) is not None:
        reading = Reading(day)
        evidence.append(DateEvidence("url", url[:_KEPT_RAW], day, None, "day", rejected=_impossible(reading, now)))
    evidence.sort(key=lambda item: _ORDER.index(item.source))
    usable = [item for item in evidence if not item.rejected]
    if not usable:
        return PublicationDate(evidence=tuple(evidence))
    chosen = _refine(usable[0], usable[1:])
    days = [item.day for item in usable if item.source in _TRUSTED and item.day]
    instant = chosen.instant
    if instant is None and chosen.day is not None:
        instant = datetime(chosen.day.year, chosen.day.month, chosen.day.day, tzinfo=UTC)
    return PublicationDate(
        day=_printed_day(chosen, usable),
        instant=instant,
        precision=chosen.precision,
        source=chosen.source,
        conflict=bool(days) and max(days) - min(days) > _CONFLICT,
        evidence=tuple(evidence),
    )


def day_in_url(url: str) -> date | None:
    """The day that an address names as /2021/10/05/, /20211005/ or -2021-10-05, None when it names none.

    >>> day_in_url("https://example.org/2021/10/05/lift-off")
    datetime.date(2021, 10, 5)
    """
    path = url.split("://", 1)[-1].partition("/")[2].split("?")[0]
    for found in _URL_DAY.finditer(path[:1_000]):
        try:
            return date(int(found[1]), int(found[3]), int(found[4]))
        except ValueError:
            continue
    return None


def _read(statement: Statement, zone: tzinfo, language: str, now: datetime | None) -> DateEvidence:
    raw = statement.raw[:_KEPT_RAW]
    reading = read_date(statement.raw, zone=zone, language=language)
    if reading is None:
        return DateEvidence(statement.source, raw, None, rejected="unreadable")
    rejected = "modified" if statement.modified else _impossible(reading, now)
    return DateEvidence(
        statement.source, raw, reading.day, reading.instant, reading.precision, reading.zone_known, rejected
    )


def _doubt(guess: DateEvidence, unread: list[str]) -> DateEvidence:
    """Reject a day of htmldate's that no text names.

    It gives 1 January where it finds a year alone: 16 of 763 pages, and none of them is known to be of that day. And it
    decides on an order where 10/05/2021 was refused because it may be either.
    """
    day = guess.day
    if guess.rejected or day is None:
        return guess
    if (day.month, day.day) == (1, 1):
        return replace(guess, rejected="year_only")
    figures = Counter((day.year, day.month, day.day))
    if any(figures <= Counter(map(int, _FIGURES.findall(raw))) for raw in unread):
        return replace(guess, rejected="ambiguous")
    return guess


def _from_entry(entry: Entry, source: DateSource, zone: tzinfo, now: datetime | None) -> DateEvidence:
    instant = entry.published
    assert instant is not None  # noqa: S101  # the caller has looked
    minute = entry.date_precision == "minute"
    # A feed gives an instant; the day as the outlet counts it is that of its own zone. A bare day stays
    # what it is.
    day = instant.astimezone(zone).date() if minute else instant.date()
    reading = Reading(day, instant if minute else None, "minute" if minute else "day", entry.zone_known)
    return DateEvidence(
        source,
        instant.isoformat(),
        day,
        reading.instant,
        reading.precision,
        entry.zone_known,
        _impossible(reading, now),
    )


def _impossible(reading: Reading, now: datetime | None) -> str:
    """Why a date cannot be a day of publication, "" when it can."""
    if reading.day.year < EARLIEST_YEAR:
        return f"before_{EARLIEST_YEAR}"
    if now is not None:
        latest = now + _TOLERATED_FUTURE
        if (reading.instant > latest) if reading.instant else (reading.day > latest.date()):
            return "future"
    return ""


def _refine(first: DateEvidence, others: list[DateEvidence]) -> DateEvidence:
    """Complete the most trusted evidence by what agrees with it.

    A bare day gets a time, a naive time gets a zone.

    Midnight to the second is what a system writes that knows the day only, so a real time of the same day
    is better.
    """
    vague = first.instant is None or _is_midnight(first)
    if vague:
        for other in others:
            if other.instant is not None and not _is_midnight(other) and _same_day(first, other):
                return other if first.day == other.day else replace(other, day=first.day)
    if first.instant is not None and not first.zone_known:
        for other in others:
            if other.instant is not None and other.zone_known and _same_clock(first.instant, other.instant):
                return other
    if vague and first.instant is not None and not first.zone_known:
        return replace(first, instant=None, precision="day")
    return first


def _is_midnight(item: DateEvidence) -> bool:
    return item.instant is not None and bool(_MIDNIGHT.search(item.raw))


def _printed_day(chosen: DateEvidence, others: list[DateEvidence]) -> date | None:
    """The day that readers saw.

    A machine's UTC time may fall on the day before or after it; the address and visible words are local.
    """
    instant = chosen.instant
    if instant is None or not _IN_UTC.search(chosen.raw):
        return chosen.day
    for other in others:
        if other.source in ("url", "time") and other.instant is None and other.day and other.day != chosen.day:
            start = datetime(other.day.year, other.day.month, other.day.day, tzinfo=UTC)
            if start - _EAST <= instant < start + timedelta(days=1) + _WEST:
                return other.day
    return chosen.day


def _same_day(one: DateEvidence, other: DateEvidence) -> bool:
    """Whether two pieces of evidence name one calendar day, in the printed zone or in UTC."""
    days = {other.day, other.instant.date() if other.instant else None}
    return one.day in days


def _same_clock(naive: datetime, aware: datetime) -> bool:
    """Whether two instants are one time with and without its zone: quarter hours apart, 14 hours at most."""
    distance = abs((naive - aware).total_seconds())
    return distance <= 14 * 3600 and distance % 900 < 60


def _zone(name: str) -> tzinfo:
    try:
        return source_zone(name)
    except ValueError:
        return UTC
