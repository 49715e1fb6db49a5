"""The words that every accepted article has, looked for in a page's bytes before anything is parsed.

Three kinds of words are told apart.

- A title or the full name of a person is enough.
- A place in orbit or several words of spaceflight count where a word of filming stands close by: an article without
  such a passage does not reach the judge's score.
- An everyday title, a short name ("Cruise"), and a part of a description without a name ("the Russian actress on the
  ISS"), count where the words around make them a project's; a short name also in a page with a place in orbit.

Words of spaceflight that are short in Latin letters ("cargo", "space") would cost as much to look for as all other
words, and mean little. They are looked for in pages that have a long one, and an article must have one, too.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pipelines.encoding import decode
from pipelines.matching import Term
from pipelines.scanner import ONCE, Match, Scanner
from pipelines.topic.attribution import crews_named, mentions
from pipelines.topic.evidence import Reader, Reading
from pipelines.topic.markup import Markup, text_between
from pipelines.topic.naming import NAMED, Surroundings
from pipelines.topic.senses import Kind, Others, Sense, Senses, long_signs, senses_of, without_covered
from pipelines.topic.spellings import SPELLINGS, Spelling, respelled
from pipelines.topic.spotting import Spotter

FEWEST_SIGNS = 2
"""Different words of spaceflight that an article must have when it names no place in orbit and no project, one of them
a long one. Of 250 headlines and articles about a film that were written without a look at the rules 3 misses six more,
and accepts as many others; with 2, of 314 news pages 42 are parsed instead of 30, and 8 pass the gate instead of 6."""

PASSAGE = 1_024
"""Bytes of a page on either side of an anchor in which a word of filming must stand. In 112 accepted articles that
name no title and no person it stands in the same sentence or, once, the next, and at most 60 characters away."""

SIGNS_WITHIN = 65_536
"""Bytes of a page within which the words of spaceflight must stand that count together: five screens of a page with
its markup."""

MOST_HITS = 4_000
"""Needles of a page that are looked at; ordinary pages have ten. A page with more is taken for one with what is looked
for, so that the time of a hostile one is bounded."""

SENTENCE = 512
"""Bytes of a page on either side of a part of a description in which the other parts must stand: they belong to one
sentence."""

MOST_PLACES = 500
"""Places of a page around which is read; with more it is as with `MOST_HITS`."""


@dataclass(slots=True)
class _Findings:
    """What stands in a page.

    Attributes:
        enough: whether there is a word that needs no other.
        named: whether there is a short name.
        anchors: offsets of places in orbit.
        parts: offsets of parts of descriptions, of everyday titles and of short names, with what must stand beside.
        signs: offset and stem of each word of spaceflight.
    """

    enough: bool = False
    named: bool = False
    anchors: list[int] = field(default_factory=list)
    parts: list[tuple[int, Others]] = field(default_factory=list)
    signs: list[tuple[int, str]] = field(default_factory=list)


class Anchors:
    """Looks for the words of which every accepted article has one, or several.

    Args:
        reader: knows the terms, and reads the words around what was found.
        by_words: whether articles are judged by words of filming and of places in orbit; otherwise only projects
            count, and whatever may name one is enough.
        kept: folder that keeps the compiled patterns for the next process.
    """

    def __init__(self, reader: Reader, *, by_words: bool, kept: Path | None = None) -> None:
        self._reader = reader
        self._kept_in = kept
        self._by_words = by_words

    def found_in(self, body: bytes, *, charset: str = "") -> bytes | None:
        """The page in UTF-8 when it has what an accepted article must have, in whatever spelling; else None.

        Args:
            body: the page's bytes.
            charset: charset of the Content-Type header, "" when it names none.
        """
        page = body
        hits, spellings = self._always.scan(page)
        if Spelling.UNDECODED in spellings:
            page = decode(body, charset=charset)[0].encode("utf-8", "replace")
            hits, spellings = self._always.scan(page)
        if self._suffice(page, hits):
            return page
        found = any(self._suffice(text, self._always.scan(text)[0]) for text in respelled(page, spellings))
        return page if found else None

    def enough(self, stems: Collection[str]) -> bool:
        """Whether an article with these words of spaceflight (by `pipelines.topic.evidence.stem`) needs no other."""
        return len(stems) >= FEWEST_SIGNS and not self._long.isdisjoint(stems)

    # What follows is made when it is first needed: most articles are judged without.

    @cached_property
    def _senses(self) -> Senses:
        return senses_of(self._reader, by_words=self._by_words)

    @cached_property
    def _long(self) -> set[str]:
        return long_signs(self._senses)

    @cached_property
    def _kept(self) -> Senses:
        return without_covered(self._senses)

    @cached_property
    def _always(self) -> "_Search":
        wanted = ((term, [s for s in meant if not self._is_short(s)]) for term, meant in self._kept.items())
        kept = self._kept_in and self._kept_in / "gate.hyperscan"
        return _Search(wanted, spellings=True, kept=kept)

    @cached_property
    def _short(self) -> "_Search":
        wanted = ((term, [s for s in meant if self._is_short(s)]) for term, meant in self._kept.items())
        return _Search(wanted)

    def _is_short(self, sense: Sense) -> bool:
        return sense.kind is Kind.SIGN and sense.stem not in self._long

    def _suffice(self, page: bytes, hits: list[Match]) -> bool:
        """Whether what a page has is enough."""
        if len(hits) > MOST_HITS:
            return True
        found = self._always.read(page, hits)
        if found.enough or (found.named and found.anchors):
            return True
        near = sorted([*found.anchors, *(end for end, _ in found.signs)]) if found.anchors else self._woven(page, found)
        if len(near) + len(found.parts) > MOST_PLACES:
            return True
        if any(map(self._names_a_project, self._descriptions(page, found.parts))):
            return True
        passages = self._read(page, near, reach=PASSAGE)
        return any(any(s.films for s in passage.body) or self._names_a_project(passage) for passage in passages)

    def _woven(self, page: bytes, found: _Findings) -> list[int]:
        """Offsets of the signs, in a page without an anchor, that have enough others around them."""
        signs = sorted([*found.signs, *self._short_signs(page, [end for end, _ in found.signs])])
        woven: list[int] = []
        around: Counter[str] = Counter()
        first = taken = 0
        for last, (end, stem_) in enumerate(signs):
            around[stem_] += 1
            while signs[first][0] < end - SIGNS_WITHIN:
                around -= Counter([signs[first][1]])
                first += 1
            if self.enough(around):
                woven += (offset for offset, _ in signs[max(first, taken) : last + 1])
                taken = last + 1
        return woven

    def _short_signs(self, page: bytes, around: list[int]) -> list[tuple[int, str]]:
        """The short signs that stand around offsets, which ascend."""
        hits: list[Match] = []
        done = 0
        for offset in around:
            end = offset + SIGNS_WITHIN
            start = max(done, offset - SIGNS_WITHIN)
            if end > done:
                found, _ = self._short.scan(page[start:end])
                hits += ((start + end_, pattern) for end_, pattern in found)
                done = end
        return self._short.read(page, hits).signs

    def _descriptions(self, page: bytes, parts: Iterable[tuple[int, Others]]) -> Iterator[Reading]:
        """The passages around parts of descriptions that have all the other parts."""
        whole: list[int] = []
        for offset, at_once in groupby(parts, key=itemgetter(0)):
            needed = [others for _, others in at_once]
            low = ""
            if any(needed):
                low = text_between(page, max(0, offset - SENTENCE), offset + SENTENCE).lower()
            if any(all(any(word in low for word in words) for words in others) for others in needed):
                whole.append(offset)
        return self._read(page, whole, reach=SENTENCE)

    def _read(self, page: bytes, offsets: Iterable[int], *, reach: int) -> Iterator[Reading]:
        """The passages that reach so many bytes around offsets, which ascend; none is read twice."""
        done = 0
        for offset in offsets:
            end = offset + reach
            if offset >= done - reach // 2:
                yield self._reader.read_generously(title="", text=text_between(page, max(0, offset - reach), end))
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
        spellings: whether the same scan tells which spellings a page has.
        kept: file for the compiled patterns.
    """

    def __init__(
        self,
        terms: Iterable[tuple[tuple[str, Term], list[Sense]]],
        *,
        spellings: bool = False,
        kept: Path | None = None,
    ) -> None:
        looked_for = [(term, senses) for term, senses in terms if senses]
        self._senses = [senses for _, senses in looked_for]
        self._spotter = Spotter(term for term, _ in looked_for)
        patterns = [*self._spotter.patterns]
        if spellings:
            patterns += [(expression, ONCE) for _, expression in SPELLINGS]
        numbered = ((expression, number, flags) for number, (expression, flags) in enumerate(patterns))
        self._scanner = Scanner(numbered, kept=kept)

    def scan(self, page: bytes) -> tuple[list[Match], set[Spelling]]:
        """The places of a page that are worth a look, by ascending offsets, and the spellings that it has.

        There is one more than `MOST_HITS` where a page has more than are looked at.
        """
        matches = self._scanner.scan(page, most=MOST_HITS)
        terms = len(self._spotter.patterns)
        hits = [match for match in matches if match[1] < terms]
        return hits, {SPELLINGS[number - terms][0] for _, number in matches if number >= terms}

    def read(self, page: bytes, hits: Iterable[Match]) -> _Findings:
        """What really stands at these places; not to the end where one is enough."""
        found = _Findings()
        markup = Markup(page)
        known: set[int] = set()
        for end, pattern in hits:
            for term in self._spotter.standing(markup, pattern, end, known):
                for kind, stem_, others in self._senses[term]:
                    match kind:
                        case Kind.ENOUGH:
                            found.enough = True
                            return found
                        case Kind.NAME:
                            found.named = True
                            found.parts.append((end, ()))
                        case Kind.PART:
                            found.parts.append((end, others))
                        case Kind.ANCHOR:
                            found.anchors.append(end)
                        case Kind.SIGN:
                            found.signs.append((end, stem_))
        return found
