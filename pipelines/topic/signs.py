"""Weak signs, gathered over a text: an article told from the side says neither "film" nor "space".

A local paper writes of a bottle that drifted in a module, of eleven takes in the crew's free time, of a clip that came
down at night. No one of these words means much; those of both kinds close together, in passage after passage, do.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

from pipelines.topic.evidence import SentenceEvidence
from pipelines.topic.written import FILM

ALOFT = ("place", "space")
"""The families whose words are signs of being up there."""

WORK = ("work", "maker")
"""The families that say that a work is made of what is filmed."""

ELSEWHERE = ("ground", "parabolic", "suborbital", "archive", "other")
"""The families that say that a work is made elsewhere, or that something else is told of.

A passage with one of these is not counted: "we tried it in a pool" takes away that passage, a film made in a pool most
of what it has. Offered beside these, passages counted without this rule got no weight from the fit."""

MANY = 5.0
"""So many passages say all that they can say; logarithmic below. With 8 and 12 the fit found two to four articles fewer
of 55 on held-back folds. How many different words there are of either kind was offered too, and dropped: it says no
more than whether there is a second one, and whole pages have many."""

Signs = frozenset[str]


def signs(sentence: SentenceEvidence, families: Iterable[str]) -> Signs:
    """The different words of `families` in a sentence: one of twenty "capsules" has one."""
    return _union(sentence.stems.get(family, ()) for family in families)


def gathered(sentences: Sequence[SentenceEvidence], *, beside: int, page: bool = False) -> dict[str, float]:
    """What the weak signs of an article add up to, each figure between 0 and 1 and none smaller in a longer text.

    "woven" counts the passages in which something is made up there, "plainly_shot" those of them that speak of filming
    in words which mean nothing else.

    Args:
        sentences: the headline and the text.
        beside: sentences on either side that count as one passage.
        page: whether these are of a whole page, whose language is not known: a word that takes a passage away may be
            none in its own.
    """
    woven = plain = 0
    for passage in woven_passages(sentences, beside=beside, page=page):
        woven += any(any(map(sentence.stems.get, FILM)) for sentence in passage)
        plain += any(sentence.plain and "shoot" in sentence.families for sentence in passage)
    return {"woven": _share(woven, MANY), "plainly_shot": _share(plain, MANY)}


def woven_passages(
    sentences: Sequence[SentenceEvidence], *, beside: int, page: bool = False
) -> Iterator[Sequence[SentenceEvidence]]:
    """The passages in which something is made up there, as `gathered` counts them."""
    aloft, making = (
        [bool(sentence.stems) and any(map(sentence.stems.get, families)) for sentence in sentences]
        for families in (ALOFT, FILM)
    )
    works = [_names_a_work(sentence) for sentence in sentences]
    for i in _around([here or "shoot" in s.families for here, s in zip(making, sentences, strict=True)], beside):
        passage = slice(max(0, i - beside), i + beside + 1)
        # A storm that an astronaut filmed is no work; that it is one may stand in the headline alone.
        if not any(aloft[passage]) or not (works[0] or any(works[passage])):
            continue
        if page or not any(sentence.has(*ELSEWHERE) for sentence in sentences[passage]):
            yield sentences[passage]


def _names_a_work(sentence: SentenceEvidence) -> bool:
    """Whether a word says that a work is made, and is not one of shooting as well: "rodaje" is no sign of both."""
    shot = sentence.families.get("shoot", ())
    return any(span not in shot for family in WORK for span in sentence.families.get(family, ()))


def _around(true: Sequence[bool], beside: int) -> list[int]:
    """The numbers of what is true and of what stands beside it, in order."""
    numbers = {near for n, here in enumerate(true) if here for near in range(n - beside, n + beside + 1)}
    return sorted(numbers & {*range(len(true))})


def _union(sets: Iterable[Iterable[str]]) -> Signs:
    return frozenset().union(*sets)


def _share(count: int, most: float) -> float:
    return min(1.0, math.log1p(count) / math.log1p(most))
