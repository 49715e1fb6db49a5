"""What is new since a moment: stories, claims, plans that moved, sources that fell silent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from pipelines.analysis.days import dated, written
from pipelines.analysis.drift import plan_moves, planned_dates
from pipelines.analysis.frames import records, rows
from pipelines.analysis.health import source_health
from pipelines.analysis.race import known_milestones
from pipelines.catalogue.projects import Project
from pipelines.catalogue.sources import Source
from pipelines.text import clean_text

#: The columns of articles and stories that `build_digest` reads.
ARTICLE_COLUMNS = ("article_id", "fetched_at")
STORY_COLUMNS = ("story_id", "date", "source", "title", "url", "language", "projects", "articles", "first_seen_at")

#: Letters of a claim's sentence in the text: enough to see whether it was misread.
_SENTENCE = 200

_UNWELL = ("failing", "silent")


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
    """What is new in (since, until]."""

    since: datetime
    until: datetime
    stories: tuple[NewStory, ...] = ()
    claims: tuple[NewClaim, ...] = ()
    moved: tuple[Moved, ...] = ()
    unwell: tuple[Unwell, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)

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
    for _, group in claims.sort_values(["published", "claim_id"]).groupby(key, sort=True):
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
    was_well = set(before[~before["verdict"].isin(_UNWELL)]["source"])
    now = source_health(runs[runs["started_at"] <= until], sources)
    fallen = now[now["verdict"].isin(_UNWELL) & now["source"].isin(was_well)]
    return tuple(
        Unwell(row["source"], row["name"], row["verdict"], row["reasons"], int(row["silent_days"]))
        for row in records(fallen)
    )


def as_text(found: Digest) -> str:
    """The digest for a mail or a terminal: plain lines, no controls of strangers among them."""
    lines = [f"Orbitwatch, {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"]
    if not found:
        return f"{lines[0]}\nNothing new.\n"
    name, outlet = found.names, found.outlets
    if found.moved:
        lines += ["", f"Planned dates that moved: {len(found.moved)}"]
        for move in found.moved:
            dates = f"{written(move.from_date, move.from_precision)} -> {written(move.to_date, move.to_precision)}"
            lines.append(
                f"  {_what(move, name)}: {dates} ({move.days:+d} days; {outlet.get(move.source, move.source)})"
            )
    if found.claims:
        lines += ["", f"New claims: {len(found.claims)}"]
        for claim in found.claims:
            outlets = (
                f"{claim.sources} outlets" if claim.sources > 1 else outlet.get(claim.first_source, claim.first_source)
            )
            lines.append(f"  {_what(claim, name)} {claim.status} {written(claim.date, claim.precision)} ({outlets})")
            lines.append(f"      {claim.sentence[:_SENTENCE]}")
    if found.stories:
        lines += ["", f"New stories: {len(found.stories)}"]
        for story in found.stories:
            copies = f", {story.articles} articles" if story.articles > 1 else ""
            lines += [
                f"  {story.date}  {story.title}  ({outlet.get(story.source, story.source)}{copies})",
                f"      {story.url}",
            ]
    if found.unwell:
        lines += ["", f"Sources that need a person: {len(found.unwell)}"]
        for source in found.unwell:
            why = f", {source.reasons}" if source.reasons else ""
            lines.append(f"  {source.name}: {source.verdict}{why}, nothing new for {source.silent_days} days")
    return "\n".join(clean_line(line) for line in lines) + "\n"


def clean_line(line: str) -> str:
    """One line of text with its indentation, and nothing in it that is no text."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean_text(line)


def _what(said: NewClaim | Moved, names: dict[str, str]) -> str:
    return f"{names.get(said.project, said.project)}: {said.milestone.replace('_', ' ')}"
