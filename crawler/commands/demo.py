"""`orbitwatch demo`: the whole product on a loopback newsroom, in under two minutes."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.parameters import DataPlace
from crawler.commands.running import make_directory
from crawler.interpreter import module_command, search_path
from pipelines.clock import clock_from, system_clock

if TYPE_CHECKING:
    from rich.console import Console

#: Seconds between two requests to one outlet. The newsroom is ours; real outlets get the delays of
# `crawler/settings.py`.
_DELAY = "0.05"


@click.command()
@click.option(
    "--data",
    type=DataPlace(buckets=False),
    default=Path("demo-data"),
    show_default=True,
    help="Data directory of the demo; an earlier demo in it is replaced.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65000),
    default=8801,
    show_default=True,
    help="First port of the newsroom; 0 takes free ones.",
)
def demo(data: Path, port: int) -> None:
    """Play the race from 2020 to 2025 through several scheduled runs and show what an analyst would see.

    A newsroom of invented outlets is served on the loopback; what they write is true. Each run is the real `orbitwatch
    crawl`, told what time it is.
    """
    from crawler.commands.output import console
    from crawler.newsroom import SCHEDULE, Newsroom, NewsroomError

    out = console()
    _make_room(data)
    playing = [system_clock]
    newsroom = Newsroom(lambda: playing[0](), first_port=port)  # noqa: PLW0108 - the clock changes from run to run
    try:
        with newsroom:
            newsroom.write_sources(data / "sources.toml")
            out.print(
                f"{len(newsroom.outlets)} outlets on the loopback, for example {newsroom.base(newsroom.outlets[0].id)}"
            )
            for number, moment in enumerate(SCHEDULE, 1):
                playing[0] = clock_from(moment)
                _crawl(data, moment, f"run {number} of {len(SCHEDULE)}", out)
            printed = len(newsroom.truth())
    except NewsroomError as error:
        raise click.ClickException(str(error)) from error
    out.print()
    _show(data, printed, out)
    _report(data, SCHEDULE[-1], out)


def _make_room(data: Path) -> None:
    """Empties an earlier demo; refuses to touch anything else."""
    make_directory(data)
    marker = data / ".demo"
    try:
        if any(data.iterdir()) and not marker.exists():
            raise click.UsageError(
                f"{data} is not empty and was not made by the demo: choose another directory with --data"
            )
        shutil.rmtree(data)
        data.mkdir()
        marker.touch()
    except OSError as error:
        raise click.ClickException(f"{data} cannot be emptied ({error.strerror}); give another with --data") from error


def _crawl(data: Path, moment: datetime, label: str, out: "Console") -> None:
    """One scheduled run, as cron would start it, at `moment`."""
    import json

    command = module_command("crawler", "crawl", "--data", str(data), "--now", moment.isoformat(), "--json")
    command += ["--allow-private", "127.0.0.0/8"]
    command += ["-s", f"DOWNLOAD_DELAY={_DELAY}", "-s", f"AUTOTHROTTLE_START_DELAY={_DELAY}"]
    # What the operator has set is meant for the crawl of real outlets: above all, the check that is told of its runs.
    others = {name: value for name, value in os.environ.items() if not name.startswith("ORBITWATCH_")}
    with out.status(f"{label}: {moment:%d %B %Y}"):
        done = subprocess.run(  # noqa: S603 - our own program, fixed arguments
            command, capture_output=True, text=True, check=False, env={**others, **search_path()}
        )
    if done.returncode not in {0, 3}:
        raise click.ClickException(f"{label} ended with exit code {done.returncode}:\n{done.stderr}")
    total = json.loads(done.stdout)["total"]
    counts = f"{total['pages']} pages read, {total['stored']} stored, {total['off_topic']} off topic"
    for name in ("dropped", "failed"):
        counts += "".join(f", {count} {name} ({reason})" for reason, count in total[name].items())
    out.print(f"{label}, {moment:%d %b %Y}: {counts}")


def _show(data: Path, printed: int, out: "Console") -> None:
    """What an analyst would see."""
    from crawler.commands.options import read_projects
    from crawler.commands.output import table
    from crawler.commands.timeline import coverage_table, milestone_table
    from pipelines.analysis import (
        claims,
        coverage,
        known_milestones,
        load_articles,
        load_milestones,
        load_stories,
        syndication,
    )

    stories = load_stories(data)
    articles = load_articles(data)
    outlets, languages = articles["source"].nunique(), articles["language"].nunique()
    out.print(
        f"{len(stories)} stories: {len(articles)} articles by {outlets} outlets in {languages} languages, "
        f"out of {printed} that were printed.\n"
    )
    out.print(coverage_table(coverage(stories, "Y"), "Stories by project and year"))
    out.print()
    widest = stories.sort_values(["articles", "date"], ascending=[False, True]).iloc[0]
    chain = syndication(articles, widest["story_id"])
    rows = (
        (
            f"{row.published_at:%Y-%m-%d %H:%M}",
            f"+{row.hours_after:.1f} h",
            row.source,
            row.role,
            row.similarity,
            row.title,
        )
        for row in chain.itertuples()
    )
    title = f"The longest syndication: {widest['articles']} articles of one story"
    out.print(
        table(
            title,
            ("published (UTC)", "after", "outlet", "role", "similar", "headline"),
            rows,
            right=("after", "similar"),
        )
    )
    out.print()
    known = known_milestones(read_projects(data, None).projects)
    out.print(milestone_table(claims(load_milestones(data)), known, limit=30))
    out.print("\nGo on with it in pandas:\n")
    out.print("    import pandas as pd")
    out.print(f'    stories = pd.read_parquet("{data}/stories")')
    out.print('    stories.explode("projects").groupby(["projects", "year"], observed=True).size()')


def _report(data: Path, moment: datetime, out: "Console") -> None:
    """Leaves the report in the data directory, as seen at the last run; without its extra, says how to get it."""
    from crawler.commands.report import make_report, missing_extra, write_report

    if lacking := missing_extra():
        out.print(f"\nNo picture of the race: {lacking}.")
        return
    page = data / "report.html"
    write_report(page, make_report(data, None, None, moment)[1])
    out.print(f"\nThe race in one page: {page}")
