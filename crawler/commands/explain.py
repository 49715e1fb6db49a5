"""`orbitwatch explain`: how one article is judged, step by step."""

from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    allow_private_option,
    catalogue_options,
    data_option,
    json_option,
    read_projects,
    read_sources,
)
from pipelines.clock import system_clock

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.catalogue.sources import Source
    from pipelines.model import Fetched


@click.command()
@click.argument("url")
@data_option
@catalogue_options
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the page from this file instead of fetching it.",
)
@allow_private_option
@json_option
def explain(
    url: str,
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    file: Path | None,
    allow_private: tuple[str, ...],
    as_json: bool,
) -> None:
    """Fetch URL and show how it is judged: gate, extraction, evidence for the date, terms, projects, claims, story.

    Nothing is stored.
    """
    from crawler.commands.output import print_json

    sources = read_sources(data, sources_file)
    projects = read_projects(data, projects_file)
    source = _source_of(url, sources)
    fetched, wall = _page(url, file, data, source, allow_private)

    from crawler.cache import cache_folder
    from pipelines.intake import examine
    from pipelines.milestones import ClaimFinder
    from pipelines.topic import Judge

    judge = Judge(projects, kept=cache_folder())
    passes = judge.may_be_relevant(fetched.body, charset=fetched.charset)
    examined = examine(
        fetched,
        judge=judge,
        finder=ClaimFinder(projects),
        timezone=source.timezone if source else "UTC",
        now=system_clock(),
        search_date=True,
    )
    report = _report(fetched, source, wall, passes, examined, data)
    if as_json:
        print_json(report)
    else:
        _print(report)


def _source_of(url: str, sources: "tuple[Source, ...]") -> "Source | None":
    """The outlet that an address belongs to, by registered domain."""
    from pipelines.urls import registered_domain

    domain = registered_domain(url)
    return next((source for source in sources if registered_domain(source.home) == domain), None)


def _page(
    url: str, file: Path | None, data: Path, source: "Source | None", allow_private: tuple[str, ...]
) -> "tuple[Fetched, str]":
    """The page, and what stands in its place, "" where nothing does."""
    from pipelines.interstitials import interstitial
    from pipelines.model import Fetched
    from pipelines.urls import fetch_url

    try:
        address = fetch_url(url)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="URL") from error
    body, final, charset = b"", address, ""
    if file is not None:
        body = file.read_bytes()
        wall: str = interstitial(body, url=final)
    else:
        from crawler import answers
        from crawler.commands.store_work import store_troubles
        from crawler.fetching import FetchError, fetch

        try:
            with store_troubles():
                response = fetch(address, data=data, clock=system_clock, allow_private=allow_private)
        except FetchError as error:
            raise click.ClickException(f"{address} could not be fetched: {error}") from error
        body, final = response.body, response.url
        charset = answers.charset(answers.content_type(response))
        wall = answers.wall_of(response, address)
    fetched = Fetched(
        source=source.id if source else "",
        url=final,
        requested_url=address,
        body=body,
        charset=charset,
        fetched_at=system_clock(),
        discovered_via="url",
    )
    return fetched, wall


def _report(
    fetched: "Fetched", source: "Source | None", wall: str, passes: bool, examined: Any, data: Path
) -> dict[str, Any]:
    from dataclasses import asdict

    from pipelines.encoding import decode

    report: dict[str, Any] = {
        "url": fetched.url,
        "source": source.id if source else None,
        "bytes": len(fetched.body),
        "encoding": decode(fetched.body, charset=fetched.charset)[1],
        "wall": f"{wall}: a crawl would drop the page for that" if wall else None,
        "gate": "passes" if passes else "turned away: no words of film and orbit near each other in the visible text",
    }
    if examined.page is None:
        return report | {"extraction": f"no article: {examined.reason}"}
    page, assessment = asdict(examined.page), examined.assessment
    date = page.pop("date")
    return report | {
        "page": page,
        "date": date,
        "assessment": asdict(assessment),
        "claims": [asdict(claim) for claim in examined.claims],
        "stored": _stored(examined.page.canonical_url, data),
    }


def _stored(canonical_url: str, data: Path) -> list[dict[Hashable, Any]]:
    """Versions of this article that are in the store, with their stories."""
    from crawler.commands.store_work import tables_read
    from pipelines.analysis import load_articles
    from pipelines.urls import match_key

    columns = [
        "canonical_url",
        "article_id",
        "story_id",
        "role",
        "matched_article_id",
        "similarity",
        "revision",
        "date",
        "title",
    ]
    with tables_read():
        articles = load_articles(data, columns=columns)
    key = match_key(canonical_url)
    return articles[[match_key(url) == key for url in articles["canonical_url"]]].to_dict("records")


def _print(report: dict[str, Any]) -> None:
    from crawler.commands.output import console

    out = console()
    for name in ("url", "source", "bytes", "encoding", "wall", "gate", "extraction"):
        if report.get(name) is not None:
            _line(out, name, report[name])
    if "page" in report:
        _print_page(out, report["page"])
        _print_date(out, report["date"])
        _print_assessment(out, report["assessment"])
        _print_claims(out, report["claims"])
        _print_stored(out, report["stored"])


def _line(out: "Console", name: str, value: Any) -> None:
    from crawler.commands.output import cell

    out.print(cell(f"{name:<14}"), cell(value), sep="", soft_wrap=True)


def _print_page(out: "Console", page: dict[str, Any]) -> None:
    out.print()
    for name in ("title", "canonical_url", "authors", "language", "paywalled", "extractor", "flags"):
        value = page[name]
        _line(out, name, ", ".join(value) if isinstance(value, tuple) else value)
    _line(out, "text", f"{len(page['text'])} characters: {page['text'][:200]} ...")


def _print_date(out: "Console", date: dict[str, Any]) -> None:
    from crawler.commands.output import table

    out.print()
    found = f"{date['day']} ({date['instant']}), to the {date['precision']}, by {date['source']}"
    _line(out, "published", found if date["day"] else "not found")
    if date["conflict"]:
        _line(out, "", "trustworthy evidence differs by more than a day")
    rows = [(e["source"], e["raw"], e["day"], e["instant"], e["rejected"] or "usable") for e in date["evidence"]]
    if rows:
        out.print(table("", ("evidence", "as written", "day", "instant (UTC)", ""), rows, wrap=("as written",)))


def _print_assessment(out: "Console", assessment: dict[str, Any]) -> None:
    out.print()
    _line(out, "verdict", "about filming in orbit" if assessment["relevant"] else "not about filming in orbit")
    _line(out, "score", assessment["score"])
    scores = assessment["project_scores"]
    _line(out, "projects", ", ".join(f"{name} {scores.get(name, 0):.2f}" for name in assessment["projects"]))
    _line(out, "terms", ", ".join(assessment["matched_terms"]))
    for why in assessment["why"]:
        _line(out, "", why)


def _print_claims(out: "Console", claims: list[dict[str, Any]]) -> None:
    from crawler.commands.output import table

    if claims:
        columns = ("project", "milestone", "status", "claimed_date", "as_written", "sentence")
        out.print()
        out.print(table("Claims", columns, ([claim[name] for name in columns] for claim in claims), wrap=columns[-2:]))


def _print_stored(out: "Console", stored: list[dict[Hashable, Any]]) -> None:
    out.print()
    for row in stored:
        role = f"{row['role']}, revision {row['revision']}, similarity {row['similarity']:.2f}"
        _line(out, "stored", f"story {row['story_id']}, {role}")
    if not stored:
        _line(out, "stored", "not in the store")
