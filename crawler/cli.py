"""`orbitwatch`: ties the verbs together.

Each verb's module is imported when it is called, so an idle cron run stays cheap.
"""

import importlib
import signal
from collections.abc import Mapping
from typing import Any

import click

from crawler.memory import collect_rarely
from crawler.streams import make_usable, output_told

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
    """The verbs together, and what holds for all of them: what they print, and how a signal ends them."""

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        """Reads the arguments; `--help` prints here."""
        with output_told():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs a verb, to its end or to Ctrl-C."""
        try:
            with output_told():
                return super().invoke(ctx)
        except KeyboardInterrupt as error:
            from crawler.commands.store_work import StoppedError

            raise StoppedError("interrupted") from error


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
    """Entry point: runs `main`, whatever the streams and signals that it was started with."""
    collect_rarely()
    make_usable()
    # As Ctrl-C, so that a half-written file is removed, and processes that were started are ended. While Scrapy runs it
    # has handlers of its own.
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    main(prog_name="orbitwatch")
