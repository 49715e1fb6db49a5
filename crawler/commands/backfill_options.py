"""Options that the kinds of `orbitwatch backfill` share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands.options import (
    catalogue_options,
    contact_option,
    json_option,
    network_options,
    now_option,
    raw_option,
    store_option,
    verbose_option,
    wait_option,
)
from crawler.commands.parameters import Address, Day, Duration
from pipelines.clock import Clock, clock_from, system_clock

if TYPE_CHECKING:
    from pipelines.store.location import BucketAddress

F = TypeVar("F", bound=Callable[..., Any])

WEB_ARCHIVE = "https://web.archive.org/web"

#: Seconds between two requests to an archive. The Internet Archive refuses clients that send more than some fifteen a
# minute.
_DELAY = 4.0


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
        type=Address(),
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
        verbose_option,
        contact_option,
        network_options,
        raw_option,
        wait_option,
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
