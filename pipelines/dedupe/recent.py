"""Fingerprints of the documents that were compared last."""

from collections import OrderedDict

from pipelines.dedupe.fingerprint import Fingerprint

WORDS = 400_000
"""Words of all fingerprints together: about 1,000 news stories, 40 MB. A day's copies come close together,
and each would otherwise be read and cut into shingles again for every further copy."""


class Recent:
    """Keeps fingerprints by article number; the one that was used longest ago goes first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Fingerprint] = OrderedDict()
        self._words = 0

    def get(self, number: int) -> Fingerprint | None:
        """The fingerprint of an article, if it is still here."""
        fingerprint = self._kept.get(number)
        if fingerprint is not None:
            self._kept.move_to_end(number)
        return fingerprint

    def put(self, number: int, fingerprint: Fingerprint) -> None:
        """Keeps a fingerprint that is not here yet."""
        self._kept[number] = fingerprint
        self._words += len(fingerprint.words)
        while self._words > WORDS:
            _, oldest = self._kept.popitem(last=False)
            self._words -= len(oldest.words)

    def clear(self) -> None:
        """Forgets all."""
        self._kept.clear()
        self._words = 0
