"""What stands in the report, worked out: DataFrames and values in, DataFrames and values out; nothing is drawn yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from pipelines.analysis.coverage import coverage, syndication
from pipelines.analysis.days import ZONE_DAYS, dated, days_apart, span
from pipelines.analysis.drift import plan_moves, planned_dates
from pipelines.analysis.firsts import milestone_reports
from pipelines.analysis.frames import records, rows, where
from pipelines.analysis.health import source_health
from pipelines.analysis.race import claims, known_milestones
from pipelines.analysis.share import coverage_rate, share_of_voice
from pipelines.analysis.standing import CORROBORATED, standings
from pipelines.catalogue.projects import Project
from pipelines.catalogue.sources import Source

#: Stories listed with their copies, and stories listed as the latest. More is work for pandas.
BIGGEST = 8
LATEST = 15

#: Lanes in the chart of the race: what fits on a screen. The table below it has them all.
LANES = 12

#: How far ahead plans are drawn. Farther ones would squeeze what has happened into a corner.
AHEAD = timedelta(days=550)

#: Days before the first story that the time axis begins.
BEFORE = timedelta(days=45)

#: Coverage up to so many days is counted by day, week or month; longer spans by quarter. About thirty bars at most.
_PERIODS = ((31, "D"), (31 * 7, "W"), (31 * 30, "M"))


#: The columns of articles and stories that `gather` reads. The texts are left where they are: a report on ten years of
#: news must not need their memory.
ARTICLE_COLUMNS = (
    *("article_id", "story_id", "role", "revision", "similarity", "source", "language", "title", "projects", "run_id"),
    *("published_at", "first_seen_at"),
)
STORY_COLUMNS = (
    *("story_id", "date", "published_at", "source", "url", "title", "authors", "language", "projects"),
    *("articles", "sources"),
)


@dataclass(frozen=True, slots=True)
class Carried:
    """A story, and how it travelled: a row of stories, and `syndication` of it."""

    story: dict[str, Any]
    chain: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything the report shows.

    Attributes:
        as_of: the instant for which it was made.
        names: project id -> name; outlets: source id -> name.
        totals: stories, articles, outlets, languages, projects.
        standings: `standings`, the furthest project first.
        marks: the points of the race chart: project, milestone, status, day (middle of what the date may mean), date,
            precision, basis ("record" or "press"), stories and sources (that claim it; 0 on the record) and support
            (outlets of all claims that agree with a fact of the record).
        window: first and last day of the race chart.
        period: alias of the coverage's period; coverage and rate are counted by it.
        coverage: `coverage` by period.
        rate: `coverage_rate` by period.
        planned: `planned_dates` of what was planned on several days, with the column point: "plan", and for the last
            row of each "came" (the day itself, by the record) or "stood" (until its time ran out, or until now).
        moves: `plan_moves`.
        reports: `milestone_reports`.
        shares: "source", "language" and "country" -> `share_of_voice`.
        biggest: the stories that most articles carried.
        latest: rows of stories, latest first.
        health: `source_health`.
    """

    as_of: datetime
    names: dict[str, str]
    outlets: dict[str, str]
    totals: dict[str, int]
    standings: pd.DataFrame
    marks: pd.DataFrame
    window: tuple[date, date]
    period: str
    coverage: pd.DataFrame
    rate: pd.DataFrame
    planned: pd.DataFrame
    moves: pd.DataFrame
    reports: pd.DataFrame
    shares: dict[str, pd.DataFrame]
    biggest: list[Carried]
    latest: list[dict[str, Any]]
    health: pd.DataFrame


def gather(
    stories: pd.DataFrame,
    articles: pd.DataFrame,
    milestones: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    projects: Iterable[Project],
    sources: Iterable[Source],
    as_of: datetime,
) -> Contents:
    """Work out the report from the four tables.

    Args:
        stories: as `load_stories` gives them; `STORY_COLUMNS` are enough.
        articles: as `load_articles` gives them; `ARTICLE_COLUMNS` are enough.
        milestones: as `load_milestones` gives them.
        runs: as `load_runs` gives them.
        projects: for names and known facts.
        sources: for names, countries and health.
        as_of: the aware instant at which the reader looks.
    """
    projects, sources = tuple(projects), tuple(sources)
    today = as_of.date()
    known = known_milestones(projects)
    standing = standings(stories, milestones, projects, today)
    window = _window(stories, today)
    period = _period(stories)
    planned = planned_dates(milestones, known)
    return Contents(
        as_of=as_of,
        names={project.id: project.name for project in projects},
        outlets={source.id: source.name for source in sources},
        totals={
            "stories": len(stories),
            "articles": int((articles["revision"] == 0).sum()),
            "outlets": int(articles["source"].nunique()),
            "languages": int(articles["language"].nunique()),
            "projects": len(standing),
        },
        standings=standing,
        marks=_marks(milestones, known, window, list(standing["project"])),
        window=window,
        period=period,
        coverage=coverage(stories, period),
        rate=coverage_rate(articles, runs, period),
        planned=_drift(planned, known, today),
        moves=plan_moves(planned),
        reports=milestone_reports(milestones, known),
        shares={
            "source": share_of_voice(articles, by="source"),
            "language": share_of_voice(articles, by="language"),
            "country": share_of_voice(articles, sources, by="country"),
        },
        biggest=_biggest(stories, articles),
        latest=records(stories.sort_values(["date", "published_at"], ascending=False).head(LATEST)),
        health=source_health(runs, sources),
    )


def _window(stories: pd.DataFrame, today: date) -> tuple[date, date]:
    first = min(stories["date"], default=today)
    return first - BEFORE, max(today, max(stories["date"], default=today)) + BEFORE


def _period(stories: pd.DataFrame) -> str:
    if stories.empty:
        return "M"
    days = (max(stories["date"]) - min(stories["date"])).days
    return next((alias for limit, alias in _PERIODS if days <= limit), "Q")


def _marks(
    milestones: pd.DataFrame, known: pd.DataFrame, window: tuple[date, date], projects: list[str]
) -> pd.DataFrame:
    """Known facts, and the claims that several independent stories make, within the window and just ahead of it."""
    every = dated(milestones)
    record = known.assign(basis="record", stories=0, sources=0)
    record["support"] = [_support(every, fact) for fact in rows(known)]
    press = claims(every).assign(support=0)
    press = press[(press["stories"] >= CORROBORATED) & ~press["status"].isin(["denied"])]
    press = press.rename(columns={"claimed_date": "date", "claimed_precision": "precision"}).assign(basis="press")
    columns = ["project", "milestone", "status", "date", "precision", "basis", "stories", "sources", "support"]
    marks = pd.concat([record[columns], press[columns]], ignore_index=True)
    spans = [span(day, precision) for day, precision in zip(marks["date"], marks["precision"], strict=True)]
    marks["day"] = [first + (last - first) / 2 for first, last in spans]
    marks = where(marks, (window[0] <= day <= window[1] + AHEAD for day in marks["day"]))
    return marks[marks["project"].isin(projects)].reset_index(drop=True)


def _support(every: pd.DataFrame, fact: Any) -> int:
    """Outlets that say the same as the record, as exactly as it does."""
    same = every[(every["project"] == fact.project) & (every["milestone"] == fact.milestone)]
    own = span(fact.date, fact.precision)
    same = same[same["claimed_precision"] == fact.precision]
    near = (abs(days_apart(pair, own)) <= ZONE_DAYS for pair in zip(same["first_day"], same["last_day"], strict=True))
    return int(where(same, near)["source"].nunique())


def _drift(planned: pd.DataFrame, known: pd.DataFrame, today: date) -> pd.DataFrame:
    """Plans printed on two days at least, each followed by how it ended: the day itself, or that its time ran out."""
    happened = known[known["status"] == "happened"]
    parts = []
    for (project, milestone), plans in planned.groupby(["project", "milestone"], sort=True):
        if len(plans) < 2:
            continue
        last: Any = plans.iloc[-1]
        plan = span(last["claimed_date"], last["claimed_precision"])
        facts = happened[(happened["project"] == project) & (happened["milestone"] == milestone)]
        facts = where(facts, (last["published"] <= day <= today for day in facts["date"]))
        end = {"published": max(last["published"], min(plan[1], today)), "point": "stood"}
        if len(facts):
            apart = [abs(days_apart(span(fact.date, fact.precision), plan)) for fact in rows(facts)]
            fact: Any = facts.iloc[apart.index(min(apart))]
            end = {"published": fact["date"], "claimed_date": fact["date"], "point": "came"}
            end["claimed_precision"] = fact["precision"]
        parts += [plans.assign(point="plan"), plans.tail(1).assign(**end)]
    return pd.concat(parts, ignore_index=True) if parts else planned.head(0).assign(point="")


def _biggest(stories: pd.DataFrame, articles: pd.DataFrame) -> list[Carried]:
    widest = stories[stories["articles"] > 1].sort_values(["articles", "date"], ascending=[False, True]).head(BIGGEST)
    return [Carried(story, syndication(articles, str(story["story_id"]))) for story in records(widest)]
