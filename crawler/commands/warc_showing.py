"""How `orbitwatch backfill warc` shows how far it is, what it would come to, and what came of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.durations import spoken

if TYPE_CHECKING:
    from crawler.backfill.warc_run import WarcProgress, WarcSummary
    from crawler.backfill.warc_sample import WarcEstimate


@contextmanager
def status_line(beginning: str) -> Iterator[Callable[[str], None]]:
    """A line that changes where somebody looks; nothing elsewhere."""
    from rich.console import Console

    terminal = Console(stderr=True)
    if not terminal.is_terminal:
        yield lambda _line: None
        return
    with terminal.status(f"{beginning} ...") as status:
        yield status.update


def progress_line(reading: "WarcProgress", seconds: float) -> str:
    """How far the reading is, and how long it may still take, after so many seconds."""
    ended = reading.read + len(reading.unreadable)
    line = (
        f"{ended:,} of {reading.files:,} files, {reading.records:,} records, {reading.passed:,} pages passed, "
        f"{reading.drafts:,} on topic"
    )
    if reading.read and seconds:
        rate = reading.page_bytes / seconds / 1e6
        left = (reading.files - ended) * seconds / ended
        line += f", {rate:,.0f} MB/s, {spoken(left)} left"
    return line


def show_estimate(estimated: "WarcEstimate", workers: int | None, *, as_json: bool) -> None:
    """What all files would come to, on so many cores; None for those of this machine."""
    import os

    from crawler.commands.output import console, print_json

    cores = workers or len(os.sched_getaffinity(0))
    hours = estimated.cpu_hours / cores
    if as_json:
        print_json({**asdict(estimated), "cores": cores, "hours": hours})
        return
    out = console()
    out.print(f"{estimated.files:,} files of {estimated.bytes / 1e9:,.1f} GB in all, by a sample of "
              f"{estimated.sampled_bytes / 1e6:,.0f} MB:")  # fmt: skip
    out.print(f"{estimated.records:,} records, {estimated.pages:,} of them pages that are asked for")
    out.print(f"{estimated.passing:,} pages pass the gate and are read")
    out.print(f"{estimated.cpu_hours:,.2f} hours of CPU, {spoken(hours * 3600)} on {cores} cores, "
              "where the network gives the files as fast")  # fmt: skip


def show_summary(summary: "WarcSummary", *, as_json: bool) -> None:
    """JSON when asked for, some lines where somebody looks, problems on stderr in any case."""
    if as_json:
        from crawler.commands.output import print_json

        print_json(asdict(summary))
    elif sys.stdout.isatty():
        from crawler.commands.output import console, counted

        out, total = console(), summary.total
        out.print(f"{summary.files_done:,} of {summary.files:,} files read, {summary.records:,} records")
        out.print(f"{total.pages:,} pages: {total.off_topic:,} off topic, {total.stored:,} stored, "
                  f"{total.duplicates:,} duplicates, {sum(total.dropped.values()):,} dropped")  # fmt: skip
        for title, counts in (("skipped", summary.skipped), ("dropped", total.dropped)):
            if counts:
                out.print(f"{title}: {counted(counts)}")
    for problem in summary.problems:
        click.echo(f"orbitwatch: {problem}", err=True)
