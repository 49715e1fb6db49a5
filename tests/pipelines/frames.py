"""The tables as DataFrames, as `pipelines.analysis.load` gives them, made of rows without a store."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from itertools import groupby
from types import MappingProxyType
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines.analysis.frames import in_order
from pipelines.catalogue.projects import KnownMilestone, Project
from pipelines.catalogue.sources import Source
from pipelines.model import Article, Milestone, SourceRun
from pipelines.schema import ARTICLES, MILESTONES, RUNS, STORIES, Table
from pipelines.store.rows import row_of
from pipelines.store.stories import derive_story


def articles(*rows: Article) -> pd.DataFrame:
    return _frame(ARTICLES, [row_of(row) for row in rows])


def milestones(*rows: Milestone, printed_at: Mapping[str, datetime] = MappingProxyType({})) -> pd.DataFrame:
    """Claims, printed at noon of their day unless `printed_at` says another instant of their article."""
    instants = [printed_at.get(row.article_id) or datetime.combine(row.published, time(12), UTC) for row in rows]
    by_claim = {row.claim_id: instant for row, instant in zip(rows, instants, strict=True)}
    frame = _frame(MILESTONES, [row_of(row) for row in rows])
    frame["published_at"] = pd.to_datetime(frame["claim_id"].map(by_claim), utc=True)
    ordered: pd.DataFrame = in_order(frame).reset_index(drop=True)
    return ordered


def stories(*rows: Article) -> pd.DataFrame:
    ordered = sorted((row_of(row) for row in rows), key=lambda row: row["story_id"])
    return _frame(STORIES, [derive_story(list(own)) for _, own in groupby(ordered, lambda row: row["story_id"])])


def runs(*rows: SourceRun) -> pd.DataFrame:
    return _frame(RUNS, [asdict(row) for row in rows])


def run(source: str, started_at: datetime, **said: Any) -> SourceRun:
    usual: dict[str, Any] = {"run_id": f"run-{started_at:%Y%m%d}", "outcome": "ok", "requests": 1}
    return SourceRun(source=source, started_at=started_at, **usual | said)


def project(project_id: str, *facts: tuple[str, date, str, str], name: str = "") -> Project:
    """A project with facts (what, date, precision, status)."""
    known = tuple(
        KnownMilestone(what, day, precision, status, f"https://record.example/{what}")
        for what, day, precision, status in facts
    )
    return Project(project_id, name or project_id.title(), "feature", "RU", {"en": ("Title",)}, milestones=known)


def source(source_id: str, **said: Any) -> Source:
    usual: dict[str, Any] = {"name": source_id.title(), "home": f"https://{source_id}.example/", "country": "GB"}
    return Source(id=source_id, **usual | said)


def noon(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def _frame(table: Table, rows: list[dict[str, Any]]) -> pd.DataFrame:
    frame = pa.Table.from_pylist(rows, schema=table.schema).to_pandas()
    return frame.sort_values(list(table.sorted_by), ignore_index=True)
