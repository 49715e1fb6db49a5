"""`orbitwatch sources`: the outlets."""

from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import click

from crawler.commands.options import catalogue_options, data_option, json_option, read_sources
from crawler.commands.sources_add import add_source, import_sources
from crawler.commands.sources_test import test_sources


@click.group()
def sources() -> None:
    """The outlets that are visited. They are entries of a TOML file, made to be edited."""


sources.add_command(test_sources)
sources.add_command(add_source)
sources.add_command(import_sources)


@sources.command("list")
@data_option
@catalogue_options
@json_option
@click.option("--enabled", "only_enabled", is_flag=True, help="Leave out sources that are switched off.")
def list_sources(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    only_enabled: bool,
) -> None:
    """Show every source with its kind, country and language, which pages are fetched, and its feeds."""
    from crawler.commands.output import console, print_json, table

    found = [source for source in read_sources(data, sources_file) if source.enabled or not only_enabled]
    if as_json:
        print_json([asdict(source) for source in found])
        return
    console().print(
        table(
            f"{len(found)} sources, {sum(source.enabled for source in found)} enabled",
            ("id", "name", "kind", "from", "fetch", "feeds"),
            (
                (
                    s.id,
                    s.name,
                    s.kind,
                    f"{s.country} {s.language}".strip(),
                    s.fetch if s.enabled else "off",
                    " ".join((*s.feeds, *s.news_sitemaps)),
                )
                for s in found
            ),
            wrap=("name", "feeds"),
        )
    )


@sources.command("export")
@data_option
@catalogue_options
@click.option(
    "-o", "--output", type=click.File("wb"), default="-", metavar="FILE", help="Write here.  [default: standard output]"
)
@click.option("--enabled", "only_enabled", is_flag=True, help="Leave out sources that are switched off.")
def export_sources(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    output: BinaryIO,
    only_enabled: bool,
) -> None:
    """Write the feeds as OPML, for a feed reader."""
    from pipelines.catalogue.opml import write_opml

    found = [source for source in read_sources(data, sources_file) if source.enabled or not only_enabled]
    output.write(write_opml(found))
