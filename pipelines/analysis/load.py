"""The tables as DataFrames.

`pd.read_parquet("data/stories")` works as well; these add filters, an answer before the first story, and for a bucket
that rows of two versions of an object are never mixed.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.analysis.folders import read_folder
from pipelines.analysis.frames import in_order, where
from pipelines.schema import ARTICLES, EVENTS, MILESTONES, RUNS, STORIES, Table

Day = str | date | None


def load_stories(
    data: str | Path = "data",
    *,
    since: Day = None,
    until: Day = None,
    project: str | None = None,
    source: str | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per story, sorted by date; the columns are those of `docs/data-dictionary.md`.

    Args:
        data: the data directory, or "s3://bucket/prefix"; a bucket's credentials come from the environment.
        since: first day wanted (a date or "2021-10-01"; "2021-10" and "2021" name their first day).
        until: last day wanted, included ("2021-10" and "2021" name their last day).
        project: keep stories about this project id.
        source: keep stories that this outlet had first.
        columns: read only these; the fewer, the faster.

    Raises:
        ValueError: for a day that is none, a window that ends before it begins, or a column that does not exist.
        TableUnreadable: an `OSError`, if a file is damaged, or the disk or the bucket refuses.
    """
    return _load(STORIES, data, since, until, project, source, columns)


def load_articles(
    data: str | Path = "data",
    *,
    since: Day = None,
    until: Day = None,
    project: str | None = None,
    source: str | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per version of an article, sorted by date. Arguments as in `load_stories`."""
    return _load(ARTICLES, data, since, until, project, source, columns)


def load_milestones(
    data: str | Path = "data",
    *,
    since: Day = None,
    until: Day = None,
    project: str | None = None,
    source: str | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per claim, in the order in which they were published. Arguments as in `load_stories`.

    Has one column more than the table: published_at, the instant in UTC at which the claim's article was published, or
    first seen where it has no date. Without it only the day would tell who was first.
    """
    names = [*(column.name for column in MILESTONES.columns), "published_at"]
    wanted = names if columns is None else list(columns)
    read = [name for name in dict.fromkeys((*wanted, "article_id", "source", "claim_id")) if name != "published_at"]
    claims = _load(MILESTONES, data, since, until, project, source, read)
    # A claim bears the day and the outlet of its article, so the same limits find every article.
    told = _load(ARTICLES, data, since, until, None, source, ["article_id", "published_at", "first_seen_at"])
    instants = dict(zip(told["article_id"], told["published_at"].fillna(told["first_seen_at"]), strict=True))
    claims["published_at"] = claims["article_id"].map(instants).astype(told["published_at"].dtype)
    return in_order(claims)[wanted].reset_index(drop=True)


def load_events(
    data: str | Path = "data",
    *,
    since: Day = None,
    until: Day = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per story, sorted by its day: the event it is about. Arguments as in `load_stories`.

    `load_events(data)["event_id"].nunique()` counts events; merged with the stories on `story_id` it says who told of
    one.
    """
    return _load(EVENTS, data, since, until, None, None, columns)


def load_runs(
    data: str | Path = "data",
    *,
    since: Day = None,
    until: Day = None,
    source: str | None = None,
    columns: Sequence[str] | None = None,
) -> pd.DataFrame:
    """One row per run and source, sorted by the start of the run. Arguments as in `load_stories`."""
    return _load(RUNS, data, since, until, None, source, columns)


def _load(
    table: Table,
    data: str | Path,
    since: Day,
    until: Day,
    project: str | None,
    source: str | None,
    columns: Sequence[str] | None,
) -> pd.DataFrame:
    known = [column.name for column in table.columns]
    wanted = list(columns) if columns is not None else known
    for name in wanted:
        if name not in known:
            msg = f"{table.name} has no column {name!r}; it has {', '.join(known)}"
            raise ValueError(msg)
    project_column = "projects" if "projects" in known else "project"
    read = [*wanted, *(c for c in (*table.sorted_by, *([project_column] if project else [])) if c not in wanted)]
    frame = read_folder(data, table.name, read, _filters(table, since, until, source))
    if frame is None:
        empty: pd.DataFrame = table.schema.empty_table().to_pandas()
        return empty[wanted]
    if project:
        frame = where(frame, (_about(value, project) for value in frame[project_column]))
    return frame.sort_values(list(table.sorted_by), ignore_index=True, kind="stable")[wanted]


def _about(value: Any, project: str) -> bool:
    return value == project if isinstance(value, str) else project in value


def _filters(table: Table, since: Day, until: Day, source: str | None) -> list[tuple[str, str, Any]] | None:
    first, last = _day(since, last=False), _day(until, last=True)
    if first and last and last < first:
        msg = f"the window ends before it begins: it is from {first} to {last}"
        raise ValueError(msg)
    instants = table.month_of == "started_at"
    found: list[tuple[str, str, Any]] = []
    if first:
        found += [
            ("year", ">=", first.year),
            (table.month_of, ">=", pd.Timestamp(first, tz="UTC") if instants else first),
        ]
    if last:
        end = pd.Timestamp(last, tz="UTC") + pd.Timedelta(days=1)
        found += [("year", "<=", last.year), (table.month_of, "<", end) if instants else (table.month_of, "<=", last)]
    if source:
        found.append(("source", "==", source))
    return found or None


def _day(value: Day, *, last: bool) -> date | None:
    """A day from a date, "2021", "2021-10" or "2021-10-05"; the last day of what is named when `last` is set."""
    if value is None or isinstance(value, date):
        return value
    parts = value.strip().split("-")
    try:
        numbers = [int(part) for part in parts]
        match numbers:
            case [year]:
                return date(year, 12, 31) if last else date(year, 1, 1)
            case [year, month]:
                return pd.Period(f"{year}-{month}", "M").end_time.date() if last else date(year, month, 1)
            case [year, month, day]:
                return date(year, month, day)
    except ValueError as error:
        msg = f"{value!r} is no day: write 2021-10-05, 2021-10 or 2021"
        raise ValueError(msg) from error
    msg = f"{value!r} is no day: write 2021-10-05, 2021-10 or 2021"
    raise ValueError(msg)
