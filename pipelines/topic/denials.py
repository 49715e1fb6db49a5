"""What a sentence says was not filmed up there: "none of it was shot in space"."""

import re
from collections.abc import Collection, Iterable, Iterator

from pipelines.catalogue.project import Vocabulary
from pipelines.matching import Matcher, Term

DENIED = "denied"
"""The family of words that take a word of filming behind them back."""

DENIAL = 40
"""Characters between such a word and the word of filming, and between that and the place, that are one statement."""

_BREAK = re.compile(r"[,;:.!?…()\"«»“”„—–、，。；]")

_Span = tuple[int, int]


class Denials:
    """Finds words of filming that are taken back.

    Args:
        vocabulary: of a projects file; without words of `DENIED` nothing is found.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        words = vocabulary.families.get(DENIED, {})
        self._matcher = Matcher((Term.parse(word), spoken) for spoken, listed in words.items() for word in listed)

    def among(
        self,
        filming: Iterable[_Span],
        places: Collection[_Span],
        *,
        folded: str,
        language: str,
        elsewhere: Collection[_Span],
    ) -> Iterator[_Span]:
        """Which of the spans of `filming` are denied, for a place that they hold or that stands behind them.

        "Not shot in a studio, but in space" and "not shot in a studio but in space" deny the studio.

        Args:
            filming: where words of filming stand.
            places: where places in orbit do.
            folded: the sentence.
            language: its own; that of no other denies anything, since "no" does in English and "ni" in Slovene.
            elsewhere: where words stand that name another place.
        """
        denying = [hit.end for hit in self._matcher.find(folded) if hit.tag == language]
        if not denying:
            return
        for start, end in filming:
            there = [place for place in places if start <= place[0] <= end + DENIAL]
            if not any(self._is_one(folded, end, place, elsewhere) for place, _ in there):
                continue
            if any(0 <= start - word <= DENIAL and not _BREAK.search(folded, word, start) for word in denying):
                yield start, end

    @staticmethod
    def _is_one(folded: str, end: int, place: int, elsewhere: Collection[_Span]) -> bool:
        """Whether nothing parts a word of filming from the place behind it."""
        return not _BREAK.search(folded, end, place) and not any(end <= at < place for at, _ in elsewhere)
