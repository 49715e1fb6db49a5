"""`orbitwatch backfill warc`: history from WARC files, above all from Common Crawl's CC-NEWS."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.backfilling import Day, source_option
from crawler.commands.options import (
    ConfigurationError,
    Duration,
    catalogue_options,
    json_option,
    now_option,
    raw_option,
    read_projects,
    read_sources,
    store_option,
)
from crawler.commands.running import check_names, make_directory

if TYPE_CHECKING:
    from crawler.backfill.warc_run import Reading, WarcRun, WarcSummary
    from crawler.backfill.warc_sample import Estimate
    from crawler.backfill.warc_task import WarcOrder
    from pipelines.backfill.warc_job import WarcFile
    from pipelines.backfill.window import Window
    from pipelines.catalogue.sources import Source
    from pipelines.store import Store
    from pipelines.store.location import BucketAddress

COMMON_CRAWL = "https://data.commoncrawl.org/"

_PATIENCE = 900.0
"""Seconds for which a run that has read something waits at least for the store: a scheduled run may just have it."""

_MODULES = ("dask", "distributed", "fastwarc", "fsspec", "aiohttp")
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(9999, 12, 30)


class Month(click.ParamType["tuple[int, int]"]):
    """A month, as 2021-10."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Year and month."""
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(value))
        if match is None:
            self.fail(f"{value!r} is no month; write for example 2021-10", param, ctx)
        return int(match[1]), int(match[2])


@click.command("warc")
@click.argument("files", nargs=-1, metavar="[FILE|URL|LIST]...")
@store_option
@catalogue_options
@click.option("--month", type=Month(), help="Read CC-NEWS of this month, for example 2021-10.")
@click.option("--to", type=Month(), help="Last month.  [default: that of --month]")
@click.option(
    "--base",
    default=COMMON_CRAWL,
    show_default=True,
    metavar="URL",
    help="What the paths in lists are below; s3://commoncrawl/ inside of Amazon's us-east-1.",
)
@click.option(
    "--since", type=Day(last=False), metavar="DAY", help="Only captures from then on: 2021-10-05, 2021-10 or 2021."
)
@click.option("--until", type=Day(last=True), metavar="DAY", help="Only captures until then, in the same forms.")
@source_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes of this machine.  [default: one for each core]",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="Use this Dask cluster, for example tcp://host:8786.")
@click.option(
    "--retries",
    type=click.IntRange(min=0, max=10),
    default=3,
    show_default=True,
    help="New tries for what the network does not give.",
)
@raw_option
@click.option("--dry-run", is_flag=True, help="Estimate from a sample what it would come to; store nothing.")
@click.option(
    "--wait", type=Duration(), default=0, help="Wait this long for another run to end.  [default: do not wait]"
)
@now_option
@json_option
@click.pass_context
def backfill_warc(
    ctx: click.Context,
    files: tuple[str, ...],
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    month: tuple[int, int] | None,
    to: tuple[int, int] | None,
    base: str,
    since: date | None,
    until: date | None,
    source_ids: tuple[str, ...],
    workers: int | None,
    scheduler: str,
    retries: int,
    keep_raw: bool,
    dry_run: bool,
    wait: float,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Bring in the news that WARC files hold: CC-NEWS by the month, or any files on this disk, the web or S3.

    A file is read on one core, many at once; what is on topic is kept for the second stage, in which all articles get
    their stories in the order of publication. Killed, interrupted or cut off, the same command goes on where it was and
    stores nothing twice. Files that could not be read are tried again the next time. A LIST is a file of paths, one a
    line, whose name ends in "paths" or "paths.gz".
    """
    from crawler.cli import data_files
    from crawler.commands.store_work import store_work
    from pipelines.clock import clock_from, system_clock
    from pipelines.store.location import host_directory

    _require_extra([*files, base if month else ""])
    root = host_directory(data, work)
    sources = read_sources(root, sources_file)
    projects = read_projects(root, projects_file)
    check_names(source_ids, sources)
    window = _window(since, until)
    found = _find(files, month, to, base, window, retries)
    if dry_run:
        _show_estimate(_estimated(found, sources, source_ids, window, projects, retries), workers, as_json=as_json)
        return
    make_directory(root)
    with store_work(data, work, on_interrupt="interrupted; the same command goes on where it was") as store:
        from crawler.backfill.warc_run import WarcRun
        from pipelines.backfill.warc_job import Job, JobSpec

        clock = clock_from(now) if now else system_clock
        spec = JobSpec(
            tuple(found),
            since.isoformat() if since else "",
            until.isoformat() if until else "",
            source_ids,
            projects.version,
            version("orbitwatch"),
            keep_raw,
        )
        with store.lock(wait=wait):
            store.probe()
        job = Job(store.root, spec, sources, clock)
        with job.lock():
            run = WarcRun(job, store, data_files(store.root, None, projects_file)[1], clock)
            order = _order(projects, job.sources, window, source_ids, retries, keep_raw=keep_raw)
            interrupted = _read(run, order, scheduler, workers)
            summary = _settle(run, store, wait, interrupted=interrupted)
    _show(summary, as_json=as_json)
    ctx.exit(summary.exit_code)


def _require_extra(addresses: list[str]) -> None:
    """Says at once what is missing, and where it is to be had."""
    wanted = [*_MODULES, *(["s3fs"] if any(address.startswith("s3://") for address in addresses) else [])]
    missing = [name for name in wanted if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"{', '.join(missing)} must be installed for this; install the extra: pip install 'orbitwatch[backfill]'"
        )


def _window(since: date | None, until: date | None) -> "Window | None":
    from pipelines.backfill.window import Window

    if since is None and until is None:
        return None
    try:
        return Window(since or _FIRST_DAY, until or _LAST_DAY)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--since") from error


def _find(
    files: tuple[str, ...],
    month: tuple[int, int] | None,
    to: tuple[int, int] | None,
    base: str,
    window: "Window | None",
    retries: int,
) -> "list[WarcFile]":
    """The files that are asked for."""
    from crawler.backfill.warc_files import find_files
    from pipelines.backfill.warc_lists import month_list, months_between

    lists = []
    if month is not None:
        lists = [f"{base.rstrip('/')}/{month_list(*each)}" for each in months_between(month, to or month)]
    elif to is not None:
        raise click.UsageError("--to needs --month, the first month")
    if not files and not lists:
        raise click.UsageError("name WARC files, lists of them, or a --month of CC-NEWS")
    try:
        found = find_files([*files, *lists], base=base, window=window, retries=retries)
    except ValueError as error:
        raise ConfigurationError(str(error)) from error
    if not found:
        raise ConfigurationError("no file of these lists holds anything of these days")
    return found


def _order(
    projects: Any,
    sources: "list[Source]",
    window: "Window | None",
    source_ids: tuple[str, ...],
    retries: int,
    *,
    keep_raw: bool,
) -> "WarcOrder":
    import pickle

    from crawler.backfill.warc_task import WarcOrder

    return WarcOrder(
        pickle.dumps(projects), projects.version, tuple(sources), window, frozenset(source_ids), retries, keep_raw
    )


def _read(run: "WarcRun", order: "WarcOrder", scheduler: str, workers: int | None) -> bool:
    """Reads the files that wait. Returns whether somebody interrupted it."""
    import os

    from crawler.backfill.warc_cluster import ClusterError, cluster

    waiting = run.reading.files
    if not waiting:
        return False
    processes = min(workers or len(os.sched_getaffinity(0)), waiting)
    try:
        with cluster(scheduler, processes) as client, _progress("reading") as show:
            started = run.now()

            def on_file(reading: "Reading") -> None:
                show(_progress_line(reading, (run.now() - started).total_seconds()))

            on_file(run.reading)
            run.read(client, order, on_file)
    except KeyboardInterrupt:
        return True
    except ClusterError as error:
        run.reading.broken_off = str(error)
    return False


def _settle(run: "WarcRun", store: "Store", wait: float, *, interrupted: bool) -> "WarcSummary":
    from pipelines.backfill.warc_output import OutputError

    patience = max(wait, _PATIENCE) if run.reading.read else wait
    with store.lock(wait=patience), _progress("settling") as show:
        try:
            return run.settle(
                lambda done, drafts: show(f"settling: {done:,} of {drafts:,} articles"), interrupted=interrupted
            )
        except OutputError as error:
            raise click.ClickException(f"{error}; remove this file, and its WARC file is read again") from error


@contextmanager
def _progress(beginning: str) -> Iterator[Callable[[str], None]]:
    """A line that changes where somebody looks; nothing elsewhere."""
    from rich.console import Console

    terminal = Console(stderr=True)
    if not terminal.is_terminal:
        yield lambda _line: None
        return
    with terminal.status(f"{beginning} ...") as status:
        yield status.update


def _progress_line(reading: "Reading", seconds: float) -> str:
    ended = reading.read + len(reading.unreadable)
    line = (
        f"{ended:,} of {reading.files:,} files, {reading.records:,} records, {reading.passed:,} pages passed, "
        f"{reading.drafts:,} on topic"
    )
    if reading.read and seconds:
        rate = reading.page_bytes / seconds / 1e6
        left = (reading.files - ended) * seconds / ended
        line += f", {rate:,.0f} MB/s, {_duration(left)} left"
    return line


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _estimated(
    files: "list[WarcFile]",
    sources: "tuple[Source, ...]",
    source_ids: tuple[str, ...],
    window: "Window | None",
    projects: Any,
    retries: int,
) -> "Estimate":
    from crawler.backfill.warc_files import SourceUnreadableError
    from crawler.backfill.warc_sample import estimate
    from pipelines.backfill.outlets import Outlets
    from pipelines.backfill.warc_pages import Wanted
    from pipelines.topic import Judge

    wanted = Wanted(Outlets(sources), window, frozenset(source_ids))
    try:
        return estimate(files, wanted, Judge(projects), retries=retries)
    except SourceUnreadableError as error:
        raise click.ClickException(str(error)) from error


def _show_estimate(estimated: "Estimate", workers: int | None, *, as_json: bool) -> None:
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
    out.print(f"{estimated.cpu_hours:,.2f} hours of CPU, {_duration(hours * 3600)} on {cores} cores, "
              "where the network gives the files as fast")  # fmt: skip


def _show(summary: "WarcSummary", *, as_json: bool) -> None:
    """JSON when asked for, some lines where somebody looks, problems on stderr in any case."""
    if as_json:
        from crawler.commands.output import print_json

        print_json(asdict(summary))
    elif sys.stdout.isatty():
        from crawler.commands.output import console

        out, total = console(), summary.total
        out.print(f"{summary.files_done:,} of {summary.files:,} files read, {summary.records:,} records")
        out.print(f"{total.pages:,} pages: {total.off_topic:,} off topic, {total.stored:,} stored, "
                  f"{total.duplicates:,} duplicates, {sum(total.dropped.values()):,} dropped")  # fmt: skip
        for title, counts in (("skipped", summary.skipped), ("dropped", total.dropped)):
            if counts:
                words = ", ".join(f"{reason} {count:,}" for reason, count in sorted(counts.items()))
                out.print(f"{title}: {words}")
    for problem in summary.problems:
        click.echo(f"orbitwatch: {problem}", err=True)
