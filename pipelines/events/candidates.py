"""With which events is a story worth comparing? With those that share enough, found without looking at the others."""

from collections import Counter, defaultdict
from collections.abc import Hashable
from datetime import date, timedelta
from heapq import nlargest
from typing import Generic, TypeVar

from pipelines.events.likeness import WEIGHTS, WINDOW_DAYS, same_film, shareable, strength
from pipelines.events.telling import Telling

E = TypeVar("E", bound=Hashable)

MOST = 64
"""Events that a story is compared with: those that share most with it. They bound the work in a week when everybody
writes of one film without telling of one event. A day of the demo has three; two thousand unlike stories of one day
that all share film, people and filming cost 3 CPU seconds, and comparing all with all 20."""

_SLACK = 1e-9
"""Sums in another order differ in the last digits."""


class Candidates(Generic[E]):
    """Remembers tellings by what they may share, and gives the events of those that share enough with another.

    What is given holds every event of which a telling has positive odds (`pipelines.events.likeness.compare`), up to
    `MOST`: signs in favour are added up as there, and those against are left to the comparison, but for the days.
    """

    def __init__(self) -> None:
        self._known: list[tuple[E, Telling, dict[str, int]]] = []  # with the numbers of what it may share
        self._having: dict[date, dict[tuple[str, Hashable], list[int]]] = {}

    def add(self, event: E, telling: Telling) -> None:
        """From now on the event is found by this telling of it."""
        number = len(self._known)
        signs = shareable(telling)
        self._known.append((event, telling, {sign: len(values) for sign, values in signs.items()}))
        having = self._having.setdefault(telling.day, defaultdict(list))
        for sign, values in signs.items():
            for value in values:
                having[sign, value].append(number)

    def of(self, telling: Telling) -> list[E]:
        """The events that a story may belong to, those that share most with it first."""
        worth: dict[E, float] = {}
        for days in range(-WINDOW_DAYS, WINDOW_DAYS + 1):
            base = WEIGHTS["constant"] + WEIGHTS["days"] * abs(days)
            for number, shared in self._shared(telling, telling.day + timedelta(days=days)).items():
                event, known, _ = self._known[number]
                odds = base + shared
                if odds > -_SLACK and odds > worth.get(event, -1.0) and same_film(telling, known):
                    worth[event] = odds
        return nlargest(MOST, worth, key=lambda event: worth[event])

    def _shared(self, telling: Telling, day: date) -> dict[int, float]:
        """What the tellings of a day share with another one is worth, by their numbers."""
        having = self._having.get(day, {})
        worth: defaultdict[int, float] = defaultdict(float)
        for sign, values in shareable(telling).items() if having else ():
            common: Counter[int] = Counter()
            for value in values:
                common.update(having.get((sign, value), ()))
            for number, count in common.items():
                his = self._known[number][2][sign]
                worth[number] += WEIGHTS[sign] * strength(sign, count, len(values), his)
        return worth
