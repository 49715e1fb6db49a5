"""The record beside a claim: which known fact it speaks of, and how far off it is."""

from typing import Any

import pandas as pd

from pipelines.analysis.days import ZONE_DAYS, days_apart, span
from pipelines.analysis.frames import rows


class Record:
    """What came about, by project and kind of milestone.

    Plans of the record are no yardstick. A delay or a cancellation came about for claims that tell of one, but is no
    date of what was delayed: the launch that a plan speaks of did not take place then.

    Args:
        known: as `known_milestones` gives them.
        claimed: as `claims` gives them; they tell which of two facts is the one that the press speaks of.
    """

    def __init__(self, known: pd.DataFrame, claimed: pd.DataFrame) -> None:
        self._facts: dict[tuple[str, str], list[Any]] = {}
        for fact in rows(known[known["status"] != "planned"]):
            self._facts.setdefault((fact.project, fact.milestone), []).append(fact)
        exact = list(rows(claimed[claimed["claimed_precision"] == "day"]))
        for facts in self._facts.values():
            if len(facts) > 1:
                facts.sort(key=lambda fact: -_told(fact, exact))

    def nearest(self, claim: Any) -> tuple[Any, int] | None:
        """The fact nearest to a dated claim, and the days by which the claim lies after it (negative: before it).

        Spans are compared: a year's claim is as near to a launch in June as to one in October. Of several that are
        equally near, it is the one that most outlets name to the day.

        Args:
            claim: with project, milestone, status, claimed_date and claimed_precision.

        Returns:
            A row of `known` and the days, 0 where the claim contains it; None where nothing of the kind came about.
        """
        claimed = span(claim.claimed_date, claim.claimed_precision)
        near = [
            (fact, days_apart(claimed, span(fact.date, fact.precision)))
            for fact in self._facts.get((claim.project, claim.milestone), ())
            if fact.status in {"happened", claim.status}
        ]
        return min(near, key=lambda pair: abs(pair[1]), default=None)


def _told(fact: Any, exact: list[Any]) -> int:
    """Outlets that name the very day of a fact."""
    return sum(
        claim.sources
        for claim in exact
        if (claim.project, claim.milestone) == (fact.project, fact.milestone)
        and abs((claim.claimed_date - fact.date).days) <= ZONE_DAYS
    )
