"""`orbitwatch export`: stories or articles for other programs."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

import click

from crawler.commands.options import catalogue_options, store_option
from pipelines.whole_files import replacing

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.store.location import BucketAddress


@click.command()
@store_option
@catalogue_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "jsonl", "atom"]),
    required=True,
    help="For spreadsheets, for programs, or for feed readers.",
)
@click.option("--project", metavar="ID", help="Only this project; `orbitwatch projects list` shows the ids.")
@click.option("--source", metavar="ID", help="Only what this outlet had first; with --articles, all that it printed.")
@click.option("--since", help="First day: 2021-10-05, 2021-10 or 2021.")
@click.option("--until", help="Last day, in the same forms.")
@click.option("--articles", is_flag=True, help="Every article with its copies and versions, instead of stories.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("-"),
    help="File to write, replaced only when all is written.  [default: standard output]",
)
@click.option("--raw", is_flag=True, help="csv only: cells as stored, for programs; not safe to open in a spreadsheet.")
def export(
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    format_: str,
    project: str | None,
    source: str | None,
    since: str | None,
    until: str | None,
    articles: bool,
    output: Path,
    raw: bool,
) -> None:
    """Write stories as CSV, JSON lines or an Atom feed, oldest first.

    CSV is made for spreadsheets: cells that look like a formula are defused with an apostrophe, lists are joined by
    semicolons. JSON lines keep everything as stored. The feed has headline, summary and link, not the text.
    """
    from crawler.commands.choosing import check_project, check_source, require_place
    from crawler.commands.store_work import tables_read
    from pipelines.analysis import load_articles, load_stories
    from pipelines.analysis.export import ATOM_COLUMNS, plain_rows, write_atom, write_csv, write_jsonl
    from pipelines.store.location import host_directory

    if raw and format_ != "csv":
        raise click.UsageError("--raw is for --format csv: the others are raw already")
    require_place(data)
    directory = host_directory(data, work)
    load: Callable[..., pd.DataFrame] = load_articles if articles else load_stories
    columns = ["article_id" if articles else "story_id", *ATOM_COLUMNS] if format_ == "atom" else None
    try:
        with tables_read():
            check_project(project, data, directory, projects_file)
            check_source(source, data, directory, sources_file)
            frame = load(str(data), since=since, until=until, project=project, source=source, columns=columns)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    names, rows = list(frame.columns), plain_rows(frame)
    kind = "articles" if articles else "stories"
    with _target(output) as out:
        if format_ == "csv":
            count = write_csv(rows, names, out, raw=raw)
        elif format_ == "jsonl":
            count = write_jsonl(rows, names, out)
        else:
            about = " ".join(filter(None, (project, source, since and f"since {since}", until and f"until {until}")))
            title = f"Orbitwatch {kind}" + (f": {about}" if about else "")
            chosen = (quote(word, safe="") for word in (project, source, since, until) if word)
            feed_id = ":".join(["urn:orbitwatch", kind, *chosen])
            count = write_atom(rows, out, title=title, feed_id=feed_id, updated=_latest(frame))
    if sys.stderr.isatty():
        click.echo(f"{count:,} {kind} exported." if count else f"Nothing matches: no {kind} exported.", err=True)


def _latest(frame: "pd.DataFrame") -> datetime:
    """When the newest of them became known. Not the time of writing: the same rows make the same file."""
    newest = frame["first_seen_at"].max()
    return datetime(1970, 1, 1, tzinfo=UTC) if frame.empty else newest.to_pydatetime()


@contextmanager
def _target(path: Path) -> Iterator[BinaryIO]:
    """Standard output for "-"; else a file that takes the old one's place only when all of it is on the disk.

    click's own atomic files are not used: they put a half-written file in place when writing fails.
    """
    if str(path) == "-":
        yield sys.stdout.buffer
        return
    try:
        with replacing(path) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
