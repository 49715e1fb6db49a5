"""`orbitwatch status`: how each source fares, and what needs a person."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crawler.commands.choosing import require_place
from crawler.commands.options import (
    catalogue_options,
    check_names,
    json_option,
    now_option,
    read_sources,
    store_option,
)
from pipelines.accounting import BACKFILL
from pipelines.clock import system_clock
from pipelines.polling.rules import CLOCK_SLACK

if TYPE_CHECKING:
    from pandas import DataFrame

    from pipelines.catalogue.sources import Source
    from pipelines.polling.health import Health
    from pipelines.state import State
    from pipelines.store.location import BucketAddress

#: Time without any run from which the crawl itself is called stopped: no feed waits longer than 6 hours for its turn.
_STOPPED = timedelta(days=1)
_FIELDS = ["source", "domain", "authors", "summary", "date_precision", "date_conflict", "language", "paywalled"]
_SIGNS = {"person": "!", "notice": "i", "ok": "", "off": "off"}


@click.command()
@click.argument("source_ids", nargs=-1, metavar="[ID]...")
@store_option
@catalogue_options
@json_option
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Look at the runs of so many days."
)
@click.option("--feeds", "show_feeds", is_flag=True, help="Show every feed, and why it is or is not due.")
@now_option
@click.pass_context
def status(
    ctx: click.Context,
    source_ids: tuple[str, ...],
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    days: int,
    show_feeds: bool,
    now: datetime | None,
) -> None:
    """Show the last success, failures, silence and walls of every source, or of those named, with all their feeds.

    Marked with ! is what needs a person: listings that are gone or have failed for long, sources that are silent
    against their own rhythm or their max_silence_days, walls in place of pages, a crawl that has stopped. Exit code 1
    when there is any.
    """
    from crawler.commands.output import console, print_json
    from crawler.commands.store_work import store_troubles, tables_read
    from pipelines.analysis import completeness, load_articles, load_runs
    from pipelines.polling.health import health
    from pipelines.state import State
    from pipelines.store.location import host_directory

    require_place(data)
    at = now or system_clock()
    since = (at - timedelta(days=days)).date()
    directory = host_directory(data, work)
    chosen = _chosen(read_sources(directory, sources_file), source_ids)
    with tables_read():
        visits = _visits(load_runs(str(data), since=since))
        # A crawl that stopped before these days needs a person all the more; only then all runs are looked at.
        ever = visits if len(visits) else _visits(load_runs(str(data), columns=["started_at", "outcome"]))
        articles = load_articles(str(data), since=since, columns=_FIELDS)
    fields = completeness(articles)
    domains = {source: Counter(of) for source, of in articles.groupby("source")["domain"]}
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in visits.to_dict("records"):
        rows.setdefault(row["source"], []).append({str(name): value for name, value in row.items()})
    file = directory / ".state" / "state.sqlite"
    if file.exists():
        with store_troubles(), State(file) as state:
            polls = state.polls()
            reserved = {source.id: _reserved(source, state) for source in chosen}
    else:
        polls, reserved = {}, {}
    found = [
        health(s, polls, rows.get(s.id, []), at, reserved=reserved.get(s.id, ()), domains=domains.get(s.id))
        for s in chosen
    ]
    is_ahead = ever["started_at"] > at + CLOCK_SLACK
    last = ever["started_at"][~is_ahead].max() if not is_ahead.all() else None
    problems = _crawl_problems(last, at)
    if is_ahead.any():
        ahead = ever["started_at"].max()
        problems.append(f"a run is dated {ahead:%Y-%m-%d %H:%M} UTC, still to come: its clock or this one is wrong")
    names = {source.id for source in chosen}
    complete = [row for row in fields.to_dict("records") if row["source"] in names]
    if as_json:
        sources = [_plain(each) for each in found]
        print_json({"at": at, "last_run": last, "problems": problems, "sources": sources, "fields": complete})
    else:
        _print(found, last, problems, days, console(), feeds=show_feeds or bool(source_ids))
        _print_fields(complete, console())
    if problems or any(each.verdict == "person" for each in found):
        ctx.exit(1)


def _chosen(sources: "tuple[Source, ...]", ids: tuple[str, ...]) -> "list[Source]":
    """The sources of these ids, in that order; without any, all."""
    check_names(ids, sources)
    known = {source.id: source for source in sources}
    return [known[name] for name in ids] or list(sources)


def _visits(runs: "DataFrame") -> "DataFrame":
    """The rows of scheduled runs."""
    return runs[runs["outcome"] != BACKFILL]


def _reserved(source: "Source", state: "State") -> tuple[str, ...]:
    """What the robots.txt of the source's hosts reserve, as they were last read."""
    from pipelines.polling.reservations import reservations

    authorities = {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in (source.home, *source.listings)}
    copies = [copy for authority in sorted(authorities) if (copy := state.robots(authority)) is not None]
    return tuple(dict.fromkeys(sentence for copy in copies for sentence in reservations(copy.body)))


def _crawl_problems(last: datetime | None, now: datetime) -> list[str]:
    if last is None:
        return []
    if now - last > _STOPPED:
        return [f"no run since {last:%Y-%m-%d %H:%M} UTC: is the crawl still in the crontab?"]
    return []


def _print(
    found: "list[Health]", last: datetime | None, problems: list[str], days: int, out: Any, *, feeds: bool
) -> None:
    from crawler.commands.output import counted, table

    asked = [each for each in found if each.verdict != "off"]
    failing = sum(each.verdict == "person" for each in asked)
    when = f"last run {last:%Y-%m-%d %H:%M} UTC" if last else "no run yet"
    title = f"{len(asked)} sources, {failing} need a person; {when}"
    columns = ("", "source", "last success", "quiet", "usual", "pages", "stored", "in vain")
    rows = (
        (
            _SIGNS[each.verdict],
            each.source,
            f"{each.last_success:%Y-%m-%d %H:%M}" if each.last_success else "never",
            _ago(each.silent_for),
            _ago(each.usual_gap),
            each.pages,
            each.stored,
            counted(Counter(each.failures) + Counter(each.dropped)),
        )
        for each in asked
    )
    out.print(table(title, columns, rows, right=("quiet", "usual", "pages", "stored"), wrap=("in vain",)))
    out.print(f"\nCounts are of the last {days} days. Quiet: the time without anything new; usual: that between finds.")
    sections = (
        ("Needs a person", [("", problem) for problem in problems] + _sentences(asked, "needs")),
        ("To know", _sentences(asked, "notices")),
        ("Rights reserved in robots.txt", _sentences(asked, "reservations")),
    )
    for heading, lines in sections:
        if lines:
            out.print()
            out.print(table(heading, ("source", ""), lines, wrap=("",)))
    if feeds:
        out.print()
        out.print(
            table(
                "Feeds",
                ("source", "feed", "due", "why", "last answer"),
                (
                    (each.source, feed.url, "yes" if feed.due else "no", feed.why, feed.last_outcome)
                    for each in asked
                    for feed in each.feeds
                ),
                wrap=("why", "feed"),
            )
        )


def _print_fields(complete: list[dict[Hashable, Any]], out: Any) -> None:
    from crawler.commands.output import table

    if complete:
        columns = tuple(str(name) for name in complete[0])
        rows = (
            [row[name] if name in {"source", "articles"} else f"{row[name]:.0%}" for name in columns]
            for row in complete
        )
        out.print()
        out.print(table("Fields that the stored articles of that time have", columns, rows, right=columns[1:]))


def _plain(found: "Health") -> dict[str, Any]:
    """For JSON: lengths of time in seconds."""
    return {k: v.total_seconds() if isinstance(v, timedelta) else v for k, v in asdict(found).items()}


def _sentences(found: "list[Health]", name: str) -> list[tuple[str, str]]:
    return [(each.source, sentence) for each in found for sentence in getattr(each, name)]


def _ago(span: timedelta | None) -> str:
    if span is None:
        return ""
    hours = span.total_seconds() / 3600
    return f"{span.days} d" if span.days >= 2 else f"{hours:.0f} h"
