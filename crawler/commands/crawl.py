"""`orbitwatch crawl`: one scheduled run, made for cron."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli import data_files
from crawler.commands.options import (
    ConfigurationError,
    Duration,
    catalogue_options,
    json_option,
    network_options,
    now_option,
    raw_option,
    read_projects,
    read_sources,
    store_option,
)
from crawler.commands.running import check_names, make_directory, run_spider, scrapy_settings, show
from crawler.feeds_run import FeedsRun
from crawler.monitoring import LOCKED, Monitor
from crawler.plans import RunOptions
from crawler.settings import ORBITWATCH_MAX_PAGES_PER_SOURCE
from pipelines.clock import clock_from, system_clock
from pipelines.polling import PollState, why_due
from pipelines.polling.shards import Shard
from pipelines.state import State
from pipelines.store import StoreError, StoreLocked
from pipelines.store.location import open_store

if TYPE_CHECKING:
    from crawler.ping import Ping
    from pipelines.catalogue.sources import Source
    from pipelines.store.location import BucketAddress


class ShardNumber(click.ParamType[Shard]):
    """One part of the sources."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:
        """The part."""
        try:
            return Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class PingAddress(click.ParamType["Ping"]):
    """The address of a check that is told of runs."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Ping":
        """The check; a message never repeats the address, which is a secret."""
        from crawler.ping import Ping

        try:
            return Ping(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@click.command()
@store_option
@catalogue_options
@click.option("--all", "everything", is_flag=True, help="Visit every enabled source, due or not.")
@click.option(
    "--source", "source_ids", multiple=True, metavar="ID", help="Visit only this source, due or not; may be repeated."
)
@click.option(
    "--shard",
    type=ShardNumber(),
    metavar="N/OF",
    help="Only this part of the sources, for example 3/8: for several hosts at one bucket.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many article pages.")
@click.option(
    "--budget", type=Duration(), help="End after this time, for example 10m; what is left over is fetched next time."
)
@click.option("--dry-run", is_flag=True, help="Show what is due and why; fetch nothing.")
@click.option(
    "--wait", type=Duration(), default=0, help="Wait this long for another run to end.  [default: do not wait]"
)
@network_options
@click.option(
    "--contact",
    help="Address or mailbox that the user agent names, so that outlets can write to you.",
    envvar="ORBITWATCH_CONTACT",
)
@click.option(
    "--ping",
    type=PingAddress(),
    metavar="URL",
    envvar="ORBITWATCH_PING",
    help="Check that is told when the run begins (URL/start), and how it ends (URL or URL/fail). Who knows it can "
    "ping, so it is better kept in ORBITWATCH_PING.",
)
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write what Prometheus may know of the run, for node_exporter's textfile collector (a name in .prom).",
)
@raw_option
@click.option("-v", "--verbose", count=True, help="Log to stderr; twice for every request.")
@now_option
@json_option
@click.pass_context
def crawl(
    ctx: click.Context,
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    everything: bool,
    source_ids: tuple[str, ...],
    shard: Shard | None,
    limit: int | None,
    budget: float | None,
    dry_run: bool,
    wait: float,
    settings: dict[str, str],
    allow_private: tuple[str, ...],
    contact: str | None,
    ping: "Ping | None",
    metrics: Path | None,
    keep_raw: bool,
    verbose: int,
    now: datetime | None,
    as_json: bool,
) -> None:
    """One scheduled run: visit the sources that are due, store what is new, say nothing when all is well.

    Made for cron: it takes a lock, ends by itself, and its exit code tells what happened (see `orbitwatch --help`).
    Where stdout is a terminal it shows progress and a summary.
    """
    clock = clock_from(now) if now else system_clock
    with Monitor(None, None, clock) if dry_run else Monitor(ping, metrics, clock) as monitor:
        try:
            store = open_store(data, work=work, clock=clock)
        except StoreError as error:
            raise ConfigurationError(str(error)) from error
        monitor.root = root = store.root
        monitor.sources = sources = read_sources(root, sources_file)
        check_names(source_ids, sources)
        if shard:
            monitor.sources = sources = tuple(source for source in sources if shard.holds(source.home))
        chosen = _chosen(sources, source_ids)
        everything = everything or bool(source_ids)
        make_directory(root)
        try:
            with State(root / ".state" / "state.sqlite") as state:
                if dry_run:
                    _show_plan(state, chosen, clock(), everything=everything, as_json=as_json)
                    return
                if state.set_aside:
                    click.echo(f"orbitwatch: {state.set_aside}", err=True)
                with store.lock(wait=wait):
                    monitor.begin()
                    due = state.due(chosen, clock(), everything=everything)
                    if not due and not state.retries(clock()):
                        _show_nothing_due(state, chosen, as_json=as_json)
                        return
                    options = RunOptions(
                        root,
                        data_files(root, sources_file, projects_file)[1],
                        read_projects(root, projects_file).version,
                        limit,
                        int(settings.get("ORBITWATCH_MAX_PAGES_PER_SOURCE", ORBITWATCH_MAX_PAGES_PER_SOURCE)),
                        keep_raw,
                    )
                    from crawler.spiders.feeds import FeedsSpider

                    store.probe()
                    store.heal()
                    run = FeedsRun(options, sources, state, store, clock, due)
                    scrapy = scrapy_settings(settings, allow_private, contact, budget, verbose)
                    _, interrupted = run_spider(FeedsSpider, run, scrapy, verbose)
                    monitor.summary = summary = run.finish(interrupted=interrupted)
        except StoreLocked as error:
            click.echo(f"orbitwatch: {error}", err=True)
            ctx.exit(LOCKED)
        except (StoreError, OSError) as error:  # their texts say what to do
            raise click.ClickException(str(error)) from error
        show(summary, as_json=as_json)
        ctx.exit(summary.exit_code)


def _chosen(sources: "tuple[Source, ...]", ids: tuple[str, ...]) -> "list[Source]":
    """A source that is named is visited although it is switched off: that is how one is tried out."""
    return [replace(source, enabled=True) for source in sources if source.id in ids] if ids else list(sources)


def _show_plan(state: State, sources: list["Source"], now: datetime, *, everything: bool, as_json: bool) -> None:
    """What a run would ask now, and what not, with the reasons."""
    from crawler.commands.output import console, print_json, table

    due = {feed.url for feed in state.due(sources, now, everything=everything)}
    polls = state.polls()
    rows = [
        (source.id, url, "yes" if url in due else "no", why_due(polls.get(url, PollState(url)), now))
        for source in sources
        if source.enabled
        for url in source.listings
    ]
    columns = ("source", "feed", "asked", "why")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        console().print(table(f"{len(due)} of {len(rows)} feeds would be asked now", columns, rows, wrap=("why",)))


def _show_nothing_due(state: State, sources: list["Source"], *, as_json: bool) -> None:
    """Says when something will be, to whoever looks."""
    polls = state.polls()
    times = [
        due for s in sources if s.enabled for url in s.listings if (poll := polls.get(url)) and (due := poll.next_due)
    ]
    if as_json:
        from crawler.commands.output import print_json

        print_json({"run_id": None, "next_due_at": min(times, default=None)})
    elif sys.stdout.isatty():
        click.echo(f"Nothing is due before {min(times):%Y-%m-%d %H:%M} UTC." if times else "No source is enabled.")
