"""`orbitwatch sources add` and `import`: new entries for sources.toml."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    ConfigurationError,
    catalogue_options,
    data_option,
    json_option,
    network_options,
    read_sources,
)
from pipelines.clock import system_clock
from pipelines.whole_files import replace_text

if TYPE_CHECKING:
    from crawler.probing import Tried
    from pipelines.catalogue.sources import Source

_yes_option = click.option("--yes", is_flag=True, help="Write without asking.")


@click.command("add")
@click.argument("url")
@data_option
@catalogue_options
@network_options
@json_option
@_yes_option
@click.pass_context
def add_source(
    ctx: click.Context,
    url: str,
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    settings: dict[str, str],
    allow_private: tuple[str, ...],
    as_json: bool,
    yes: bool,
) -> None:
    """Look for the feeds and news sitemaps of the outlet at URL, and add it to the sources file.

    Asked are its front page, its robots.txt, and the usual places where it names none. What is found is shown, and
    nothing is written before you agree. Exit code 1 when nothing is found.
    """
    from crawler.commands.output import print_json
    from crawler.commands.store_work import store_troubles
    from crawler.fetching import FetchError, send
    from crawler.probing import explore
    from pipelines.catalogue.opml import source_toml
    from pipelines.catalogue.sources_check import url_mend
    from pipelines.discovery import new_source

    address = url if "://" in url else f"https://{url}/"
    if mend := url_mend(address):
        raise click.BadParameter(f"{url!r}: {mend}", param_hint="URL")
    path, base = _files(data, sources_file)
    known = read_sources(data, base) if base else ()
    try:
        with store_troubles():
            page, home, tried = send(
                lambda visit: explore(visit, address),
                data=data,
                clock=system_clock,
                allow_private=allow_private,
                settings=settings,
            )
    except FetchError as error:
        raise click.ClickException(f"{address} could not be fetched: {error}") from error
    listings = [attempt.listing for attempt in tried if attempt.listing is not None]
    source = new_source(home, page, listings, taken=[s.id for s in known])
    entry = source_toml(source)
    polled = {address: s.id for s in known for address in s.listings}
    twice = next((polled[address] for address in source.listings if address in polled), "")
    written = False
    if not as_json:
        _show(tried, entry)
    if source.listings and twice:
        click.echo(f"The source {twice!r} visits this outlet already; nothing is written.", err=True)
    elif source.listings and (yes or (not as_json and click.confirm(f"Add this to {path}?"))):
        _append(path, base, [source])
        written = True
    if as_json:
        asked = [{"url": a.url, "kind": a.listing and a.listing.kind, "problem": a.problem} for a in tried]
        print_json({"tried": asked, "entry": entry, "file": str(path), "written": written, "known_as": twice or None})
    elif written:
        click.echo(f"Added {source.id!r} to {path}. Try it: orbitwatch sources test {source.id}")
    if not source.listings:
        click.echo(f"No feed and no news sitemap was found for {home}.", err=True)
        ctx.exit(1)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.opml")
@data_option
@catalogue_options
@_yes_option
def import_sources(file: Path, data: Path, sources_file: Path | None, projects_file: Path | None, yes: bool) -> None:
    """Add the feeds of an OPML file, as feed readers write it, to the sources file.

    Feeds that it has already are left out.
    """
    from pipelines.catalogue.opml import OpmlError, read_opml

    try:
        feeds = read_opml(file.read_bytes())
    except OpmlError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    path, base = _files(data, sources_file)
    known = read_sources(data, base) if base else ()
    polled = {address for source in known for address in source.listings}
    new = _sources_of([feed for feed in feeds if feed.feed not in polled], {source.id for source in known})
    click.echo(f"{len(feeds)} feeds in {file}: {sum(len(s.feeds) for s in new)} new, for {len(new)} sources.")
    for source in new:
        click.echo(f"  {source.id:<30} {' '.join(source.feeds)}")
    if new and (yes or click.confirm(f"Add them to {path}?")):
        _append(path, base, new)
        click.echo(f"Added to {path}. Try them: orbitwatch sources test --all")


def _sources_of(feeds: Sequence[Any], taken: set[str]) -> "list[Source]":
    """One source for all feeds with one front page."""
    from urllib.parse import urljoin

    from pipelines.catalogue.sources import Source
    from pipelines.discovery import source_id

    homes: dict[str, list[Any]] = {}
    for feed in feeds:
        homes.setdefault(feed.home or urljoin(feed.feed, "/"), []).append(feed)
    found = []
    for home, group in homes.items():
        name = source_id(home, taken)
        taken.add(name)
        found.append(Source(name, group[0].title or name, home, feeds=tuple(feed.feed for feed in group)))
    return found


def _files(data: Path, sources_file: Path | None) -> tuple[Path, Path | None]:
    """The file that is written, and the one whose entries it begins with, None for a new list.

    Where the data directory has no file yet, the project's own is in force, and one there would take its place.
    """
    from pipelines.catalogue.problems import default_file

    path = sources_file or data / "sources.toml"
    if path.exists():
        return path, path
    return path, None if sources_file else default_file("sources.toml")


def _append(path: Path, base: Path | None, new: "Sequence[Source]") -> None:
    """Adds entries at the end of a sources file, replacing it whole; what people wrote in it stays as it is.

    Raises:
        ConfigurationError: when the result would not be valid; the file is then untouched.
        ClickException: when it cannot be written.
    """
    from pipelines.catalogue.opml import source_toml
    from pipelines.catalogue.problems import CatalogueError
    from pipelines.catalogue.sources import parse_sources

    before = base.read_bytes().decode("utf-8-sig").rstrip("\r\n") if base else ""
    end = "\r\n" if "\r\n" in before else "\n"
    added = [source_toml(source).replace("\n", end) for source in new]
    text = f"{end}{end}".join(part.rstrip("\r\n") for part in (before, *added) if part) + end
    try:
        parse_sources(text, path)
    except CatalogueError as error:
        raise ConfigurationError(f"{error}\nNothing has been written.") from error
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, text)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error


def _show(tried: "Sequence[Tried]", entry: str) -> None:
    from crawler.commands.output import console, table

    rows = (
        (
            attempt.listing.kind.replace("_", " ") if attempt.listing else "-",
            attempt.url,
            f"{len(attempt.listing.entries)} entries" if attempt.listing else attempt.problem,
        )
        for attempt in tried
    )
    out = console()
    out.print(table("Asked", ("is a", "address", "gives"), rows, wrap=("address", "gives")))
    out.print()
    out.print(entry)
