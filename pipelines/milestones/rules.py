"""The vocabulary of milestone claims: one TOML file a language, read once and compiled.

A contributor who misses a verb adds it to `rules/milestones/<language>.toml`; `pipelines.milestones.phrases` describes
the notation, and the English file explains every table. Code holds no word of any language.
"""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from pipelines.milestones.phrases import CueSet, PhraseSet, caseless, may_stand_in, translate

Tense = Literal["past", "future", "open"]
Form = Literal["past", "future", "open", "noun"]

RULES_FOLDER = Path(__file__).resolve().parents[1] / "rules" / "milestones"

MILESTONES = (
    "announced", "casting", "crew", "training", "launch", "docking", "filming", "return", "trailer", "premiere",
    "release", "box_office", "delay", "cancellation",
)  # fmt: skip
"""Kinds that a vocabulary may speak of. A studio's launch is told from a film's by the project, not by words."""

_FORMS: dict[str, Form] = {"happened": "past", "planned": "future", "open": "open", "noun": "noun"}
_CUES = (
    "planned", "happened", "denied", "delayed", "cancelled", "overdue", "negated", "said", "void", "other", "plot",
    "aside", "points_back", "purpose", "breaks", "runs",
)  # fmt: skip


_PASSED_OVER = frozenset({"date", "weekday2"})
"""Slots whose date is not read, and so not looked for beforehand."""


class Template:
    """A way to write a date, compiled where a text has what it needs: most texts have few of a language's seventy.

    Args:
        direction: the direction that it fixes: "plain", "past", "next" or "before"; "void" for what is no date.
        phrase: as the file has it.
        source: its regular expression; letters in either case.
    """

    def __init__(self, direction: str, phrase: str, source: str) -> None:
        self.direction = direction
        self._phrase = phrase
        self._source = source
        self._slots = frozenset(re.findall(r"\{(\w+)\}", re.sub(r"\[[^\]]*\]", "", phrase))) - _PASSED_OVER

    def may_stand_in(self, text: str, slots: Collection[str]) -> bool:
        """Whether a text has all that it cannot do without.

        Args:
            text: by `caseless`.
            slots: those that something in the text could fill.
        """
        return self._slots.issubset(slots) and may_stand_in(self._phrase, text)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled."""
        return re.compile(self._source, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language writes dates, compiled.

    Attributes:
        templates: the ways to write one.
        slots: one pattern a slot, to see which templates can match at all.
        months, weekdays, seasons, numbers, units: written form, folded by `fold`, to its number (January and
            Monday are 1) or unit.
        days, weeks, relative_months, relative_years, anchored: written form to offset.
        told_months, told_years: the same, counted from the month or year that was named last.
        range_between: what may stand between the ends of a range ("to", "until").
        towards, towards_after: words before, and endings behind, a date that something is moved to.
        not_before: what must not follow a date ("間" makes 12日 a duration).
        not_after: words that must not precede one ("la mañana" is the morning, "mañana" tomorrow).
        corrected: dates that the next one sets right ("not in August but in October"), with all that says so.
        voids: wordings that hold a date's words and name none (次日 in 无数次日出, "every Friday").
        month_first: whether 10/05/2021 is in October.
        capitalised: whether months are written with a capital, so that "may" and "march" are verbs.
    """

    templates: tuple[Template, ...]
    slots: dict[str, re.Pattern[str]]
    months: dict[str, int]
    weekdays: dict[str, int]
    seasons: dict[str, int]
    numbers: dict[str, int]
    units: dict[str, str]
    days: dict[str, int]
    weeks: dict[str, int]
    relative_months: dict[str, int]
    relative_years: dict[str, int]
    told_months: dict[str, int]
    told_years: dict[str, int]
    anchored: dict[str, int]
    range_between: re.Pattern[str]
    towards: re.Pattern[str]
    towards_after: tuple[str, ...]
    not_before: re.Pattern[str]
    not_after: tuple[str, ...]
    voids: tuple[Template, ...]
    corrected: tuple[Template, ...]
    month_first: bool
    capitalised: bool

    @property
    def named_parts(self) -> dict[str, dict[str, int]]:
        """Parts of a date that are written as words of one table each."""
        return {
            "weekday": self.weekdays,
            "season": self.seasons,
            "week": self.weeks,
            "day": self.days,
            "anchored": self.anchored,
        }


@dataclass(frozen=True, slots=True)
class LanguageRules:
    """All that one language's file says, compiled.

    Attributes:
        language: BCP 47 primary tag.
        spaced: whether words are parted by spaces.
        dates_first: whether a date stands before its verb, as a rule of grammar.
        dates_last: whether it stands behind its verb.
        tense_carries: whether a sign of the future holds for the clauses after it, as where verbs have no tenses.
        triggers: milestone phrases, tagged "<milestone> <form>", and "negative" where they hold a "not".
        cues: phrases by name, among them "planned", "denied", "said" and "breaks".
        calendar: how dates are written.
    """

    language: str
    spaced: bool
    dates_first: bool
    dates_last: bool
    tense_carries: bool
    triggers: PhraseSet
    cues: CueSet
    calendar: Calendar


def fold(written: str) -> str:
    """One spelling for look-ups: one case, white space single, full stops and apostrophes plain."""
    return " ".join(caseless(written.replace("’", "'").replace(",", " ")).split()).rstrip(".")


@cache
def load_rules(language: str) -> LanguageRules | None:
    """The rules for a language, None where there is no file for it.

    Args:
        language: a BCP 47 tag; only the primary part counts ("zh-Hant" reads `zh.toml`).

    Raises:
        ValueError: if the file is wrong; the message names the file and the entry. Files in the repository are
        tested.
    """
    primary = language.split("-", maxsplit=1)[0].lower()
    path = RULES_FOLDER / f"{primary}.toml"
    if not re.fullmatch(r"[a-z]{2,3}", primary) or not path.is_file():
        return None
    with path.open("rb") as file:
        table = tomllib.load(file)
    try:
        return compile_rules(primary, table)
    except (ValueError, KeyError, re.error) as error:
        raise ValueError(f"{path.name}: {error}") from error


def compile_rules(language: str, table: dict[str, Any]) -> LanguageRules:
    """Checks and compiles a parsed vocabulary file.

    Raises:
        ValueError: for unknown tables, milestones or forms, and for phrases that cannot be translated.
    """
    _only(table, ("spaced", "dates_first", "dates_last", "tense_carries", "claims", "cues", "dates"), "the file")
    spaced = bool(table.get("spaced", True))
    _only(table["cues"], (*_CUES, "affirmed"), "[cues]")
    cues = {name: table["cues"].get(name, []) for name in _CUES}
    hidden = {"negated": table["cues"].get("affirmed", [])}
    return LanguageRules(
        language=language,
        spaced=spaced,
        dates_first=bool(table.get("dates_first", False)),
        dates_last=bool(table.get("dates_last", False)),
        tense_carries=bool(table.get("tense_carries", False)),
        triggers=_triggers(table["claims"], PhraseSet(((word, "") for word in cues["negated"]), spaced=spaced)),
        cues=CueSet(cues, hidden, spaced=spaced),
        calendar=_calendar(table["dates"], spaced=spaced),
    )


def _only(table: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise ValueError(f"{where} has unknown entries {', '.join(unknown)}; known are {', '.join(known)}")


def _triggers(claims: dict[str, dict[str, list[str]]], negations: PhraseSet) -> PhraseSet:
    _only(claims, MILESTONES, "[claims]")
    entries: dict[str, str] = {}
    for milestone, forms in claims.items():
        _only(forms, tuple(_FORMS), f"[claims.{milestone}]")
        for form, phrases in forms.items():
            for phrase in phrases:
                # A phrase of two milestones belongs to the one that the file names first, and a verb before a noun.
                negative = " negative" if negations.find(phrase) else ""
                entries.setdefault(phrase, f"{milestone} {_FORMS[form]}{negative}")
    return PhraseSet(entries.items(), spaced=negations.spaced)


_ALONE = ("{day}", "{anchored}", "{week}", "{relative_month}", "{year}", "{season}")

_DATE_TABLES = (
    "months", "weekdays", "seasons", "numbers", "units", "days", "weeks", "relative_months", "relative_years",
    "told_months", "told_years", "anchored", "plain", "past", "next", "before", "void", "corrected", "ordinal",
    "year_suffix", "range_between", "towards", "towards_after", "not_before", "not_after", "first", "prefix",
    "month_first", "capitalised",
)  # fmt: skip


def _calendar(table: dict[str, Any], *, spaced: bool) -> Calendar:
    _only(table, _DATE_TABLES, "[dates]")
    months = _numbered(table["months"])
    weekdays = _numbered(table["weekdays"])
    seasons = {fold(name): month for name, month in table.get("seasons", {}).items()}
    offsets = {
        name: {fold(written): int(offset) for written, offset in table.get(name, {}).items()}
        for name in (
            "numbers",
            "days",
            "weeks",
            "relative_months",
            "relative_years",
            "told_months",
            "told_years",
            "anchored",
        )
    }
    units = {fold(written): unit for unit, forms in table.get("units", {}).items() for written in forms}
    ordinal = table.get("ordinal", "")
    suffix = table.get("year_suffix", "")
    # A particle glued to the front of Arabic words: "وفي", "بأكتوبر".
    glued = table.get("prefix", "")
    years = r"(?:(?:19[5-9]|20[0-4])\d)(?!\d)" + suffix
    digits = r"(?<!\d)"
    counted_months = [*offsets["relative_months"], *offsets["told_months"]]
    counted_years = [*offsets["relative_years"], *offsets["told_years"]]
    # "Il primo" is a day only before a month.
    firsts = "".join(f"|{re.escape(name)}" for name in table.get("first", []))
    slots = {
        "d": rf"{digits}(?P<d>\d{{1,2}}{firsts})(?!\d){ordinal}(?:\s?[-–—~〜～/]\s?\d{{1,2}}(?!\d){ordinal})?",
        "d2": rf"{digits}\d{{1,2}}(?!\d){ordinal}",
        "month": rf"{glued}(?P<month>{_names([*months, *counted_months], spaced=spaced)})\.?",
        "year": rf"(?P<year>{digits}{years}|{_names(counted_years, spaced=spaced)})",
        "date": _any_date([*months, *weekdays, *seasons, *counted_months, *counted_years], years, spaced=spaced),
        # The evening that a night begins with; it ends, and what is told of it happens, in the day after.
        "weekday2": rf"{glued}(?:{_names(weekdays, spaced=spaced)})\.?",
        "weekday": rf"{glued}(?P<weekday>{_names(weekdays, spaced=spaced)})\.?",
        "season": rf"{glued}(?P<season>{_names(seasons, spaced=spaced)})",
        "week": rf"(?P<week>{_names(offsets['weeks'], spaced=spaced)})",
        "n": rf"(?P<n>{digits}\d{{1,3}}(?!\d)|{_names(offsets['numbers'], spaced=spaced)})",
        "unit": rf"(?P<unit>{_names(units, spaced=spaced)})",
        "day": rf"(?P<day>{_names(offsets['days'], spaced=spaced)})",
        "anchored": rf"(?P<anchored>{_names(offsets['anchored'], spaced=spaced)})",
        "mm": rf"{digits}(?P<mm>\d{{1,2}})(?!\d)",
        "relative_month": rf"{glued}(?P<month>{_names(counted_months, spaced=spaced)})",
    }
    written = [
        (direction, phrase) for direction in ("plain", "past", "next", "before") for phrase in table.get(direction, [])
    ]
    # These stand for themselves; a bare month does not ("may"), the file says in which company it counts.
    written += [("plain", slot) for slot in _ALONE]
    between = table.get("range_between", [])

    def template(direction: str, phrase: str) -> Template:
        return Template(direction, phrase, _source(phrase, spaced=spaced, slots=slots, firsts=firsts))

    return Calendar(
        templates=tuple(template(direction, phrase) for direction, phrase in written),
        slots={name: re.compile(source, re.IGNORECASE) for name, source in slots.items() if name not in _PASSED_OVER},
        months=months,
        weekdays=weekdays,
        seasons=seasons,
        numbers=offsets["numbers"],
        units=units,
        days=offsets["days"],
        weeks=offsets["weeks"],
        relative_months=offsets["relative_months"],
        relative_years=offsets["relative_years"],
        told_months=offsets["told_months"],
        told_years=offsets["told_years"],
        anchored=offsets["anchored"],
        range_between=re.compile(
            rf"\s*(?:{'|'.join([r'[-–—~〜～]', *(translate(word, spaced=spaced) for word in between)])})\s*",
            re.IGNORECASE,
        ),
        towards=_towards(table.get("towards", []), spaced=spaced),
        towards_after=tuple(table.get("towards_after", [])),
        not_after=tuple(fold(word) for word in table.get("not_after", [])),
        corrected=tuple(template("corrected", phrase) for phrase in table.get("corrected", [])),
        voids=tuple(template("void", phrase) for phrase in table.get("void", [])),
        not_before=re.compile("|".join(re.escape(word) for word in table.get("not_before", [])) or r"(?!)"),
        month_first=bool(table.get("month_first", False)),
        capitalised=bool(table.get("capitalised", False)),
    )


def _towards(words: list[str], *, spaced: bool) -> re.Pattern[str]:
    """The words at the end of what stands before a date, or as the first word of what is read as one."""
    if not words:
        return re.compile(r"(?!)")
    names = "|".join(re.escape(word) for word in words)
    # An article and "the end of" may come between.
    return re.compile(
        rf"(?<!\w)(?:{names})\s(?:\w{{1,6}}\s){{0,2}}(?=$)" if spaced else rf"(?:{names})\s?$", re.IGNORECASE
    )


def _any_date(names: list[str], years: str, *, spaced: bool) -> str:
    """A date that is passed over: two short words before it at most ("in the early autumn of 2021")."""
    if not spaced:
        return rf"(?:\d{{1,4}}[年月日]){{1,3}}|{_names(names, spaced=spaced)}"
    named = rf"(?:\d{{1,2}}\.?\s(?:de\s)?)?(?:{_names(names, spaced=spaced)})"
    return rf"(?:[^\W\d]{{1,6}}\s){{0,2}}(?:{named}(?:\s\w{{1,2}})?(?:\s{years})?|{years})"


def _source(phrase: str, *, spaced: bool, slots: dict[str, str], firsts: str) -> str:
    if "{month}" not in phrase:
        slots = {**slots, "d": slots["d"].replace(firsts, "")}
    return translate(phrase, spaced=spaced, slots=slots)


def _numbered(rows: list[str]) -> dict[str, int]:
    return {fold(name): number for number, row in enumerate(rows, start=1) for name in row.split("|")}


def _names(written: dict[str, Any] | list[str], *, spaced: bool) -> str:
    """Alternatives for words that are looked up as matched, and so hold no stars; the longest first."""
    ordered = sorted(written, key=lambda name: (-len(name), name))
    space = r"[\s,]{1,3}" if spaced else r"\s?"
    return (
        "|".join(space.join(re.escape(word).replace("'", "['’]") for word in name.split()) for name in ordered)
        or r"(?!)"
    )
