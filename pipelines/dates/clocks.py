"""The time of day that stands beside a printed date: signs of the half of the day, zones, what belongs to an update."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_FARTHEST = 30
"""Characters between a date and the time that belongs to it: a weekday, "um", "a las", a bar."""

_SIGNS = {"am": 0, "noon": 6, "pm": 12, "night": 18}
"""Each sign of `rules/clocks.toml` -> the first of the twelve hours that it can speak of: "noon" is 6 to 17 o'clock,
"night" is 18 to 5."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as printed, on the clock of 24 hours (24:00 is the end of the day), with the zone as written."""

    hour: int
    minute: int
    second: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class _Rules:
    """`rules/clocks.toml`, ready to use.

    Attributes:
        clock: a time of day with what belongs to it.
        update: a word for an update.
        signs: sign, bare of stops and spaces -> first of its twelve hours.
    """

    clock: re.Pattern[str]
    update: re.Pattern[str]
    signs: dict[str, int]


def clock_beside(text: str, start: int, end: int, language: str = "") -> Clock | None:
    """The time of day that belongs to the date at `text[start:end]`.

    That is one within it ("Oct 05 08:55:00 MSK 2021"), else the nearer one of those behind and before it, unless
    other figures or a word for an update stand between.

    Args:
        text: of bounded length, with single spaces.
        start: where the date begins.
        end: where it ends.
        language: BCP 47 tag of the page, for words that look like zones.
    """
    rules = _rules()
    within = next(_clocks(text, start, end), None) if ":" in text[start:end] else None
    if within is not None:
        return _read(within, language)
    behind = next(_clocks(text, end, len(text)), None)
    before = max(_clocks(text, 0, start), key=re.Match.start, default=None)
    between = []
    if behind is not None:
        between.append((text[end : behind.start()], behind))
    if before is not None:
        between.append((text[before.end() : start], before))
    beside = [
        (len(gap), found)
        for gap, found in between
        if len(gap) <= _FARTHEST and not re.search(r"\d", gap) and not rules.update.search(gap)
    ]
    return _read(min(beside, key=lambda item: item[0])[1], language) if beside else None


def hour_of_day(hour: int, sign: str) -> int:
    """An hour on the clock of 24, where a sign of the half of the day stands with it.

    >>> hour_of_day(8, "p. m."), hour_of_day(12, "AM"), hour_of_day(1, "रात"), hour_of_day(20, "pm")
    (20, 0, 1, 20)
    """
    first = _rules().signs.get(_bare(sign)) if sign else None
    # Who prints 20:55 p.m. has a clock of 24 hours, and a sign too many.
    return hour if first is None or hour > 12 else (first + (hour - first) % 12) % 24


def _clocks(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The times of day between two places of a text. Prices and ratings ("30.99") look like them, and are none."""
    for found in _rules().clock.finditer(text, start, end):
        if found["mark"] == ":" or (int(found["hour"]) <= 24 and int(found["minute"]) <= 59):
            yield found


def _read(found: re.Match[str], language: str) -> Clock:
    sign = found["before"] or found["behind"] or ""
    hour = hour_of_day(int(found["hour"]), sign)
    return Clock(hour, int(found["minute"]), int(found["second"] or 0), _zone(found, language))


def _zone(found: re.Match[str], language: str) -> str:
    zone = found["zone"] or ""
    machine = found["second"] or found.string[: found.start()].endswith(("T", "t"))
    if zone[:1] == "-" and not found["gap"] and not machine:
        return ""  # 10:30-11:45 is a span of time
    if zone == "ET" and language.lower().startswith("fr") and not found["behind"]:
        return ""  # French for "and", in a line of capitals
    return zone


def _bare(sign: str) -> str:
    return re.sub(r"[.\s]", "", sign).lower()


@cache
def _rules() -> _Rules:
    table = tomllib.loads(files("pipelines").joinpath("rules/clocks.toml").read_text("utf-8"))
    before, behind = table["before"], table["behind"]
    clock = re.compile(
        rf"(?:(?P<before>{_any_of(before)})\s?)?"
        # A stop parts hour and minute ("10.30") where it is not one of the two of a date ("05.10.21").
        r"(?<!\d)(?P<hour>\d{1,2})\s?"
        r"(?P<mark>[:：hH時时點点시]|(?<!\d\.\d)(?<!\d\.\d\d)\.(?!\s?\d{1,2}\s?\.\s?\d))\s?"
        r"(?P<minute>\d{2}|\d(?=[分분]))[分분]?"
        r"(?::?(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
        rf"(?:\s?(?P<behind>(?i:{_any_of(behind)}))(?!\w))?"
        r"(?:\s?(?i:uhr|hrs?|hs?|ч|год|น|बजे)(?!\w)\.?)?"
        r"(?:(?P<gap>\s?\(?)(?P<zone>"
        r"(?i:utc|gmt)(?:\s?[+\-\N{MINUS SIGN}]\d{1,2}(?::?\d{2})?)?(?![\w:])"
        # Behind a space, hours alone are a number: "10:30 +5 photos".
        r"|[+\-\N{MINUS SIGN}](?:\d{1,2}:?\d{2}|(?<!\s.)\d{1,2})(?![\w:])"
        # Zones in small letters are words: "et", "ist", "West Africa". Only Moscow's own has no such double.
        r"|(?:[A-Z]{2,5}|Z|(?<=\d)z)(?!\w)"
        r"|(?i:мск)(?!\w|\s?[+-]\d)"
        r"))?"
    )
    update = re.compile("|".join(map(re.escape, table["update"]["words"])), re.IGNORECASE)
    signs = {_bare(sign): _SIGNS[half] for half, names in (*before.items(), *behind.items()) for sign in names}
    return _Rules(clock, update, signs)


def _any_of(signs: dict[str, list[str]]) -> str:
    """A pattern for any of the signs, the longest first."""
    names = sorted((name for names in signs.values() for name in names), key=len, reverse=True)
    return "|".join(_pattern(name) for name in names)


def _pattern(sign: str) -> str:
    """The pattern of one sign: its stops may be missing, or have spaces behind them."""
    if not sign.endswith("."):
        return (r"\b" if sign.isascii() else "") + re.escape(sign)
    return r"\.?\s?".join(map(re.escape, sign.removesuffix(".").split("."))) + r"\.?"
