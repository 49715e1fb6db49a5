"""`orbitwatch`: ties the verbs together.

Each verb's module is imported when it is called, so an idle cron run stays cheap.
"""

import importlib
import os
import select
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from typing import Any

import click

from crawler.memory import collect_rarely

#: Verbs of a group: name -> (module, function, short help).
Verbs = Mapping[str, tuple[str, str, str]]

#: verb -> (module, function, short help). The help stands here so that `orbitwatch --help` imports nothing.
VERBS: Verbs = {
    "crawl": (
        "crawler.commands.crawl",
        "crawl",
        "One scheduled run: visit the sources that are due, store what is new.",
    ),
    "backfill": (
        "crawler.commands.backfill",
        "backfill",
        "The past: from sitemaps, web archives, GDELT, lists, WARC files.",
    ),
    "demo": ("crawler.commands.demo", "demo", "Play the race on a loopback newsroom and show what analysts would see."),
    "timeline": (
        "crawler.commands.timeline",
        "timeline",
        "The race so far: coverage by project, milestones claimed and known.",
    ),
    "report": (
        "crawler.commands.report",
        "report",
        "The race in one HTML file, with charts, for looking and printing.",
    ),
    "digest": (
        "crawler.commands.digest",
        "digest",
        "What is new since yesterday: stories, claims, moved dates, silence.",
    ),
    "status": ("crawler.commands.status", "status", "How each source fares, and what needs a person."),
    "sources": ("crawler.commands.sources", "sources", "The outlets: list, test, add, import, export."),
    "projects": ("crawler.commands.projects", "projects", "The film projects: list, check."),
    "explain": ("crawler.commands.explain", "explain", "How one article is judged, step by step."),
    "export": ("crawler.commands.export", "export", "Stories or articles as CSV, JSON lines or an Atom feed."),
    "check": ("crawler.commands.check", "check", "Is the store sound? Finds damage, and repairs it."),
    "rebuild": (
        "crawler.commands.rebuild",
        "rebuild",
        "All that is derived from the stored articles again, by today's rules.",
    ),
    "migrate": ("crawler.commands.migrate", "migrate", "Bring the store of an older version to today's columns."),
    "doctor": ("crawler.commands.doctor", "doctor", "Is this machine fit to run the crawl?"),
}

EXIT_CODES = """
\b
Exit codes:
  0    done
  1    failed, nothing new stored
  2    usage or configuration
  3    done, but some sources failed
  75   another run holds the lock
  130  interrupted (what was fetched is stored)
"""


class LazyGroup(click.Group):
    """A group that knows its verbs by name and imports them on demand.

    Args:
        verbs: as `VERBS`.
        settings: for click.
    """

    def __init__(self, *, verbs: Verbs, **settings: Any) -> None:
        super().__init__(**settings)
        self._verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs, in the order of the table."""
        return list(self._verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Imports the verb."""
        if cmd_name not in self._verbs:
            return None
        module, function, _ = self._verbs[cmd_name]
        return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Lists the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in self._verbs.items()])


class Orbitwatch(LazyGroup):
    """The verbs together, and what holds for whatever they print."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a verb; a reader that has seen enough (`orbitwatch timeline | head`) ends it quietly, with code 0."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            if not _reader_has_gone():
                raise click.ClickException(str(error)) from error
            # Python would complain when it flushes stdout at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


@click.command(
    cls=Orbitwatch,
    verbs=VERBS,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="orbitwatch", message="%(prog)s %(version)s")
def main() -> None:
    """Follow the race to shoot films in orbit: crawl news outlets, keep what is on topic, store stories in Parquet."""


def run() -> None:
    """Entry point: runs `main`, whatever the terminal's encoding."""
    collect_rarely()
    # Headlines are in every script: what a terminal in Latin-1 cannot show is told by its number, as stderr does it.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    main(prog_name="orbitwatch")


def _reader_has_gone() -> bool:
    """Whether nobody reads stdout any more: other pipes may break as well."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)  # an error is told unasked
    return bool(poll.poll(0))
