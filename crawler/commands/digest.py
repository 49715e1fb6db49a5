"""`orbitwatch digest`: what is new since when."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import click

from crawler.commands.options import (
    ConfigurationError,
    Duration,
    catalogue_options,
    data_option,
    now_option,
    read_projects,
    read_sources,
)
from pipelines.clock import system_clock


@click.command()
@data_option
@catalogue_options
@click.option("--since", type=Duration(), default="1d", show_default=True, help="How far back: 12h, 1d, 7d.")
@click.option("--json", "form", flag_value="json", help="Print JSON instead of text.")
@click.option("--html", "form", flag_value="html", help="Print an HTML document, for a mail.")
@now_option
def digest(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    since: float,
    form: str | None,
    now: datetime | None,
) -> None:
    """Print what is new: stories, claims that nobody made before, dates that moved, sources that fell silent."""
    from crawler.commands.output import print_json
    from pipelines.analysis import build_digest, load_articles, load_milestones, load_runs, load_stories
    from pipelines.analysis.digest import ARTICLE_COLUMNS, STORY_COLUMNS, as_text

    until = now or system_clock()
    if form == "html":
        from crawler.commands.report import missing_extra

        if lacking := missing_extra():
            raise ConfigurationError(lacking)
    found = build_digest(
        load_stories(data, columns=STORY_COLUMNS),
        load_articles(data, columns=ARTICLE_COLUMNS),
        load_milestones(data),
        load_runs(data),
        projects=read_projects(data, projects_file).projects,
        sources=read_sources(data, sources_file),
        since=until - timedelta(seconds=since),
        until=until,
    )
    if form == "json":
        print_json({k: v for k, v in asdict(found).items() if k not in {"names", "outlets"}})
    elif form == "html":
        from pipelines.analysis.report import render_digest

        click.echo(render_digest(found), nl=False)
    else:
        click.echo(as_text(found), nl=False)
