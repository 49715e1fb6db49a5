"""`orbitwatch timeline`: the race in the terminal."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import catalogue_options, data_option, json_option, read_projects

if TYPE_CHECKING:
    import pandas as pd

PERIODS = {"year": "Y", "quarter": "Q", "month": "M"}


@click.command()
@data_option
@catalogue_options
@json_option
@click.option("--since", help="First day: 2021-10-05, 2021-10 or 2021.")
@click.option("--until", help="Last day, in the same forms.")
@click.option("--project", help="Only this project id.")
@click.option(
    "--by",
    "period",
    type=click.Choice(list(PERIODS)),
    default="year",
    show_default=True,
    help="Period of the coverage table.",
)
def timeline(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    since: str | None,
    until: str | None,
    project: str | None,
    period: str,
) -> None:
    """Show coverage by project and period, and milestones as claimed beside milestones as known."""
    from crawler.commands.output import console, print_json
    from pipelines.analysis import claims, coverage, known_milestones, load_milestones, load_stories

    projects = read_projects(data, projects_file)
    try:
        columns = ["projects", "date", "articles", "sources"]
        stories = load_stories(data, since=since, until=until, project=project, columns=columns)
        claimed = claims(load_milestones(data, since=since, until=until, project=project))
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
        out.print(f"No stories in {data} yet: run `orbitwatch crawl`, or `orbitwatch demo` to see an example.")
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


def milestone_table(claimed: "pd.DataFrame", known: "pd.DataFrame", limit: int = 60) -> object:
    """Dated claims in the order of their dates, each with the known fact of that kind where projects.toml has one."""
    from crawler.commands.output import table

    facts: dict[tuple[str, str], list[str]] = {}
    for fact in known.to_dict("records"):
        facts.setdefault((fact["project"], fact["milestone"]), []).append(_day(fact["date"], fact["precision"]))
    dated = claimed.dropna(subset=["claimed_date"]).sort_values(["claimed_date", "project"]).head(limit)
    rows = (
        (
            _day(claim["claimed_date"], claim["claimed_precision"]),
            claim["project"],
            claim["milestone"],
            claim["status"],
            claim["sources"],
            f"{claim['first_published']} {claim['first_source']}",
            ", ".join(facts.get((claim["project"], claim["milestone"]), [])),
        )
        for claim in dated.to_dict("records")
    )
    columns = ("claimed date", "project", "milestone", "status", "outlets", "first claimed", "known")
    return table(
        f"Milestones as claimed ({len(claimed)} claims, {len(dated)} shown)", columns, rows, right=("outlets",)
    )


def _day(value: object, precision: str) -> str:
    return str(value)[: {"day": 10, "month": 7, "year": 4}.get(precision, 10)]


def _records(frame: "pd.DataFrame") -> list[dict[Hashable, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
