"""`orbitwatch backfill wayback`: the past from a web archive."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.backfill_options import Asked, archive_option, backfill_options, source_option, window_options
from crawler.commands.backfilling import Backfill
from crawler.commands.parameters import Address

if TYPE_CHECKING:
    from crawler.spiders.backfill_wayback import Site

CDX_SERVER = "https://web.archive.org/cdx/search/cdx"


@click.command("wayback")
@source_option
@click.option(
    "--url",
    "patterns",
    multiple=True,
    metavar="PATTERN",
    help="Addresses instead of sources: *.outlet.example for a domain, outlet.example/2021/* for what begins so, or "
    "one address; may be repeated.",
)
@window_options
@click.option("--cdx", type=Address(), default=CDX_SERVER, show_default=True, help="Index of the web archive.")
@archive_option
@backfill_options
@click.pass_context
def backfill_wayback(
    ctx: click.Context,
    /,
    source_ids: tuple[str, ...],
    patterns: tuple[str, ...],
    since: date,
    until: date | None,
    cdx: str,
    archive: str,
    **options: Any,
) -> None:
    """Bring in pages as a web archive has kept them, also those of outlets that are gone.

    The archive's index names the earliest good copy of each page among those captured in the days asked for. It is
    stored under its own address, as fetched at the instant of its capture. The archive is asked one thing at a time,
    with a delay of its own; a pause that it asks for is waited for up to five minutes. Killed, interrupted or cut off,
    the same command goes on where it was and stores nothing twice.
    """
    from crawler.spiders.backfill_wayback import BackfillWaybackSpider

    if source_ids and patterns:
        raise click.UsageError("--source and --url exclude each other")
    backfill = Backfill(Asked(**options))
    backfill.go(
        ctx,
        BackfillWaybackSpider,
        "wayback",
        archive=archive,
        replays=True,
        slow=(archive, cdx),
        window=backfill.window(since, until),
        sites=_sites(backfill, source_ids, patterns),
        index=cdx,
    )


def _sites(backfill: Backfill, source_ids: tuple[str, ...], patterns: tuple[str, ...]) -> "list[Site]":
    from crawler.spiders.backfill_wayback import Site
    from pipelines.backfill.scopes import scope_of_pattern, scope_of_site

    try:
        if patterns:
            return [Site(pattern, scope_of_pattern(pattern)) for pattern in patterns]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error
    return [Site(source.id, scope_of_site(source.home), source.id) for source in backfill.chosen(source_ids)]
