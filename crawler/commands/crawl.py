"""`orbitwatch crawl`: one scheduled run, made for cron."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    catalogue_options,
    check_names,
    contact_option,
    json_option,
    network_options,
    now_option,
    raw_option,
    read_sources,
    store_option,
    verbose_option,
    wait_option,
)
from crawler.commands.parameters import Duration, PingAddress, ShardNumber
from crawler.commands.running import make_directory, run_options, run_spider, scrapy_settings, show
from crawler.commands.store_work import opened_store, store_troubles
from crawler.feeds_run import FeedsRun
from crawler.monitoring import Monitor
from crawler.settings import ORBITWATCH_MAX_PAGES_PER_SOURCE
from pipelines.clock import clock_from, system_clock
from pipelines.polling import PollState, why_due
from pipelines.polling.shards import Shard
from pipelines.state import State

if TYPE_CHECKING:
    from crawler.ping import Ping
    from pipelines.catalogue.sources import Source
    from pipelines.store.location import BucketAddress


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
@wait_option
@network_options
@contact_option
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
@verbose_option
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
        store = opened_store(data, work, clock)
        monitor.root = root = store.root
        monitor.sources = sources = catalogue = read_sources(root, sources_file)
        check_names(source_ids, sources)
        if shard:
            monitor.sources = sources = tuple(source for source in sources if shard.holds(source.home))
        chosen = _chosen(sources, source_ids)
        everything = everything or bool(source_ids)
        make_directory(root)
        with store_troubles(), State(root / ".state" / "state.sqlite") as state:
            if dry_run:
                _show_plan(state, chosen, clock(), everything=everything, as_json=as_json)
                return
            if state.set_aside:
                click.echo(f"orbitwatch: {state.set_aside}", err=True)
            with store.lock(wait=wait):
                monitor.begin()
                due = state.due(chosen, clock(), everything=everything)
                if not due and not state.retries(chosen, clock()):
                    _show_nothing_due(state, chosen, as_json=as_json)
                    return
                from crawler.spiders.feeds import FeedsSpider  # an idle run never needs Scrapy

                pages = ORBITWATCH_MAX_PAGES_PER_SOURCE
                options = run_options(
                    root, projects_file, settings, limit=limit, pages_per_source=pages, keep_raw=keep_raw
                )
                store.probe()
                store.heal()
                run = FeedsRun(options, catalogue, state, store, clock, due, chosen)
                scrapy = scrapy_settings(settings, allow_private, contact, budget, verbose)
                _, interrupted = run_spider(FeedsSpider, run, scrapy, verbose)
                monitor.summary = summary = run.finish(interrupted=interrupted)
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
        console().print(
            table(f"{len(due)} of {len(rows)} feeds would be asked now", columns, rows, wrap=("feed", "why"))
        )


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
