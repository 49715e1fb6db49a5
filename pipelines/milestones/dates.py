"""Dates inside a text: where one stands, and which of its parts it names.

What day it means is another question, since "on Tuesday" and "5 октября" lie behind or ahead depending on the verb;
`days` answers it.

dateparser was tried on eight sentences of our tests in eight languages: it took 1 to 10 ms a sentence, read "may" and
"march" of "they may march on" as months and 今月5日 as the 3rd, found nothing in "el pasado día 5" and 지난 5일, and
guesses years without knowing the verb. This reader takes about 3 ms an article, and its words stand in files that
anybody can read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pipelines.milestones.phrases import caseless
from pipelines.milestones.rules import Calendar, fold

# Arabic-Indic, Persian, Devanagari and full-width digits, each one character for one, so that offsets stay.
_DIGITS = {base + value: str(value) for base in (0x0660, 0x06F0, 0x0966, 0xFF10) for value in range(10)}

_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(?P<year>(?:19|20)\d\d)[-./](?P<month>\d{1,2})[-./](?P<d>\d{1,2})"
    r"|(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year2>(?:19|20)\d\d))(?![\d/-])"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date as it stands in the text. Parts that it does not name are None.

    Attributes:
        start, end: offsets in the text.
        written: the words, as they are.
        direction: "past" or "next" where the words themselves say so ("last Friday"), "before" where they count back
            from another day ("twelve days earlier"), else "plain".
        parts: named numbers: d, month, year, weekday, season, day (offset in days), week, month_offset,
            year_offset, told_month and told_year (offsets from those named last), anchored, n.
        unit: "day", "week", "month", "year" or "hour" of a counted distance, else "".
        target: whether the words before it make it where something goes to ("postponed to October").
        last: the end of a range, of which the mention is the start; None for a single date.
    """

    start: int
    end: int
    written: str
    direction: str = "plain"
    parts: dict[str, int] = field(default_factory=dict)
    unit: str = ""
    target: bool = False
    last: "DateMention | None" = None

    @property
    def vague(self) -> bool:
        """Whether it names a month, a season or a year at most."""
        return not self.unit and not self.parts.keys() & {"d", "weekday", "day", "anchored", "week"}


def find_dates(text: str, rules: Calendar) -> list[DateMention]:
    """All dates of a text in order, the fullest reading of each place; ranges are joined and stand for their start.

    Args:
        text: any text; time is linear in its length.
        rules: how the language writes dates.
    """
    digits = text.translate(_DIGITS)
    found = [_numeric(match, rules) for match in _NUMERIC.finditer(digits)]
    present = {name for name, pattern in rules.slots.items() if pattern.search(digits)}
    words = caseless(digits)
    for template in rules.templates:
        if template.may_stand_in(words, present):
            found.extend(_mention(match, template.direction, rules) for match in template.pattern.finditer(digits))
    voids = [
        match.span()
        for template in rules.voids
        if template.may_stand_in(words, present)
        for match in template.pattern.finditer(digits)
    ]
    usable = [
        mention
        for mention in found
        if mention is not None
        and not _is_else(text, mention, rules)
        and not any(start <= mention.start and mention.end <= end for start, end in voids)
    ]
    # More parts first, then more letters: "March 31" is read before "for March".
    usable.sort(
        key=lambda mention: (
            -len(mention.parts),
            mention.start - mention.end,
            mention.direction == "plain",
            mention.start,
        )
    )
    taken: list[DateMention] = []
    occupied = bytearray(len(text) + 1)
    for mention in usable:
        if not any(occupied[mention.start : mention.end]):
            occupied[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
            written = text[mention.start : mention.end].strip(" ,.")
            taken.append(replace(mention, written=written, target=_is_target(text, mention, rules)))
    taken.sort(key=lambda mention: mention.start)
    return _join_ranges(text, taken, rules)


_FRAME: frozenset[str] = frozenset({"month", "month_offset", "told_month", "year", "year_offset", "told_year"})


TOLD: frozenset[str] = frozenset({"told_month", "told_year"})
"""Parts of a date that count from what was named before; see `with_told`."""

_MONTHS: frozenset[str] = frozenset({"month", "month_offset", "told_month"})


def with_month(mention: DateMention, earlier: Sequence[DateMention]) -> DateMention:
    """A bare day with the month and year of a fuller date before it: "launched on 8 December, back on the 20th".

    Args:
        mention: from `find_dates`.
        earlier: the dates before it in the sentence.
    """
    if mention.parts.keys() != {"d"} or mention.direction != "plain":
        return mention
    for other in reversed(earlier):
        frame = {name: part for name, part in other.parts.items() if name in _FRAME}
        if "d" in other.parts and frame.keys() & _MONTHS and other.parts["d"] <= mention.parts["d"]:
            return replace(mention, parts={**mention.parts, **frame})
    return mention


def without_corrected(text: str, rules: Calendar) -> str:
    """A text with blanks for the dates that it takes back at once: "not in August but in October" leaves October."""
    words = caseless(text)
    for template in rules.corrected:
        if template.may_stand_in(words, ()):
            text = template.pattern.sub(lambda match: " " * len(match[0]), text)
    return text


def with_told(mention: DateMention, told: date) -> DateMention:
    """What is counted from a month or year named before, with its own: "launched on 8 December, back the same month".

    Args:
        mention: from `find_dates`.
        told: any day of the month and year that were named last.
    """
    parts = dict(mention.parts)
    if (months := parts.pop("told_month", None)) is not None:
        index = told.year * 12 + told.month - 1 + months
        parts |= {"year": index // 12, "month": index % 12 + 1}
    if (years := parts.pop("told_year", None)) is not None:
        parts["year"] = told.year + years
    return mention if parts == mention.parts else replace(mention, parts=parts)


def _is_target(text: str, mention: DateMention, rules: Calendar) -> bool:
    """Whether "to" or its like stands before the date, or is the first word of what was read as one ("to May")."""
    if text.startswith(rules.towards_after, mention.end):
        return True
    second = text.find(" ", mention.start, mention.end) + 1
    return any(rules.towards.search(text, max(0, end - 25), end) for end in (mention.start, second) if end)


def _is_else(text: str, mention: DateMention, rules: Calendar) -> bool:
    """Whether the words around make a length of time of it, or a time of day."""
    if rules.not_before.match(text, mention.end):
        return True
    before = caseless(text[max(0, mention.start - 20) : mention.start]).split()[-1:]
    return bool(before and "day" in mention.parts and before[0] in rules.not_after)


def _mention(match: re.Match[str], direction: str, rules: Calendar) -> DateMention | None:
    found = {name: text for name, text in match.groupdict().items() if text}
    written = {name: fold(text) for name, text in found.items()}
    if rules.capitalised and found.get("month", "X")[0].islower() and written["month"] in rules.months:
        return None
    parts = {"month": int(written["mm"])} if "mm" in written else {}
    if "d" in written:
        parts["d"] = int(written["d"]) if written["d"].isdigit() else 1
    if "month" in written:
        tables = {"month": rules.months, "month_offset": rules.relative_months, "told_month": rules.told_months}
        parts |= _looked_up(written["month"], tables)
    if "year" in written:
        digits = re.match(r"\d{4}", written["year"])
        tables = {"year_offset": rules.relative_years, "told_year": rules.told_years}
        parts |= {"year": int(digits[0])} if digits else _looked_up(written["year"], tables)
    for name, table in rules.named_parts.items():
        if name in written:
            parts[name] = table[written[name]]
    if "n" in written:
        parts["n"] = int(written["n"]) if written["n"].isdigit() else rules.numbers[written["n"]]
    if not 1 <= parts.get("d", 1) <= 31 or not 1 <= parts.get("month", 1) <= 12:
        return None
    unit = rules.units[written["unit"]] if "unit" in written else ""
    return DateMention(match.start(), match.end(), match[0], direction, parts, unit)


def _looked_up(name: str, tables: dict[str, dict[str, int]]) -> dict[str, int]:
    """The number of a name, as the part whose table is the first to have it."""
    return next({part: table[name]} for part, table in tables.items() if name in table)


def _numeric(match: re.Match[str], rules: Calendar) -> DateMention | None:
    if match["year"]:
        year, month, day = int(match["year"]), int(match["month"]), int(match["d"])
    else:
        year, day, month = int(match["year2"]), int(match["first"]), int(match["second"])
        if (rules.month_first and match["mark"] == "/" and day <= 12) or month > 12:
            day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return DateMention(match.start(), match.end(), match[0], "plain", {"year": year, "month": month, "d": day})


def _join_ranges(text: str, mentions: list[DateMention], rules: Calendar) -> list[DateMention]:
    """Join the ends of a range into one mention, its start; a start without a year borrows the end's."""
    joined: list[DateMention] = []
    for mention in mentions:
        before = joined[-1] if joined else None
        if (
            before is None
            or not rules.range_between.fullmatch(text, before.end, mention.start)
            or not _range_ends(before, mention)
        ):
            joined.append(mention)
            continue
        parts = dict(before.parts)
        if not parts.keys() & {"year", "year_offset", "month_offset"}:
            parts.update({name: mention.parts[name] for name in ("year", "year_offset") if name in mention.parts})
        if "month" not in parts and "month_offset" not in parts and "season" not in parts:
            parts.update({name: mention.parts[name] for name in ("month", "month_offset") if name in mention.parts})
        written = text[before.start : mention.end].strip(" ,.")
        joined[-1] = replace(before, end=mention.end, written=written, parts=parts, last=mention)
    return joined


def _range_ends(first: DateMention, second: DateMention) -> bool:
    ranks = [
        ("d" in m.parts or "weekday" in m.parts, "month" in m.parts or "month_offset" in m.parts)
        for m in (first, second)
    ]
    return not (first.unit or second.unit) and (
        ranks[0] == ranks[1] or (first.parts.keys() <= {"d", "weekday"} and "d" in second.parts)
    )
