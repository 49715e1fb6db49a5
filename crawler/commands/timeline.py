"""`orbitwatch timeline`: the race in the terminal."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import catalogue_options, json_option, read_projects, store_option

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.analysis.record import Record
    from pipelines.store.location import BucketAddress

PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}


@click.command()
@store_option
@catalogue_options
@json_option
@click.option("--since", help="First day: 2021-10-05, 2021-10 or 2021.")
@click.option("--until", help="Last day, in the same forms.")
@click.option("--project", metavar="ID", help="Only this project; `orbitwatch projects list` shows the ids.")
@click.option(
    "--by",
    "period",
    type=click.Choice(list(PERIODS)),
    default="year",
    show_default=True,
    help="Period of the coverage table.",
)
def timeline(
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    since: str | None,
    until: str | None,
    project: str | None,
    period: str,
) -> None:
    """Show coverage by project and period, and milestones as claimed beside milestones as known."""
    from crawler.commands.choosing import check_project, require_place
    from crawler.commands.output import console, print_json
    from crawler.commands.store_work import tables_read
    from pipelines.analysis import claims, coverage, known_milestones, load_milestones, load_stories
    from pipelines.store.location import host_directory

    require_place(data)
    directory = host_directory(data, work)
    projects = read_projects(directory, projects_file)
    try:
        columns = ["projects", "date", "articles", "sources"]
        with tables_read():
            check_project(project, data, directory, projects_file)
            stories = load_stories(str(data), since=since, until=until, project=project, columns=columns)
            claimed = claims(load_milestones(str(data), since=since, until=until, project=project))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    counted = coverage(stories, PERIODS[period])
    known = known_milestones(projects.projects)
    if project:
        known, counted = known[known["project"] == project], counted[counted["project"] == project]
    if as_json:
        print_json({"coverage": _records(counted), "claimed": _records(claimed), "known": _records(known)})
        return
    out = console()
    if stories.empty:
        with tables_read():
            days = load_stories(str(data), columns=["date"])["date"]
        out.print(
            f"No stories in {data} yet: run `orbitwatch crawl`, or `orbitwatch demo` to see an example."
            if days.empty
            else f"Nothing matches: {data} has {len(days):,} stories, from {days.min()} to {days.max()}."
        )
        return
    out.print(coverage_table(counted, f"Stories by project and {period}"))
    out.print()
    out.print(milestone_table(claimed, known))


def coverage_table(counted: "pd.DataFrame", title: str) -> object:
    """Projects down, periods across, stories in the cells; the busiest project first."""
    from crawler.commands.output import table

    wide = counted.pivot_table(index="project", columns="period", values="stories", fill_value=0, aggfunc="sum")
    wide["all"] = wide.sum(axis="columns")
    wide = wide.sort_values("all", ascending=False)
    periods = [str(name) for name in wide.columns]
    rows = ([name, *(int(count) or "" for count in row)] for name, row in zip(wide.index, wide.to_numpy(), strict=True))
    return table(title, ("project", *periods), rows, right=periods)


def milestone_table(claimed: "pd.DataFrame", known: "pd.DataFrame", limit: int = 40) -> object:
    """The dated claims that most outlets make, by date, each beside the known fact of which it speaks."""
    from crawler.commands.output import table
    from pipelines.analysis.frames import rows
    from pipelines.analysis.record import Record

    record = Record(known, claimed)
    dated = claimed.dropna(subset=["claimed_date"]).sort_values(["sources", "stories"], ascending=False, kind="stable")
    shown = dated.head(limit).sort_values(["claimed_date", "project"], kind="stable")
    lines = (
        (
            _day(claim.claimed_date, claim.claimed_precision),
            claim.project,
            claim.milestone,
            claim.status,
            claim.sources,
            f"{claim.first_published} {claim.first_source}",
            _known_day(record, claim),
        )
        for claim in rows(shown)
    )
    columns = ("claimed", "project", "milestone", "status", "by", "first claimed", "known")
    title = f"Milestones as claimed: {len(shown)} of {len(claimed)} claims, those by most outlets"
    return table(title, columns, lines, right=("by",), wrap=("project", "first claimed"))


def _known_day(record: "Record", claim: Any) -> str:
    found = record.nearest(claim)
    return _day(found[0].date, found[0].precision) if found else ""


def _day(value: object, precision: str) -> str:
    return str(value)[: {"day": 10, "month": 7, "year": 4}.get(precision, 10)]


def _records(frame: "pd.DataFrame") -> list[dict[Hashable, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
