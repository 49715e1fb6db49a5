"""What the verbs that crawl share: Scrapy's settings from options, a spider run to its end, the summary shown."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands.options import read_projects
from crawler.plans import RunOptions
from crawler.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table
    from scrapy import Spider

    from crawler.run import Run

S = TypeVar("S", bound="Spider")

_PAGES_PER_SOURCE = "ORBITWATCH_MAX_PAGES_PER_SOURCE"
#: How a spider ends by itself, or because somebody asked it to.
_ORDERLY = frozenset({"finished", "shutdown", "closespider_timeout", "store_failed"})


def make_directory(root: Path) -> None:
    """Makes the data directory, or says that it cannot be made."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{root} cannot be made ({error.strerror}); give another with --data") from error


def run_options(
    root: Path,
    projects_file: Path | None,
    settings: dict[str, str],
    *,
    limit: int | None,
    pages_per_source: int,
    keep_raw: bool,
) -> RunOptions:
    """What a run is asked to do; `-s` has the last word about `pages_per_source`."""
    said = settings.get(_PAGES_PER_SOURCE, str(pages_per_source))
    if not said.isdecimal():
        raise click.BadParameter(f"{_PAGES_PER_SOURCE}={said}: write a number, for example 300", param_hint="-s")
    return RunOptions(root, read_projects(root, projects_file), limit, int(said), keep_raw)


def scrapy_settings(
    overrides: dict[str, str], allow_private: tuple[str, ...], contact: str | None, budget: float | None, verbose: int
) -> dict[str, Any]:
    """What the options say in Scrapy's terms; `-s` has the last word."""
    from crawler.netguard import parse_networks
    from crawler.settings import user_agent

    try:
        parse_networks(allow_private)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--allow-private") from error
    found: dict[str, Any] = {"ORBITWATCH_ALLOW_PRIVATE": list(allow_private)}
    if contact:
        found["USER_AGENT"] = user_agent(contact)
    if budget:
        found["CLOSESPIDER_TIMEOUT"] = budget
    if verbose:
        found["LOG_LEVEL"] = "DEBUG" if verbose > 1 else "INFO"
    return found | overrides


def run_spider(
    kind: type[S], run: "Run", settings: dict[str, Any], verbose: int, **arguments: Any
) -> tuple[S | None, bool]:
    """Runs a spider to its end; a process can do so once.

    Args:
        kind: its class.
        run: keeps the books; it is told when the spider ends early.
        settings: Scrapy settings that win over the project's.
        verbose: above 0, libraries may log.
        arguments: what the spider takes beside the run.

    Returns:
        The spider (None when it could not be made), and whether it was interrupted.
    """
    from crawler.process import run_to_its_end

    crawler = run_to_its_end(kind, settings, verbose=verbose > 0, run=run, **arguments)
    reason = crawler.stats.get_value("finish_reason", "failed to start")
    if reason not in _ORDERLY:
        run.fail(f"the crawl ended early: {reason}")
    spider = crawler.spider
    return spider if isinstance(spider, kind) else None, bool(reason == "shutdown")


def show(summary: Summary, *, as_json: bool) -> None:
    """The summary: JSON when asked for, a table where somebody looks, complaints on stderr in any case."""
    if as_json:
        from crawler.commands.output import print_json

        print_json(asdict(summary))
    elif sys.stdout.isatty():
        from crawler.commands.output import console

        for each in summary_tables(summary):
            console().print(each)
    for complaint in summary.complaints:
        click.echo(f"orbitwatch: {complaint}", err=True)


def summary_tables(summary: Summary) -> "Iterator[Table]":
    """What was done by source, and why the rest was not, in eighty characters a line."""
    from crawler.commands.output import counted, table

    rows = (*summary.rows, summary.total)
    columns = ("source", "outcome", "new", "pages", "off topic", "stored", "next due")
    done = (
        (row.source or "all", row.outcome, row.new_urls, row.pages, row.off_topic, row.stored,
         row.next_due_at and f"{row.next_due_at:%d %b %H:%M}")
        for row in rows
    )  # fmt: skip
    seconds = (summary.finished_at - summary.started_at).total_seconds()
    yield table(f"Run {summary.run_id}, {seconds:.0f} s", columns, done, right=columns[2:6])
    left = [
        (row.source or "all", row.duplicates or "", counted(row.dropped), counted(row.failed))
        for row in rows
        if row.duplicates or row.dropped or row.failed
    ]
    if left:
        names = ("source", "duplicates", "dropped", "failed")
        yield table("Not stored", names, left, right=("duplicates",), wrap=("dropped", "failed"))
