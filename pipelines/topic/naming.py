"""What names a project in a sentence, and how surely: its title, its people, or a description.

Titles can be everyday words and people make other films, so what stands around a name decides how much it counts. The
numbers are probabilities by judgement; what matters is their order, and which of them pass `NAMED`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import NamedTuple

from pipelines.catalogue.project import THERE, Project
from pipelines.topic.evidence import SentenceEvidence, Span

NAMED = 0.5
"""From here on a project counts as named."""

ELSEWHERE = ("other", "parabolic", "suborbital")
"""Families that say where the people of a project are busy instead."""

GENERAL = frozenset({"@first", "@relation"})
"""Parts of a description that fits many films: the first of its kind, any "feature film in orbit". It does not make an
article one about a film, and tells whose film that is where no other project is named."""


class By(Enum):
    """By what a sentence names a project; the values say it to people."""

    TITLE = "its title"
    WORD = "its title, an everyday word"
    WORD_AND_PEOPLE = "its title beside its people"
    WORD_FILM_PLACE = "its title beside a film and a place in orbit"
    WORD_NEAR_BOTH = "its title near a film and a place in orbit"
    WORD_SET_OFF = "its title, set off, beside a film"
    WORD_AND_FILM = "its title beside a film"
    PEOPLE = "its people"
    PEOPLE_AND_WORDS = "its people near words of space or film"
    PEOPLE_AND_CREW = "its people, and an astronaut who took part"
    CREW = "an astronaut who took part"
    DESCRIPTION = "a description of it"
    GENERAL_DESCRIPTION = "a description that fits it best"


PERSONAL = frozenset({By.PEOPLE, By.PEOPLE_AND_WORDS, By.PEOPLE_AND_CREW})
"""Naming a project by its people alone, who have other works, and rivals."""


GRANTED = PERSONAL | {By.WORD_FILM_PLACE, By.WORD_NEAR_BOTH, By.WORD_AND_FILM, By.WORD_SET_OFF}
"""Naming a project by what counts only beside a film or a place: little, where these are only supposed."""


@dataclass(frozen=True, slots=True)
class Mention:
    """How surely one sentence names one project.

    Attributes:
        project: its id.
        score: 0 to 1.
        by: what names it.
        words: the words that count, as written.
        start: where the first of them stands in the folded sentence.
    """

    project: str
    score: float
    by: By
    words: tuple[str, ...]
    start: int

    @property
    def why(self) -> str:
        """What names it, for people, without the project's name."""
        return self.by.value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a sentence.

    Attributes:
        place: a word of place in the sentence before or after.
        film: a word of filming there.
        place_anywhere: a word of place anywhere in the article; in a long one not in a single sentence below the lead,
            where an interview about another film asks about the flight.
        elsewhere: another work, an aircraft or a hop, there.
        crews: projects whose astronauts are named anywhere in the article.
        words_known: False when the projects file has no vocabulary: then there is nothing to wait for.
        people: projects whose people are named in the sentence before or after.
        unknown: in a whole article nobody and nothing that belongs to any project is named: a festival may bear an
            everyday title too.
        busy: another work is named in a long article that names no place: its people are busy with that.
        granted: that the article is about a film in orbit is known already.
        grounded: a whole article has no word of being up there, and names nobody who belongs to any project.
    """

    place: bool
    film: bool
    place_anywhere: bool
    elsewhere: bool
    crews: frozenset[str]
    words_known: bool
    people: frozenset[str] = frozenset()
    unknown: bool = False
    busy: bool = False
    granted: bool = False
    grounded: bool = False


def named_in(sentence: SentenceEvidence, around: Surroundings, projects: Mapping[str, Project]) -> Iterator[Mention]:
    """The projects that a sentence names, weak mentions included.

    Args:
        sentence: what it names.
        around: what stands around it.
        projects: by id.
    """
    # Most sentences name no project, so that only those named are looked at; sorted, for the same order every run.
    described = _described(sentence, projects)
    for ident in sorted({*sentence.projects, *described}):
        kinds = sentence.projects.get(ident, {})
        named = [_title(sentence, kinds, around)]
        if "never" not in kinds:
            # Beside a tournament or a novel an everyday title is theirs, unless its makers are named too.
            if "person" in kinds or not sentence.has("other"):
                named.append(_ordinary(sentence, kinds, around, beside_people=ident in around.people))
            named.append(_person(sentence, kinds, around, known_crew=ident in around.crews))
            named.append(_crew(sentence, kinds, around))
            # Russians who watch films on the station are not those who made one there.
            if around.granted or sentence.has("relation") or not sentence.has("archive"):
                cues = described.get(ident, ())
                named.append(_cue(sentence, projects[ident], cues, there=around.place_anywhere, granted=around.granted))
        best = max(filter(None, named), key=lambda found: found.score, default=None)
        if best:
            words = tuple(dict.fromkeys(sentence.words(best.spans)))
            yield Mention(ident, best.score, best.by, words, min(best.spans)[0])


def is_described_in(sentence: SentenceEvidence, projects: Mapping[str, Project], *, there: bool) -> bool:
    """Whether a sentence has all of some project's description; of those with a word of one few do.

    Args:
        sentence: what it names.
        projects: by id.
        there: whether the article names a place in orbit.
    """
    return any(
        _cue(sentence, projects[ident], cues, there=there, granted=False)
        for ident, cues in _described(sentence, projects).items()
    )


def _described(sentence: SentenceEvidence, projects: Mapping[str, Project]) -> dict[str, set[int]]:
    """The descriptions, by project, of which a sentence may have all: those whose first part stands there."""
    cues: dict[str, set[int]] = {}
    for ident, number, part in sentence.cues:
        if part == 0 or "@" in projects[ident].cues[number][0]:
            cues.setdefault(ident, set()).add(number)
    return cues


class _Found(NamedTuple):
    """What names a project in a sentence, how surely, and where."""

    score: float
    by: By
    spans: list[Span]


def _title(sentence: SentenceEvidence, kinds: dict[str, list[Span]], around: Surroundings) -> _Found | None:
    if "title" not in kinds:
        return None
    in_context = sentence.films or sentence.has("place", "space") or around.place or around.film
    return _Found(0.95 if in_context else 0.8, By.TITLE, kinds["title"])


def _ordinary(
    sentence: SentenceEvidence, kinds: dict[str, list[Span]], around: Surroundings, *, beside_people: bool
) -> _Found | None:
    """An everyday title: how far quotation marks, filming, a place in orbit or its people carry it."""
    spans = [span for span in kinds.get("ordinary", ()) if not sentence.within_longer(*span)]
    if "person" not in kinds and around.words_known and not (sentence.films and sentence.has("place")):
        # No capital letter tells a title from the word in Chinese or Arabic.
        spans = [span for span in spans if sentence.capitalised(*span) or sentence.set_off(*span)]
    if not spans:
        return None
    if not around.words_known:
        return _Found(0.6, By.WORD, spans)
    films = not around.grounded and any(sentence.films_beside(start, end) for start, end in spans)
    set_off = any(sentence.set_off(start, end) for start, end in spans)
    place = sentence.has("place") or around.place
    if "person" in kinds or (beside_people and set_off and (films or around.film)):
        return _Found(0.9 if "person" in kinds else 0.8, By.WORD_AND_PEOPLE, spans)
    if place and (films or set_off):
        return _Found(0.85, By.WORD_FILM_PLACE, spans)
    if place and around.film:
        return _Found(0.6, By.WORD_NEAR_BOTH, spans)
    if set_off and films and not (around.unknown or around.elsewhere):
        return _Found(0.75, By.WORD_SET_OFF, spans)
    if films:
        return _Found(0.55 if around.place_anywhere and not around.unknown else 0.4, By.WORD_AND_FILM, spans)
    return _Found(0.45 if place or set_off else 0.1, By.WORD, spans)


def _person(
    sentence: SentenceEvidence, kinds: dict[str, list[Span]], around: Surroundings, *, known_crew: bool
) -> _Found | None:
    if "person" not in kinds:
        return None
    spans = kinds["person"]
    if not around.words_known:
        return _Found(0.6, By.PEOPLE, spans)
    if sentence.has("place"):
        score = 0.95 if sentence.films else 0.8
    elif sentence.films and around.place:
        score = 0.75
    elif sentence.has("space"):
        score = 0.7 if sentence.films else 0.65
    elif around.place or (sentence.films and around.place_anywhere):
        score = 0.55
    else:
        score = 0.2
    told = sentence.films and sentence.has("space")
    if not sentence.has("place") and (sentence.has(*ELSEWHERE) or (around.elsewhere and not told)):
        score *= 0.5
    if around.busy:
        score *= 0.5
    if known_crew and score < NAMED:
        return _Found(0.6, By.PEOPLE_AND_CREW, spans)
    return _Found(score, By.PEOPLE_AND_WORDS, spans)


def _crew(sentence: SentenceEvidence, kinds: dict[str, list[Span]], around: Surroundings) -> _Found | None:
    """Astronauts who took part: never enough alone, since they are in the news for every flight."""
    if "crew" not in kinds:
        return None
    shot = sentence.has("shoot", "work") and (sentence.has("place") or around.place)
    return _Found(0.25 if shot else 0.1, By.CREW, kinds["crew"])


def _cue(
    sentence: SentenceEvidence, project: Project, cues: Collection[int], *, there: bool, granted: bool
) -> _Found | None:
    """The first of `cues` that a sentence has in full.

    Not if the sentence calls another project by a title that is no part of it:
    "The Russian producers of Space Hero" are those of Space Hero; "a sequel to Vyzov" speaks of both.
    """
    if not cues:
        return None
    titles = [kinds["title"] for other, kinds in sentence.projects.items() if other != project.id and "title" in kinds]
    others = sentence.families.get("other", ())
    for number in sorted(cues):
        cue = project.cues[number]
        general = not GENERAL.isdisjoint(cue)
        if general and not granted:
            continue
        spans: list[Span] = []
        for part, choices in enumerate(cue):
            if choices == THERE:
                if there or sentence.has("place"):
                    continue
                break
            here = [span for span in sentence.cues.get((project.id, number, part), ()) if not _swallowed(span, others)]
            for family in _families_of(choices):
                here += sentence.families.get(family, [])
            if not here:
                break
            spans.append(here[0])
        else:
            if all(any(_overlap(span, own) for span in title for own in spans) for title in titles):
                return _Found(0.8, By.GENERAL_DESCRIPTION if general else By.DESCRIPTION, spans)
    return None


@cache
def _families_of(choices: str) -> tuple[str, ...]:
    """The families that a part of a description names; its own words were found by the reader."""
    return tuple(choice[1:] for choice in choices.split("|") if choice.startswith("@"))


def _swallowed(span: Span, others: Iterable[Span]) -> bool:
    """Whether a word is part of a longer name of something else: the film crew of "a film crew of Channel 5"."""
    return any(start <= span[0] and span[1] <= end and span != (start, end) for start, end in others)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
