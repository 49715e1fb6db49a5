"""Whose voice is heard: articles by outlet, country and language, and as a share of what was read."""

from collections.abc import Iterable
from typing import Literal

import pandas as pd

from pipelines.catalogue.sources import Source

Voice = Literal["source", "country", "language"]


def share_of_voice(articles: pd.DataFrame, sources: Iterable[Source] = (), *, by: Voice = "source") -> pd.DataFrame:
    """Articles by outlet, country or language.

    Args:
        articles: as `load_articles` gives them; later versions of an address are not counted again.
        sources: the outlets, for their countries; an outlet that is not among them has the country "".
        by: what to count by.

    Returns:
        Sorted by articles, most first, with the columns `by`, articles, originals (written first, or alone), copies
        (and excerpts), stories and share (of all articles, 0 to 1).
    """
    first = articles[articles["revision"] == 0]
    if by == "country":
        countries = {source.id: source.country for source in sources}
        first = first.assign(country=[countries.get(source, "") for source in first["source"]])
    copied = first["role"].isin(["copy", "excerpt"])
    grouped = first.assign(original=~copied, copied=copied).groupby(by, sort=True)
    table = grouped.agg(
        articles=("article_id", "size"),
        originals=("original", "sum"),
        copies=("copied", "sum"),
        stories=("story_id", "nunique"),
    ).reset_index()
    table["share"] = table["articles"] / max(len(first), 1)
    return table.sort_values(["articles", by], ascending=[False, True], ignore_index=True)


def coverage_rate(articles: pd.DataFrame, runs: pd.DataFrame, period: str = "M") -> pd.DataFrame:
    """Articles by project, for every thousand pages that the crawl read in the same period.

    More articles may only mean that more was read; this says which.

    Args:
        articles: as `load_articles` gives them.
        runs: as `load_runs` gives them. Articles whose run is not among them (a backfill) are left out, since what
            else was read for them is not known.
        period: a pandas period alias.

    Returns:
        One row per period of the runs and project, with the columns period, project, articles, pages (read in the
        period, for all projects) and per_thousand (articles per 1,000 pages).
    """
    when = runs["started_at"].dt.tz_localize(None).dt.to_period(period).astype(str)
    pages = runs.assign(period=when).groupby("period")["pages"].sum()
    period_of_run = dict(zip(runs["run_id"], when, strict=True))
    first = articles[(articles["revision"] == 0) & articles["run_id"].isin(list(period_of_run))]
    exploded = first.explode("projects").dropna(subset=["projects"])
    table = pd.DataFrame({"period": exploded["run_id"].map(period_of_run), "project": exploded["projects"].astype(str)})
    counted = table.groupby(["period", "project"], sort=True).size().rename("articles").reset_index()
    counted["pages"] = counted["period"].map(pages).astype("int64")
    counted["per_thousand"] = 1000 * counted["articles"] / counted["pages"].clip(lower=1)
    return counted
