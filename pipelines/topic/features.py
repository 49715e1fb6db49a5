"""The numbers that `pipelines.topic` weighs: a reading of an article in, a fixed list of features out.

The headline is counted once more by itself, since it says in ten words what a text says in a thousand, and most
look-alikes (an interview that mentions the film, a crew rotation) betray themselves there.
"""

import math
from collections.abc import Iterable

from pipelines.topic.attribution import NAMED, Mention
from pipelines.topic.evidence import AGAINST, Reading, SentenceEvidence

NAMES = (
    "bias",
    "title_relation",
    "title_shoot_place",
    "title_shoot_place_made",
    "title_work_place",
    "title_maker_place",
    "title_film_space",
    "title_place",
    "title_first",
    "title_project",
    *(f"title_{family}" for family in AGAINST),
    "has_text",
    "relation",
    "shoot_place",
    "shoot_place_beside",
    "work_place",
    "shoot_space",
    "film_place_share",
    "project",
    "project_sentences",
    "lead_shoot_place",
    "lead_project",
    "no_place",
    *AGAINST,
    "ground_often",
)
"""Names of the features, in order. Those without "title_" count in headline and text together."""

SPEAKS_AGAINST = (
    "has_text",
    "no_place",
    *(f"title_{family}" for family in AGAINST),
    *AGAINST,
    "ground_often",
)
"""The features whose weights are never above zero; those of all others, the bias aside, are never below."""

LEAD = 4
"""Sentences that count as the lead, the headline among them."""

OFTEN = 3
"""Sentences about sets and effects that make a film on the ground; films in orbit also boast "no green screen"."""

BESIDE = 2
"""Sentences between the camera and the place that still leave them together; 1 and 3 did as well on held-back folds."""

SATURATION = 4.0
"""A count of so many says all that counting can say; logarithmic below."""


def features(reading: Reading, found: list[list[Mention]], *, beside: int = BESIDE) -> list[float]:
    """The features of an article, each between 0 and 1, in the order of `NAMES`.

    Args:
        reading: what its sentences name.
        found: the projects that each sentence names, from `pipelines.topic.attribution.mentions`.
        beside: how many sentences away counts as beside.
    """
    return [
        1.0,
        *_of_headline(reading.headline, found[0]),
        float(bool(reading.body)),
        *_of_all(reading.sentences, found, beside),
    ]


def best_case(under_headings: list[list[float]]) -> list[float]:
    """The features with every doubt in the article's favour, for the gate.

    No selection of the page's sentences, under any of its headings, has more of a feature that speaks for it.

    Args:
        under_headings: features of the whole visible text under each possible headline.
    """
    merged = dict(zip(NAMES, (max(values) for values in zip(*under_headings, strict=True)), strict=True))
    merged |= dict.fromkeys(SPEAKS_AGAINST, 0.0)
    merged["film_place_share"] = float(merged["film_place_share"] > 0)
    merged["lead_shoot_place"] = merged["shoot_place"]
    merged["lead_project"] = merged["project"]
    return list(merged.values())


def _of_headline(headline: SentenceEvidence, found: list[Mention]) -> list[float]:
    place = headline.has("place")
    return [
        float(headline.has("relation")),
        float(headline.near("shoot", "place")),
        float(headline.near("shoot", "place") and headline.has("work", "maker")),
        float(headline.near("work", "place")),
        float(headline.near("maker", "place")),
        float(headline.films and headline.has("space") and not place),
        float(place),
        float(headline.films and headline.has("first") and headline.has("place", "space")),
        _best(found),
        *(float(headline.has(family)) for family in AGAINST),
    ]


def _of_all(sentences: tuple[SentenceEvidence, ...], found: list[list[Mention]], beside: int) -> list[float]:
    shot = [sentence.near("shoot", "place") for sentence in sentences]
    made = [sentence.near("work", "place") for sentence in sentences]
    best = [_best(mentions) for mentions in found]
    film = sum(sentence.films for sentence in sentences) / len(sentences)
    place = sum(sentence.has("place") for sentence in sentences) / len(sentences)
    return [
        _count(sentence.has("relation") for sentence in sentences),
        _count(shot),
        _count(_shot_beside_place(sentences, i, beside) for i in range(len(sentences))),
        _count(made),
        _count(sentence.near("shoot", "space") for sentence in sentences),
        min(1.0, 2 * film, 4 * place),
        max(best),
        _count(score >= NAMED for score in best),
        _count(shot[:LEAD]),
        max(best[:LEAD]),
        float(not place),
        *(_count(sentence.has(family) for sentence in sentences) for family in AGAINST),
        float(sum(sentence.has("ground") for sentence in sentences) >= OFTEN),
    ]


def _shot_beside_place(sentences: tuple[SentenceEvidence, ...], i: int, beside: int) -> bool:
    """Whether sentence `i` speaks of shooting, and one near it or the headline of a place and of a work."""
    around = sentences[:1] + sentences[max(0, i - beside) : i + beside + 1]
    return (
        sentences[i].has("shoot")
        and any(other.has("place") for other in around)
        and any(other.has("work", "maker") for other in around)
    )


def _best(found: list[Mention]) -> float:
    return max((mention.score for mention in found), default=0.0)


def _count(true: Iterable[bool]) -> float:
    return min(1.0, math.log1p(sum(true)) / math.log1p(SATURATION))
