"""What each term of a projects file stands for: a family of the vocabulary, or a project and how it names it."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import NamedTuple

from pipelines.catalogue.project import Project, Projects
from pipelines.matching import Term
from pipelines.topic.denials import DENIED

FILM = frozenset({"shoot", "work", "maker"})
"""The families that speak of making a film."""

EVERYDAY = "everyday"
"""The family that lists which words of `FILM` have other meanings in the news: a series, an episode, a take."""

SPACEFLIGHT = frozenset({"place", "space", "relation"})
"""The families that speak of being up there."""

EARTHLY = "earthly"
"""The family that lists which words of `SPACEFLIGHT` mean other things too: a station, a crew, a launch, "on board"."""

_LISTS = frozenset({EVERYDAY, EARTHLY, DENIED})
"""Families that are not looked for by themselves: their words are those of others, or mean something beside one."""

STEM = 5
"""Letters by which the words of a family are told apart: cases and plurals of one word, in most languages, are one.
4 and 8 did as well on held-back folds."""


class Tag(NamedTuple):
    """What a term stands for.

    Attributes:
        kind: "family", or how the term belongs to a project: "title", "ordinary" (an everyday title),
            "person", "crew", "support" (an organisation or a vehicle), "never", or "cue".
        owner: the family or the project's id.
        language: of a family's word, "mul" for words of no one language.
        cue: which of the project's cues, from 0.
        part: which part of that cue, from 0.
        stem: of a family's word, its first letters, by which it is told from others of its kind.
        everyday: of a word of filming, that it means other things as well, see `EVERYDAY`.
        earthly: of a word of being up there, that it means other things as well, see `EARTHLY`.
    """

    kind: str
    owner: str
    language: str = ""
    cue: int = 0
    part: int = 0
    stem: str = ""
    everyday: bool = False
    earthly: bool = False


def written_terms(projects: Projects) -> Iterator[tuple[str, Term, Tag]]:
    """Every term of a projects file: as it is written there, ready to be looked for, and what it stands for."""
    parse = cache(Term.parse)  # a third of them stand in several places: descriptions are of much the same words
    families = projects.vocabulary.families
    everyday, earthly = (
        {(language, written) for language, terms in families.get(listed, {}).items() for written in terms}
        for listed in (EVERYDAY, EARTHLY)
    )
    for family, languages in families.items():
        for language, terms in languages.items() if family not in _LISTS else ():
            spoken = language.partition("-")[0]
            for written in terms:
                term = parse(written)
                tag = Tag(
                    "family",
                    family,
                    spoken,
                    stem=stem(term),
                    everyday=family in FILM and (language, written) in everyday,
                    earthly=family in SPACEFLIGHT and (language, written) in earthly,
                )
                yield written, term, tag
    for project in projects.projects:
        yield from _project_terms(project, parse)


def _project_terms(project: Project, parse: Callable[..., Term]) -> Iterator[tuple[str, Term, Tag]]:
    for title in project.all_titles:
        if title in project.ordinary:
            # Written small, it is the everyday word.
            yield title, parse(f"={title.removeprefix('=')}"), Tag("ordinary", project.id)
        else:
            yield title, parse(title, name=True), Tag("title", project.id)
    names = {
        "person": chain.from_iterable((name, *others) for name, others in project.people.items()),
        "crew": chain.from_iterable((name, *others) for name, others in project.crew.items()),
        "support": (*project.organisations, *project.vehicles),
    }
    for kind, terms in names.items():
        yield from ((written, parse(written, name=True), Tag(kind, project.id)) for written in terms)
    yield from ((written, parse(written), Tag("never", project.id)) for written in project.never)
    for number, cue in enumerate(project.cues):
        for part, choices in enumerate(cue):
            own = (written for written in choices.split("|") if not written.startswith("@"))
            tag = Tag("cue", project.id, cue=number, part=part)
            yield from ((written, parse(written), tag) for written in own)


def stem(term: Term) -> str:
    """The first letters of a term, by which different signs are counted: "capsule*" and "capsula" are one.

    An inner `*` ends it, so that whatever stands for the `*` in a text the stem is the same.
    """
    return term.needle[:STEM]
