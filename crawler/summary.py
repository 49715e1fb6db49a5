"""What a run did, and how it tells cron."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.model import SourceRun

#: Exit code while another run holds the lock (EX_TEMPFAIL of sysexits.h: try again later). That run tells how it went.
LOCKED = 75
#: Exit code of what a person, or the machine's shutdown, has ended (128 + SIGINT, as shells say it).
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        run_id: the run.
        started_at, finished_at: by the run's clock.
        rows: one for each source visited.
        total: all rows added up.
        problems: what needs a person, in words.
        exit_code: 0, 1, 3 or 130, see `orbitwatch --help`.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime
    rows: tuple[SourceRun, ...]
    total: SourceRun
    problems: tuple[str, ...]
    exit_code: int

    @property
    def complaints(self) -> tuple[str, ...]:
        """What is printed also where nobody looks: the problems, and why a run brought nothing."""
        if self.exit_code != 1 or self.problems:
            return self.problems
        why = ", ".join(f"{reason} {count:,}" for reason, count in sorted(self.total.failed.items()))
        return (f"nothing new is stored, everything that was asked failed ({why})",)


def exit_code(rows: Sequence[SourceRun], *, failed: bool, interrupted: bool) -> int:
    """The exit code of a run.

    Args:
        rows: what happened to each source.
        failed: the run itself could not go on.
        interrupted: somebody ended it.

    Returns:
        130 interrupted; 1 failed, or every source did and nothing new was stored; 3 some sources failed; 0 done.
    """
    if interrupted:
        return INTERRUPTED
    if failed:
        return 1
    if all(row.outcome == "ok" for row in rows):
        return 0
    nothing = all(row.outcome == "failed" for row in rows) and not any(row.stored for row in rows)
    return 1 if nothing else 3
