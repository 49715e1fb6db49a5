"""Are two stories about one event? The evidence for and against, and how to say it.

A reader decides by few things: is it the same film, are both of these days, did the same kind of thing happen, and do
the particulars agree. Each has a weight below; what is missing in a story counts for nothing, what contradicts counts
against.
"""

from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Any

from pipelines.events.telling import Telling

WINDOW_DAYS = 3
"""Days between two tellings of one event, at most. Wires and dailies tell within a day, weeklies and translations
within three; a week later the same words are about the next event, or are an anniversary of this one. In the demo one
day loses 2 of 36 pairs, five or seven add 2 false ones."""

WEIGHTS = {
    "constant": -2.2,
    "headline": 2.8,  # both headlines name the same kind of thing
    "lead": 1.4,  # the one's headline or first sentences and the other's do
    "filming": 1.2,  # the same for filming, of which all of them speak
    "untold": -1.5,  # a headline names a kind of thing that the other story's head lacks, though that names others
    "recent": 1.6,  # both say that the same kind of thing happened on the same day
    "other_day": -2.0,  # they give different days for it
    "ahead": 0.7,  # both say that the same kind of thing will happen on the same day
    "people": 0.8,  # part of the fewer people of the project that the other names too
    "ships": 0.6,
    "places": 0.8,  # a place where such things are told from
    "names": 2.0,  # part of the fewer names, where both are written in an alphabet
    "figures": 0.5,  # each figure in common, three at most
    "guest": -1.6,  # the one's main project is a guest in the other
    "days": -0.5,  # each day between them
}
"""What each sign is worth, in log-odds; the constant asks for odds of 9 to 1 from the signs.

By judgement, then held against all pairs of the demo's 55 stories: 34 of the 36 pairs that are one event are found, and
3 that are not. That does not hang on their size: any one 30 % larger or smaller, or all of them, changes no more than
one pair (but a constant 30 % smaller lets in 7 false ones). Without `untold` there are 8 more false pairs; the others
cost one or two true pairs each, or nothing there, where most stories have all signs at once."""

ALWAYS = frozenset({"filming"})
"""Families that nearly every story of the race names: they say little of what is new."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one event.

    Attributes:
        odds: log-odds; above 0 it is one event.
        why: what the stories share, in words.
    """

    odds: float
    why: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """The odds as a probability."""
        return 1 / (1 + exp(-self.odds))


NONE = Evidence(float("-inf"), ())
"""Two stories that cannot be one event."""


def compare(one: Telling, other: Telling) -> Evidence:
    """The evidence that two stories are about one event; the same either way round."""
    apart = abs((one.day - other.day).days)
    if apart > WINDOW_DAYS or not same_film(one, other):
        return NONE
    signs, why = _kinds(one, other)
    signs["constant"] = 1.0
    signs["days"] = float(apart)
    why.append("the same day" if not apart else "one day apart" if apart == 1 else f"{apart} days apart")
    main = one.project if one.project == other.project else ""
    if not main:
        signs["guest"] = 1.0
    shared = one.ahead & other.ahead
    if shared:
        signs["ahead"] = 1.0
        why.append(f"both expect {_occurrences(shared)}")
    for name in ("people", "names"):
        mine, his = getattr(one, name), getattr(other, name)
        common = mine & his
        if common:
            signs[name] = strength(name, len(common), len(mine), len(his))
        if common and name == "people":
            why.append(f"people {', '.join(sorted(common))}")
    for name in ("ships", "places"):
        common = getattr(one, name) & getattr(other, name)
        if common:
            signs[name] = 1.0
            why.append(f"{name} {', '.join(sorted(common))}")
    common = one.figures & other.figures
    if common:
        signs["figures"] = strength("figures", len(common), len(one.figures), len(other.figures))
        why.append(f"figures {', '.join(sorted(common)[:5])}")
    film = main or ", ".join(sorted(one.projects & other.projects))
    return Evidence(sum(WEIGHTS[sign] * strength for sign, strength in signs.items()), (f"project {film}", *why))


def shareable(telling: Telling) -> dict[str, frozenset[Any]]:
    """What a story may share with another, by the sign in their favour that it then is (see `WEIGHTS`).

    Where nothing is shared, the sign is missing. Where something is, it has its strength, except that a headline in
    common leaves no room for a lead.
    """
    told = telling.headline | telling.lead
    return {
        "headline": telling.headline - ALWAYS,
        "lead": told - ALWAYS,
        "filming": told & ALWAYS,
        "recent": telling.recent,
        "ahead": telling.ahead,
        "people": telling.people,
        "ships": telling.ships,
        "places": telling.places,
        "names": telling.names,
        "figures": telling.figures,
    }


def strength(sign: str, common: int, mine: int, his: int) -> float:
    """How much of its weight a sign has.

    Args:
        sign: one of `shareable`.
        common: how many of its things both stories have, at least one.
        mine: how many the one has.
        his: how many the other has.
    """
    if sign in {"people", "names"}:
        # One more is taken to differ, so that one name in common proves little.
        return common / (min(mine, his) + 1)
    return float(min(3, common)) if sign == "figures" else 1.0


def same_film(one: Telling, other: Telling) -> bool:
    """Is the main project of one of two stories a project of the other?"""
    return bool(one.project and other.project) and (one.project in other.projects or other.project in one.projects)


def _kinds(one: Telling, other: Telling) -> tuple[dict[str, float], list[str]]:
    """What the kinds of things that happened say, and on which days."""
    signs: dict[str, float] = {}
    why: list[str] = []
    mine, his = (one.headline | one.lead) - ALWAYS, (other.headline | other.lead) - ALWAYS
    heads = one.headline & other.headline - ALWAYS
    if heads:
        signs["headline"] = 1.0
        why.append(f"both headlines tell of {_words(heads)}")
    elif mine & his:
        signs["lead"] = 1.0
        why.append(f"both tell of {_words(mine & his)}")
    if ALWAYS & (one.headline | one.lead) & (other.headline | other.lead):
        signs["filming"] = 1.0
    first, second = one.headline - ALWAYS, other.headline - ALWAYS
    if mine and his and ((first and not first & his) or (second and not second & mine)):
        signs["untold"] = 1.0
    agreed = one.recent & other.recent
    if agreed:
        signs["recent"] = 1.0
        why.append(f"both date {_occurrences(agreed)}")
    elif {family for family, _ in one.recent} & {family for family, _ in other.recent}:
        signs["other_day"] = 1.0
    return signs, why


def _words(families: frozenset[str]) -> str:
    return ", ".join(sorted(families))


def _occurrences(found: frozenset[tuple[str, date]]) -> str:
    return ", ".join(f"{family} on {day}" for family, day in sorted(found))
