"""Days that are known to the month or the year only: what they span, and how far apart two of them are."""

from datetime import date, timedelta
from typing import Any

import pandas as pd

from pipelines.analysis.frames import rows, where

#: Two dates this close are one: a landing at 04:35 UTC on the 17th is printed as the 16th in America, and a launch in
#: the evening there as the next day in Asia.
ZONE_DAYS = 1


def span(day: date, precision: str) -> tuple[date, date]:
    """First and last day that a date may mean.

    >>> span(date(2024, 12, 1), "month")
    (datetime.date(2024, 12, 1), datetime.date(2024, 12, 31))
    """
    if precision == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if precision == "month":
        return day.replace(day=1), (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return day, day


def days_apart(one: tuple[date, date], other: tuple[date, date]) -> int:
    """Days by which `one` lies after `other` (negative: before it); 0 when they overlap.

    >>> days_apart(span(date(2021, 1, 1), "year"), span(date(2021, 10, 5), "day"))
    0
    """
    if one[0] > other[1]:
        return (one[0] - other[1]).days
    if one[1] < other[0]:
        return (one[1] - other[0]).days
    return 0


def written(day: date, precision: str) -> str:
    """As a person writes it: "5 Oct 2021", "Oct 2021" or "2021"."""
    if precision == "year":
        return str(day.year)
    month = f"{day:%b} {day.year}"
    return month if precision == "month" else f"{day.day} {month}"


def dated(claims: pd.DataFrame) -> pd.DataFrame:
    """The claims that can be meant: with a date, nothing planned for the past, nothing done in the future.

    Args:
        claims: rows of milestones, with the columns status, claimed_date, claimed_precision and published.

    Returns:
        Those rows, with the columns first_day and last_day that the claimed date spans. A sentence that plans what is
        over, or reports what is still to come, was misread or misprinted; `ZONE_DAYS` are allowed for.
    """
    kept = claims[claims["claimed_date"].notna()]
    spans = [
        span(day, precision) for day, precision in zip(kept["claimed_date"], kept["claimed_precision"], strict=True)
    ]
    kept = kept.assign(first_day=[first for first, _ in spans], last_day=[last for _, last in spans])
    slack = timedelta(days=ZONE_DAYS)
    return where(kept, (_possible(claim, slack) for claim in rows(kept)))


def _possible(claim: Any, slack: timedelta) -> bool:
    if claim.status == "happened":
        return bool(claim.first_day <= claim.published + slack)
    if claim.status == "planned":
        return bool(claim.last_day >= claim.published - slack)
    return True
