"""The books of one run: every answered page and every failed request is counted once, with its reason.

The identity that must hold for each source: pages = stored + duplicates + off_topic + sum of dropped. It is asserted in
every crawl test and checked at the end of every run; a silent loss would show here first.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pipelines.model import SourceRun

PageFate = Literal["stored", "duplicate", "off_topic", "dropped"]

BACKFILL = "backfill"
"""Outcome of a backfill's rows: they say nothing of how the source's feeds do, and when they were asked."""


@dataclass(slots=True)
class Ledger:
    """One `SourceRun` per source visited.

    Attributes:
        run_id: the run.
        started_at: when it began.
        rows: by source id, in the order of first mention.
    """

    run_id: str
    started_at: datetime
    rows: dict[str, SourceRun] = field(default_factory=dict)

    def of(self, source: str) -> SourceRun:
        """The row of `source`, made at first mention."""
        row = self.rows.get(source)
        if row is None:
            row = self.rows[source] = SourceRun(run_id=self.run_id, started_at=self.started_at, source=source)
        return row

    def page(self, source: str) -> None:
        """An article page was answered; exactly one `fate` must follow."""
        self.of(source).pages += 1

    def fate(self, source: str, fate: PageFate, reason: str = "") -> None:
        """What became of a page. `reason` says why it was dropped."""
        row = self.of(source)
        match fate:
            case "stored":
                row.stored += 1
            case "duplicate":
                row.duplicates += 1
            case "off_topic":
                row.off_topic += 1
            case "dropped":
                row.dropped[reason or "unknown"] = row.dropped.get(reason or "unknown", 0) + 1

    def failure(self, source: str, reason: str) -> None:
        """A request got no usable answer."""
        row = self.of(source)
        row.failed[reason] = row.failed.get(reason, 0) + 1

    def imbalances(self) -> dict[str, int]:
        """Pages without a fate (positive) or with more than one (negative), by source; empty when the books add up."""
        return {source: difference for source, row in self.rows.items() if (difference := row.pages - fates(row)) != 0}

    def total(self) -> SourceRun:
        """All rows added up, under the source id ""."""
        total = SourceRun(run_id=self.run_id, started_at=self.started_at, source="")
        for row in self.rows.values():
            for name in (
                "requests",
                "not_modified",
                "entries",
                "new_urls",
                "pages",
                "off_topic",
                "stored",
                "duplicates",
                "bytes",
            ):
                setattr(total, name, getattr(total, name) + getattr(row, name))
            for reason, count in row.dropped.items():
                total.dropped[reason] = total.dropped.get(reason, 0) + count
            for reason, count in row.failed.items():
                total.failed[reason] = total.failed.get(reason, 0) + count
        return total


def fates(row: SourceRun) -> int:
    """Number of pages of `row` that have a fate."""
    return row.stored + row.duplicates + row.off_topic + sum(row.dropped.values())
