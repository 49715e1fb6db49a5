"""The words that every accepted article has, looked for in a page's bytes before anything is parsed.

Three kinds of words are told apart.

- A title or a person is enough.
- A place in orbit or several words of spaceflight count where a word of filming stands close by: an article without
  such a passage does not reach the judge's score.
- An everyday title, and a part of a description without a name ("the Russian actress on the ISS"), count where the
  words around make them a project's.

Words of spaceflight that are short in Latin letters ("cargo", "space") would cost as much to look for as all other
words, and mean little. They are looked for in pages that have a long one, and an article must have one, too.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from pipelines.matching import Matcher, Term
from pipelines.topic.attribution import NAMED, Surroundings, crews_named, mentions
from pipelines.topic.evidence import Reader, Reading, stem
from pipelines.topic.spotting import Spotter, longest_piece, text_between

FEWEST_SIGNS = 3
"""Different words of spaceflight that an article must have when it names no place in orbit and no project, one of them
a long one. Of 40 articles written for the purpose that tell of a film from the side 2 finds six more, with as many
false ones; but half as many news pages again pass the gate (28 of 314 instead of 18), and each costs 30 ms."""

LONG_SIGN = 8
"""Letters of a word or phrase of spaceflight in Latin letters from which it is long; those of other scripts all are."""

SHORT_SIGN = 6
"""Letters below which a word is short whatever longer ones have its stem. Of 314 news pages 50 are parsed with 8 and
6, and 30 with 9 and 8; then "cosmonauts", "capsule" and "airlock" would no longer do."""

PASSAGE = 1_024
"""Bytes of a page on either side of an anchor in which a word of filming must stand. In 112 accepted articles that
name no title and no person it stands in the same sentence or, once, the next, and at most 60 characters away."""

MOST_PLACES = 500
"""Places of a page around which is read; a page with more is taken for one with what is looked for, so that the time
of a hostile one is bounded."""

_PLACE = "@place"
"""The part of a description that stands for any place in orbit; such a description is found by its place."""


class _Kind(Enum):
    ENOUGH = "a title or a person"
    ANCHOR = "a place in orbit"
    SIGN = "a word of spaceflight"
    PART = "a part of a description, or an everyday title"


class _Sense(NamedTuple):
    """What a term says of a page that it stands in; of a sign also its stem, by which different ones are counted."""

    kind: _Kind
    stem: str = ""


_Senses = dict[tuple[str, Term], set[_Sense]]


@dataclass(slots=True)
class _Findings:
    """What was found in a page.

    Attributes:
        stems: the different signs, those in other spellings of the page too.
        anchored: whether there is an anchor.
        near: offsets of both, around which words of filming are looked for.
        parts: offsets of parts of descriptions and of everyday titles.
    """

    stems: set[str]
    anchored: bool = False
    near: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)


class Anchors:
    """Looks for the words of which every accepted article has one, or several.

    Args:
        reader: knows the terms, and reads the words around what was found.
        by_words: whether articles are judged by words of filming and of places in orbit; otherwise only projects
            count, and whatever may name one is enough.
    """

    def __init__(self, reader: Reader, *, by_words: bool) -> None:
        self._reader = reader
        self._by_words = by_words
        self._senses = _senses(reader, by_words=by_words)
        self._long = _long_signs(self._senses)

    def found_in(self, page: bytes, others: Iterable[bytes] = ()) -> bool:
        """Whether a page has what an accepted article must have.

        Args:
            page: UTF-8.
            others: the same in other spellings; words found in one count with those of another.
        """
        stems: set[str] = set()
        return any(self._found_in(text, _Findings(stems)) for text in chain((page,), others))

    def _found_in(self, page: bytes, found: _Findings) -> bool:
        if self._always.decides(page, found):
            return True
        if not found.anchored and found.stems and self._short.decides(page, found):
            return True
        if len(found.near) + len(found.parts) > MOST_PLACES:
            return True
        if any(map(self._names_a_project, self._read(page, found.parts))):
            return True
        if not found.anchored and not self.enough(found.stems):
            return False
        passages = self._read(page, sorted(found.near))
        return any(any(s.films for s in passage.body) or self._names_a_project(passage) for passage in passages)

    @cached_property
    def _kept(self) -> "_Senses":
        # Only who searches pages pays for it: articles are judged without.
        return _without_covered(self._senses)

    @cached_property
    def _always(self) -> "_Search":
        return _Search((term, [s for s in meant if not self._is_short(s)]) for term, meant in self._kept.items())

    @cached_property
    def _short(self) -> "_Search":
        return _Search((term, [s for s in meant if self._is_short(s)]) for term, meant in self._kept.items())

    def enough(self, stems: Collection[str]) -> bool:
        """Whether an article with these words of spaceflight (by `pipelines.topic.evidence.stem`) needs no other."""
        return len(stems) >= FEWEST_SIGNS and not self._long.isdisjoint(stems)

    def _is_short(self, sense: _Sense) -> bool:
        return sense.kind is _Kind.SIGN and sense.stem not in self._long

    def _read(self, page: bytes, offsets: Iterable[int]) -> Iterator[Reading]:
        """The passages around offsets, which ascend; none is read twice."""
        done = 0
        for offset in offsets:
            end = offset + PASSAGE
            if offset >= done - PASSAGE // 2:
                yield self._reader.read_generously(title="", text=text_between(page, max(0, offset - PASSAGE), end))
                done = end

    def _names_a_project(self, passage: Reading) -> bool:
        place = any(sentence.has("place") for sentence in passage.body)
        around = Surroundings(
            place=place,
            film=any(sentence.films for sentence in passage.body),
            place_anywhere=place,
            elsewhere=False,
            crews=crews_named(passage.body),
            words_known=self._by_words,
        )
        found = mentions(passage, self._reader.projects, page=around)
        return any(mention.score >= NAMED for sentence in found for mention in sentence)


class _Search:
    """Terms that are looked for together.

    Args:
        terms: as written and parsed, with what each says; those that say nothing are left out.
    """

    def __init__(self, terms: Iterable[tuple[tuple[str, Term], list[_Sense]]]) -> None:
        looked_for = [(term, senses) for term, senses in terms if senses]
        self._senses = [senses for _, senses in looked_for]
        self._spotter = Spotter(term for term, _ in looked_for)

    def decides(self, page: bytes, found: _Findings) -> bool:
        """Add to what was found; True when it is enough."""

        def seen(term: int, offset: int) -> bool:
            for kind, stem_ in self._senses[term]:
                match kind:
                    case _Kind.ENOUGH:
                        return True
                    case _Kind.PART:
                        found.parts.append(offset)
                    case _Kind.ANCHOR:
                        found.anchored = True
                        found.near.append(offset)
                    case _Kind.SIGN:
                        found.stems.add(stem_)
                        found.near.append(offset)
            return False

        return self._spotter.spot(page, seen)


def _senses(reader: Reader, *, by_words: bool) -> _Senses:
    """What each term of the file says."""
    parts = {
        (project.id, number): _part_looked_for(cue)
        for project in reader.projects.projects
        for number, cue in enumerate(project.cues)
        if not by_words or _PLACE not in cue
    }
    senses: _Senses = {}
    for written, term, tag in reader.terms:
        match tag.kind:
            case "title" | "person":
                sense = _Sense(_Kind.ENOUGH)
            case "ordinary":
                sense = _Sense(_Kind.PART if by_words else _Kind.ENOUGH)
            case "cue" if parts.get((tag.owner, tag.cue)) == tag.part:
                sense = _Sense(_Kind.PART)
            case "family" if by_words and tag.owner in {"place", "relation"}:
                sense = _Sense(_Kind.ANCHOR)
            case "family" if by_words and tag.owner == "space":
                sense = _Sense(_Kind.SIGN, stem(written))
            case _:
                continue
        if term.needle:
            senses.setdefault((written, term), set()).add(sense)
    return senses


def _part_looked_for(cue: tuple[str, ...]) -> int:
    """The first part of a description; where that names a family, the one whose shortest word is longest."""
    named = [part for part, choices in enumerate(cue) if "@" not in choices]
    if not named or named[0] == 0:
        return 0
    return max(named, key=lambda part: min(map(_length, cue[part].split("|"))))


def _long_signs(senses: _Senses) -> set[str]:
    """The stems of the signs that every page is searched for."""
    lengths: dict[str, list[int]] = {}
    for (written, _), meant in senses.items():
        letters = written.strip("=*")
        length = len(letters) if longest_piece(written).isascii() else LONG_SIGN
        for sense in meant:
            if sense.kind is _Kind.SIGN:
                lengths.setdefault(sense.stem, []).append(length)
    return {stem_ for stem_, of in lengths.items() if max(of) >= LONG_SIGN and min(of) >= SHORT_SIGN}


def _length(written: str) -> int:
    return len(longest_piece(written).encode())


def _without_covered(senses: _Senses) -> _Senses:
    """The terms without those in which another one stands that says as much: "in space" in "a film in space"."""
    matcher = Matcher((term, (written, term)) for written, term in senses)
    kept: _Senses = {}
    for key in sorted(senses, key=lambda key: len(key[1].needle)):
        written, term = key
        open_right = term.open_right or term.ending > 0 or term.tail is not None
        for hit in matcher.find(term.cased or term.needle):
            other_written, other = hit.tag
            if (
                hit.tag in kept
                and _says_as_much(kept[hit.tag], senses[key])
                and (term.cased or not other.cased)
                and other.tail is None
                # Folded, one may stand in the other with other accents, under which pages are not searched for it.
                and other_written.strip("=*").lower() in written.lower()
                and (hit.start > 0 or other.open_left or not term.open_left)
                and (hit.end < len(term.needle) or other.open_right or not open_right)
            ):
                break
        else:
            kept[key] = senses[key]
    return kept


def _says_as_much(these: set[_Sense], those: set[_Sense]) -> bool:
    kinds = {sense.kind for sense in these}
    return _Kind.ENOUGH in kinds or all(
        sense in these or (sense.kind is _Kind.SIGN and _Kind.ANCHOR in kinds) for sense in those
    )
