"""`orbitwatch projects`: the film projects that are followed, and whether their terms earn their place."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import ConfigurationError, catalogue_options, data_option, json_option, read_projects

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.topic.terms import TermUse

_LABELS = {"relevant": True, "irrelevant": False}

_ELSEWHERE = frozenset({"never", "cue"})
"""Kinds of terms that may stand in rejected articles: the first are meant to, the others count in company only."""

_NAMED = 12
"""Terms of one project that are named in a table; all of them are in the JSON."""

VOCABULARY = "vocabulary."
"""How the owners of words that belong to no project begin."""


@click.group()
def projects() -> None:
    """The film projects that are followed. They are entries of a TOML file, made to be edited."""


@projects.command("list", short_help="Show every project, and how many stories are about it.")
@data_option
@catalogue_options
@json_option
def list_projects(data: Path, sources_file: Path | None, projects_file: Path | None, as_json: bool) -> None:
    """Show every project with its kind, titles, number of known milestones, and how many stories are about it."""
    from crawler.commands.output import console, print_json, table
    from crawler.commands.store_work import tables_read
    from pipelines.analysis import load_stories

    found = read_projects(data, projects_file)
    with tables_read():
        named = load_stories(data, columns=["projects"])["projects"]
    stories = Counter(id_ for ids in named for id_ in ids)
    if as_json:
        print_json([{**asdict(project), "stories": stories[project.id]} for project in found.projects])
        return
    rows = (
        (p.id, p.name, p.kind, " / ".join(p.all_titles[:3]), len(p.milestones), stories[p.id]) for p in found.projects
    )
    columns = ("id", "name", "kind", "titles", "facts", "stories")
    title = f"{len(found.projects)} projects, rules version {found.version}"
    console().print(table(title, columns, rows, right=("facts", "stories"), wrap=("name", "titles")))


@dataclass(frozen=True, slots=True)
class Compared:
    """What the terms were compared with.

    Attributes:
        stored: articles of the store.
        accepted: labelled articles that are on topic.
        rejected: labelled articles that are not.
    """

    stored: int
    accepted: int
    rejected: int


@projects.command("check", short_help="Check the file, and show terms that never match or match the wrong articles.")
@data_option
@catalogue_options
@json_option
@click.option(
    "--labelled",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help='Articles with a verdict, one JSON object a line: title, text, label ("relevant" or "irrelevant").',
)
@click.option("--vocabulary", is_flag=True, help="Check the words of the vocabulary as well.")
def check_projects(
    data: Path,
    sources_file: Path | None,
    projects_file: Path | None,
    as_json: bool,
    labelled: Path | None,
    vocabulary: bool,
) -> None:
    """Check the whole file, then show terms that never matched, and terms that match mostly rejected articles.

    Terms are compared with the stored articles, which have all been accepted: pages that are rejected are not kept. So
    the second list needs --labelled, a file of accepted and rejected articles that somebody has judged.
    """
    from pipelines.topic.evidence import AGAINST
    from pipelines.topic.terms import TermCounter

    found = read_projects(data, projects_file)
    in_store, in_labelled = TermCounter(found), TermCounter(found)
    stored = 0
    for title, text in _stored(data):
        in_store.add(title=title, text=text, relevant=True)
        stored += 1
    verdicts: Counter[bool] = Counter()
    for article in _labelled(labelled) if labelled else ():
        in_labelled.add(title=article.title, text=article.text, relevant=article.relevant)
        verdicts[article.relevant] += 1
    # What speaks against an article is meant to stand in rejected ones.
    against = {f"{VOCABULARY}{family}" for family in AGAINST}
    never, doubtful, terms = [], [], 0
    for kept, judged in zip(in_store.uses(), in_labelled.uses(), strict=True):
        if vocabulary or not kept.owner.startswith(VOCABULARY):
            terms += 1
            if not (kept.accepted or judged.accepted or judged.rejected):
                never.append(kept)
            elif judged.rejected > judged.accepted and judged.kind not in _ELSEWHERE and judged.owner not in against:
                doubtful.append(judged)
    compared = Compared(stored, verdicts[True], verdicts[False])
    if as_json:
        _print_json(found, compared, never, doubtful)
    else:
        _show(found, compared, never, doubtful, terms)


@dataclass(frozen=True, slots=True)
class _Labelled:
    """An article that somebody has judged."""

    title: str
    text: str
    relevant: bool


def _stored(data: Path) -> Iterator[tuple[str, str]]:
    """Headline and text of the stored articles that are on topic, month by month."""
    from crawler.commands.store_work import store_work
    from pipelines.store import Store

    if not data.is_dir():
        return
    with store_work(data):
        for month in Store(data).articles(["title", "text", "projects"]):
            for row in month.to_pylist():
                if row["projects"]:
                    yield row["title"], row["text"]


def _labelled(path: Path) -> Iterator[_Labelled]:
    """The articles of a file of JSON lines.

    Raises:
        ConfigurationError: naming the first line that cannot be used.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                said = json.loads(line)
                yield _Labelled(str(said["title"]), str(said.get("text") or ""), _LABELS[said["label"]])
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                wanted = 'an object with "title" and "text", and "label": "relevant" or "irrelevant"'
                raise ConfigurationError(f"{path}: line {number} cannot be used; each line is {wanted}") from error


def _print_json(found: "Projects", compared: Compared, never: "list[TermUse]", doubtful: "list[TermUse]") -> None:
    from crawler.commands.output import print_json

    print_json(
        {
            "projects": len(found.projects),
            "rules_version": found.version,
            "compared": asdict(compared),
            "never_matched": [{"owner": use.owner, "kind": use.kind, "term": use.term} for use in never],
            "mostly_rejected": [asdict(use) for use in doubtful],
        }
    )


def _show(found: "Projects", compared: Compared, never: "list[TermUse]", doubtful: "list[TermUse]", terms: int) -> None:
    from crawler.commands.output import console, table

    out = console()
    judged = compared.accepted + compared.rejected
    out.print(f"The file is right: {len(found.projects)} projects, rules version {found.version}.")
    if not (compared.stored or judged):
        out.print(f"{terms:,} terms, and no article yet to compare them with.")
        return
    out.print(
        f"{terms:,} terms compared with {compared.stored:,} stored articles and {judged:,} labelled ones, "
        f"{compared.rejected:,} of them rejected."
    )
    by_owner: dict[str, list[str]] = {}
    for use in never:
        by_owner.setdefault(use.owner, []).append(f"{use.term} ({use.kind})")
    if by_owner:
        rows = ((owner, len(words), _first(words)) for owner, words in by_owner.items())
        title = f"Never matched: {len(never):,} terms"
        out.print(table(title, ("project", "terms", "which"), rows, right=("terms",), wrap=("which",)))
    if doubtful:
        doubtful.sort(key=lambda use: use.accepted - use.rejected)
        columns = ("project", "kind", "term", "accepted", "rejected")
        rows_ = ((use.owner, use.kind, use.term, use.accepted, use.rejected) for use in doubtful)
        out.print(table("Match mostly rejected articles", columns, rows_, right=("accepted", "rejected")))
    elif not judged:
        out.print(
            "Which terms match mostly rejected articles cannot be told from the store, which keeps accepted ones only: "
            "give judged articles with --labelled."
        )


def _first(words: list[str]) -> str:
    left = len(words) - _NAMED
    return ", ".join(words[:_NAMED]) + (f" and {left:,} more" if left > 0 else "")
