"""Weak signs, gathered over a text: an article told from the side says neither "film" nor "space".

A local paper writes of a bottle that drifted in a module, of eleven takes in the crew's free time, of a clip that came
down at night. No one of these words means much; several different ones of both kinds, close together, do. So different
words are counted here, not how often one is said: a text of twenty "capsules" has one sign.
"""

import math
from collections.abc import Iterable, Sequence

from pipelines.topic.evidence import FILM, SentenceEvidence

ALOFT = ("place", "space")
"""The families whose words are signs of being up there."""

WORK = ("work", "maker")
"""The families that say that a work is made of what is filmed."""

ELSEWHERE = ("ground", "parabolic", "suborbital", "archive", "other")
"""The families that say that a work is made elsewhere, or that something else is told of.

A passage with one of these is not counted: "we tried it in a pool" takes away that passage, a film made in a pool most
of what it has. Offered beside these, passages counted without this rule got no weight from the fit."""

MANY = 5.0
"""So many different signs, or passages, say all that they can say; logarithmic below. With 8 and 12 the fit found two
to four articles fewer of 55 on held-back folds."""

Signs = frozenset[str]


def signs(sentence: SentenceEvidence, families: Iterable[str]) -> Signs:
    """The different words of `families` in a sentence."""
    return _union(sentence.stems.get(family, ()) for family in families)


def gathered(sentences: Sequence[SentenceEvidence], *, beside: int, page: bool = False) -> dict[str, float]:
    """What the weak signs of an article add up to, each figure between 0 and 1 and none smaller in a longer text.

    Args:
        sentences: the headline and the text.
        beside: sentences on either side that count as one passage.
        page: whether these are of a whole page, whose language is not known: a word that takes a passage away may be
            none in its own.
    """
    told = [sentence for sentence in sentences if sentence.stems]
    up = len(_union(signs(sentence, ALOFT) for sentence in told))
    made = len(_union(signs(sentence, FILM) for sentence in told))
    aloft, making, works = (
        [bool(sentence.stems) and any(map(sentence.stems.get, families)) for sentence in sentences]
        for families in (ALOFT, FILM, WORK)
    )
    elsewhere = [not page and sentence.has(*ELSEWHERE) for sentence in sentences]
    woven, shot = 0, 0
    for i, sentence in enumerate(sentences):
        passage = slice(max(0, i - beside), i + beside + 1)
        # A storm that an astronaut filmed is no work; that it is one may stand in the headline alone.
        if any(aloft[passage]) and (works[0] or any(works[passage])) and not any(elsewhere[passage]):
            woven += any(making[passage])
            shot += sentence.has("shoot")
    return {
        "signs_aloft": _share(up, MANY),
        "signs_making": _share(made, MANY),
        "signs_both": _share(min(up, made), MANY),
        "woven": _share(woven, MANY),
        "shot_aloft": _share(shot, MANY),
    }


def _union(sets: Iterable[Iterable[str]]) -> Signs:
    return frozenset().union(*sets)


def _share(count: int, most: float) -> float:
    return min(1.0, math.log1p(count) / math.log1p(most))
