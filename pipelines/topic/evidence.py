"""What the words of an article say for and against a film in orbit, sentence by sentence.

`Reader` knows the terms of a projects file. It turns a headline and a text into a `Reading`: which families
of the vocabulary and which projects each sentence names. `pipelines.topic.attribution`,
`pipelines.topic.signs` and `pipelines.topic.features` count what it found, `pipelines.topic` weighs it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from pipelines.catalogue.project import SEVERAL_LANGUAGES, Projects
from pipelines.matching import Hit, Matcher, Term, fold
from pipelines.milestones.sentences import split_sentences
from pipelines.topic.denials import Denials
from pipelines.topic.written import FILM, SPACEFLIGHT, Tag, written_terms

LONGEST_TEXT = 40_000
"""Characters of a text that are read: ten times a long article, and a bound on the time."""

LONGEST_TITLE = 1_000
"""Characters of a headline that are read; longer ones are not headlines."""

MOST_SPANS = 30
"""Places of one family that are kept of one sentence: a bound on pairing them when a page repeats itself."""

MAKING = FILM | {"relation"}
"""The families that speak of making a film, with the phrases that say where."""

NEAR = 90
"""Characters between a word of filming and a word of place that still belong together, in scripts with spaces.
60 and 150 found as many articles on held-back folds and each accepted one more look-alike."""

NEAR_DENSE = 40
"""The same where a word is one or two characters long (Chinese, Japanese)."""

Span = tuple[int, int]
"""Start and end of a term in the folded sentence."""

LONGEST_NAME = 30
"""Characters of a title in quotation marks that are looked through for the other mark."""

_MARKS = frozenset('"«»„“”「」『』《》〈〉‹›')
_QUOTES = _MARKS | frozenset("'‘’")


AGAINST = ("ground", "story", "venue", "parabolic", "suborbital", "archive", "routine", "other")
"""The families that speak against a film made in orbit."""

UP_THERE = frozenset({"place", "relation"})
"""The families whose words say where a camera stands. A shorter word inside one of them speaks against nothing: 実験,
an experiment, in 実験棟, the laboratory of the station. With the words of filming and spaceflight it was the same
on held-back folds, and a clip made in an aircraft more was accepted."""

SET_APART = frozenset({"other", "archive", "venue", "genuine"})
"""Words inside these count for nothing else: "Salyut-7", the film, is no place, "archive footage" no shooting, and "no
green screen" no studio."""

ENOUGH_EVERYDAY = 3
"""So many different everyday words of filming say by themselves that something is filmed: an episode of a series,
recorded in the module."""

ROOM = 2
"""Sentences of a text that has room for a word that means spaceflight and nothing else; a headline has none for it."""

FLOWN = frozenset({"title", "person", "crew"})
"""Kinds of a project's terms beside which a station is meant as one in orbit."""

WHOSE = frozenset({"title", "person"})
"""Kinds of a project's terms beside which an everyday word of filming is meant as one."""

SAID = frozenset({"shoot", "relation"})
"""The families that say that something is filmed, which may be denied: then it was filmed on the ground."""

GROUND = frozenset({"ground"})
FIRST = frozenset({"first"})

IMPLIED = {"relation": ("relation", "shoot", "place")}
"""A phrase such as "a film in orbit" speaks of shooting there, whatever its words."""


@dataclass(slots=True)
class SentenceEvidence:
    """What one sentence names.

    Attributes:
        text: as written.
        folded: the same after `fold`; all offsets are into this.
        families: family -> where its terms stand.
        stems: family -> the different words of it, by their first letters; names of agencies and companies are
            none, since those stand on the ground.
        projects: project id -> kind of term -> where they stand.
        cues: (project id, cue, part) whose own terms stand here.
        everyday: the different everyday words of filming here, by their first letters.
        plain: whether a word stands here that makes everyday words mean filming: one that means nothing else, or a
            project's title or people.
        aloft: where words stand that mean spaceflight and nothing else.
        flown: whether a project's title, people or astronauts are named.
    """

    text: str
    folded: str
    families: dict[str, list[Span]] = field(default_factory=dict)
    stems: dict[str, set[str]] = field(default_factory=dict)
    projects: dict[str, dict[str, list[Span]]] = field(default_factory=dict)
    cues: dict[tuple[str, int, int], list[Span]] = field(default_factory=dict)
    everyday: set[str] = field(default_factory=set)
    plain: bool = False
    aloft: list[Span] = field(default_factory=list)
    flown: bool = False

    def add(self, span: Span, families: Iterable[str]) -> None:
        """Note a word that belongs to `families`."""
        for family in chain.from_iterable(IMPLIED.get(name, (name,)) for name in families):
            spans = self.families.setdefault(family, [])
            if len(spans) < MOST_SPANS:
                spans.append(span)

    def note_making(self, tags: Iterable[Tag]) -> None:
        """Note whether one word, which stands for `tags`, means filming and nothing else."""
        making = [tag for tag in tags if tag.owner in MAKING]
        self.plain |= any(not tag.everyday for tag in making)
        # Of "serie" and "serien" the shorter, so that a word that two terms fit is one.
        self.everyday.update(sorted(tag.stem for tag in making if tag.everyday)[:1])

    def note_aloft(self, span: Span, tags: Iterable[Tag]) -> None:
        """Note where a word stands that means spaceflight and nothing else, if it does."""
        if len(self.aloft) < MOST_SPANS and any(tag.owner in SPACEFLIGHT and not tag.earthly for tag in tags):
            self.aloft.append(span)

    def deny(self, span: Span) -> None:
        """Take back what `span` says: no description has its words."""
        self.cues = {
            cue: kept
            for cue, spans in self.cues.items()
            if (kept := [s for s in spans if s[1] <= span[0] or s[0] >= span[1]])
        }

    def without_works(self) -> None:
        """Take the words of works and their makers for what they mean elsewhere: a series of failures is no series."""
        for family in ("work", "maker"):
            self.families.pop(family, None)
            self.stems.pop(family, None)

    def without_places(self) -> None:
        """Take the words of being up there for what they mean elsewhere: the station is one of trains."""
        for family in SPACEFLIGHT:
            self.families.pop(family, None)
            self.stems.pop(family, None)
        self.cues.clear()

    def has(self, *families: str) -> bool:
        """Whether any of `families` is named."""
        return not self.families.keys().isdisjoint(families)

    @property
    def films(self) -> bool:
        """Whether the sentence speaks of making a film."""
        return not FILM.isdisjoint(self.families)

    def near(self, family: str, other: str) -> bool:
        """Whether a term of `family` stands close to one of `other`."""
        return self._close(family, self.families.get(other, ()))

    def near_aloft(self, family: str) -> bool:
        """Whether a term of `family` stands close to a word that means spaceflight and nothing else."""
        return self._close(family, self.aloft)

    def _close(self, family: str, others: Collection[Span]) -> bool:
        reach = NEAR if " " in self.folded[:NEAR_DENSE] or len(self.folded) < NEAR_DENSE else NEAR_DENSE
        return any(
            start - reach <= other_end and other_start <= end + reach
            for start, end in self.families.get(family, ())
            for other_start, other_end in others
        )

    def films_beside(self, start: int, end: int) -> bool:
        """Whether a word of filming stands outside `start` to `end`."""
        return any(b <= start or a >= end for family in FILM for a, b in self.families.get(family, ()))

    def set_off(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` are set off as a title: in quotation marks, or after "film".

        Both marks must stand there: «Вызов времени» is another title. English puts a comma before the second, French
        a space inside both: « Le Défi ».
        """
        before, after = self.folded[max(0, start - 2) : start], self.folded[end : end + 2]
        before = "«" if before == "« " else before[-1:]
        after = "»" if after == " »" else after.lstrip(",.!?:")[:1]
        quoted = bool(before and after) and before in _QUOTES and after in _QUOTES
        return quoted or any(self.folded[b:start] == " " for _, b in self.families.get("work", ()))

    def capitalised(self, start: int, end: int) -> bool:
        """Whether a capital letter stands among the words from `start` to `end`."""
        words = self.folded[start:end]
        return words != words.lower()

    def within_longer(self, start: int, end: int) -> bool:
        """Whether the words from `start` to `end` begin or end a longer title in quotation marks: „Orbit Challenge“.

        An apostrophe is no mark here: "the Challenge's" follows many a "don't".
        """
        before, after = self.folded[max(0, start - 1) : start], self.folded[end : end + 1]
        if (before in _MARKS) == (after in _MARKS):
            return False
        further = self.folded[end : end + LONGEST_NAME] if before in _MARKS else self.folded[:start][-LONGEST_NAME:]
        return not _MARKS.isdisjoint(further)

    def words(self, spans: Iterable[Span]) -> list[str]:
        """The words at `spans`, as written."""
        return [original(self.text, start, end) for start, end in spans]


@dataclass(frozen=True, slots=True)
class Reading:
    """A headline and a text, read.

    Attributes:
        headline: what the headline names.
        body: what each sentence of the text names.
    """

    headline: SentenceEvidence
    body: tuple[SentenceEvidence, ...]

    @property
    def sentences(self) -> tuple[SentenceEvidence, ...]:
        """Headline and text."""
        return (self.headline, *self.body)


class Reader:
    """Finds the terms of a projects file in articles.

    Args:
        projects: the file, read.

    Attributes:
        projects: the same.
    """

    def __init__(self, projects: Projects) -> None:
        self.projects = projects
        self._matcher = Matcher((term, tag) for _, term, tag in written_terms(projects))
        self._denials = Denials(projects.vocabulary)
        self._covered = frozenset(
            (family, language.partition("-")[0])
            for family, languages in projects.vocabulary.families.items()
            for language in languages
        )

    def terms(self) -> Iterator[tuple[Term, Tag]]:
        """Every term of the file, and what it stands for."""
        return self._matcher.terms()

    def read(self, *, title: str, text: str, language: str = "") -> Reading:
        """Read a headline (cut after `LONGEST_TITLE` characters) and a text (after `LONGEST_TEXT`).

        Args:
            title: the headline, "" when there is none.
            text: paragraphs separated by newlines.
            language: BCP 47 primary tag, "" when unknown.
        """
        sentences = split_sentences(text[:LONGEST_TEXT], language)
        body = tuple(self._sentence(sentence.text, language) for sentence in sentences)
        return Reading(self._sentence(title[:LONGEST_TITLE], language), body)

    def read_article(self, *, title: str, text: str, language: str = "") -> Reading:
        """Read what is one article, as `read` does: words with other meanings count beside plainer ones.

        "A series of failures in orbit" has a work and a place as any film in orbit has, and so has a film shot on board
        a ferry. On a whole page, of which each headline is read by itself, such words count anyway.
        """
        reading = self.read(title=title, text=text, language=language)
        everyday = set().union(*(sentence.everyday for sentence in reading.sentences))
        if len(everyday) < ENOUGH_EVERYDAY and not any(sentence.plain for sentence in reading.sentences):
            for sentence in reading.sentences:
                sentence.without_works()
        if len(reading.body) >= ROOM and not any(s.aloft or s.flown for s in reading.sentences):
            for sentence in reading.sentences:
                sentence.without_places()
        return reading

    def _sentence(self, text: str, language: str = "") -> SentenceEvidence:
        evidence = SentenceEvidence(text, fold(text))
        if hits := self._matcher.find(evidence.folded):  # as in one sentence of three
            self._weigh(hits, evidence, language)
        return evidence

    def _weigh(self, hits: Iterable[Hit[Tag]], evidence: SentenceEvidence, language: str) -> None:
        """Adds what a sentence's hits say to its evidence."""
        families: dict[Span, set[Tag]] = {}
        offices: set[Span] = set()
        for hit in hits:
            span, tag = (hit.start, hit.end), hit.tag
            if tag.kind == "family":
                families.setdefault(span, set()).add(tag)
            elif tag.kind == "cue":
                evidence.cues.setdefault((tag.owner, tag.cue, tag.part), []).append(span)
            else:
                evidence.projects.setdefault(tag.owner, {}).setdefault(tag.kind, []).append(span)
                evidence.plain |= tag.kind in WHOSE
                evidence.flown |= tag.kind in FLOWN
                if tag.kind == "support":
                    offices.add(span)
        meant = {span: self._meant(tags, language) for span, tags in families.items()}
        aloft = [span for span, tags in meant.items() if any(tag.owner in UP_THERE for tag in tags)]
        if aloft:
            meant = {span: _unless_part(span, tags, aloft) for span, tags in meant.items()}
            for span in self._denied(meant, aloft, evidence.folded, language):
                meant[span] = [tag._replace(owner="ground") if tag.owner in SAID else tag for tag in meant[span]]
                evidence.deny(span)
        apart = [span for span, tags in meant.items() if any(tag.owner in SET_APART for tag in tags)]
        for span, tags in meant.items():
            names = {tag.owner for tag in tags}
            if names & SET_APART or not any(span[0] < end and start < span[1] for start, end in apart):
                evidence.add(span, names)
                evidence.note_making(tags)
                evidence.note_aloft(span, tags)
                for tag in tags if span not in offices else ():
                    evidence.stems.setdefault(tag.owner, set()).add(tag.stem)

    def _denied(self, meant: dict[Span, list[Tag]], aloft: list[Span], folded: str, language: str) -> list[Span]:
        """Where words of filming stand that are taken back; what is the first of its kind was "never" there before."""
        where = {
            family: [span for span, tags in meant.items() if any(tag.owner in family for tag in tags)]
            for family in (SAID, GROUND, FIRST)
        }
        if not where[SAID] or where[FIRST]:
            return []
        return [*self._denials.among(where[SAID], aloft, folded=folded, language=language, elsewhere=where[GROUND])]

    def _meant(self, tags: set[Tag], language: str) -> list[Tag]:
        """What a word stands for in the text's own language: "filme" films in French, is the film in Portuguese.

        Where a family has no words of that language, those of all languages count: a Croatian reads Serbian.
        """
        spoken = {language, SEVERAL_LANGUAGES}
        return [tag for tag in tags if tag.language in spoken or (tag.owner, language) not in self._covered]


def _unless_part(span: Span, tags: list[Tag], longer: list[Span]) -> list[Tag]:
    """What a word stands for, without what speaks against where it is part of a longer one, see `UP_THERE`."""
    kept = [tag for tag in tags if tag.owner not in AGAINST]
    if len(kept) == len(tags) or not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in longer):
        return tags
    return kept


def original(text: str, start: int, end: int) -> str:
    """The characters of `text` whose folded form lies between `start` and `end` of the folded text."""
    position, kept = 0, []
    for char in text:
        if position >= end:
            break
        if position >= start:
            kept.append(char)
        position += len(fold(char))
    return "".join(kept).strip()
