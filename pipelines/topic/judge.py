"""Is an article about filming in orbit, and about which project?

`assess` and `may_be_relevant` are what the rest of the house calls; a `Judge` holds the terms of one projects
file and lives as long as a process does.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from pipelines.catalogue.project import UNLISTED
from pipelines.catalogue.projects import Projects, load_projects
from pipelines.model import Assessment
from pipelines.topic.anchors import Anchors
from pipelines.topic.attribution import combine, mentions, prominence, told_of
from pipelines.topic.evidence import AGAINST, Reader, Reading, SentenceEvidence
from pipelines.topic.features import NAMES, PASSAGE, doubted, features, says_outright
from pipelines.topic.gate import visible
from pipelines.topic.naming import NAMED, Mention
from pipelines.topic.passages import RAW_REACH, REACH, passages
from pipelines.topic.signs import signs, woven_passages
from pipelines.topic.weights import WEIGHTS

RELEVANT = 0.5
"""The score from which an article is stored. On held-back folds, with 1,977 articles about a film and 3,285 others, 0.5
finds 1,937 and accepts 41 of the others; 0.4 finds seven more and accepts 49, 0.6 loses ten and accepts 28."""

PROMISING = 0.3
"""The score from which passages of a page are worth its extraction, with half of what speaks against them (`doubted`).
Of 3,773 accepted articles, most of them in real pages, three are below, with 0.5 four. Of 763 real pages 14 pass, with
0.5 11."""

MOST_HEADLINES = 8
"""Headings of a page under which it is judged; a page in five has two that name different things."""

MOST_TERMS = 24
"""Matched terms that are kept: enough to explain a verdict, few enough for a column."""

UNANCHORED = 0.49
"""The most that an article scores which names no place in orbit, no project and hardly a word of spaceflight: the gate
would not let it through."""

_FOR = ("relation", "shoot", "work", "maker", "place", "space")
_FAMILIES_NEEDED = ("shoot", "place")


class Judge:
    """Judges articles by one projects file.

    A file without words for shooting and for places in orbit can follow any subject: then an article is relevant
    when it names a project of the file, by a title or by its people.

    Args:
        projects: the file, read.
        kept: folder that keeps the gate's compiled patterns for the next process; None for none.
    """

    def __init__(self, projects: Projects, *, kept: Path | None = None) -> None:
        self.projects = projects
        self._reader = Reader(projects)
        self._by_words = all(projects.vocabulary.terms(family) for family in _FAMILIES_NEEDED)
        self._anchors = Anchors(self._reader, by_words=self._by_words, kept=kept)

    def assess(self, *, title: str, text: str, language: str = "", url: str = "") -> Assessment:  # noqa: ARG002
        """Judge one article.

        Args:
            title: its headline.
            text: its clean text, paragraphs separated by newlines; may be "".
            language: BCP 47 primary tag, "" when unknown.
            url: its address; part of the contract, and not weighed, since slugs repeat the headline or worse.

        Returns:
            The verdict; never raises.
        """
        reading = self._reader.read_article(title=title, text=text, language=language)
        found = mentions(reading, self.projects)
        scores = combine(found, reading)
        values = features(reading, found)
        score = self._score(values, scores)
        if self._by_words and not self._anchored(reading.sentences, scores):
            score = min(score, UNANCHORED)
        if score < RELEVANT:
            return Assessment(relevant=False, score=score, why=_against(reading))
        if all(score < NAMED for score in scores.values()):
            found.append(told_of(reading, self.projects, filmed=says_outright(values)))
            scores = combine(found, reading)
        shares = prominence(found)
        named = {p: round(scores[p], 3) for p in sorted(scores, key=lambda p: -shares[p]) if scores[p] >= NAMED}
        return Assessment(
            relevant=True,
            score=score,
            projects=tuple(named) or (UNLISTED,),
            project_scores=named or {UNLISTED: score},
            matched_terms=_matched_terms(reading, found),
            why=(*self._for(reading, found, named), *_against(reading)),
        )

    def prepare(self) -> None:
        """Make the gate ready now, and not with the first page: half a second, or less where `kept` has it."""
        self._anchors.prepare()

    def may_be_relevant(self, body: bytes, *, charset: str = "") -> bool:
        """Whether a page could be relevant, so that it is worth its extraction.

        Args:
            body: the page's bytes, of any kind; never raises.
            charset: charset of the Content-Type header, "" when it names none.
        """
        for found in self._anchors.found_in(body, charset=charset):
            if found.places is None:
                return True
            if self._is_promising(found.titles, found.text, found.places, reach=RAW_REACH):
                return self._is_promising_when_seen(found.page)
        return False

    def _is_promising_when_seen(self, page: bytes) -> bool:
        """Whether what a reader sees of a page is worth it, without menus, teasers and code."""
        seen = visible(page)
        if seen is None:
            return True
        text, places = self._anchors.places_in("\n".join((*seen.headings, *seen.lines)).encode("utf-8", "replace"))
        return places is None or self._is_promising(seen.headings, text, places, reach=REACH)

    def _is_promising(self, titles: Sequence[str], text: bytes, places: Sequence[int], *, reach: int) -> bool:
        """Whether an article with these passages, under any of these titles, could be accepted."""
        body = self._reader.read(title="", text=passages(text, places, reach=reach)).body
        return any(self._could_be(Reading(headline, body)) for headline in self._headlines(titles))

    def _headlines(self, titles: Iterable[str]) -> list[SentenceEvidence]:
        """Whatever may be the headline, those that name most first, and none that names the same as another.

        "Headline | Outlet" is said no worse without the outlet.
        """
        read = (self._reader.read(title=heading, text="").headline for heading in titles or ("",))
        different = {(*headline.families, *headline.projects, *headline.cues): headline for headline in read}
        return [different[names] for names in sorted(different, key=len, reverse=True)[:MOST_HEADLINES]]

    def _could_be(self, page: Reading) -> bool:
        """Whether the article of which this is read of a page could be accepted."""
        found = mentions(page, self.projects, page=True)
        scores = combine(found, page)
        if not self._by_words:
            return self._score([], scores) >= RELEVANT
        return self._score(doubted(features(page, found, page=True)), scores) >= PROMISING

    def _score(self, values: list[float], scores: dict[str, float]) -> float:
        if not self._by_words:
            return round(max(scores.values(), default=0.0), 3)
        total = sum(WEIGHTS[name] * value for name, value in zip(NAMES, values, strict=True))
        return round(1 / (1 + math.exp(-total)), 3)

    def _anchored(self, sentences: Collection[SentenceEvidence], scores: dict[str, float]) -> bool:
        """Whether an article has the words that the gate looks for before anything else."""
        return (
            any(score >= NAMED for score in scores.values())
            or any(sentence.has("place", "relation") for sentence in sentences)
            or self._anchors.enough(frozenset().union(*(signs(sentence, ("space",)) for sentence in sentences)))
        )

    def _for(self, reading: Reading, found: list[list[Mention]], named: dict[str, float]) -> list[str]:
        """What speaks for the verdict, in words."""
        why = []
        for project in named:
            mention = max((m for m in chain(*found) if m.project == project), key=lambda m: m.score)
            listed = self.projects.get(project)
            name = listed.name if listed else project
            why.append(f"{name}: {mention.why} ({', '.join(mention.words)})")
        shot = sum(sentence.near("shoot", "place") for sentence in reading.sentences)
        if reading.headline.near("shoot", "place") or reading.headline.near("work", "place"):
            why.append("the headline speaks of a film and of a place in orbit")
        if shot:
            why.append(f"{shot} of {len(reading.sentences)} sentences speak of filming in orbit")
        elif found_woven := len(_woven(reading)):
            why.append(f"{found_woven} sentences weave the making of a work and spaceflight together")
        return why


def _matched_terms(reading: Reading, found: list[list[Mention]]) -> tuple[str, ...]:
    """The words that counted, as written: those of projects first, then those of filming in orbit."""
    terms = [word for mention in chain(*found) if mention.score >= NAMED for word in mention.words]
    telling = [sentence for sentence in reading.sentences if sentence.films and sentence.has("place")]
    for sentence in telling or _woven(reading):
        for family in _FOR:
            terms += sentence.words(sentence.families.get(family, ())[:2])
    kept: list[str] = []
    for term in terms:
        # "Cruise" says nothing beside "Tom Cruise".
        if not any(term.lower() in other.lower() for other in kept):
            kept.append(term)
    return tuple(kept[:MOST_TERMS])


def _woven(reading: Reading) -> list[SentenceEvidence]:
    """The sentences whose weak signs count: those of the passages that are counted, and those that film near space."""
    around = chain.from_iterable(woven_passages(reading.sentences, beside=PASSAGE))
    counted = {id(sentence) for sentence in around}
    return [s for s in reading.sentences if id(s) in counted or s.near_aloft("shoot")]


def _against(reading: Reading) -> tuple[str, ...]:
    """What speaks against the verdict, in words."""
    why = []
    for family in AGAINST:
        words = chain.from_iterable(s.words(s.families.get(family, ())[:1]) for s in reading.sentences)
        if examples := list(dict.fromkeys(words))[:3]:
            why.append(f"against it ({family}): {', '.join(examples)}")
    if not any(sentence.has("place") for sentence in reading.sentences):
        why.append("no place in orbit is named")
    return tuple(why)


@cache
def _default() -> Judge:
    return Judge(load_projects())


def assess(*, title: str, text: str, language: str = "", url: str = "") -> Assessment:
    """`Judge.assess` by the project's own `data/projects.toml`."""
    return _default().assess(title=title, text=text, language=language, url=url)


def may_be_relevant(body: bytes, *, charset: str = "") -> bool:
    """`Judge.may_be_relevant` by the project's own `data/projects.toml`."""
    return _default().may_be_relevant(body, charset=charset)
