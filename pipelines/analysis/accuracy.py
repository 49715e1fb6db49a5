"""Who was right: each dated claim beside the nearest known fact of its kind."""

from datetime import date
from typing import Any

import pandas as pd

from pipelines.analysis.days import ZONE_DAYS, dated, days_apart, span
from pipelines.analysis.frames import rows, where

#: Kinds that happen once, on a day. Announcements, castings and trailers recur, and filming lasts, so that a date
#: beside the record's may be right as well.
CHECKABLE = ("launch", "studio_launch", "docking", "return", "premiere", "release")

_CLAIM = ["project", "milestone", "status", "source", "published", "claimed_date", "claimed_precision", "sentence"]
_CHECKED = ["known_date", "known_precision", "days_off", "verdict"]


def check_claims(milestones: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Dated claims against the milestones that projects.toml knows.

    Args:
        milestones: as `load_milestones` gives them.
        known: as `known_milestones` gives them. Only what happened can make a claim right or wrong; plans and
            cancellations of the record are no yardstick.

    Returns:
        One row per dated claim of a `CHECKABLE` kind whose project has a known fact of that kind, sorted by published,
        with the columns project, milestone, status, source, published, claimed_date, claimed_precision, sentence,
        known_date, known_precision, days_off and verdict. days_off counts from the known date to the claimed one
        (positive: the claim is later), 0 where the claim, as precise as it is, contains it. verdict is "right" within
        `days.ZONE_DAYS`; else "moved" for a plan, "wrong" for a report.
    """
    claims = dated(milestones)
    claims = claims[claims["status"].isin(["planned", "happened"]) & claims["milestone"].isin(CHECKABLE)]
    facts: dict[tuple[str, str], list[Any]] = {}
    for fact in rows(known[known["status"] == "happened"]):
        facts.setdefault((fact.project, fact.milestone), []).append(fact)
    claims = where(claims, (key in facts for key in zip(claims["project"], claims["milestone"], strict=True)))
    checked = [_check(claim, facts[claim.project, claim.milestone]) for claim in rows(claims)]
    table = claims[_CLAIM].assign(**{name: [row[at] for row in checked] for at, name in enumerate(_CHECKED)})
    return table.sort_values(["published", "source"], ignore_index=True)


def _check(claim: Any, facts: list[Any]) -> tuple[date, str, int, str]:
    """The nearest fact's day and precision, the days between, and the verdict."""
    claimed = (claim.first_day, claim.last_day)
    apart, fact = min(
        ((days_apart(claimed, span(fact.date, fact.precision)), fact) for fact in facts), key=lambda pair: abs(pair[0])
    )
    if abs(apart) <= ZONE_DAYS:
        return fact.date, fact.precision, apart, "right"
    return fact.date, fact.precision, apart, "moved" if claim.status == "planned" else "wrong"


def outlet_accuracy(checked: pd.DataFrame) -> pd.DataFrame:
    """How often each outlet's reports (not its plans) were right.

    Args:
        checked: as `check_claims` gives them.

    Returns:
        Sorted by share of right reports, then by their number, with the columns source, reports (dated ones that can be
        checked), right, share (0 to 1) and worst_days_off (the largest error, in days).
    """
    reports = checked[checked["status"] == "happened"]
    reports = reports.assign(is_right=reports["verdict"] == "right", off=reports["days_off"].abs())
    table = reports.groupby("source").agg(
        reports=("verdict", "size"), right=("is_right", "sum"), worst_days_off=("off", "max")
    )
    table.insert(2, "share", table["right"] / table["reports"])
    return table.reset_index().sort_values(
        ["share", "reports", "source"], ascending=[False, False, True], ignore_index=True
    )
