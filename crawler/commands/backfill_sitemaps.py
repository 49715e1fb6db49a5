"""`orbitwatch backfill sitemaps`: the past from the outlets' own archive sitemaps."""

from datetime import date
from typing import Any

import click

from crawler.commands.backfill_options import Asked, backfill_options, source_option, window_options
from crawler.commands.backfilling import Backfill


@click.command("sitemaps")
@source_option
@window_options
@backfill_options
@click.pass_context
def backfill_sitemaps(
    ctx: click.Context, /, source_ids: tuple[str, ...], since: date, until: date | None, **options: Any
) -> None:
    """Bring in what outlets list in their archive sitemaps.

    Read are the `sitemaps` of each source, or those that its robots.txt names, or /sitemap.xml. Children of an index
    are chosen by the month in their name or by their lastmod, entries by their dates; every page is read, and the gate
    decides. Killed, interrupted or cut off, the same command goes on where it was and stores nothing twice.
    """
    from crawler.spiders.backfill_sitemaps import BackfillSitemapsSpider

    backfill = Backfill(Asked(**options))
    chosen = backfill.chosen(source_ids)
    backfill.go(ctx, BackfillSitemapsSpider, "sitemap", window=backfill.window(since, until), chosen=chosen)
