"""Who was right: each dated claim beside the known fact of which it speaks."""

import pandas as pd

from pipelines.analysis.days import ZONE_DAYS, dated
from pipelines.analysis.frames import rows, where
from pipelines.analysis.race import claims
from pipelines.analysis.record import Record

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
    told = dated(milestones)
    told = told[told["status"].isin(["planned", "happened"]) & told["milestone"].isin(CHECKABLE)]
    record = Record(known, claims(milestones))
    beside = [record.nearest(claim) for claim in rows(told)]
    told = where(told, (found is not None for found in beside))
    checked = [
        (fact.date, fact.precision, apart, _verdict(status, apart))
        for status, (fact, apart) in zip(told["status"], filter(None, beside), strict=True)
    ]
    table = told[_CLAIM].assign(**{name: [row[at] for row in checked] for at, name in enumerate(_CHECKED)})
    return table.sort_values(["published", "source"], ignore_index=True)


def _verdict(status: str, apart: int) -> str:
    if abs(apart) <= ZONE_DAYS:
        return "right"
    return "moved" if status == "planned" else "wrong"


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
