"""Which of an article's projects a sentence speaks of: its titles, people and ships, found in the text."""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipelines.catalogue.projects import Project, Projects
from pipelines.matching import Matcher, Term, fold

LONGEST_QUOTED_TITLE = 6
"""Words. Longer quotations are speech; the longest title in the projects file has seven, but is found by name."""

COMMON_FAMILIES = ("work", "shoot", "place")
"""Families of words that any project's articles have: they describe none, wherever a cue of one begins with them.
"The film was announced in May" is told of whichever film the text is about."""

SHORTEST_CUE = 4
"""Letters of the shortest description that tells projects apart; "ad" and "VR" stand in any article."""

_QUOTED = re.compile(
    r"«([^«»\n]{2,60})»|“([^“”\n]{2,60})”|„([^„“”\n]{2,60})[“”]|\"([^\"\n]{2,60})\"|《([^《》\n]{1,40})》|『([^『』\n]{1,40})』|「([^「」\n]{1,40})」"
)
_QUOTES = "=«»„“”‘’'\"《》「」『』"
_SCRIPT_WITHOUT_CASE = re.compile(r"[\u0600-\u06ff\u0900-\u097f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class NameMention:
    """A place where a text names one or several of the article's projects.

    Attributes:
        start, end: offsets in the folded text, which has the length of the text but for rare characters; they
            serve to compare distances.
        projects: ids; several for a name they share ("Maezawa").
        title: whether it is the title of the work itself.
        weak: whether it is a description only ("the Russian actress", an agency), which counts where nothing is
            named.
    """

    start: int
    end: int
    projects: tuple[str, ...]
    title: bool
    weak: bool = False


class NameFinder:
    """Finds the names of the catalogue's projects.

    Args:
        projects: the catalogue.
    """

    def __init__(self, projects: Projects) -> None:
        sequels = _sequels(projects)
        common = frozenset(
            Term.parse(word).needle for family in COMMON_FAMILIES for word in projects.vocabulary.terms(family)
        )
        self._matcher = Matcher(
            (
                *(entry for project in projects.projects for entry in _terms(project, common)),
                *_sequel_terms(projects, sequels),
            )
        )
        self._ordinary = {
            (project.id, Term.parse(title).needle) for project in projects.projects for title in project.ordinary
        }
        cast: dict[str, set[str]] = {}
        for project in projects.projects:
            for name in project.people:
                cast.setdefault(name.lower(), set()).add(project.id)
        self._kin = {
            project.id: {kin for name in project.people for kin in cast[name.lower()]} for project in projects.projects
        }
        for sequel, firsts in sequels.items():
            self._kin[sequel] |= firsts

    def kin(self, project: str, other: str) -> bool:
        """Whether two projects have a person in common, or the first is a sequel of the other."""
        return other in self._kin.get(project, ())

    def find(self, text: str, ids: Sequence[str]) -> list[NameMention]:
        """The mentions of the projects `ids` in order; a name inside a longer one counts only as the longer."""
        folded = fold(text)
        places: dict[tuple[int, int], dict[str, str]] = {}
        for hit in self._matcher.find(folded):
            project, role = _tag(hit.tag)
            if project not in ids:
                continue
            needle = folded[hit.start : hit.end]
            # "A challenge" is no title; "Challenge" and «Вызов» may be one.
            if role == "title" and needle[:1].islower() and (project, needle.lower()) in self._ordinary:
                continue
            owners = places.setdefault((hit.start, hit.end), {})
            owners[project] = min(owners.get(project, role), role, key=_ROLES.index)
        mentions = []
        for span in _outermost(places):
            roles = places[span].values()
            best = min(roles, key=_ROLES.index)
            owners_at = tuple(project for project, role in places[span].items() if (role == "weak") == (best == "weak"))
            mentions.append(NameMention(*span, owners_at, title=best == "title", weak=best == "weak"))
        return mentions


def other_works(text: str, own: Sequence[NameMention], headline: str) -> list[tuple[int, int]]:
    """Places of quoted titles that belong to none of the projects: short, capitalised, not in the headline."""
    places = []
    for match in _QUOTED.finditer(text):
        quoted = next(group for group in match.groups() if group)
        caseless = bool(_SCRIPT_WITHOUT_CASE.search(quoted))
        if len(quoted.split()) > LONGEST_QUOTED_TITLE or quoted[-1] in ",.!?…。！？，" or quoted in headline:
            continue
        if not caseless and not quoted[0].isupper():
            continue
        if caseless and len(quoted) > 15 and match[0][0] not in "《『":
            continue
        if not any(match.start() <= name.end and name.start <= match.end() for name in own):
            places.append(match.span())
    return places


_ROLES = ("title", "name", "weak")


def _terms(project: Project, common: AbstractSet[str]) -> Iterator[tuple[Term, Hashable]]:
    for title in project.all_titles:
        yield Term.parse(title, name=True), (project.id, "title")
    for people in (project.people, project.crew):
        for name, spellings in people.items():
            for written in (name, *spellings):
                yield Term.parse(written, name=True), (project.id, "name")
    for written in project.vehicles:
        # A numbered ship is one flight; "Soyuz" and "Crew Dragon" are anybody's.
        role = "name" if any(char.isdigit() for char in written) else "weak"
        yield Term.parse(written), (project.id, role)
    for written in project.organisations:
        yield Term.parse(written, name=True), (project.id, "weak")
    titles = {fold(title).lower() for title in project.all_titles}
    # The first part of a cue says whose film it is ("Russian"), the others what is told of it ("first", "film").
    for written in (written for cue in project.cues for written in cue[0].split("|")):
        # "@family" refers to the common vocabulary; terms of a letter or two are everywhere.
        if written.startswith("@") or (len(written) < SHORTEST_CUE and written.isascii()):
            continue
        term = Term.parse(written)
        # A title in quotation marks is no mere description; it is found as the title that it is.
        if term.needle not in common and fold(written).strip(_QUOTES).lower() not in titles:
            yield term, (project.id, "weak")


def _sequels(projects: Projects) -> dict[str, set[str]]:
    """Projects without people of their own whose title continues another's ("The Challenge 2"), and those others."""
    found: dict[str, set[str]] = {}
    for project in projects.projects:
        if project.people or project.crew:
            continue
        firsts = {
            other.id
            for other in projects.projects
            if other.id != project.id
            for first in other.all_titles
            if any(title.startswith(first) and not title[len(first) :][:1].isalnum() for title in project.all_titles)
        }
        if firsts:
            found[project.id] = firsts
    return found


def _sequel_terms(projects: Projects, sequels: Mapping[str, set[str]]) -> Iterator[tuple[Term, Hashable]]:
    """A sequel is named by what sets it apart from the first film ("continuation"): the second part of its cues."""
    for project in projects.projects:
        if project.id in sequels:
            for cue in project.cues:
                for written in cue[1].split("|") if len(cue) > 1 else ():
                    if not written.startswith("@"):
                        yield Term.parse(written), (project.id, "title")


def _tag(tag: Hashable) -> tuple[str, str]:
    assert isinstance(tag, tuple)  # noqa: S101 - `_terms` registers nothing else
    return str(tag[0]), str(tag[1])


def _outermost(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that lie in no other one, in order."""
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > reached:
            reached = end
            yield start, end
