"""`orbitwatch check`: is the store sound?"""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import json_option, projects_option, read_projects, store_option, wait_option

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.store import Problem, Report, Store
    from pipelines.store.location import BucketAddress


@click.command()
@store_option
@projects_option
@json_option
@click.option(
    "--read-data", is_flag=True, help="Read every page of every file, and compare every story with its articles."
)
@click.option(
    "--repair",
    is_flag=True,
    help="Set broken files aside under .quarantine, keep what can be read of them, derive the stories again, "
    "give each its event.",
)
@wait_option
@click.pass_context
def check(
    ctx: click.Context,
    data: "Path | BucketAddress",
    work: Path | None,
    projects_file: Path | None,
    as_json: bool,
    read_data: bool,
    repair: bool,
    wait: float,
) -> None:
    """Look for damage: unreadable files, strangers, double keys, rows that do not belong together.

    Changes nothing without --repair, which deletes nothing: what it takes out of the tables stays under .quarantine.
    Exit 1 when something needs a person. Says nothing where all is well and stdout is no terminal.
    """
    from crawler.commands.store_work import store_work
    from pipelines.store.location import host_directory

    derive = partial(_derive, read_projects(host_directory(data, work), projects_file)) if repair else None
    with store_work(data, work, on_interrupt="interrupted; nothing is lost, check again") as store:
        from pipelines.store import check as check_store

        report = check_store(
            store.root, read_data=read_data, repair=repair, derive=derive, wait=wait, files=store.files
        )
    _show(report, data, store.root, as_json=as_json)
    if not report.sound:
        ctx.exit(1)


def _derive(projects: "Projects", store: "Store", problems: "Sequence[Problem]") -> None:
    """What follows from the tables and is not the store's: each story's event, and the index of known texts."""
    from pipelines.events import complete_events
    from pipelines.intake import STORY_INDEX, forget_index

    articles = store.root / "articles"
    if any(articles in {problem.path, *problem.path.parents} for problem in problems):
        forget_index(store.root / STORY_INDEX)  # an article that it knows and the store lost could not come back
    complete_events(store, projects)


def _show(report: "Report", data: "Path | BucketAddress", root: Path, *, as_json: bool) -> None:
    from crawler.commands.output import console, print_json, table

    if as_json:
        print_json({"sound": report.sound, **asdict(report)})
        return
    if report.problems:
        rows = (
            (problem.kind.replace("_", " "), problem.path.relative_to(root), problem.detail, problem.repaired)
            for problem in report.problems
        )
        console().print(table("", ("problem", "where", "what", "repaired"), rows, wrap=("where", "what", "repaired")))
    if report.quarantined:
        click.echo(f"{len(report.quarantined)} files set aside in {data}/.quarantine wait for a person.")
    if not report.sound:
        click.echo("Not sound. `orbitwatch check --read-data --repair` mends what can be mended.", err=True)
    elif sys.stdout.isatty():
        counts = ", ".join(f"{count:,} {name}" for name, count in report.rows.items())
        click.echo(f"Sound: {report.files:,} files, {counts}.")
