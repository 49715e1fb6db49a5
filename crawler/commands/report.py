"""`orbitwatch report`: the race in one HTML file."""

import importlib.util
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    ConfigurationError,
    catalogue_options,
    data_option,
    json_option,
    now_option,
    read_projects,
    read_sources,
)
from pipelines.clock import system_clock

if TYPE_CHECKING:
    from pipelines.analysis.report import Contents

#: What the extra `report` brings, by the names under which it is imported.
EXTRA = ("altair", "vl_convert", "jinja2")


@click.command()
@data_option
@catalogue_options
@json_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where to write it, - for stdout [default: report.html in the data directory].",
)
@now_option
def report(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    output: Path | None,
    now: datetime | None,
) -> None:
    """Write the race as one HTML file: milestones, plans, coverage, voices, copies, latest stories, source health.

    The file needs nothing else: no network, no script. It can be mailed, printed and opened on a phone.
    """
    from crawler.commands.output import console, print_json

    output = output or data / "report.html"
    moment = now or system_clock()
    contents, page = make_report(data, sources_file, projects_file, moment)
    if str(output) == "-":
        click.echo(page, nl=False)
        return
    write_whole(output, page)
    if as_json:
        print_json({"output": str(output), "bytes": len(page.encode()), **contents.totals})
        return
    console().print(f"{output}: {contents.totals['stories']} stories, {len(page.encode()) // 1000} kB", markup=False)


def missing_extra() -> str:
    """What to do when the extra is not installed, "" when it is."""
    lacking = [name for name in EXTRA if importlib.util.find_spec(name) is None]
    if not lacking:
        return ""
    return f"the report needs {', '.join(lacking)}: install them with `pip install 'orbitwatch[report]'`"


def make_report(
    data: Path, sources_file: Path | None, projects_file: Path | None, now: datetime
) -> "tuple[Contents, str]":
    """The report of a data directory: what stands in it, and the page.

    Raises:
        ConfigurationError: when the extra `report` is not installed, or a catalogue file is wrong.
    """
    if lacking := missing_extra():
        raise ConfigurationError(lacking)
    from pipelines.analysis import load_articles, load_milestones, load_runs, load_stories
    from pipelines.analysis.report import ARTICLE_COLUMNS, STORY_COLUMNS, gather, render_page

    contents = gather(
        load_stories(data, columns=STORY_COLUMNS),
        load_articles(data, columns=ARTICLE_COLUMNS),
        load_milestones(data),
        load_runs(data),
        projects=read_projects(data, projects_file).projects,
        sources=read_sources(data, sources_file),
        as_of=now,
    )
    return contents, render_page(contents)


def write_whole(output: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it.

    Raises:
        click.ClickException: when it cannot be written.
    """
    half = output.with_name(f".tmp-{output.name}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        half.write_text(text, encoding="utf-8")
        half.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
