"""How plans slipped: the planned date of each project's milestones, as it moved over time."""

from datetime import date

import pandas as pd

from pipelines.analysis.days import ZONE_DAYS, dated, days_apart, span
from pipelines.analysis.frames import in_order, rows, where

#: The kinds whose planned day is news when it moves. The others (training, casting) are steps that nobody waits for.
AWAITED = ("launch", "filming", "return", "studio_launch", "premiere", "release")

_PRECISE = {"day": 2, "month": 1, "year": 0}
_PLAN = [
    "project",
    "milestone",
    "published",
    "claimed_date",
    "claimed_precision",
    "outlets",
    "stories",
    "source",
    "sentence",
]
_MOVE = [
    "project",
    "milestone",
    "published",
    "from_date",
    "from_precision",
    "to_date",
    "to_precision",
    "days",
    "source",
    "sentence",
]


def planned_dates(milestones: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """The plan of the day: for each project and awaited milestone, what was planned on each day it was written of.

    Where outlets disagree on one day, the date with most outlets behind it counts, then the surest, then the most
    precise: one misread sentence among several does not move a plan. A plan for the day of printing itself is a report
    in other words, and no plan.

    Args:
        milestones: as `load_milestones` gives them.
        known: as `known_milestones` gives them. Once the standing plan has come true, later plans (the film in the
            cinemas of another country) are not its drift and are left out.

    Returns:
        Sorted by project, milestone and published, with the columns project, milestone, published, claimed_date,
        claimed_precision, outlets and stories (that named this date on that day), source and sentence (the surest).
    """
    plans = dated(milestones)
    plans = plans[(plans["status"] == "planned") & plans["milestone"].isin(AWAITED)]
    plans = where(plans, (last > day for last, day in zip(plans["last_day"], plans["published"], strict=True)))
    plans = plans.assign(fineness=plans["claimed_precision"].map(_PRECISE))
    plans = in_order(plans).sort_values("confidence", ascending=False, kind="stable")
    key = ["project", "milestone", "published"]
    options = plans.groupby([*key, "claimed_date", "claimed_precision"], sort=False).agg(
        outlets=("source", "nunique"),
        stories=("story_id", "nunique"),
        confidence=("confidence", "first"),
        fineness=("fineness", "first"),
        source=("source", "first"),
        sentence=("sentence", "first"),
    )
    ranking = {"outlets": False, "confidence": False, "fineness": False, "claimed_date": True}
    ranked = options.reset_index().sort_values([*key, *ranking], ascending=[True, True, True, *ranking.values()])
    of_the_day = ranked.drop_duplicates(key)[_PLAN].reset_index(drop=True)
    return of_the_day if known is None else where(of_the_day, _open(of_the_day, known)).reset_index(drop=True)


def plan_moves(planned: pd.DataFrame) -> pd.DataFrame:
    """Each time that a planned date changed.

    A vaguer date that contains the standing one ("2021" after "5 October 2021") confirms it; a finer one within it is
    no move but a refinement, and stands from then on.

    Args:
        planned: as `planned_dates` gives them.

    Returns:
        Sorted by published, with the columns project, milestone, published, from_date, from_precision, to_date,
        to_precision, days (by which the plan slipped; negative: came forward), source and sentence.
    """
    found = []
    for (project, milestone), plans in planned.groupby(["project", "milestone"], sort=True):
        standing: _Planned | None = None
        for plan in rows(plans):
            new = (plan.claimed_date, plan.claimed_precision)
            if standing and (days := days_apart(span(*new), span(*standing))):
                found.append((project, milestone, plan.published, *standing, *new, days, plan.source, plan.sentence))
            standing = _stands(standing, new)
    moves = pd.DataFrame(found, columns=_MOVE)
    return moves.sort_values(["published", "project", "milestone"], ignore_index=True)


_Planned = tuple[date, str]
"""A date and its precision."""


def _stands(standing: _Planned | None, new: _Planned) -> _Planned:
    """The plan after `new` was printed: `new`, unless it says the same in vaguer words."""
    if standing and not days_apart(span(*new), span(*standing)) and _PRECISE[new[1]] <= _PRECISE[standing[1]]:
        return standing
    return new


def _open(planned: pd.DataFrame, known: pd.DataFrame) -> list[bool]:
    """Which plans were printed before the plan that stood then had come true."""
    happened: dict[tuple[str, str], list[date]] = {}
    for fact in rows(known[known["status"] == "happened"]):
        happened.setdefault((fact.project, fact.milestone), []).append(fact.date)
    standing: dict[tuple[str, str], _Planned] = {}
    found = []
    for plan in rows(planned):
        key = (plan.project, plan.milestone)
        old = standing.get(key)
        past = [day for day in happened.get(key, []) if day <= plan.published]
        settled = old is not None and any(abs(days_apart((day, day), span(*old))) <= ZONE_DAYS for day in past)
        found.append(not settled)
        if not settled:
            standing[key] = _stands(old, (plan.claimed_date, plan.claimed_precision))
    return found
