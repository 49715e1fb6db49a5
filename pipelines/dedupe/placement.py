"""The decision: which story does a document join?"""

from collections.abc import Iterator
from dataclasses import replace

from pipelines.dedupe.document import Document
from pipelines.dedupe.fingerprint import Fingerprint, number_of
from pipelines.dedupe.postings import Stories
from pipelines.dedupe.recent import Recent
from pipelines.dedupe.storage import IndexFile, Known
from pipelines.dedupe.verify import Likeness, compare, title_agreement
from pipelines.model import Match, Role

CANDIDATES = 8
"""Stories with most shingles in common that are compared word by word. Two do nearly as well (pair F1 .9878 for
.9881 on development data); 8 bounds the work where many stories share a passage."""

LEAST_SHARED = 2
"""Sampled shingles in common that make a candidate. One in eight is sampled, so that a passage of 30 words is
found nearly always. With 1, chance phrases make everything a candidate of everything."""

BRIEF = 60
"""Shingles below which one in common is enough: a teaser of 30 words has three or four to share, and fewer than two
once in ten times."""

EXACT = 40
"""Informative shingles from which equal words alone, at any distance in time, make one story. Paywall stubs and
cookie notices have 10 to 30; between 20 and 80 nothing changes on development data."""

TITLES_AGREE = 0.5
"""Part of the shorter title's words in the other from which titles speak of one thing: house styles change
half of a headline, but seldom more."""

ALL = 0.9
"""Part of the longer text in common above which no other candidate need be looked at."""

LINE = 3
"""Articles of one story that a document is compared with. Two copies that were cut in different places may have less in
common with each other than either has with the original, and which of them the postings name is chance."""

STEP = 1.0
"""Evidence asked for beyond the usual at each step back: every comparison is one more chance to be wrong, and without
this a daily table joins through yesterday's the one of last week."""

SURE = 3.0
"""Evidence (20 to 1) at which the rest of a story's line is not looked at."""

EXCERPT = 0.6
"""A copy that has less than this part of the other text is an excerpt. A label for readers, no decision hangs on it:
teasers and quoted passages have well under half, cuts for length more."""


class Placement:
    """Decides by what the index holds, and writes the decision down.

    Args:
        file: the index.
        recent: fingerprints of the articles that were compared last.
        window_days: days between two articles that may be compared.
    """

    def __init__(self, file: IndexFile, recent: Recent, window_days: int) -> None:
        self._file = file
        self._recent = recent
        self._window_days = window_days

    def place(self, document: Document, new: Fingerprint, match: Match | None = None) -> Match:
        """Writes down a document that is not in the index, and gives it its story where it has no match yet."""
        found = self._file.postings.stories_with(new.sampled, document.day)
        match = match or self._decide(document, new, found)
        self._write(document, new, match, found)
        return match

    def _decide(self, document: Document, new: Fingerprint, found: Stories) -> Match:
        """The story of a document: by address, by words, by likeness, or its own."""
        common = found.common
        versions = self._file.at_address(document.address)
        match = (
            self._by_address(new, common, versions)
            or self._by_words(new, common)
            or self._by_likeness(new, common, found, document.day)
            or Match(story_id=f"s-{document.number:016x}", role="original")
        )
        if versions and match.role != "update":
            same = [version.match.revision for version in versions if version.text_hash == new.text_hash]
            match = replace(match, revision=same[0] if same else versions[0].match.revision + 1)
        return match

    def _write(self, document: Document, new: Fingerprint, match: Match, found: Stories) -> None:
        known = Known(document.number, document.article_id, match, document.day, document.address, new.text_hash)
        self._file.put(known, (new.title, new.text))
        story = number_of(match.story_id)
        self._file.postings.add(new.sampled - found.saturated, document.day, story, document.number)
        self._recent.put(document.number, new)

    def _by_address(self, new: Fingerprint, common: frozenset[int], versions: list[Known]) -> Match | None:
        """The address decides, unless it has come to show something else, as that of a front page does."""
        for version in versions:
            if version.text_hash == new.text_hash:
                return Match(version.match.story_id, "copy", version.article_id)
        if not versions:
            return None
        latest = versions[0]
        old = self._fingerprint(latest.number)
        like = compare(new, old, common)
        if not (like.overlap or title_agreement(new, old) >= TITLES_AGREE):
            return None
        return Match(latest.match.story_id, "update", latest.article_id, like.containment, latest.match.revision + 1)

    def _by_words(self, new: Fingerprint, common: frozenset[int]) -> Match | None:
        """Equal words decide if enough of them mean something and the title is no other story's."""
        others = self._file.with_text(new.text_hash)
        if not others or len(new.informative(common).positions) < EXACT:
            return None
        told = len(new.title_words & new.vocabulary) >= TITLES_AGREE * len(new.title_words)
        for other in others:
            if told or title_agreement(new, self._fingerprint(other.number)) >= TITLES_AGREE:
                return Match(other.match.story_id, "copy", other.article_id)
        return None

    def _by_likeness(self, new: Fingerprint, common: frozenset[int], found: Stories, day: int) -> Match | None:
        """The most alike of the candidates decides, if it is alike enough."""
        least = LEAST_SHARED if len(new.shingles) > BRIEF else 1
        best: tuple[float, Known, Likeness] | None = None
        for number in found.candidates(least, CANDIDATES):
            for step, other in enumerate(self._line(number)):
                if abs(other.day - day) > self._window_days:
                    continue
                old = self._fingerprint(other.number)
                its = self._file.postings.common(old.sampled - new.sampled, day)
                like = compare(new, old, common | its)
                evidence = like.evidence(abs(other.day - day)) - STEP * step
                if evidence > (best[0] if best else 0.0):
                    best = evidence, other, like
                if evidence > SURE:
                    break
            if best and best[2].symmetric > ALL:
                break
        if best is None:
            return None
        _, other, like = best
        role: Role = "excerpt" if like.symmetric < EXCERPT and not like.newer_longer else "copy"
        return Match(other.match.story_id, role, other.article_id, like.containment)

    def _line(self, number: int) -> Iterator[Known]:
        """A candidate, then the article that it was matched with, and so on back to its story's first."""
        for _ in range(LINE):
            known = self._file.article(number)
            if known is None:
                return
            yield known
            if known.match.matched_article_id is None:
                return
            number = number_of(known.match.matched_article_id)

    def _fingerprint(self, number: int) -> Fingerprint:
        fingerprint = self._recent.get(number)
        if fingerprint is None:
            fingerprint = Fingerprint(*self._file.document(number))
            self._recent.put(number, fingerprint)
        return fingerprint
