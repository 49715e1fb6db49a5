"""`orbitwatch sources`: the outlets."""

from dataclasses import asdict
from pathlib import Path

import click

from crawler.commands.options import catalogue_options, data_option, json_option, read_sources


@click.group()
def sources() -> None:
    """The outlets that are visited. They are entries of a TOML file, made to be edited."""


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
    """Show every source with its kind, country, language and feeds."""
    from crawler.commands.output import console, print_json, table

    found = [source for source in read_sources(data, sources_file) if source.enabled or not only_enabled]
    if as_json:
        print_json([asdict(source) for source in found])
        return
    console().print(
        table(
            f"{len(found)} sources, {sum(source.enabled for source in found)} enabled",
            ("id", "name", "kind", "country", "language", "fetch", "on", "feeds"),
            (
                (
                    s.id,
                    s.name,
                    s.kind,
                    s.country,
                    s.language,
                    s.fetch,
                    "yes" if s.enabled else "no",
                    " ".join((*s.feeds, *s.news_sitemaps)),
                )
                for s in found
            ),
        )
    )
