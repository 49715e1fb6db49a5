"""What is new since a moment: stories, claims, plans that moved, sources that fell silent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from pipelines.analysis.days import dated
from pipelines.analysis.drift import plan_moves, planned_dates
from pipelines.analysis.frames import in_order, records, rows
from pipelines.analysis.health import UNWELL, source_health
from pipelines.analysis.race import known_milestones
from pipelines.catalogue.projects import Project
from pipelines.catalogue.sources import Source

#: The columns of articles and stories that `build_digest` reads.
ARTICLE_COLUMNS = ("article_id", "fetched_at")
STORY_COLUMNS = ("story_id", "date", "source", "title", "url", "language", "projects", "articles", "first_seen_at")


@dataclass(frozen=True, slots=True)
class NewStory:
    """A story that was first seen since."""

    story_id: str
    date: date
    source: str
    title: str
    url: str
    language: str
    projects: tuple[str, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Something that nobody had claimed before, or not so exactly: a milestone with its status and date."""

    project: str
    milestone: str
    status: str
    date: date
    precision: str
    sources: int
    first_source: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A planned date that changed; `days` is positive when it slipped."""

    project: str
    milestone: str
    from_date: date
    from_precision: str
    to_date: date
    to_precision: str
    days: int
    source: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Unwell:
    """A source that was well at the beginning and is not now."""

    source: str
    name: str
    verdict: str
    reasons: str
    silent_days: int


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new in (since, until].

    Attributes:
        names: of projects, by id.
        outlets: names of sources, by id.
        left_out: number of stories, claims, moved dates ("moved") and unwell sources ("unwell") that a shortened
            digest does not tell.
    """

    since: datetime
    until: datetime
    stories: tuple[NewStory, ...] = ()
    claims: tuple[NewClaim, ...] = ()
    moved: tuple[Moved, ...] = ()
    unwell: tuple[Unwell, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.stories or self.claims or self.moved or self.unwell)


def build_digest(
    stories: pd.DataFrame,
    articles: pd.DataFrame,
    milestones: pd.DataFrame,
    runs: pd.DataFrame,
    *,
    projects: Iterable[Project],
    sources: Iterable[Source],
    since: datetime,
    until: datetime,
) -> Digest:
    """Compare what was known at `since` with what is known at `until`.

    Args:
        stories: as `load_stories` gives them; `STORY_COLUMNS` are enough.
        articles: as `load_articles` gives them; `ARTICLE_COLUMNS` are enough. When an article was fetched decides what
            was known when.
        milestones: as `load_milestones` gives them.
        runs: as `load_runs` gives them.
        projects: for names and known facts.
        sources: the outlets in force.
        since: aware instant after which a thing is new.
        until: aware instant at which the reader looks; what came later is left out.
    """
    projects, sources = tuple(projects), tuple(sources)
    fetched = dict(zip(articles["article_id"], articles["fetched_at"], strict=True))
    seen = milestones["article_id"].map(fetched)
    known_then, known_now = milestones[seen <= since], milestones[seen <= until]
    return Digest(
        since,
        until,
        _stories(stories[(stories["first_seen_at"] > since) & (stories["first_seen_at"] <= until)]),
        _claims(known_then, known_now),
        _moves(known_then, known_now, known_milestones(projects)),
        _unwell(runs, sources, since, until),
        {project.id: project.name for project in projects},
        {source.id: source.name for source in sources},
    )


def _stories(fresh: pd.DataFrame) -> tuple[NewStory, ...]:
    return tuple(
        NewStory(
            row.story_id,
            row.date,
            row.source,
            row.title,
            row.url,
            row.language,
            tuple(row.projects),
            int(row.articles),
        )
        for row in rows(fresh.sort_values(["date", "story_id"], ascending=[False, True]))
    )


def _claims(known_then: pd.DataFrame, known_now: pd.DataFrame) -> tuple[NewClaim, ...]:
    """Claims that say more than was known: "2021" is no news after "5 October 2021"."""
    said: dict[tuple[str, str, str], list[tuple[date, date]]] = {}
    for old in rows(dated(known_then)):
        said.setdefault((old.project, old.milestone, old.status), []).append((old.first_day, old.last_day))
    claims = dated(known_now)
    claims = claims.assign(
        days=[(last - first).days for first, last in zip(claims.first_day, claims.last_day, strict=True)]
    )
    key = ["days", "project", "milestone", "status", "claimed_date"]
    found = []
    for _, group in in_order(claims).groupby(key, sort=True):
        first: Any = group.iloc[0]
        before = said.setdefault((first["project"], first["milestone"], first["status"]), [])
        if any(first["first_day"] <= begin and end <= first["last_day"] for begin, end in before):
            continue
        before.append((first["first_day"], first["last_day"]))
        found.append(
            NewClaim(
                first["project"],
                first["milestone"],
                first["status"],
                first["claimed_date"],
                first["claimed_precision"],
                int(group["source"].nunique()),
                first["source"],
                first["sentence"],
            )
        )
    return tuple(sorted(found, key=lambda claim: (-claim.sources, claim.project, claim.date)))


def _moves(known_then: pd.DataFrame, known_now: pd.DataFrame, known: pd.DataFrame) -> tuple[Moved, ...]:
    columns = ["project", "milestone", "from_date", "from_precision", "to_date", "to_precision", "days"]
    old = set(plan_moves(planned_dates(known_then, known))[columns].itertuples(index=False, name=None))
    now = plan_moves(planned_dates(known_now, known))
    found = now[[*columns, "source", "sentence"]].itertuples(index=False, name=None)
    return tuple(Moved(*row) for row in found if row[: len(columns)] not in old)


def _unwell(runs: pd.DataFrame, sources: tuple[Source, ...], since: datetime, until: datetime) -> tuple[Unwell, ...]:
    before = source_health(runs[runs["started_at"] <= since], sources)
    was_well = set(before[~before["verdict"].isin(UNWELL)]["source"])
    now = source_health(runs[runs["started_at"] <= until], sources)
    fallen = now[now["verdict"].isin(UNWELL) & now["source"].isin(was_well)]
    return tuple(
        Unwell(row["source"], row["name"], row["verdict"], row["reasons"], int(row["silent_days"]))
        for row in records(fallen)
    )
