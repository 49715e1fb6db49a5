"""`orbitwatch backfill`: the past, brought in through the same pipeline."""

import click

from crawler.cli import LazyGroup

#: kind -> (module, function, short help), as `crawler.cli.VERBS`.
KINDS = {
    "sitemaps": (
        "crawler.commands.backfill_sitemaps",
        "backfill_sitemaps",
        "From the archive sitemaps of the outlets themselves.",
    ),
    "wayback": (
        "crawler.commands.backfill_wayback",
        "backfill_wayback",
        "From a web archive: pages as they were, also of outlets that are gone.",
    ),
    "gdelt": (
        "crawler.commands.backfill_gdelt",
        "backfill_gdelt",
        "From GDELT's bulk files: outlets all over the world, found by title and address.",
    ),
    "urls": ("crawler.commands.backfill_urls", "backfill_urls", "From a list of addresses."),
    "warc": ("crawler.commands.backfill_warc", "backfill_warc", "From WARC files, such as Common Crawl's CC-NEWS."),
}


@click.command(cls=LazyGroup, verbs=KINDS)
def backfill() -> None:
    """Bring the past in, through the same pipeline: polite, resumable, and nothing stored twice.

    What each kind is for, and what it costs: docs/backfill.md.
    """
