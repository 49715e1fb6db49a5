"""What the kinds of `orbitwatch backfill` that ask the network share: options, the run, the estimate."""

import sys
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

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
from pipelines.clock import Clock, clock_from, system_clock

if TYPE_CHECKING:
    from crawler.backfill.run import BackfillSummary
    from crawler.backfill.units import Estimate
    from crawler.spiders.backfill import BackfillSpider
    from pipelines.backfill.window import Window
    from pipelines.catalogue.sources import Source
    from pipelines.model import DiscoveredVia
    from pipelines.store import Store
    from pipelines.store.location import BucketAddress

F = TypeVar("F", bound=Callable[..., Any])

WEB_ARCHIVE = "https://web.archive.org/web"
CDX_SERVER = "https://web.archive.org/cdx/search/cdx"

#: Seconds between two requests to an archive. The Internet Archive refuses clients that send more than some fifteen a
# minute.
_DELAY = 4.0
#: Pages of one source in a run; of a scheduled run 300 are asked for, but an archive has what an outlet ever wrote.
_MAX_PAGES = 100_000


class Day(click.ParamType[date]):
    """A day, or the first or last one of a month or a year.

    Args:
        last: whether a month stands for its last day.
    """

    name = "day"

    def __init__(self, *, last: bool) -> None:
        self._last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        parts = value.strip().split("-")
        try:
            year, month, *day = map(int, [*parts, 12 if self._last else 1][: max(len(parts), 2)])
            return date(year, month, *(day or [monthrange(year, month)[1] if self._last else 1]))
        except (ValueError, TypeError):
            self.fail(f"{value!r} is no day; write 2021-10-05, 2021-10 or 2021", param, ctx)


class Base(click.ParamType[str]):
    """The base address of a service."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address, safe to request."""
        from pipelines.urls import fetch_url

        try:
            return fetch_url(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that all kinds share, by their names."""

    data: "Path | BucketAddress"
    work: Path | None
    sources_file: Path | None
    projects_file: Path | None
    limit: int | None
    budget: float | None
    delay: float
    dry_run: bool
    wait: float
    settings: dict[str, str]
    allow_private: tuple[str, ...]
    contact: str | None
    keep_raw: bool
    verbose: int
    now: datetime | None
    as_json: bool

    @property
    def clock(self) -> Clock:
        """The time, or the one that is pretended."""
        return clock_from(self.now) if self.now else system_clock


def window_options(function: F) -> F:
    """`--since DAY` and `--until DAY`."""
    function = click.option(
        "--until", type=Day(last=True), metavar="DAY", help="Last day, in the same forms.  [default: today]"
    )(function)
    return click.option(
        "--since", type=Day(last=False), metavar="DAY", required=True, help="First day: 2021-10-05, 2021-10 or 2021."
    )(function)


def source_option(function: F) -> F:
    """`--source ID`, repeated."""
    return click.option(
        "--source", "source_ids", multiple=True, metavar="ID", help="Only this source; may be repeated."
    )(function)


def archive_option(function: F) -> F:
    """`--archive BASE`."""
    return click.option(
        "--archive",
        type=Base(),
        default=WEB_ARCHIVE,
        show_default=True,
        help="Replay of the web archive: copies are below it.",
    )(function)


def from_option(function: F) -> F:
    """`--from live|wayback`."""
    return click.option(
        "--from",
        "place",
        type=click.Choice(["live", "wayback"]),
        default="live",
        show_default=True,
        help="Where pages are asked for: their outlets, and the web archive for those that are gone; or the archive "
        "for all.",
    )(function)


def backfill_options(function: F) -> F:
    """The options of `Asked`."""
    for add in (
        json_option,
        now_option,
        click.option("-v", "--verbose", count=True, help="Log to stderr; twice for every request."),
        click.option(
            "--contact",
            help="Address or mailbox that the user agent names, so that outlets can write to you.",
            envvar="ORBITWATCH_CONTACT",
        ),
        network_options,
        raw_option,
        click.option(
            "--wait", type=Duration(), default=0, help="Wait this long for another run to end.  [default: do not wait]"
        ),
        click.option(
            "--dry-run", is_flag=True, help="Estimate from a sample of the lists what it would cost; fetch no page."
        ),
        click.option(
            "--delay",
            type=click.FloatRange(min=0),
            default=_DELAY,
            show_default=True,
            help="Seconds between two requests to an archive.",
        ),
        click.option(
            "--budget",
            type=Duration(),
            help="End after this time, for example 8h; the same command goes on from there.",
        ),
        click.option("--limit", type=click.IntRange(min=1), help="Fetch at most this many article pages."),
        catalogue_options,
        store_option,
    ):
        function = add(function)
    return function


class Backfill:
    """One call of the command: reads the catalogue, then runs one spider.

    Args:
        asked: the options.

    Raises:
        ConfigurationError: for what the operator must mend; nothing has been fetched.
    """

    def __init__(self, asked: Asked) -> None:
        from pipelines.store import StoreError
        from pipelines.store.location import open_store

        self.asked = asked
        try:
            self.store: Store = open_store(asked.data, work=asked.work, clock=asked.clock)
        except StoreError as error:
            raise ConfigurationError(str(error)) from error
        self.sources = read_sources(self.store.root, asked.sources_file)

    def chosen(self, ids: tuple[str, ...]) -> "list[Source]":
        """The sources of these ids; without any, all that are enabled."""
        from crawler.commands.running import check_names

        check_names(ids, self.sources)
        return [source for source in self.sources if (source.id in ids if ids else source.enabled)]

    def window(self, since: date, until: date | None) -> "Window":
        """The days asked for."""
        from pipelines.backfill.window import Window

        try:
            return Window(since, until or self.asked.clock().date())
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--since / --until") from error

    def go(
        self,
        ctx: click.Context,
        kind: "type[BackfillSpider[Any, Any]]",
        via: "DiscoveredVia",
        *,
        archive: str = "",
        replays: bool = False,
        slow: tuple[str, ...] = (),
        **arguments: Any,
    ) -> None:
        """Runs the spider, or estimates with it, says what came of it, and exits.

        Args:
            ctx: click's.
            kind: the spider.
            via: how its articles become known.
            archive: base of the web archive's replay, "" for none.
            replays: whether all pages are asked of the archive.
            slow: addresses on hosts that get `--delay`.
            arguments: for the spider.
        """
        from crawler.backfill.run import BackfillRun
        from crawler.commands.running import make_directory, run_spider, scrapy_settings, show
        from crawler.monitoring import LOCKED
        from crawler.plans import RunOptions
        from pipelines.state import State
        from pipelines.store import StoreError, StoreLocked

        asked, root = self.asked, self.store.root
        options = RunOptions(
            root,
            data_files(root, asked.sources_file, asked.projects_file)[1],
            read_projects(root, asked.projects_file).version,
            asked.limit,
            int(asked.settings.get("ORBITWATCH_MAX_PAGES_PER_SOURCE", _MAX_PAGES)),
            asked.keep_raw,
        )
        delays = {urlsplit(address).hostname or "": asked.delay for address in slow if address}
        settings = {"CLOSESPIDER_TIMEOUT": 0, "ORBITWATCH_LEAST_DELAYS": delays} | scrapy_settings(
            asked.settings, asked.allow_private, asked.contact, asked.budget, asked.verbose
        )
        arguments |= {"archive": archive, "replays": replays}
        make_directory(root)
        try:
            with State(root / ".state" / "state.sqlite") as state:
                run = BackfillRun(options, self.sources, state, self.store, asked.clock, via)
                if asked.dry_run:
                    spider, _ = run_spider(kind, run, settings, asked.verbose, estimating=True, **arguments)
                    if run.fatal:
                        raise click.ClickException(run.fatal)
                    _show_estimates(spider.estimates if spider else [], _Pace(delays, settings), as_json=asked.as_json)
                    return
                if state.set_aside:
                    click.echo(f"orbitwatch: {state.set_aside}", err=True)
                with self.store.lock(wait=asked.wait):
                    self.store.probe()
                    self.store.heal()
                    _, interrupted = run_spider(kind, run, settings, asked.verbose, **arguments)
                    summary = run.finish(interrupted=interrupted)
        except StoreLocked as error:
            click.echo(f"orbitwatch: {error}", err=True)
            ctx.exit(LOCKED)
        except (StoreError, OSError) as error:  # their texts say what to do
            raise click.ClickException(str(error)) from error
        show(summary, as_json=asked.as_json)
        _show_left(summary, as_json=asked.as_json)
        ctx.exit(summary.exit_code)


class _Pace:
    """Time between two requests to a host.

    Args:
        delays: seconds by host, for some.
        options: Scrapy's settings; DOWNLOAD_DELAY holds for the others.
    """

    def __init__(self, delays: dict[str, float], options: dict[str, Any]) -> None:
        from crawler.settings import DOWNLOAD_DELAY

        self._usual = float(options.get("DOWNLOAD_DELAY", DOWNLOAD_DELAY))
        self._delays = delays

    def seconds(self, estimate: "Estimate") -> float:
        """The host with most to do says how long it takes."""
        times = (self.between(host) * requests for host, requests in estimate.hosts.items())
        return max(times, default=0.0)

    def between(self, host: str) -> float:
        """Seconds between two requests."""
        return max(self._delays.get(host.partition(":")[0], 0.0), self._usual)


def _show_estimates(estimates: "list[Estimate]", pace: _Pace, *, as_json: bool) -> None:
    from crawler.backfill.run import spoken
    from crawler.commands.output import console, print_json, table

    rows = [
        {
            "target": each.target,
            "lists": round(each.units),
            "read": each.read,
            "pages": round(each.pages),
            "at_least": each.at_least,
            "seconds": round(pace.seconds(each)),
            "problems": dict(sorted(each.problems.items())),
        }
        for each in estimates
    ]
    if as_json:
        print_json(rows)
        return
    columns = ("target", "lists", "read", "pages", "time", "problems")
    lines = (
        (
            row["target"],
            row["lists"],
            row["read"],
            f"{'at least ' if row['at_least'] else 'about '}{row['pages']}",
            spoken(float(str(row["seconds"]))),
            ", ".join(f"{reason} {count}" for reason, count in dict(row["problems"]).items()),  # type: ignore[call-overload]
        )
        for row in rows
    )
    console().print(table("Estimate from a sample of the lists", columns, lines, right=("lists", "read", "pages")))


def _show_left(summary: "BackfillSummary", *, as_json: bool) -> None:
    """What the same command would go on with, to whoever looks."""
    if not as_json and summary.units_left and sys.stdout.isatty():
        click.echo(f"Lists left: {summary.units_left}. The same command goes on with them.")
