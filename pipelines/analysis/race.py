"""What was promised and what happened: claims of the articles, beside the milestones that projects.toml knows."""

from collections.abc import Iterable

import pandas as pd

from pipelines.analysis.frames import in_order
from pipelines.catalogue.projects import Project

_CLAIM_KEY = ["project", "milestone", "status", "claimed_date", "claimed_precision"]


def claims(milestones: pd.DataFrame) -> pd.DataFrame:
    """Claims that say the same thing, counted once.

    Args:
        milestones: as `load_milestones` gives them.

    Returns:
        One row per project, milestone, status, claimed date and precision ("2021" is not 1 January 2021), sorted by
        project and date, with the columns project, milestone, status, claimed_date, claimed_precision, stories (that
        claim it), sources (outlets that claim it), first_published, first_source and sentence (of the first, by the
        instant of publication). Claims without a date come last within their project.
    """
    grouped = in_order(milestones).groupby(_CLAIM_KEY, dropna=False, sort=False)
    table = grouped.agg(
        stories=("story_id", "nunique"),
        sources=("source", "nunique"),
        first_published=("published", "first"),
        first_source=("source", "first"),
        sentence=("sentence", "first"),
    ).reset_index()
    return table.sort_values(["project", "claimed_date", "first_published"], ignore_index=True, na_position="last")


def known_milestones(projects: Iterable[Project]) -> pd.DataFrame:
    """The facts of projects.toml, sorted by date: project, name, milestone, status, date, precision and source."""
    rows = [
        {
            "project": project.id,
            "name": project.name,
            "milestone": known.what,
            "status": known.status,
            "date": known.date,
            "precision": known.precision,
            "source": known.source,
        }
        for project in projects
        for known in project.milestones
    ]
    table = pd.DataFrame(rows, columns=["project", "name", "milestone", "status", "date", "precision", "source"])
    return table.sort_values(["date", "project"], ignore_index=True)
