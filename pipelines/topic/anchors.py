"""The words that every accepted article has, looked for in a page's bytes before anything is parsed.

Three kinds of words are told apart.

- A title, be it an everyday one, the name of a person, and a place in orbit: what stands around them is worth reading.
- Words of spaceflight, where several stand together.
- A part of a description without a name ("the Russian actress on the ISS"), where the other parts stand beside it.

Words of spaceflight that are short in Latin letters ("cargo", "space") would cost as much to look for as all other
words, and mean little. They are looked for in pages that have a long one, and an article must have one, too.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from pipelines.encoding import decode
from pipelines.matching import Term
from pipelines.scanner import CASELESS, ONCE, Match, Scanner
from pipelines.topic.evidence import Reader
from pipelines.topic.markup import CODE_TAGS, Markup, text_between
from pipelines.topic.passages import HEADINGS, headings
from pipelines.topic.senses import Kind, Others, Sense, Senses, long_signs, senses_of, without_covered
from pipelines.topic.spellings import SPELLINGS, Spelling, respelled, unmarked
from pipelines.topic.spotting import spotter_of

FEWEST_SIGNS = 2
"""Different words of spaceflight that an article must have when it names no place in orbit and no project, one of them
a long one. Of 250 headlines and articles about a film that were written without a look at the rules 3 misses six more,
and accepts as many others."""

SIGNS_WITHIN = 65_536
"""Bytes of a page within which the words of spaceflight must stand that count together: five screens of a page with
its markup."""

MOST_HITS = 4_000
"""Needles of a page that are looked at; ordinary pages have ten."""

MOST_MATCHES = 5 * MOST_HITS
"""Needles, and beginnings and ends of scripts, after which the scan of a page ends; the most of 763 real pages is 887.
A page with more of either is taken for one with what is looked for, so that the time of a hostile one is bounded."""

MOST_PARTS = 500
"""Parts of descriptions around which the others are looked for; with more it is as with `MOST_MATCHES`."""

SENTENCE = 512
"""Bytes of a page on either side of a part of a description in which the other parts must stand: they belong to one
sentence."""


class Found(NamedTuple):
    """A page, or what it says in another spelling, that has what every accepted article has.

    Attributes:
        page: the page in UTF-8.
        titles: its headings.
        text: where it stands: the page, or a part of it in another spelling.
        places: offsets around which is to be read, ascending; None when there are more than are looked at.
    """

    page: bytes
    titles: Sequence[str]
    text: bytes
    places: Sequence[int] | None


@dataclass(slots=True)
class _Findings:
    """What stands in a page, by offsets.

    Attributes:
        alone: words that need no other: titles, names, and places in orbit.
        parts: parts of descriptions, with what must stand beside.
        signs: words of spaceflight, with the stem of each.
    """

    alone: list[int] = field(default_factory=list)
    parts: list[tuple[int, Others]] = field(default_factory=list)
    signs: list[tuple[int, str]] = field(default_factory=list)


class Anchors:
    """Looks for the words of which every accepted article has one, or several.

    Args:
        reader: knows the terms.
        by_words: whether articles are judged by words of filming and of places in orbit; otherwise only projects
            count, and whatever may name one is enough.
        kept: folder that keeps the compiled patterns for the next process.
    """

    def __init__(self, reader: Reader, *, by_words: bool, kept: Path | None = None) -> None:
        self._reader = reader
        self._kept_in = kept
        self._by_words = by_words

    def found_in(self, body: bytes, *, charset: str = "") -> Iterator[Found]:
        """Where a page has what an accepted article must have, in whatever spelling.

        Args:
            body: the page's bytes.
            charset: charset of the Content-Type header, "" when it names none.
        """
        page = body
        seen = self._searches.always.scan(page)
        if Spelling.UNDECODED in seen.spellings:
            page = decode(body, charset=charset)[0].encode("utf-8", "replace")
            seen = self._searches.always.scan(page)
        texts = chain(
            [(page, seen)], ((text, self._searches.always.scan(text)) for text in respelled(page, seen.spellings))
        )
        for text, of_text in texts:
            places = self._enough_places(of_text)
            if places is None or places:
                yield Found(page, headings(page, seen.headings), text, places)

    def places_in(self, text: bytes) -> tuple[bytes, Sequence[int] | None]:
        """A text without invisible characters, and offsets in it of whatever is looked for, enough or not.

        The offsets are None when there are more than are looked at.
        """
        seen = self._searches.always.scan(text)
        if Spelling.MARKS in seen.spellings:
            text = unmarked(text)
            seen = self._searches.always.scan(text)
        if seen.too_much:
            return text, None
        found = self._searches.always.read(seen)
        whole = self._whole(text, found.parts)
        return text, None if whole is None else _places(found, whole)

    def enough(self, stems: Collection[str]) -> bool:
        """Whether an article with these words of spaceflight (by `pipelines.topic.evidence.stem`) needs no other."""
        return len(stems) >= FEWEST_SIGNS and not self._long.isdisjoint(stems)

    def prepare(self) -> None:
        """Compile what pages are searched for now, and not with the first page."""
        self._searches  # noqa: B018 - a property that is kept

    # What follows is made when it is first needed: most articles are judged without.

    @cached_property
    def _long(self) -> set[str]:
        return long_signs(self._senses())

    @cached_property
    def _searches(self) -> "_Searches":
        senses = self._senses()
        self._long = long_signs(senses)  # which needs them, too
        kept = without_covered(senses)
        long = ((term, [s for s in meant if not self._is_short(s)]) for term, meant in kept.items())
        short = ((term, [s for s in meant if self._is_short(s)]) for term, meant in kept.items())
        return _Searches(_Search(long, kept=self._kept_in), _Search(short))

    def _senses(self) -> Senses:
        """What each term means: ten thousand, not kept."""
        return senses_of(self._reader, by_words=self._by_words)

    def _is_short(self, sense: Sense) -> bool:
        return sense.kind is Kind.SIGN and sense.stem not in self._long

    def _enough_places(self, seen: "_Seen") -> Sequence[int] | None:
        """As `places_in`; none where what stands there is not enough."""
        if seen.too_much or not seen.hits:
            return None if seen.too_much else []
        found = self._searches.always.read(seen)
        page = seen.page.page
        whole = self._whole(page, found.parts)
        if whole is None:
            return None
        enough = found.alone or whole or self._are_enough(page, found.signs)
        return _places(found, whole) if enough else []

    def _whole(self, page: bytes, parts: list[tuple[int, Others]]) -> list[int] | None:
        """Offsets of the parts of descriptions that have all the other parts beside them; None of too many."""
        if len(parts) > MOST_PARTS:
            return None
        whole: list[int] = []
        for offset, at_once in groupby(parts, key=itemgetter(0)):
            needed = [others for _, others in at_once]
            low = ""
            if all(needed):
                low = text_between(page, max(0, offset - SENTENCE), offset + SENTENCE).lower()
            if any(all(any(word in low for word in words) for words in others) for others in needed):
                whole.append(offset)
        return whole

    def _are_enough(self, page: bytes, long: list[tuple[int, str]]) -> bool:
        """Whether signs are enough somewhere, with the short ones around them where they are not by themselves."""
        return self._enough_together(long) or self._enough_together(sorted([*long, *self._short_signs(page, long)]))

    def _enough_together(self, signs: list[tuple[int, str]]) -> bool:
        around: Counter[str] = Counter()
        first = 0
        for end, stem_ in signs:
            around[stem_] += 1
            while signs[first][0] < end - SIGNS_WITHIN:
                around -= Counter([signs[first][1]])
                first += 1
            if self.enough(around):
                return True
        return False

    def _short_signs(self, page: bytes, long: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """The short signs that stand around long ones."""
        search = self._searches.short
        done = 0
        for offset, _ in long:
            end = offset + SIGNS_WITHIN
            start = max(done, offset - SIGNS_WITHIN)
            if end > done:
                found = search.read(search.scan(page[start:end]))
                yield from ((start + end_, stem_) for end_, stem_ in found.signs)
                done = end


def _places(found: _Findings, whole: Iterable[int]) -> list[int]:
    return sorted({*found.alone, *whole, *(end for end, _ in found.signs)})


class _Seen(NamedTuple):
    """What a scan saw of a page.

    Attributes:
        page: its bytes, and where scripts stand among them.
        hits: the places that are worth a look, by ascending offsets.
        headings: where which of `HEADINGS` begin first.
        spellings: those that the page has.
        too_much: whether there are more hits than are looked at.
    """

    page: Markup
    hits: list[Match]
    headings: list[Match]
    spellings: set[Spelling]
    too_much: bool


class _Search:
    """Terms that are looked for together, with the tags of scripts and the spellings of the page.

    Args:
        terms: with what each says; those that say nothing are left out.
        kept: folder for the compiled patterns.
    """

    def __init__(self, terms: Iterable[tuple[Term, list[Sense]]], *, kept: Path | None = None) -> None:
        looked_for = [(term, senses) for term, senses in terms if senses]
        self._senses = [senses for _, senses in looked_for]
        self._spotter, patterns = spotter_of(term for term, _ in looked_for)
        self._tags = len(patterns)
        patterns += [(tag, CASELESS) for tag in CODE_TAGS]
        self._headings = len(patterns)
        patterns += [(heading, CASELESS | ONCE) for heading in HEADINGS]
        self._spellings = len(patterns)
        patterns += [(expression, ONCE) for _, expression in SPELLINGS]
        numbered = ((expression, number, flags) for number, (expression, flags) in enumerate(patterns))
        self._scanner = Scanner(numbered, kept=kept)

    def scan(self, page: bytes) -> _Seen:
        """What one scan sees."""
        matches = self._scanner.scan(page, most=MOST_MATCHES)
        hits = self._spotter.apart(page, matches)
        tags: list[Match] = []
        headings: list[Match] = []
        spellings: set[Spelling] = set()
        for end, number in matches:
            if number >= self._spellings:
                spellings.add(SPELLINGS[number - self._spellings][0])
            elif number >= self._headings:
                headings.append((end, number - self._headings))
            elif number >= self._tags:
                tags.append((end, number - self._tags))
        too_much = len(matches) > MOST_MATCHES or len(hits) > MOST_HITS
        return _Seen(Markup(page, tags), hits, headings, spellings, too_much)

    def read(self, seen: _Seen) -> _Findings:
        """What really stands at the places that were seen."""
        found = _Findings()
        known: set[int] = set()
        for end, pattern in seen.hits:
            for term in self._spotter.standing(seen.page, pattern, end, known):
                for kind, stem_, others in self._senses[term]:
                    match kind:
                        case Kind.ALONE:
                            found.alone.append(end)
                        case Kind.PART:
                            found.parts.append((end, others))
                        case Kind.SIGN:
                            found.signs.append((end, stem_))
        return found


class _Searches(NamedTuple):
    """What every page is searched for, and what some are."""

    always: _Search
    short: _Search
