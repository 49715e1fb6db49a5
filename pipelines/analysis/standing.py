"""Where each project stands, with the evidence for it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from pipelines.analysis.days import dated, span
from pipelines.analysis.drift import AWAITED, planned_dates
from pipelines.analysis.frames import in_order, where
from pipelines.analysis.race import known_milestones
from pipelines.catalogue.projects import Project

#: The way of a film, in order: the kind of milestone, and what a project is called once it has it.
STAGES = {
    "announced": "announced",
    "casting": "casting",
    "crew": "crew named",
    "training": "in training",
    "launch": "launched",
    "studio_launch": "studio in orbit",
    "docking": "in orbit",
    "filming": "filmed",
    "return": "filmed and back",
    "trailer": "trailer out",
    "premiere": "premiered",
    "release": "released",
}

#: Independently written stories that a claim needs before it counts without the record: copies of one wire report are
#: one story, and one misread sentence must not launch a ship.
CORROBORATED = 2

_COLUMNS = [
    "project",
    "name",
    "state",
    "since",
    "since_precision",
    "basis",
    "evidence",
    "next_milestone",
    "next_date",
    "next_precision",
    "overdue",
    "stories",
    "latest_date",
    "latest_source",
    "latest_title",
    "latest_language",
    "latest_url",
]


def standings(
    stories: pd.DataFrame, milestones: pd.DataFrame, projects: Iterable[Project], as_of: date
) -> pd.DataFrame:
    """The current state of each project that any story is about.

    Args:
        stories: as `load_stories` gives them.
        milestones: as `load_milestones` gives them.
        projects: with their known facts. What the record says goes before what the press claims.
        as_of: the day for which the state is wanted; facts and stories after it are ignored.

    Returns:
        The furthest project first, with the columns project, name, state (a value of `STAGES`, "cancelled", or "in the
        news" when nothing is certain), since and since_precision (of that state), basis ("record", "press" or ""),
        evidence (an address), next_milestone, next_date and next_precision (the nearest plan for a later stage, empty
        for none), overdue (that plan's time is over and nothing came of it), stories, and the latest of those that are
        mainly about it: latest_date, latest_source, latest_title, latest_language and latest_url.
    """
    catalogue = {project.id: project for project in projects}
    told = where(stories, (day <= as_of for day in stories["date"]))
    told = told.assign(about=told["projects"]).explode("projects").dropna(subset=["projects"])
    printed = where(milestones, (day <= as_of for day in milestones["published"]))
    claimed, plans = in_order(dated(printed)), planned_dates(printed, known_milestones(catalogue.values()))
    addresses = dict(zip(stories["story_id"], stories["url"], strict=True))
    rows = []
    for project_id, own in told.groupby("projects", sort=True):
        project = catalogue.get(str(project_id))
        reached = _claimed(claimed[claimed["project"] == project_id], addresses) | _known(project, as_of)
        furthest = next((kind for kind in reversed(STAGES) if kind in reached), "")
        state, since, precision, basis, evidence = _state(furthest, reached)
        following = None if state == "cancelled" else _next(project, plans[plans["project"] == project_id], furthest)
        mainly = where(own, (about[0] == project_id for about in own["about"]))
        latest = (mainly if len(mainly) else own).sort_values(["date", "story_id"]).iloc[-1]
        rows.append(
            (
                project_id,
                project.name if project else str(project_id),
                state,
                since,
                precision,
                basis,
                evidence,
                *(following or (None, None, None)),
                following is not None and span(following[1], following[2])[1] < as_of,
                len(own),
                latest["date"],
                latest["source"],
                latest["title"],
                latest["language"],
                latest["url"],
            )
        )
    table = pd.DataFrame(rows, columns=_COLUMNS)
    order = {word: number for number, word in enumerate(["in the news", "cancelled", *STAGES.values()])}
    table["rank"] = table["state"].map(order)
    table = table.sort_values(["rank", "stories", "project"], ascending=[False, False, True], ignore_index=True)
    return table.drop(columns="rank")


Reached = dict[str, tuple[date, str, str, str]]
"""Kind of milestone -> day, precision, basis, evidence."""


def _known(project: Project | None, as_of: date) -> Reached:
    """The first time that the record gives for each kind that happened; whatever was called off is a cancellation."""
    found: Reached = {}
    for fact in sorted(project.milestones if project else (), key=lambda fact: fact.date):
        kind = "cancellation" if fact.status == "cancelled" else fact.what
        if fact.status in {"happened", "cancelled"} and fact.date <= as_of:
            found.setdefault(kind, (fact.date, fact.precision, "record", fact.source))
    return found


def _claimed(claims: pd.DataFrame, addresses: dict[str, str]) -> Reached:
    """What enough independent stories say happened: the date that most of them give."""
    done = claims[(claims["status"] == "happened") | (claims["milestone"] == "cancellation")]
    found: Reached = {}
    for kind, group in done.groupby("milestone", sort=True):
        dates = group.groupby(["claimed_date", "claimed_precision"], sort=True).agg(
            stories=("story_id", "nunique"), story_id=("story_id", "first")
        )
        best = dates.reset_index().sort_values(["stories", "claimed_date"], ascending=[False, True]).iloc[0]
        if best["stories"] >= CORROBORATED:
            evidence = addresses.get(best["story_id"], "")
            found[str(kind)] = (best["claimed_date"], best["claimed_precision"], "press", evidence)
    return found


def _state(furthest: str, reached: Reached) -> tuple[str, date | None, str | None, str, str]:
    cancelled = reached.get("cancellation")
    if cancelled and (not furthest or reached[furthest][0] <= cancelled[0]):
        return ("cancelled", *cancelled)
    if not furthest:
        return ("in the news", None, None, "", "")
    return (STAGES[furthest], *reached[furthest])


def _next(project: Project | None, plans: pd.DataFrame, furthest: str) -> tuple[str, date, str] | None:
    """The nearest plan for a stage not yet reached: the record's, else the latest that several outlets name."""
    stages = list(STAGES)
    later = [kind for kind in stages[stages.index(furthest) + 1 if furthest else 0 :] if kind in AWAITED]
    recorded = [f for f in (project.milestones if project else ()) if f.status == "planned" and f.what in later]
    if recorded:
        fact = min(recorded, key=lambda fact: fact.date)
        return fact.what, fact.date, fact.precision
    named: list[tuple[str, date, str]] = []
    for kind, group in plans[(plans["outlets"] >= CORROBORATED) & plans["milestone"].isin(later)].groupby("milestone"):
        last: Any = group.sort_values("published").iloc[-1]
        named.append((str(kind), last["claimed_date"], last["claimed_precision"]))
    return min(named, key=lambda plan: plan[1], default=None)
