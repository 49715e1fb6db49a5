"""`orbitwatch sources test`: what sources would give, and why."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    catalogue_options,
    check_names,
    data_option,
    json_option,
    network_options,
    read_projects,
    read_sources,
)
from pipelines.clock import system_clock

if TYPE_CHECKING:
    from crawler.probing import Tried
    from pipelines.catalogue.sources import Source
    from pipelines.model import Entry
    from pipelines.topic import Judge

#: Entries shown of a listing: those that a run would fetch first.
_SHOWN = 5


@click.command("test")
@click.argument("names", nargs=-1, metavar="[ID|URL]...")
@data_option
@catalogue_options
@network_options
@json_option
@click.option("--all", "everything", is_flag=True, help="Test every enabled source.")
@click.pass_context
def test_sources(
    ctx: click.Context,
    names: tuple[str, ...],
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    settings: dict[str, str],
    allow_private: tuple[str, ...],
    as_json: bool,
    everything: bool,
) -> None:
    """Ask the feeds and news sitemaps of sources, or of single addresses, and show what they would give.

    Shown are the number of entries and their dates, what a run would fetch first, and what the titles and summaries say
    of the subject. Nothing is stored. Exit code 3 when some listings give nothing, 1 when none gives anything.
    """
    from crawler.cache import cache_folder
    from crawler.commands.output import console, print_json
    from crawler.commands.store_work import store_troubles
    from crawler.fetching import send
    from crawler.probing import visit_listings
    from pipelines.topic import Judge

    known = read_sources(data, sources_file)
    judge = Judge(read_projects(data, projects_file), kept=cache_folder())
    chosen = [source for source in known if source.enabled] if everything else [_chosen(n, known) for n in names]
    if not chosen:
        raise click.UsageError("name a source or an address, or say --all; `orbitwatch sources list` shows the sources")
    with store_troubles():
        tried = send(
            lambda visit: visit_listings(visit, chosen),
            data=data,
            clock=system_clock,
            allow_private=allow_private,
            settings=settings,
        )
    found = [_report(attempt, judge) for attempt in tried]
    if as_json:
        print_json(found)
    else:
        out = console()
        for report in found:
            _print(report, out)
    failed = sum(attempt.listing is None for attempt in tried)
    ctx.exit(0 if not failed else 1 if failed == len(tried) else 3)


def _chosen(name: str, known: "tuple[Source, ...]") -> "Source":
    """The source of this id, or one made of an address."""
    from pipelines.catalogue.sources import Source
    from pipelines.catalogue.sources_check import url_mend

    source = next((source for source in known if source.id == name), None)
    if source is not None:
        return replace(source, enabled=True)
    if "://" not in name:
        check_names([name], known)
    if mend := url_mend(name):
        raise click.BadParameter(f"{name!r}: {mend}")
    return Source(id="-", name=name, home=name, feeds=(name,))


def _report(attempt: "Tried", judge: "Judge") -> dict[str, Any]:
    from crawler.probing import first_fetched

    report: dict[str, Any] = {"source": attempt.source, "url": attempt.url, "problem": attempt.problem}
    listing = attempt.listing
    if listing is None:
        return report
    ordered = first_fetched(listing.entries, judge)
    dates = [entry.published or entry.updated for entry in listing.entries]
    dated = [date for date in dates if date is not None]
    return report | {
        "kind": listing.kind,
        "answered_by": listing.url,
        "title": listing.title,
        "problems": list(listing.problems),
        "entries": len(listing.entries),
        "with_link": len(ordered),
        "dated": len(dated),
        "newest": max(dated, default=None),
        "oldest": min(dated, default=None),
        "unseen": attempt.unseen,
        "promising": sum(passes for _, passes in ordered),
        "first": [_entry(entry, passes, judge) for entry, passes in ordered[:_SHOWN]],
    }


def _entry(entry: "Entry", passes: bool, judge: "Judge") -> dict[str, Any]:
    """One entry; its words are too few to decide about the article, but show what the vocabulary makes of them."""
    assessment = judge.assess(title=entry.title, text=entry.summary, language=entry.language, url=entry.url)
    return {
        "title": entry.title,
        "url": entry.url,
        "published": entry.published,
        "gate": passes,
        "relevant": assessment.relevant,
        "projects": list(assessment.projects),
        "terms": list(assessment.matched_terms),
    }


def _print(report: dict[str, Any], out: Any) -> None:
    from crawler.commands.output import table

    heading = f"{report['source']}  {report['url']}" if report["source"] != "-" else report["url"]
    if report["problem"]:
        out.print(f"{heading}\n  gives nothing: {report['problem']}\n")
        return
    words = f"{report['kind'].replace('_', ' ')}, {report['entries']} entries, {report['unseen']} not fetched yet"
    words += (
        f", {report['dated']} dated ({_day(report['oldest'])} to {_day(report['newest'])})"
        if report["dated"]
        else ", no dates"
    )
    words += f", {report['promising']} pass the gate by title and summary"
    if report["answered_by"] != report["url"]:
        words += f"\n  answered by {report['answered_by']}"
    if report["problems"]:
        words += f"\n  read with problems: {', '.join(report['problems'])}"
    out.print(f"{heading}\n  {words}")
    rows = (
        (
            _day(entry["published"]),
            "yes" if entry["gate"] else "no",
            ", ".join(entry["projects"]) if entry["relevant"] else "-",
            entry["title"],
        )
        for entry in report["first"]
    )
    out.print(table("", ("published", "gate", "topic", "fetched first"), rows, wrap=("fetched first",)))
    out.print()


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M}" if instant else ""
