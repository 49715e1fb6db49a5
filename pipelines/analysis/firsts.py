"""Who was first: with a story, and with the news of a milestone; and how long the news took."""

from datetime import date, timedelta

import pandas as pd

from pipelines.analysis.days import ZONE_DAYS, dated
from pipelines.analysis.frames import in_order, rows, where

_STORY = ["story_id", "source", "published_at", "title", "runner_up", "lead_hours", "outlets"]
_MILESTONE = [
    "project",
    "milestone",
    "date",
    "planned_on",
    "planned_by",
    "notice_days",
    "reported_on",
    "reported_by",
    "lag_days",
    "outlets",
]


def first_reports(articles: pd.DataFrame) -> pd.DataFrame:
    """For each story that several outlets carried: who had it first, and by how much.

    Args:
        articles: as `load_articles` gives them. An article without a date counts from when it was first seen.

    Returns:
        Sorted by published_at, with the columns story_id, source (who was first), published_at, title, runner_up (the
        outlet that was second), lead_hours (between the two) and outlets. Outlets that print only the day count from
        its midnight in UTC, so leads below a day mean little for them: see `date_precision`.
    """
    timed = articles.assign(published_at=articles["published_at"].fillna(articles["first_seen_at"]))
    timed = timed.sort_values(["published_at", "article_id"]).drop_duplicates(["story_id", "source"])
    found = []
    for story_id, carried in timed.groupby("story_id", sort=False):
        if len(carried) < 2:
            continue
        first, second = carried.iloc[0], carried.iloc[1]
        hours = (second["published_at"] - first["published_at"]).total_seconds() / 3600
        found.append(
            (
                story_id,
                first["source"],
                first["published_at"],
                first["title"],
                second["source"],
                hours,
                len(carried),
            )
        )
    table = pd.DataFrame(found, columns=_STORY)
    return table.sort_values("published_at", ignore_index=True) if found else table


def milestone_reports(milestones: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """For each known milestone with an exact day: who told of it first, before and after, and the lag of the news.

    Args:
        milestones: as `load_milestones` gives them.
        known: as `known_milestones` gives them; those that happened, and whose day is known, are looked for.

    Returns:
        Sorted by date, with the columns project, milestone, date, planned_on and planned_by (the first article that
        named the very day beforehand, empty for none), notice_days (from then to the day), reported_on and reported_by
        (the first article that said it happened), lag_days (from the day to then) and outlets (that said it happened).
        Milestones that no article speaks of are left out.
    """
    facts = known[(known["status"] == "happened") & (known["precision"] == "day")]
    claims = in_order(dated(milestones))
    exact = claims[claims["claimed_precision"] == "day"]
    groups = dict(list(exact.groupby(["project", "milestone"], sort=False)))
    found = []
    for fact in rows(facts):
        group = groups.get((fact.project, fact.milestone))
        if group is None:
            continue
        day: date = fact.date
        near = where(group, (abs((claimed - day).days) <= ZONE_DAYS for claimed in group["claimed_date"]))
        slack = timedelta(days=ZONE_DAYS)
        plans = near[(near["status"] == "planned") & (near["published"] < day)]
        reports = near[(near["status"] == "happened") & (near["published"] >= day - slack)]
        if plans.empty and reports.empty:
            continue
        planned = None if plans.empty else plans.iloc[0]
        reported = None if reports.empty else reports.iloc[0]
        found.append(
            (
                fact.project,
                fact.milestone,
                day,
                None if planned is None else planned["published"],
                None if planned is None else planned["source"],
                None if planned is None else (day - planned["published"]).days,
                None if reported is None else reported["published"],
                None if reported is None else reported["source"],
                None if reported is None else max((reported["published"] - day).days, 0),
                int(reports["source"].nunique()),
            )
        )
    table = pd.DataFrame(found, columns=_MILESTONE)
    table[["notice_days", "lag_days"]] = table[["notice_days", "lag_days"]].astype("Int64")
    return table.sort_values(["date", "project", "milestone"], ignore_index=True)
