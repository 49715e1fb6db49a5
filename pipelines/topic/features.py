"""The numbers that `pipelines.topic` weighs: a reading of an article in, a fixed list of features out.

The headline is counted once more by itself, since it says in ten words what a text says in a thousand, and most
look-alikes (an interview that mentions the film, a crew rotation) betray themselves there.
"""

import math
from collections.abc import Iterable

from pipelines.topic.attribution import NAMED, Mention
from pipelines.topic.evidence import Reading, SentenceEvidence
from pipelines.topic.signs import gathered, signs

TITLE = ("title_relation", "title_maker_place", "title_project")
SAID = ("genuine", "relation", "shoot_space", "project", "project_sentences", "lead_project")
SIGNS = ("signs_aloft", "signs_making", "signs_both", "woven", "shot_aloft", "making_share")
TITLE_AGAINST = ("ground", "archive", "other")
COUNTED_AGAINST = ("parabolic", "suborbital", "archive", "routine", "other")
SPEAKS_AGAINST = (
    "has_text",
    *(f"title_{family}" for family in TITLE_AGAINST),
    *COUNTED_AGAINST,
    "ground_often",
    "ground_signs",
    "routine_share",
    "hop_share",
    "lead_other",
    "lead_hop",
    "passing",
)
"""The features whose weights are never above zero; those of all others, the bias aside, are never below."""

NAMES = ("bias", *TITLE, *SAID, *SIGNS, *SPEAKS_AGAINST)
"""Names of the features, in order. Those without "title_" count in headline and text together.

Thirteen more were offered and dropped, among them the other families in the headline, how much of a text is about
being up there, and sets in the lead: with them the log loss on languages that the fit had not seen was .070, without
them .065."""

LEAD = 4
"""Sentences that count as the lead, the headline among them."""

OFTEN = 3
"""Sentences about sets and effects that make a film on the ground; films in orbit also boast "no green screen"."""

GROUND_SIGNS = 4
"""Different words of sets and effects that say all they can say, in however few sentences."""

PASSAGE = 1
"""Sentences on either side in which weak signs belong together; 0 and 2 did as well on held-back folds."""

DOUBT = 0.5
"""How much of what speaks against an article counts on a whole page."""

SATURATION = 4.0
"""A count of so many says all that counting can say; logarithmic below."""

TOLD = 3.0
"""An article tells of a film when one sentence in so many speaks of making it; else it mentions one in passing."""

HOP = ("parabolic", "suborbital")
"""The families of weightlessness without an orbit."""


def features(reading: Reading, found: list[list[Mention]]) -> list[float]:
    """The features of an article, each between 0 and 1, in the order of `NAMES`.

    Args:
        reading: what its sentences name.
        found: the projects that each sentence names, from `pipelines.topic.attribution.mentions`.
    """
    sentences = reading.sentences
    values = (
        {"bias": 1.0}
        | _of_headline(reading.headline, found[0])
        | _said(sentences, found)
        | gathered(sentences, beside=PASSAGE)
        # Two thirds of an article about films is all of it.
        | {"making_share": min(1.0, 1.5 * _share(sentence.films for sentence in sentences))}
        | _against(reading, found[0])
    )
    return [values[name] for name in NAMES]


def doubted(values: list[float]) -> list[float]:
    """The features of a whole page, with half of what speaks against it: that may stand in a teaser or a menu."""
    return [value * (DOUBT if name in SPEAKS_AGAINST else 1.0) for name, value in zip(NAMES, values, strict=True)]


def _of_headline(headline: SentenceEvidence, found: list[Mention]) -> dict[str, float]:
    return {
        "title_relation": float(headline.has("relation")),
        "title_maker_place": float(headline.near("maker", "place")),
        "title_project": _best(found),
    }


def _said(sentences: tuple[SentenceEvidence, ...], found: list[list[Mention]]) -> dict[str, float]:
    """What is said outright: shooting beside a place in orbit, and projects by name."""
    best = [_best(mentions) for mentions in found]
    return {
        "genuine": _count(sentence.has("genuine") for sentence in sentences),
        "relation": _count(sentence.has("relation") for sentence in sentences),
        "shoot_space": _count(sentence.near("shoot", "space") for sentence in sentences),
        "project": max(best),
        "project_sentences": _count(score >= NAMED for score in best),
        "lead_project": max(best[:LEAD]),
    }


def _against(reading: Reading, headline: list[Mention]) -> dict[str, float]:
    """What speaks against a film made in orbit: in headline and lead, in how many sentences, and how densely."""
    sentences = reading.sentences
    hop = [sentence.has(*HOP) for sentence in sentences]
    return {
        "has_text": float(bool(reading.body)),
        **{f"title_{family}": float(reading.headline.has(family)) for family in TITLE_AGAINST},
        **{family: _count(sentence.has(family) for sentence in sentences) for family in COUNTED_AGAINST},
        "ground_often": float(sum(sentence.has("ground") for sentence in sentences) >= OFTEN),
        "ground_signs": min(1.0, len(frozenset().union(*(signs(s, ("ground",)) for s in sentences))) / GROUND_SIGNS),
        "routine_share": min(1.0, 3 * _share(sentence.has("routine") for sentence in sentences)),
        "hop_share": min(1.0, 3 * _share(hop)),
        "lead_other": _count(sentence.has("other") for sentence in sentences[:LEAD]),
        "lead_hop": _count(hop[:LEAD]),
        "passing": _passing(reading, headline),
    }


def _passing(reading: Reading, headline: list[Mention]) -> float:
    """How far a film is only mentioned: not in the headline, and in few sentences of the text.

    News of a crew recalls that one of them once played in a film; the rest of it is experiments and a landing.
    """
    if not reading.body or reading.headline.films or _best(headline) >= NAMED:
        return 0.0
    return 1 - min(1.0, TOLD * _share(sentence.films for sentence in reading.body))


def _best(found: list[Mention]) -> float:
    """The clearest mention; a doubtful one counts half, since an everyday title is in many headlines."""
    best = max((mention.score for mention in found), default=0.0)
    return best if best >= NAMED else best / 2


def _share(true: Iterable[bool]) -> float:
    counted = list(true)
    return sum(counted) / len(counted)


def _count(true: Iterable[bool]) -> float:
    return min(1.0, math.log1p(sum(true)) / math.log1p(SATURATION))
