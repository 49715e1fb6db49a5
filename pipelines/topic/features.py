"""The numbers that `pipelines.topic` weighs: a reading of an article in, a fixed list of features out.

The headline is counted once more by itself, since it says in ten words what a text says in a thousand, and most
look-alikes (an interview that mentions the film, a crew rotation) betray themselves there.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from pipelines.topic.evidence import Reading, SentenceEvidence
from pipelines.topic.naming import NAMED, Mention
from pipelines.topic.signs import ALOFT, WORK, gathered, signs
from pipelines.topic.written import STEM

TITLE = ("title_work_place",)
SAID = ("genuine", "shoot_space", "shoot_place", "project_sentences", "lead_project")
OUTRIGHT = frozenset({"title_work_place", "shoot_space", "shoot_place"})
SIGNS = ("second_sign", "woven", "plainly_shot")
TITLE_AGAINST = ("ground", "story")
COUNTED_AGAINST = ("story", "parabolic", "suborbital", "archive", "routine", "other")
SPEAKS_AGAINST = (
    *(f"title_{family}" for family in TITLE_AGAINST),
    *COUNTED_AGAINST,
    "title_shown",
    "ground_often",
    "ground_signs",
    "routine_share",
    "hop_share",
    "lead_other",
    "passing",
    "aside",
    "quiet_quarters",
    "no_work",
)
"""The features whose weights are never above zero; those of all others, the bias aside, are never below."""

NAMES = ("bias", *TITLE, *SAID, *SIGNS, *SPEAKS_AGAINST)
"""Names of the features, in order. Those without "title_" count in headline and text together.

More were offered and dropped, since without them the log loss on held-back folds and languages was no higher: other
families in the headline, how many different words there are of either kind, what share of the sentences speaks of
filming, how long the text is, filming in the lead and at the end, makers and places in the headline, an astronaut in it
who took part, whose people are named. That a text has no word of filming at all lowered it from .063 to .061, and lost
as many headlines as it refused look-alikes. When they came, it was .082 without "plainly_shot" instead of .080, .061
without "title_shown" instead of .060, and .067 without "story" instead of .065. That an article names no place in orbit
got a weight of zero. With filming near any word of spaceflight, and not those alone that mean nothing else, it was .055
instead of .054; a second sign among those alone, .061."""

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

ASIDE = 6
"""Sentences of a text beyond which filming in no more than two, side by side, is an aside; with three or four instead
of two, look-alikes went out and pieces told from the side with them."""

QUARTERS = 4
"""Parts of a text in which a work is looked for: a story about one comes back to it."""

HOP = ("parabolic", "suborbital")
"""The families of weightlessness without an orbit."""


def features(reading: Reading, found: list[list[Mention]], *, page: bool = False) -> list[float]:
    """The features of an article, each between 0 and 1, in the order of `NAMES`.

    Args:
        reading: what its sentences name.
        found: the projects that each sentence names, from `pipelines.topic.attribution.mentions`.
        page: whether this is a whole page, on which an article may begin anywhere; see also `gathered`.
    """
    sentences = reading.sentences
    # A word of a family in one sentence of three: so sentences are counted once, not family by family.
    naming = Counter(chain.from_iterable(sentence.families for sentence in sentences))
    work = _tells_of_a_work(naming, found)
    values = (
        {"bias": 1.0, "title_work_place": float(reading.headline.near("work", "place"))}
        | {"genuine": _count(naming["genuine"]), "no_work": float(not work)}
        | _said(sentences, found, naming, work=work, lead=len(sentences) if page else LEAD)
        | gathered(sentences, beside=PASSAGE, page=page)
        | {"second_sign": float(_second_sign(sentences))}
        | _against(reading, found, naming)
    )
    return [values[name] for name in NAMES]


def doubted(values: list[float]) -> list[float]:
    """The features of a whole page, with half of what speaks against it: that may stand in a teaser or a menu."""
    return [value * (DOUBT if name in SPEAKS_AGAINST else 1.0) for name, value in zip(NAMES, values, strict=True)]


def says_outright(values: list[float]) -> bool:
    """Whether a headline or a sentence says that a work is made there, so that weak signs are not all there is."""
    return any(value for name, value in zip(NAMES, values, strict=True) if name in OUTRIGHT)


def _said(
    sentences: tuple[SentenceEvidence, ...],
    found: list[list[Mention]],
    naming: Counter[str],
    *,
    work: bool,
    lead: int,
) -> dict[str, float]:
    """What is said outright: a work shot up there, and projects by name."""
    best = [_best(mentions) for mentions in found]
    shot = [sentence for sentence in sentences if "shoot" in sentence.families] if naming["shoot"] else []
    return {
        "shoot_space": _count(work and sum(sentence.near_aloft("shoot") for sentence in shot)),
        "shoot_place": _count(sum(sentence.near("shoot", "place") for sentence in shot)),
        "project_sentences": _count(sum(score >= NAMED for score in best)),
        "lead_project": max(best[:lead]),
    }


def _against(reading: Reading, found: list[list[Mention]], naming: Counter[str]) -> dict[str, float]:
    """What speaks against a film made in orbit: in headline and lead, in how many sentences, and how densely."""
    sentences = reading.sentences
    hop = any(naming[family] for family in HOP) and sum(sentence.has(*HOP) for sentence in sentences)
    ground = frozenset().union(*(signs(s, ("ground",)) for s in sentences)) if naming["ground"] else ()
    return {
        **{f"title_{family}": float(reading.headline.has(family)) for family in TITLE_AGAINST},
        **{family: _count(naming[family]) for family in COUNTED_AGAINST},
        "title_shown": float(_only_shown(reading.headline)),
        "ground_often": float(naming["ground"] >= OFTEN),
        "ground_signs": min(1.0, len(ground) / GROUND_SIGNS),
        "routine_share": min(1.0, 3 * naming["routine"] / len(sentences)),
        "hop_share": min(1.0, 3 * hop / len(sentences)),
        "lead_other": _count(sum(sentence.has("other") for sentence in sentences[:LEAD])),
        "passing": _passing(reading, found[0]),
        "aside": float(_aside(reading)),
        "quiet_quarters": _quiet_quarters(reading.body),
    }


def _tells_of_a_work(naming: Counter[str], found: list[list[Mention]]) -> bool:
    """Whether a work, its makers or a project of the file are spoken of: a storm that an astronaut filmed is none."""
    return any(naming[family] for family in ("work", "maker", "relation")) or any(
        _best(mentions) >= NAMED for mentions in found
    )


def _passing(reading: Reading, headline: list[Mention]) -> float:
    """How far a film is only mentioned: not in the headline, and in few sentences of the text.

    News of a crew recalls that one of them once played in a film; the rest of it is experiments and a landing.
    """
    if not reading.body or reading.headline.films or _best(headline) >= NAMED:
        return 0.0
    return 1 - min(1.0, TOLD * sum(sentence.films for sentence in reading.body) / len(reading.body))


def _only_shown(headline: SentenceEvidence) -> bool:
    """Whether a headline says where something is shown, and not that it was filmed: most dome films are computed."""
    return headline.has("venue") and not headline.has("shoot")


def _aside(reading: Reading) -> bool:
    """Whether a text speaks of filming in one place only: what a visitor did is told, and the visit goes on."""
    films = [number for number, sentence in enumerate(reading.body) if sentence.films]
    return len(reading.body) > ASIDE and not reading.headline.films and bool(films) and films[-1] - films[0] <= 1


def _quiet_quarters(body: Sequence[SentenceEvidence]) -> float:
    """The share of the quarters of a text in which no work and no maker is spoken of; none of a short text."""
    if len(body) < QUARTERS:
        return 0.0
    ends = [len(body) * number // QUARTERS for number in range(QUARTERS + 1)]
    return sum(not any(s.has(*WORK) for s in body[start:end]) for start, end in pairwise(ends)) / QUARTERS


def _second_sign(sentences: Iterable[SentenceEvidence]) -> bool:
    """Whether more than one word says that anything is up there: ratings, too, soar "into orbit".

    Of words that stand in one another the outer one counts: a "space station" is one sign, as the Raumstation is.
    """
    met: set[str] = set()
    for sentence in sentences:
        if sentence.has("relation"):
            return True
        spans = {span for family in ALOFT for span in sentence.families.get(family, ())}
        met |= {
            sentence.folded[start : start + STEM].lower()
            for start, end in spans
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)
        }
        if len(met) > 1:
            return True
    return False


def _best(found: list[Mention]) -> float:
    """The clearest mention; a doubtful one counts half, since an everyday title is in many headlines."""
    if not found:
        return 0.0
    best = max(mention.score for mention in found)
    return best if best >= NAMED else best / 2


def _count(number: int) -> float:
    return min(1.0, math.log1p(number) / math.log1p(SATURATION))
