"""`orbitwatch backfill warc`: history from WARC files, above all from Common Crawl's CC-NEWS."""

from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.backfill_options import source_option
from crawler.commands.options import (
    ConfigurationError,
    catalogue_options,
    check_names,
    json_option,
    now_option,
    raw_option,
    read_projects,
    read_sources,
    store_option,
    wait_option,
)
from crawler.commands.parameters import Day, Month
from crawler.commands.running import make_directory
from crawler.commands.warc_showing import progress_line, show_estimate, show_summary, status_line
from crawler.extras import lacking

if TYPE_CHECKING:
    from crawler.backfill.warc_run import WarcProgress, WarcRun, WarcSummary
    from crawler.backfill.warc_sample import WarcEstimate
    from crawler.backfill.warc_task import WarcOrder
    from pipelines.backfill.warc_job import WarcFile
    from pipelines.backfill.window import Window
    from pipelines.catalogue.projects import Projects
    from pipelines.catalogue.sources import Source
    from pipelines.store import Store
    from pipelines.store.location import BucketAddress

COMMON_CRAWL = "https://data.commoncrawl.org/"

_PATIENCE = 900.0
"""Seconds for which a run that has read something waits at least for the store: a scheduled run may just have it."""

_MODULES = ("dask", "distributed", "fastwarc", "fsspec", "aiohttp")
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(9999, 12, 30)


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
@wait_option
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
        show_estimate(_estimated(found, sources, source_ids, window, projects, retries), workers, as_json=as_json)
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
            run = WarcRun(job, store, projects, clock)
            order = _order(projects, job.sources, window, source_ids, retries, keep_raw=keep_raw)
            interrupted = _read(run, order, scheduler, workers)
            summary = _settle(run, store, wait, interrupted=interrupted)
    show_summary(summary, as_json=as_json)
    ctx.exit(summary.exit_code)


def _require_extra(addresses: list[str]) -> None:
    """Says at once what is missing, and where it is to be had."""
    wanted = [*_MODULES, *(["s3fs"] if any(address.startswith("s3://") for address in addresses) else [])]
    if problem := lacking(wanted, purpose="`backfill warc`", extra="backfill"):
        raise ConfigurationError(problem)


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
    if month is not None and to is not None and to < month:
        raise click.UsageError("--to is a month before --month")
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
    projects: "Projects",
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
        with cluster(scheduler, processes) as client, status_line("reading") as show:
            started = run.now()

            def on_file(reading: "WarcProgress") -> None:
                show(progress_line(reading, (run.now() - started).total_seconds()))

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
    with store.lock(wait=patience), status_line("settling") as show:
        try:
            return run.settle(
                lambda done, drafts: show(f"settling: {done:,} of {drafts:,} articles"), interrupted=interrupted
            )
        except OutputError as error:
            raise click.ClickException(f"{error}; remove this file, and its WARC file is read again") from error


def _estimated(
    files: "list[WarcFile]",
    sources: "tuple[Source, ...]",
    source_ids: tuple[str, ...],
    window: "Window | None",
    projects: "Projects",
    retries: int,
) -> "WarcEstimate":
    from crawler.backfill.warc_files import SourceUnreadableError
    from crawler.backfill.warc_sample import estimate
    from crawler.cache import cache_folder
    from pipelines.backfill.warc_pages import Wanted
    from pipelines.backfill.warc_records import NoWarcError
    from pipelines.catalogue.outlets import Outlets
    from pipelines.topic import Judge

    wanted = Wanted(Outlets(sources), window, frozenset(source_ids))
    try:
        return estimate(files, wanted, Judge(projects, kept=cache_folder()), retries=retries)
    except (SourceUnreadableError, NoWarcError) as error:
        raise click.ClickException(str(error)) from error
