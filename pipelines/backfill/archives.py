"""Archive sitemaps: which children of an index, and which of their entries, can hold articles of some days.

An index of ten years names thousands of sitemaps, mostly with their month in the name. Only what certainly holds
nothing is left out: what is undated is read, and the page itself decides when it was published.
"""

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from pipelines.backfill.window import Window
from pipelines.model import Entry, Sitemap

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d{2})"
_APART = r"[-_./]"
_NUMBERS = re.compile(
    rf"{_YEAR}(?:(?P<mark>{_APART}?)(?P<month>\d{{2}})(?:(?P=mark)(?P<day>\d{{2}}))?)?(?!\d)", re.ASCII
)
_YEAR_MONTH_NAME = re.compile(rf"{_YEAR}{_APART}?(?P<name>{_MONTH})(?![a-z])", re.ASCII)
_MONTH_NAME_YEAR = re.compile(rf"(?<![a-z])(?P<name>{_MONTH}){_APART}?{_YEAR}(?!\d)", re.ASCII)
_VARIABLE = re.compile(rf"\d+|(?<![a-z]){_MONTH}(?![a-z])", re.ASCII)
"""What differs between sitemaps of one series."""

_QUERY_YEAR, _QUERY_MONTH, _QUERY_DAY = ("yyyy", "year", "y"), ("mm", "month", "m"), ("dd", "day", "d")
"""WordPress.com and its likes: `sitemap.xml?yyyy=2021&mm=10&dd=05`."""

_ENTRY_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d{2})(?:/(?P<month>0[1-9]|1[0-2])(?:/(?P<day>0[1-9]|[12]\d|3[01]))?"
    r"|(?P<mark>[-_]?)(?P<month2>0[1-9]|1[0-2])(?P=mark)(?P<day2>0[1-9]|[12]\d|3[01]))/",
    re.ASCII,
)
"""Only whole folders: a day inside an article's name may be the day that it tells of."""

_LASTMOD_DOUBT = timedelta(days=1, hours=14)
"""A lastmod may be a day alone, read as its first instant, and a day asked for begins 14 hours early in the east."""

_READ = 2_083
"""Characters of an address that are looked at."""

_Reading = tuple[int, ...]
"""Year; year and month; or year, month and day."""


@dataclass(frozen=True, slots=True)
class Children:
    """The sitemaps of an index, sorted.

    Attributes:
        read: addresses that may hold articles of the window, in the index's order, without repetition.
        skipped: the others by reason: "other_period" (the name says another), "unchanged_since" (nothing in it is newer
            than its lastmod, which is before the window), "repeated".
    """

    read: tuple[str, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a sitemap, sorted.

    Attributes:
        read: those that may be of the window.
        skipped: the others by reason: "other_date" (of publication), "other_period" (in the address),
            "unchanged_since".
    """

    read: tuple[Entry, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)


def choose_children(index: Sitemap, window: Window) -> Children:
    """The children of a sitemap index that may hold articles of a window."""
    periods = periods_of(index.children)
    lastmods = dict(zip(index.children, index.lastmods, strict=False))
    read: dict[str, None] = {}
    skipped: Counter[str] = Counter()
    for child in index.children:
        period, lastmod = periods[child], lastmods.get(child)
        if child in read:
            skipped["repeated"] += 1
        elif period is not None and not window.may_overlap(*period):
            skipped["other_period"] += 1
        elif lastmod is not None and _is_older(lastmod, window):
            skipped["unchanged_since"] += 1
        else:
            read[child] = None
    return Children(tuple(read), skipped)


def choose_entries(entries: Iterable[Entry], window: Window) -> Entries:
    """The entries of a sitemap that may be of a window.

    The date of publication decides where the sitemap has one (the news extension). Else the day or month in the
    address does. A lastmod before the window says that the article is older; one after it says nothing, since old
    articles are changed too.
    """
    read: list[Entry] = []
    skipped: Counter[str] = Counter()
    for entry in entries:
        if entry.published is not None:
            if not window.may_hold(entry.published):
                skipped["other_date"] += 1
                continue
        elif (period := _entry_period(entry.url)) is not None and not window.may_overlap(*period):
            skipped["other_period"] += 1
            continue
        elif entry.updated is not None and _is_older(entry.updated, window):
            skipped["unchanged_since"] += 1
            continue
        read.append(entry)
    return Entries(tuple(read), skipped)


def periods_of(addresses: Iterable[str]) -> dict[str, tuple[date, date] | None]:
    """The first and last day that sitemaps are about, by their names; None for a name that states no period.

    Read are `sitemap-2021.xml`, `sitemap-2021-10.xml`, `/2021/10/`, `sitemap_20211005.xml`, `october-2021.xml` and
    `?yyyy=2021&mm=10`. A number may also be that of a page (`post-sitemap2021.xml`, `sitemap-2021-10.xml` for the
    tenth of 2021), so a series, addresses that differ in numbers and names of months only, is believed as far as all
    its members can be read: with a `sitemap-2021-13.xml` beside it, `sitemap-2021-10.xml` is about the year.
    """
    series: dict[str, dict[str, _Reading]] = defaultdict(dict)
    for address in addresses:
        series[_VARIABLE.sub("#", address[:_READ].lower())][address] = _reading(address)
    periods: dict[str, tuple[date, date] | None] = {}
    for members in series.values():
        believed = min(map(len, members.values()))
        periods |= {address: _period(reading[:believed]) for address, reading in members.items()}
    return periods


def _is_older(lastmod: datetime, window: Window) -> bool:
    return lastmod < window.start - _LASTMOD_DOUBT


def _reading(address: str) -> _Reading:
    try:
        parts = urlsplit(address[:_READ].lower())
    except ValueError:
        return ()
    by_query = _query_reading(parts.query)
    if by_query:
        return by_query
    path = f"{parts.path}?{parts.query}"
    named = _YEAR_MONTH_NAME.search(path) or _MONTH_NAME_YEAR.search(path)
    if named is not None:
        return _checked(named["year"], str(_MONTHS.index(named["name"][:3]) + 1), None)
    found = _NUMBERS.search(path)
    return _checked(found["year"], found["month"], found["day"]) if found else ()


def _query_reading(query: str) -> _Reading:
    try:
        fields = dict(parse_qsl(query, max_num_fields=50))
    except ValueError:
        return ()
    year, month, day = (
        next((fields[name] for name in names if name in fields), None)
        for names in (_QUERY_YEAR, _QUERY_MONTH, _QUERY_DAY)
    )
    return _checked(year, month, day) if year and re.fullmatch(r"(?:19|20)\d{2}", year, re.ASCII) else ()


def _checked(year: str, month: str | None, day: str | None) -> _Reading:
    """As much of a date as makes sense."""
    if not month or not re.fullmatch(r"0?[1-9]|1[0-2]", month):
        return (int(year),)
    known = int(year), int(month)
    if not day or not re.fullmatch(r"0?[1-9]|[12][0-9]|3[01]", day) or int(day) > monthrange(*known)[1]:
        return known
    return *known, int(day)


def _period(reading: _Reading) -> tuple[date, date] | None:
    if not reading:
        return None
    first = date(*(*reading, 1, 1)[:3])
    if len(reading) == 3:
        return first, first
    if len(reading) == 1:
        return first, date(first.year, 12, 31)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _entry_period(url: str) -> tuple[date, date] | None:
    found = _ENTRY_DAY.search(urlsplit(url[:_READ]).path)
    if found is None:
        return None
    return _period(_checked(found["year"], found["month"] or found["month2"], found["day"] or found["day2"]))
