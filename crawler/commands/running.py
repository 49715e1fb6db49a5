"""What the verbs that crawl share: Scrapy's settings from options, a spider run to its end, the summary shown."""

import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands.options import ConfigurationError
from crawler.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Spider

    from crawler.run import Run
    from pipelines.catalogue.sources import Source

S = TypeVar("S", bound="Spider")

#: How a spider ends by itself, or because somebody asked it to.
_ORDERLY = frozenset({"finished", "shutdown", "closespider_timeout", "store_failed"})


def check_names(ids: "Iterable[str]", sources: "Iterable[Source]") -> None:
    """Raises `ConfigurationError` for an id that no source has."""
    known = {source.id for source in sources}
    for wanted in ids:
        if wanted not in known:
            raise ConfigurationError(f"no source is called {wanted!r}; see `orbitwatch sources list`")


def make_directory(root: Path) -> None:
    """Makes the data directory, or says that it cannot be made."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{root} cannot be made ({error.strerror}); give another with --data") from error


def scrapy_settings(
    overrides: dict[str, str], allow_private: tuple[str, ...], contact: str | None, budget: float | None, verbose: int
) -> dict[str, Any]:
    """What the options say in Scrapy's terms; `-s` has the last word."""
    from crawler.netguard import parse_networks

    try:
        parse_networks(allow_private)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--allow-private") from error
    found: dict[str, Any] = {"ORBITWATCH_ALLOW_PRIVATE": list(allow_private)}
    if contact:
        found |= {"ORBITWATCH_CONTACT": contact, "USER_AGENT": f"orbitwatch/{version('orbitwatch')} (+{contact})"}
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
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from crawler.logs import hush

    merged = Settings()
    merged.setmodule("crawler.settings", priority="project")
    merged.setdict(settings, priority="cmdline")
    process = AsyncCrawlerProcess(merged)
    hush(verbose=verbose > 0)
    crawler = process.create_crawler(kind)
    process.crawl(crawler, run=run, **arguments)
    process.start()
    reason = crawler.stats.get_value("finish_reason", "failed to start")
    if reason not in _ORDERLY:
        run.fatal = run.fatal or f"the crawl ended early: {reason}"
    spider = crawler.spider
    return spider if isinstance(spider, kind) else None, bool(reason == "shutdown")


def show(summary: Summary, *, as_json: bool) -> None:
    """The summary: JSON when asked for, a table where somebody looks, problems on stderr in any case."""
    if as_json:
        from crawler.commands.output import print_json

        print_json(asdict(summary))
    elif sys.stdout.isatty():
        from crawler.commands.output import console

        console().print(_summary_table(summary))
    for problem in summary.problems:
        click.echo(f"orbitwatch: {problem}", err=True)


def _summary_table(summary: Summary) -> object:
    from crawler.commands.output import table

    columns = (
        "source",
        "outcome",
        "entries",
        "new",
        "pages",
        "off topic",
        "stored",
        "duplicates",
        "dropped",
        "failed",
        "next due",
    )
    rows = [
        (
            row.source or "all", row.outcome, row.entries, row.new_urls, row.pages, row.off_topic, row.stored,
            row.duplicates, _counts(row.dropped), _counts(row.failed),
            row.next_due_at and f"{row.next_due_at:%d %b %H:%M}",
        )
        for row in (*summary.rows, summary.total)
    ]  # fmt: skip
    seconds = (summary.finished_at - summary.started_at).total_seconds()
    right = ("entries", "new", "pages", "off topic", "stored", "duplicates")
    return table(f"Run {summary.run_id}, {seconds:.0f} s", columns, rows, right=right, wrap=("dropped", "failed"))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in sorted(counts.items()))
