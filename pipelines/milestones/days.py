"""The calendar day that a date in a text means for a reader of that day's paper."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.milestones.dates import DateMention
from pipelines.milestones.rules import Tense
from pipelines.model import ClaimPrecision

FARTHEST_GUESS_DAYS = 300
"""A date without a year that a verb would push farther away than this is taken as the nearest one instead: "was due
to fly on 5 October", read on the 8th, is three days old, and "training begins by 1 June", read in May, lies ahead.
No paper leaves the year out for a day ten months away."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A calendar day and how much of it was said."""

    day: date
    precision: ClaimPrecision

    def covers(self, other: "Resolved") -> bool:
        """Whether `other` says the same, or the same more closely."""
        if self.precision == "year":
            return self.day.year == other.day.year
        if self.precision == "month":
            return (self.day.year, self.day.month) == (other.day.year, other.day.month) and other.precision != "year"
        return other.precision == "day" and self.day == other.day


def resolve(
    mention: DateMention, *, published: date | None, tense: Tense, anchor: date | None = None, year: int | None = None
) -> Resolved | None:
    """The calendar day that a mention means.

    Args:
        mention: from `find_dates`.
        published: the article's day; without it only full dates can be read.
        tense: of the verb the date belongs to.
        anchor: the day that "the same day" and "twelve days later" count from.
        year: the year the surrounding sentence speaks of, for past dates that name none.

    Returns:
        The day with its precision, None when the words cannot be placed (no publication date, no anchor, 30
        February).
    """
    parts = mention.parts
    try:
        # "Через три часа" beside a verb in the past counts from what was told before, not from today.
        hours_after = mention.unit == "hour" and mention.direction == "next" and tense == "past"
        if mention.direction == "before":
            return _from_anchor(mention, anchor or published, -1)
        if "anchored" in parts or hours_after or (mention.unit and mention.direction == "plain"):
            return _from_anchor(mention, anchor)
        known_year = parts.get("year")
        if published is None:
            return _absolute(parts, known_year)
        if "year_offset" in parts:
            known_year = published.year + parts["year_offset"]
        if mention.unit and mention.direction == "next" and anchor is not None and anchor > published:
            # "They leave on 5 October and return in twelve days": the days begin with the start that lies ahead.
            return _counted(anchor, parts.get("n", 1), mention.unit)
        if mention.unit:
            sign = -1 if mention.direction == "past" else 1
            return _counted(published, sign * parts.get("n", 1), mention.unit)
        if "day" in parts:
            return Resolved(published + timedelta(days=parts["day"]), "day")
        return _relative(mention, published, _direction(mention, tense), known_year, year)
    except (ValueError, OverflowError):
        return None


def definite_side(mention: DateMention, published: date | None) -> Tense:
    """On which side of the publication the date lies by its own words, whatever the verb says.

    "open" where it has to be guessed, or where the publication falls inside the month or year it names.
    """
    parts = mention.parts
    own = mention.direction != "plain" or parts.keys() & {"year", "year_offset", "day", "month_offset", "week"}
    resolved = resolve(mention, published=published, tense="open") if own else None
    if resolved is None or published is None:
        return "open"
    if resolved.day > published:
        return "future"
    return "past" if _last_day(resolved) < published else "open"


def _last_day(resolved: Resolved) -> date:
    day = resolved.day
    if resolved.precision == "day":
        return day
    month = day.month if resolved.precision == "month" else 12
    return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])


def _direction(mention: DateMention, tense: Tense) -> str:
    if mention.direction != "plain":
        return mention.direction
    return {"past": "past", "future": "next"}.get(tense, "plain")


def _absolute(parts: dict[str, int], year: int | None) -> Resolved | None:
    if year is None:
        return None
    if "d" in parts and "month" in parts:
        return Resolved(date(year, parts["month"], parts["d"]), "day")
    if "month" in parts:
        return Resolved(date(year, parts["month"], 1), "month")
    return Resolved(date(year, 1, 1), "year")


def _relative(
    mention: DateMention, published: date, direction: str, year: int | None, context: int | None
) -> Resolved | None:
    parts = mention.parts
    month = parts.get("month")
    if "month_offset" in parts:
        shifted = _shift_months(published, parts["month_offset"])
        month, year = shifted.month, shifted.year
    if year is None and direction == "past" and context is not None and context < published.year:
        year = context if month is not None or "season" in parts else None
    if "d" in parts:
        return Resolved(_numbered_day(published, parts, month, direction, year), "day")
    if "weekday" in parts:
        return Resolved(_weekday(published, mention, direction), "day")
    if "week" in parts:
        return Resolved((published + timedelta(weeks=parts["week"])).replace(day=1), "month")
    if month is not None:
        return Resolved(date(_year_for(published, month, direction) if year is None else year, month, 1), "month")
    if "season" in parts and year is None:
        year = _year_for(published, parts["season"], direction, strict=mention.direction == "past")
    return Resolved(date(year, 1, 1), "year") if year is not None else None


def _numbered_day(published: date, parts: dict[str, int], month: int | None, direction: str, year: int | None) -> date:
    if month is None:
        return _day_of_month(published, parts["d"], direction)
    if year is not None:
        return date(year, month, parts["d"])
    return _day_of_year(published, month, parts["d"], direction, parts.get("weekday"))


def _from_anchor(mention: DateMention, anchor: date | None, sign: int = 1) -> Resolved | None:
    if anchor is None:
        return None
    if "anchored" in mention.parts:
        return Resolved(anchor + timedelta(days=mention.parts["anchored"]), "day")
    count = sign * mention.parts.get("n", 1)
    if mention.unit == "week":
        # Counted from a day of the text, a week is seven days; counted from today it is vague.
        return Resolved(anchor + timedelta(weeks=count), "day")
    if mention.unit == "year" and "month" in mention.parts:
        return Resolved(date(anchor.year + count, mention.parts["month"], 1), "month")
    return _counted(anchor, count, mention.unit)


def _counted(start: date, count: int, unit: str) -> Resolved:
    if unit == "hour":
        return Resolved(start, "day")
    if unit == "day":
        return Resolved(start + timedelta(days=count), "day")
    if unit == "week":
        # "Two weeks ago" is a vague week: its month is all that can be relied on.
        return Resolved((start + timedelta(weeks=count)).replace(day=1), "month")
    if unit == "month":
        return Resolved(_shift_months(start, count), "month")
    return Resolved(date(start.year + count, 1, 1), "year")


def _shift_months(start: date, months: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _weekday(published: date, mention: DateMention, direction: str) -> date:
    wanted = mention.parts["weekday"] - 1
    if "week" in mention.parts:
        monday = published - timedelta(days=published.weekday())
        return monday + timedelta(weeks=mention.parts["week"], days=wanted)
    behind = (published.weekday() - wanted) % 7
    if direction == "next":
        ahead = (wanted - published.weekday()) % 7
        # "Next Friday" on a Friday is not today; "will fly on Friday" may be.
        return published + timedelta(days=ahead or (7 if mention.direction == "next" else 0))
    return published - timedelta(days=behind or (7 if mention.direction == "past" else 0))


def _day_of_month(published: date, day: int, direction: str) -> date:
    options = []
    for offset in (-2, -1, 0, 1, 2):
        month = _shift_months(published, offset)
        if 1 <= day <= calendar.monthrange(month.year, month.month)[1]:
            options.append(month.replace(day=day))
    return _choose(options, published, direction)


def _day_of_year(published: date, month: int, day: int, direction: str, weekday: int | None) -> date:
    years = range(published.year - 2, published.year + 3)
    options = [date(year, month, day) for year in years if day <= calendar.monthrange(year, month)[1]]
    agreeing = [option for option in options if weekday is not None and option.weekday() == weekday - 1]
    return _choose(agreeing or options, published, direction)


def _choose(options: list[date], published: date, direction: str) -> date:
    if not options:
        raise ValueError("no such day")
    nearest = min(options, key=lambda option: abs((option - published).days))
    if direction == "past":
        behind = [option for option in options if option <= published]
        last = max(behind) if behind else nearest
        return last if (published - last).days <= FARTHEST_GUESS_DAYS else nearest
    if direction == "next":
        ahead = [option for option in options if option >= published]
        first = min(ahead) if ahead else nearest
        return first if (first - published).days <= FARTHEST_GUESS_DAYS else nearest
    return nearest


def _year_for(published: date, month: int, direction: str, *, strict: bool = False) -> int:
    """The year of a bare month (or of a season, by its middle month)."""
    if direction == "past":
        return (
            published.year
            if month < published.month or (month == published.month and not strict)
            else published.year - 1
        )
    if direction == "next":
        return published.year if month >= published.month else published.year + 1
    return min(
        (published.year - 1, published.year, published.year + 1),
        key=lambda year: abs((year - published.year) * 12 + month - published.month),
    )
