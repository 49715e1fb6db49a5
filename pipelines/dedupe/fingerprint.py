"""What is compared of a document: its shingles, a sample to find it by, its names, numbers and title."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain

import xxhash

from pipelines.dedupe.normalise import unspaced, words

SHINGLE = 5
"""Words in a shingle. With 4 the sentences that all market or match reports have in common make one story of
them (pair F1 .60 for .98 in a prototype); longer ones are broken more often by a rewritten word."""

SHINGLE_UNSPACED = 10
"""Letters in a shingle of Thai, Lao, Burmese or Khmer, where 5 letters are hardly one word."""

SAMPLE = 8
"""One shingle in so many is looked up and stored. On development data 4 adds .001 to pair F1 and doubles the
index; 16 loses as much, all of it short excerpts."""

SAMPLE_LEAST = 16
"""A text keeps at least so many of its smallest shingle hashes, so that a brief of two paragraphs can be
found."""

MAX_CHARACTERS = 120_000
"""Of a longer text only the beginning is compared: about 20,000 words, ten times the longest news stories. It
bounds the work that one hostile page can cause."""

MAX_TITLE = 1000
"""Characters of a title that are compared."""

MAX_HEADING = 200
"""Characters in the longest heading; longer paragraphs are text."""

_SAMPLED_BELOW = (1 << 63) // SAMPLE
_SENTENCE_ENDS = ".!?…。！？:;,"
# It starts with the space, which is found fast, and looks back from there.
_CAPITALISED = re.compile(r" (?<=[\w,;] )([A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΫЀ-ЯҐ]\w+)")
_CALENDAR = frozenset(
    words(
        "January February March April May June July August September October November December "
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    )
)


def number_of(text: str) -> int:
    """The number that stands for a text in the index: 63 bits, since SQLite's integers are signed.

    Among ten million texts two have the same with a probability of 1 in 200,000.
    """
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) >> 1


@dataclass(frozen=True, slots=True)
class Part:
    """What of a document means something.

    Attributes:
        positions: first position of each shingle, in the order of the text.
        vocabulary: the words that they cover.
    """

    positions: dict[int, int]
    vocabulary: frozenset[str]


class Fingerprint:
    """A document, ready for comparison; what only a close look needs is worked out when it is asked for.

    Args:
        title: headline, may be empty.
        text: body, may be empty; cut to `MAX_CHARACTERS`.

    Attributes:
        words: the folded words of the text.
        width: words in a shingle.
        shingles: 63-bit hash of each run of `width` words, by the position of the first. A text shorter than
            that is one shingle.
    """

    def __init__(self, title: str, text: str) -> None:
        self.title = title[:MAX_TITLE]
        self.text = text[:MAX_CHARACTERS]
        self.words = words(self.text)
        self.width = SHINGLE_UNSPACED if unspaced(self.text) else SHINGLE
        self.shingles = shingles_of(self.words, self.width)
        self._part: tuple[frozenset[int], Part] | None = None

    @cached_property
    def sampled(self) -> frozenset[int]:
        """The shingles that stand for the text in the index: see `sample_of`."""
        return sample_of(self.shingles)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words of the text."""
        return frozenset(self.words)

    @cached_property
    def names(self) -> frozenset[str]:
        """Capitalised words inside sentences, no months or weekdays; none in scripts without capitals."""
        return frozenset(words(" ".join(_CAPITALISED.findall(self.text)))) - _CALENDAR

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The numbers of the text, without their separators."""
        return frozenset(filter(str.isdigit, self.vocabulary))

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The telling words of the title: numbers, words of four letters and more, words of other scripts."""
        return _telling(self.title)

    @cached_property
    def headings(self) -> tuple[frozenset[str], ...]:
        """The telling words of each heading: a short paragraph, not the first, without a full stop."""
        paragraphs = (paragraph.strip() for paragraph in self.text.split("\n")[1:])
        return tuple(
            _telling(paragraph)
            for paragraph in paragraphs
            if 0 < len(paragraph) <= MAX_HEADING and paragraph[-1] not in _SENTENCE_ENDS
        )

    @cached_property
    def text_hash(self) -> int:
        """One hash of all words: equal for texts that differ in typography, units and spelling only."""
        return number_of(" ".join(self.words))

    def informative(self, common: frozenset[int]) -> Part:
        """The document without its boilerplate.

        Args:
            common: sampled shingles that stand in too many stories to mean anything. The shingles that are not
                sampled go with the sampled one that stands nearest.
        """
        common &= self.sampled
        # A document is compared with many in turn, and mostly the same of its shingles are boilerplate.
        if self._part is None or self._part[0] != common:
            self._part = common, self._without(common) if common else self._whole
        return self._part[1]

    @cached_property
    def _whole(self) -> Part:
        return Part(_first_positions(self.shingles, range(len(self.shingles))), self.vocabulary)

    def _without(self, common: frozenset[int]) -> Part:
        shingles, sampled = self.shingles, self.sampled
        landmarks = [position for position, shingle in enumerate(shingles) if shingle in sampled]
        kept: list[slice] = []
        start = 0
        for here, following in zip(landmarks, [*landmarks[1:], 2 * len(shingles)], strict=True):
            end = min((here + following) // 2 + 1, len(shingles))
            if shingles[here] not in common:
                before = kept.pop() if kept and kept[-1].stop == start else slice(start, start)
                kept.append(slice(before.start, end))
            start = end
        positions = _first_positions(
            list(chain.from_iterable(shingles[part] for part in kept)),
            list(chain.from_iterable(range(part.start, part.stop) for part in kept)),
        )
        covered = (self.words[part.start : part.stop + self.width - 1] for part in kept)
        return Part(positions, frozenset(chain.from_iterable(covered)))


def shingles_of(found: Sequence[str], width: int) -> tuple[int, ...]:
    """A 63-bit hash of each run of `width` words; fewer words are one run.

    They need no space between them, since their number is fixed.
    """
    width = min(width, len(found))
    if not width:
        return ()
    joined = "".join(found)
    text = joined.encode("utf-8", "surrogatepass")
    pieces = found if len(text) == len(joined) else [word.encode("utf-8", "surrogatepass") for word in found]
    starts = list(accumulate(map(len, pieces), initial=0))
    digest = xxhash.xxh3_64_intdigest
    return tuple([digest(text[start:end]) >> 1 for start, end in zip(starts, starts[width:], strict=False)])


def sample_of(shingles: Sequence[int]) -> frozenset[int]:
    """Those of a text's shingles that have a small hash, in every copy the same; at least `SAMPLE_LEAST`.

    Such a sample (FracMinHash) keeps containment, as MinHash does not: a teaser finds the long story that it was cut
    from.
    """
    chosen = {value for value in shingles if value < _SAMPLED_BELOW}
    if len(chosen) < SAMPLE_LEAST:
        chosen.update(sorted(set(shingles))[:SAMPLE_LEAST])
    return frozenset(chosen)


def _first_positions(shingles: Sequence[int], positions: Sequence[int]) -> dict[int, int]:
    """The first of `positions` for each shingle, both in the order of the text and equally many."""
    found = dict(zip(shingles, positions, strict=True))
    if len(found) < len(shingles):  # a text that repeats itself
        found.clear()
        for shingle, position in zip(shingles, positions, strict=True):
            found.setdefault(shingle, position)
    return found


def _telling(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if len(word) > 3 or not word.isascii() or word[0].isdigit())
