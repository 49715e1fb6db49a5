"""`orbitwatch backfill urls`: articles from a list of addresses."""

from typing import TYPE_CHECKING, Any, BinaryIO

import click

from crawler.commands.backfill_options import Asked, archive_option, backfill_options, from_option
from crawler.commands.backfilling import Backfill
from crawler.commands.options import ConfigurationError, check_names

if TYPE_CHECKING:
    from pipelines.backfill.addresses import Listed

#: Bad lines that are named; the rest is counted.
_NAMED = 5


@click.command("urls")
@click.argument("file", type=click.File("rb"))
@click.option("--source", "source_id", default="", metavar="ID", help="Source of the lines that name none.")
@from_option
@archive_option
@backfill_options
@click.pass_context
def backfill_urls(
    ctx: click.Context, /, file: BinaryIO, source_id: str, place: str, archive: str, **options: Any
) -> None:
    """Bring in the articles of a list: an address a line, and a tab and the id of its source where it should be named.

    Without an id, the source is that of the catalogue with this domain, else the domain. Lines that are no address are
    named and passed over. FILE may be - for standard input.
    """
    from crawler.spiders.backfill_urls import BackfillUrlsSpider

    backfill = Backfill(Asked(**options))
    check_names([source_id] if source_id else [], backfill.sources)
    backfill.go(
        ctx,
        BackfillUrlsSpider,
        "url",
        archive=archive,
        replays=place == "wayback",
        slow=(archive,),
        addresses=_addresses(file, {source.id for source in backfill.sources}),
        source=source_id,
    )


def _addresses(file: BinaryIO, known: set[str]) -> "tuple[Listed, ...]":
    from pipelines.backfill.addresses import LIST_LIMIT, read_addresses

    try:
        read = read_addresses(file.read(LIST_LIMIT + 1))
    except ValueError as error:
        raise ConfigurationError(f"{file.name}: {error}") from error
    for bad in read.bad[:_NAMED]:
        click.echo(f"orbitwatch: {file.name}, line {bad.line}: {bad.reason}", err=True)
    if read.bad_lines > _NAMED:
        click.echo(f"orbitwatch: {file.name}: {read.bad_lines - _NAMED} more lines are no address", err=True)
    for line in read.addresses:
        if line.source and line.source not in known:
            raise ConfigurationError(f"{file.name}, line {line.line}: no source is called {line.source!r}")
    if not read.addresses:
        raise ConfigurationError(f"{file.name} holds no address")
    return read.addresses
