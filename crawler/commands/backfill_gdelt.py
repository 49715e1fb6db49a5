"""`orbitwatch backfill gdelt`: the past from GDELT's bulk files."""

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urljoin

import click

from crawler.commands.backfill_options import (
    Asked,
    archive_option,
    backfill_options,
    from_option,
    source_option,
    window_options,
)
from crawler.commands.backfilling import Backfill
from crawler.commands.options import ConfigurationError
from crawler.commands.parameters import Address
from pipelines.backfill.gdelt import KINDS, Kind

if TYPE_CHECKING:
    from pipelines.backfill.gdelt import BulkFile
    from pipelines.backfill.window import Window

GDELT = "http://data.gdeltproject.org/"


@click.command("gdelt")
@source_option
@window_options
@click.option("--base", type=Address(), default=GDELT, show_default=True, help="Server of the bulk files.")
@click.option(
    "--files",
    "kind",
    type=click.Choice(KINDS),
    help="Which files.  [default: gal, the article list; gkg, the knowledge graph, before 2020]",
)
@click.option(
    "--list",
    "listed",
    type=click.File("rb"),
    metavar="FILE",
    help="List of the server's files, downloaded (masterfilelist.txt or masterfilelist-translation.txt): only what it "
    "names is asked for, and checksums are compared. It knows no gal.",
)
@from_option
@archive_option
@backfill_options
@click.pass_context
def backfill_gdelt(
    ctx: click.Context,
    /,
    source_ids: tuple[str, ...],
    since: date,
    until: date | None,
    base: str,
    kind: Kind | None,
    listed: BinaryIO | None,
    place: str,
    archive: str,
    **options: Any,
) -> None:
    """Bring in articles of outlets all over the world, found by their title and address in GDELT's bulk files.

    Fetched is only what speaks of the subject there. An outlet that the catalogue lacks is stored under its domain; one
    that is switched off there is left alone, unless it is named. Killed, interrupted or cut off, the same command goes
    on where it was and stores nothing twice.
    """
    from crawler.spiders.backfill_gdelt import BackfillGdeltSpider
    from pipelines.backfill.gdelt import files_by_rule

    backfill = Backfill(Asked(**options))
    window = backfill.window(since, until)
    files = (
        _files_of(listed, base, window, kind or "gkg").__iter__
        if listed
        else partial(files_by_rule, base, window, kind)
    )
    backfill.go(
        ctx,
        BackfillGdeltSpider,
        "gdelt",
        archive=archive,
        replays=place == "wayback",
        slow=(archive,),
        files=files,
        base=base,
        only=[source.id for source in backfill.chosen(source_ids)] if source_ids else [],
    )


def _files_of(listed: BinaryIO, base: str, window: "Window", kind: Kind) -> "tuple[BulkFile, ...]":
    """The files of a downloaded list, looked for on the server of `base`."""
    from pipelines.backfill.gdelt import LIST_LIMIT, read_file_list

    url = urljoin(base, "gdeltv2/masterfilelist.txt")
    try:
        return read_file_list(listed.read(LIST_LIMIT + 1), url=url, window=window, kinds=(kind,)).files
    except ValueError as error:
        raise ConfigurationError(f"{listed.name}: {error}") from error
