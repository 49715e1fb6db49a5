"""`orbitwatch report`: the race in one HTML file."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    ConfigurationError,
    catalogue_options,
    json_option,
    now_option,
    read_projects,
    read_sources,
    store_option,
)
from crawler.extras import lacking
from pipelines.clock import system_clock
from pipelines.whole_files import replace_text

if TYPE_CHECKING:
    from pipelines.analysis.report import Contents
    from pipelines.store.location import BucketAddress

#: What the extra `report` brings, by the names under which it is imported.
EXTRA = ("altair", "vl_convert", "jinja2")


@click.command()
@store_option
@catalogue_options
@json_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="Where to write it, - for stdout [default: report.html in the data directory, or in that of --work].",
)
@now_option
def report(
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    output: Path | None,
    now: datetime | None,
) -> None:
    """Write the race as one HTML file: milestones, plans, coverage, voices, copies, latest stories, source health.

    The file needs nothing else: no network, no script. It can be mailed, printed and opened on a phone.
    """
    from crawler.commands.choosing import require_place
    from crawler.commands.output import console, print_json
    from crawler.commands.store_work import tables_read
    from pipelines.store.location import host_directory

    require_place(data)
    output = output or host_directory(data, work) / "report.html"
    moment = now or system_clock()
    with tables_read():
        contents, page = make_report(data, sources_file, projects_file, moment, work=work)
    if str(output) == "-":
        click.echo(page, nl=False)
        return
    write_report(output, page)
    if as_json:
        print_json({"output": str(output), "bytes": len(page.encode()), **contents.totals})
        return
    console().print(f"{output}: {contents.totals['stories']} stories, {len(page.encode()) // 1000} kB")


def missing_extra() -> str:
    """What to do when the extra is not installed, "" when it is."""
    return lacking(EXTRA, purpose="the report", extra="report")


def make_report(
    data: "Path | BucketAddress",
    sources_file: Path | None,
    projects_file: Path | None,
    now: datetime,
    *,
    work: Path | None = None,
) -> "tuple[Contents, str]":
    """The report of a data directory or a bucket: what stands in it, and the page.

    Raises:
        ConfigurationError: when the extra `report` is not installed, or a catalogue file is wrong.
        TableUnreadable: when a table cannot be read.
    """
    if problem := missing_extra():
        raise ConfigurationError(problem)
    from pipelines.analysis import load_articles, load_milestones, load_runs, load_stories
    from pipelines.analysis.report import ARTICLE_COLUMNS, STORY_COLUMNS, gather, render_page
    from pipelines.store.location import host_directory

    tables, directory = str(data), host_directory(data, work)
    contents = gather(
        load_stories(tables, columns=STORY_COLUMNS),
        load_articles(tables, columns=ARTICLE_COLUMNS),
        load_milestones(tables),
        load_runs(tables),
        projects=read_projects(directory, projects_file).projects,
        sources=read_sources(directory, sources_file),
        as_of=now,
    )
    return contents, render_page(contents)


def write_report(output: Path, text: str) -> None:
    """Write the report, and the folder that it is to be in.

    Raises:
        click.ClickException: when it cannot be written.
    """
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        replace_text(output, text)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
