"""Whoever watches from outside is told how a run begins and ends: by a ping, by a file of metrics, or both."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from crawler.metrics import SUCCESSES, Ended, write_metrics
from crawler.summary import INTERRUPTED, LOCKED, Summary
from crawler.usage import cpu_seconds
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.state import State

if TYPE_CHECKING:
    from crawler.ping import Ping


class Monitor:
    """Stands around a run and says in the end what became of it, however it ended.

    A monitor that cannot be reached, or a file that cannot be written, is told on stderr and changes nothing else.

    Args:
        ping: the check that is told, None for none.
        metrics: file for Prometheus, None for none.
        clock: the run's.

    Attributes:
        root: the data directory, once it is known.
        sources: all sources, once they have been read.
        summary: what the run did; None as long as it has not.
    """

    def __init__(self, ping: "Ping | None", metrics: Path | None, clock: Clock) -> None:
        self._ping = ping
        self._metrics = metrics
        self._clock = clock
        self._started = clock()
        self.root: Path | None = None
        self.sources: tuple[Source, ...] = ()
        self.summary: Summary | None = None

    def __enter__(self) -> Self:
        return self

    def begin(self) -> None:
        """The run has the lock."""
        if self._ping:
            _complain(self._ping.send("/start"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = exit_code_of(error)
        if code == LOCKED:  # this run has done nothing
            return
        if self._metrics:
            self._write(self._metrics, code)
        if self._ping:
            _complain(self._ping.send("" if code in SUCCESSES else "/fail", self._told(code, error)))

    def _write(self, path: Path, code: int) -> None:
        polls = None
        try:
            if self.root and (file := self.root / ".state" / "state.sqlite").exists():
                with State(file) as state:
                    polls = state.polls()
            now = self._clock()
            write_metrics(
                path,
                Ended(
                    version("orbitwatch"), self._started, now, cpu_seconds(), code, self.summary, self.sources, polls
                ),
            )
        except OSError as problem:
            _complain(f"the metrics are not written: {path}: {problem.strerror or problem}")

    def _told(self, code: int, error: BaseException | None) -> str:
        lines = [f"exit code {code}"]
        if isinstance(error, click.ClickException):
            lines.append(error.format_message())
        elif error is not None and not isinstance(error, click.exceptions.Exit):
            lines.append(type(error).__name__)
        elif self.summary is None:
            lines.append("nothing was due")
        if self.summary:
            lines += told(self.summary)
        return "\n".join(lines) + "\n"


def exit_code_of(error: BaseException | None) -> int:
    """The exit code with which `orbitwatch` leaves for an exception; 0 for none."""
    if isinstance(error, click.exceptions.Exit | click.ClickException):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    return 0 if error is None else 1


def told(summary: Summary) -> Iterable[str]:
    """A run in a few lines."""
    total = summary.total
    yield (
        f"{len(summary.rows)} sources, {total.pages} pages: {total.stored} stored, {total.duplicates} duplicates, "
        f"{total.off_topic} off topic, {sum(total.dropped.values())} dropped"
    )
    if total.failed:
        yield "failed: " + ", ".join(f"{reason} {count}" for reason, count in sorted(total.failed.items()))
    yield from summary.problems


def _complain(problem: str) -> None:
    if problem:
        click.echo(f"orbitwatch: {problem}", err=True)
