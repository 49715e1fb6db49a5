"""`orbitwatch rebuild`: everything that is derived, once more, by today's rules."""

from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    catalogue_options,
    json_option,
    read_projects,
    read_sources,
    require_raw,
    store_option,
    wait_option,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pipelines.catalogue.projects import Projects
    from pipelines.reextracting import Reextracted
    from pipelines.rejudging import Rejudged
    from pipelines.store import Store
    from pipelines.store.location import BucketAddress

PARTS = ("topic", "milestones", "stories", "events", "index")

#: Articles that a terminal lists; JSON has all.
_LISTED = 20


@click.command()
@store_option
@catalogue_options
@json_option
@click.option(
    "--topic", is_flag=True, help="Judge stored articles again: projects, relevance, terms; then the stories."
)
@click.option("--milestones", is_flag=True, help="Look for claims again.")
@click.option("--stories", is_flag=True, help="Derive the stories from their articles again.")
@click.option("--events", is_flag=True, help="Group stories into events again.")
@click.option("--index", is_flag=True, help="Make the index of known texts again.")
@click.option(
    "--from-raw",
    is_flag=True,
    callback=require_raw,
    help="Read the pages again that `crawl --keep-raw` kept, then make all parts.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@wait_option
def rebuild(
    data: "Path | BucketAddress",
    work: Path | None,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    topic: bool,
    milestones: bool,
    stories: bool,
    events: bool,
    index: bool,
    from_raw: bool,
    dry_run: bool,
    wait: float,
) -> None:
    """Make all that follows from the stored articles again, by today's rules; options choose parts of it.

    To be run after a change of projects.toml or an upgrade. Articles are never deleted: one that is no longer on topic
    keeps its row, with its new relevance and no projects, and a story of such articles alone leaves the stories table.
    Story ids never change. May be interrupted and repeated. No crawl can run meanwhile.

    With --from-raw titles, texts, authors and dates are read anew from the kept pages, without the network. Articles
    without a kept page, or whose page cannot be read any more, keep theirs and are judged again.
    """
    from crawler.commands.output import print_json
    from crawler.commands.store_work import store_work
    from pipelines.store.location import host_directory

    chosen = {"topic": topic, "milestones": milestones, "stories": stories, "events": events, "index": index}
    parts = {name for name, wanted in chosen.items() if wanted} or set(PARTS)
    if from_raw and any(chosen.values()):
        raise click.UsageError("--from-raw makes all parts; it goes with none of their options")
    host = host_directory(data, work)
    projects = read_projects(host, projects_file)
    zones = {source.id: source.timezone for source in read_sources(host, sources_file)} if from_raw else None
    with store_work(data, work, on_interrupt="interrupted; run it again to finish") as store, store.lock(wait=wait):
        try:
            report = run(store, projects, parts, zones=zones, dry_run=dry_run)
        except BrokenProcessPool as error:
            raise click.ClickException(f"a judging process was killed ({error}); run it again to finish") from error
    if as_json:
        print_json({"dry_run": dry_run, **report})
    else:
        _show(report, dry_run=dry_run)


def run(
    store: "Store",
    projects: "Projects",
    parts: set[str],
    *,
    zones: "Mapping[str, str] | None" = None,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Rebuilds these of `PARTS`; topic brings stories with it. The store's lock is held.

    Args:
        store: to be read and changed.
        projects: the rules.
        parts: what to make.
        zones: IANA zone of each outlet, when kept pages are to be read again before; None when not.
        dry_run: change nothing.

    Returns:
        For each part what came of it, ready for JSON.
    """
    report: dict[str, Any] = {}
    touched: set[str] = set()
    read: set[str] = set()
    if not dry_run:
        store.heal()
    if zones is not None:
        report["raw"], reread = _reread(store, projects, zones, dry_run=dry_run)
        touched, read = reread.stories, reread.read
    if parts & {"topic", "milestones"}:
        judged = _judge(store, projects, parts, without=read, dry_run=dry_run)
        touched = touched | judged.stories
        report |= _judged(judged, parts)
    if parts & {"topic", "stories"}:
        report["stories"] = _stories(store, touched, dry_run=dry_run)
    if "events" in parts:
        report["events"] = _events(store, projects, dry_run=dry_run)
    elif "stories" in report and not dry_run:
        from pipelines.events import complete_events

        complete_events(store, projects)  # of stories that came back into the table
    if "index" in parts:
        report["index"] = _index(store, dry_run=dry_run)
    return report


def _reread(
    store: "Store", projects: "Projects", zones: "Mapping[str, str]", *, dry_run: bool
) -> "tuple[dict[str, Any], Reextracted]":
    from crawler.rereading import rereading
    from pipelines.intake import STORY_INDEX, forget_index
    from pipelines.raw import find_raw
    from pipelines.reextracting import reextract

    stored = {id_ for month in store.articles(["article_id"]) for id_ in month.column("article_id").to_pylist()}
    archive = find_raw(store.root, stored)
    if not dry_run:
        forget_index(store.root / STORY_INDEX)
    with (
        _progress("reading") as on_month,
        rereading(projects, zones, pages=len(archive.places)) as reread_all,
    ):
        found = reextract(
            store, archive, reread_all, rules_version=projects.version, dry_run=dry_run, on_month=on_month
        )
    counts = {
        "records": archive.records,
        "damaged": archive.damaged,
        "without_article": archive.without_article,
        "read": len(found.read),
        "changed": found.changed,
        "moved": found.moved,
        "unreadable": found.unreadable,
    }
    return counts, found


def _judge(
    store: "Store", projects: "Projects", parts: set[str], *, without: "Collection[str]", dry_run: bool
) -> "Rejudged":
    from crawler.judging import judging
    from pipelines.rejudging import rejudge

    topic, milestones = "topic" in parts, "milestones" in parts
    articles = sum(month.num_rows for month in store.articles(["article_id"])) - len(without)
    with (
        _progress("judging") as on_month,
        judging(projects, topic=topic, milestones=milestones, articles=articles) as judge_all,
    ):
        return rejudge(store, judge_all, without=without, dry_run=dry_run, on_month=on_month)


@contextmanager
def _progress(doing: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar by months where somebody looks; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import Progress

    terminal = Console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        task = progress.add_task(doing)

        def on_month(month: str, done: int, months: int) -> None:
            progress.update(task, description=f"{doing} {month}", completed=done, total=months)

        yield on_month


def _judged(judged: "Rejudged", parts: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "topic" in parts:
        found["topic"] = {
            "articles": judged.articles,
            "changed": judged.changed,
            "off_topic": [asdict(article) for article in judged.off_topic],
            "on_topic": [asdict(article) for article in judged.on_topic],
        }
    if "milestones" in parts:
        found["milestones"] = {"claims": judged.claims, "new": judged.claims_new, "gone": judged.claims_gone}
    return found


def _stories(store: "Store", touched: set[str], *, dry_run: bool) -> dict[str, Any]:
    if dry_run:
        return {"to_derive": len(touched.union(store.outdated_stories()))}
    from pipelines.store import rebuild_stories

    return asdict(rebuild_stories(store))


def _events(store: "Store", projects: "Projects", *, dry_run: bool) -> dict[str, Any]:
    if dry_run:
        return {"to_group": sum(month.num_rows for month in store.stories(["story_id"]))}
    from pipelines.events.upkeep import rebuild_events

    return {"events": rebuild_events(store, projects)}


def _index(store: "Store", *, dry_run: bool) -> dict[str, Any]:
    from pipelines.intake import STORY_INDEX, forget_index, open_index

    if dry_run:
        return {"to_replay": sum(month.num_rows for month in store.articles(["article_id"]))}
    forget_index(store.root / STORY_INDEX)
    with open_index(store, store.root / STORY_INDEX) as index:
        return {"articles": len(index)}


def _show(report: dict[str, Any], *, dry_run: bool) -> None:
    from crawler.commands.output import console, table

    out = console()
    if topic := report.get("topic"):
        for name, title in (("off_topic", "No longer on topic"), ("on_topic", "On topic now")):
            articles = topic[name]
            if articles:
                rows = ((a["date"], a["source"], a["relevance"], a["title"], a["url"]) for a in articles[:_LISTED])
                columns = ("date", "source", "relevance", "headline", "address")
                beyond = f", the first {_LISTED}" if len(articles) > _LISTED else ""
                out.print(table(f"{title}: {len(articles)}{beyond}", columns, rows, wrap=("headline", "address")))
                out.print()
    if dry_run:
        out.print("Nothing was changed. A rebuild would come to this:")
    for name in ("raw", *PARTS):
        if name in report:
            counts = {key: len(value) if isinstance(value, list) else value for key, value in report[name].items()}
            words = ", ".join(f"{value:,} {key.replace('_', ' ')}" for key, value in counts.items())
            out.print(f"{name:<11}{words}")
