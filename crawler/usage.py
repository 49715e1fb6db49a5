"""CPU time: measured for a run, and shared out among the sources that it visited."""

import resource
from collections.abc import Collection

from pipelines.model import SourceRun


def cpu_seconds() -> float:
    """CPU seconds of this process and of the children that have ended."""
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


def share_out(rows: Collection[SourceRun], seconds: float) -> None:
    """Gives each source's row its part of the run's CPU time: by its pages, and as for one more for its listings."""
    weight = sum(1 + row.pages for row in rows)
    for row in rows:
        row.cpu_seconds = seconds * (1 + row.pages) / weight
