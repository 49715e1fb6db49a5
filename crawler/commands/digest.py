"""`orbitwatch digest`: what is new since when."""

import sys
from dataclasses import asdict
from datetime import datetime, timedelta
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
from crawler.commands.parameters import Duration
from pipelines.clock import system_clock

if TYPE_CHECKING:
    from crawler.notify import Channel
    from pipelines.analysis.digest import Digest
    from pipelines.store.location import BucketAddress


@click.command()
@store_option
@catalogue_options
@click.option("--since", type=Duration(), default="1d", show_default=True, help="How far back: 12h, 1d, 7d.")
@json_option
@click.option("--html", "as_html", is_flag=True, help="Print an HTML document.")
@click.option(
    "--send",
    "addresses",
    multiple=True,
    metavar="URL",
    envvar="ORBITWATCH_SEND",
    help="Send it there instead of printing it, when something is new; may be repeated. Mail, Slack, Matrix and "
    "others, in apprise's notation.",
)
@click.option("--send-empty", is_flag=True, help="Send it when nothing is new, too.")
@now_option
def digest(
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    since: float,
    as_json: bool,
    as_html: bool,
    addresses: tuple[str, ...],
    send_empty: bool,
    now: datetime | None,
) -> None:
    """Print what is new: stories, claims that nobody made before, dates that moved, sources that fell silent.

    With --send it goes to people instead, and nothing is sent or printed when nothing is new. Several addresses stand
    in ORBITWATCH_SEND with spaces between them; there no list of processes shows what is secret in them.
    """
    from crawler.commands.choosing import require_place
    from crawler.commands.output import print_json
    from crawler.commands.store_work import tables_read
    from pipelines.analysis import build_digest, load_articles, load_milestones, load_runs, load_stories
    from pipelines.analysis.digest import ARTICLE_COLUMNS, STORY_COLUMNS
    from pipelines.analysis.digest_text import as_text
    from pipelines.store.location import host_directory

    if as_json and as_html:
        raise click.UsageError("--json and --html are two forms of one digest: ask for one of them")
    require_place(data)
    tables, directory = str(data), host_directory(data, work)
    until = now or system_clock()
    if as_html:
        from crawler.commands.report import missing_extra

        if lacking := missing_extra():
            raise ConfigurationError(lacking)
    channels = _channels(addresses)
    with tables_read():
        found = build_digest(
            load_stories(tables, columns=STORY_COLUMNS),
            load_articles(tables, columns=ARTICLE_COLUMNS),
            load_milestones(tables),
            load_runs(tables),
            projects=read_projects(directory, projects_file).projects,
            sources=read_sources(directory, sources_file),
            since=until - timedelta(seconds=since),
            until=until,
        )
    if as_json:
        print_json({k: v for k, v in asdict(found).items() if k not in {"names", "outlets", "left_out"}})
    elif as_html:
        from pipelines.analysis.report import render_digest

        click.echo(render_digest(found), nl=False)
    elif not addresses:
        click.echo(as_text(found), nl=False)
    if channels and (found or send_empty):
        _send(found, channels)


def _channels(addresses: tuple[str, ...]) -> "list[Channel]":
    """Checked before anything is read, so that a mistake shows on days without news as well."""
    if not addresses:
        return []
    from crawler.notify import NotifyError, missing_extra, open_channels

    if lacking := missing_extra():
        raise ConfigurationError(lacking)
    try:
        return open_channels(addresses)
    except NotifyError as error:
        raise ConfigurationError(str(error)) from error


def _send(found: "Digest", channels: "list[Channel]") -> None:
    """Every channel gets its try; one that fails does not keep it from the others."""
    problems = [problem for channel in channels if (problem := channel.send(found))]
    if problems:
        raise click.ClickException("\n".join(f"the digest was not sent to {problem}" for problem in problems))
    if sys.stdout.isatty():
        click.echo(f"Sent to {len(channels)} address{'es' if len(channels) > 1 else ''}.")
