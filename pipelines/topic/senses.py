"""What each term of a projects file says of a page that it stands in.

For finding pages most terms say nothing: words of filming are in every other page. `pipelines.topic.anchors` looks for
the rest.
"""

from enum import Enum
from typing import NamedTuple

from pipelines.catalogue.project import THERE
from pipelines.matching import Matcher, Term
from pipelines.topic.evidence import Reader
from pipelines.topic.naming import GENERAL
from pipelines.topic.spotting import longest_piece
from pipelines.topic.written import stem

LONG_SIGN = 8
"""Letters of a word or phrase of spaceflight in Latin letters from which it is long; those of other scripts all are."""

SHORT_SIGN = 6
"""Letters below which a word is short whatever longer ones have its stem. With 9 and 8 fewer news pages
would be parsed, but "cosmonauts", "capsule" and "airlock" would no longer do."""

_FOUND_BY_MORE = GENERAL | {"@place", THERE}
"""Parts of descriptions for which no page is searched: one that needs any place in orbit is found by its place, and a
general one tells only whose film it is of an article that was accepted by other words."""


Others = tuple[tuple[str, ...], ...]
"""Words, as they are found in folded text in small letters, of each of which groups one must stand beside a term."""


class Kind(Enum):
    """What a term is, to whoever looks for pages."""

    ALONE = "a title, the name of a person, or a place in orbit"
    SIGN = "a word of spaceflight"
    PART = "a part of a description"


class Sense(NamedTuple):
    """What a term says of a page that it stands in.

    Attributes:
        kind: that.
        stem: of a sign, by which different ones are counted.
        others: of a part of a description, the other parts; those that name a family of the vocabulary are left out.
    """

    kind: Kind
    stem: str = ""
    others: Others = ()


Senses = dict[Term, set[Sense]]


def senses_of(reader: Reader, *, by_words: bool) -> Senses:
    """What each term of the file says."""
    cues = {
        (project.id, number): cue
        for project in reader.projects.projects
        for number, cue in enumerate(project.cues)
        if not by_words or not _FOUND_BY_MORE & {*cue}
    }
    parts = {key: _part_looked_for(cue) for key, cue in cues.items()}
    others = {key: _others(cue, parts[key]) for key, cue in cues.items()}
    senses: Senses = {}
    for term, tag in reader.terms():
        match tag.kind:
            case "title" | "person" | "ordinary":
                sense = Sense(Kind.ALONE)
            case "cue" if parts.get((tag.owner, tag.cue)) == tag.part:
                sense = Sense(Kind.PART, others=others[tag.owner, tag.cue])
            case "family" if by_words and tag.owner in {"place", "relation"}:
                sense = Sense(Kind.ALONE)
            case "family" if by_words and tag.owner == "space":
                sense = Sense(Kind.SIGN, stem(term))
            case _:
                continue
        if term.needle:
            senses.setdefault(term, set()).add(sense)
    return senses


def _part_looked_for(cue: tuple[str, ...]) -> int:
    """The first part of a description; where that names a family, the one whose shortest word is longest."""
    named = [part for part, choices in enumerate(cue) if "@" not in choices]
    if not named or named[0] == 0:
        return 0
    return max(named, key=lambda part: min(map(_length, cue[part].split("|"))))


def _others(cue: tuple[str, ...], looked_for: int) -> Others:
    """The words of the parts of a description but one, as `Sense.others`."""
    return tuple(
        tuple(Term.parse(written).needle for written in choices.split("|"))
        for part, choices in enumerate(cue)
        if part != looked_for and "@" not in choices
    )


def long_signs(senses: Senses) -> set[str]:
    """The stems of the signs that every page is searched for."""
    lengths: dict[str, list[int]] = {}
    for term, meant in senses.items():
        letters = term.written.strip("=*")
        length = len(letters) if longest_piece(term.written).isascii() else LONG_SIGN
        for sense in meant:
            if sense.kind is Kind.SIGN:
                lengths.setdefault(sense.stem, []).append(length)
    return {stem_ for stem_, of in lengths.items() if max(of) >= LONG_SIGN and min(of) >= SHORT_SIGN}


def _length(written: str) -> int:
    return len(longest_piece(written).encode())


def without_covered(senses: Senses) -> Senses:
    """The terms without those in which another one stands that says as much: "in space" in "a film in space"."""
    terms = list(senses)
    matcher = Matcher((term, number) for number, term in enumerate(terms))
    kept: set[int] = set()
    for number in sorted(range(len(terms)), key=lambda number: len(terms[number].needle)):
        term = terms[number]
        open_right = term.open_right or term.ending > 0 or term.tail is not None
        for hit in matcher.find(term.cased or term.needle):
            if hit.tag not in kept:
                continue
            other = terms[hit.tag]
            if (
                _says_as_much(senses[other], senses[term])
                and (term.cased or not other.cased)
                and other.tail is None
                # Folded, one may stand in the other with other accents, under which pages are not searched for it.
                and other.written.strip("=*").lower() in term.written.lower()
                and (hit.start > 0 or other.open_left or not term.open_left)
                and (hit.end < len(term.needle) or other.open_right or not open_right)
            ):
                break
        else:
            kept.add(number)
    return {terms[number]: senses[terms[number]] for number in sorted(kept)}


def _says_as_much(these: set[Sense], those: set[Sense]) -> bool:
    kinds = {sense.kind for sense in these}
    return Kind.ALONE in kinds or all(sense in these for sense in those)
