"""Which terms of a projects file earn their place?

A term that never matched may be misspelt, or wait for its day; one that matches mostly what is rejected may be too
common a word. Counting only: whether a term goes is for its editor to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.catalogue.projects import Projects
from pipelines.matching import Matcher, Term, fold
from pipelines.topic.evidence import LONGEST_TEXT, LONGEST_TITLE
from pipelines.topic.written import written_terms


@dataclass(frozen=True, slots=True)
class TermUse:
    """How often a term stood in articles; once an article, however often it stood there.

    Attributes:
        owner: a project's id, or "vocabulary." and the family.
        kind: "title", "ordinary" (an everyday title), "person", "crew", "support" (an organisation or a vehicle),
            "never" or "cue"; of a word of the vocabulary its language.
        term: as written in the file.
        accepted: articles on topic that it stood in.
        rejected: articles off topic that it stood in.
    """

    owner: str
    kind: str
    term: str
    accepted: int
    rejected: int


class TermCounter:
    """Counts in how many articles each term of a projects file stands.

    Args:
        projects: the file, read.
    """

    def __init__(self, projects: Projects) -> None:
        # A term of several cues is one term.
        terms: dict[tuple[str, str, str], Term] = {}
        for written, term, tag in written_terms(projects):
            family = tag.kind == "family"
            owner, kind = (f"vocabulary.{tag.owner}", tag.language) if family else (tag.owner, tag.kind)
            terms[owner, kind, written] = term
        self._names = list(terms)
        self._matcher = Matcher((term, number) for number, term in enumerate(terms.values()))
        self._accepted = [0] * len(terms)
        self._rejected = [0] * len(terms)

    def add(self, *, title: str, text: str, relevant: bool) -> None:
        """Counts one article, cut as the judge cuts it."""
        counts = self._accepted if relevant else self._rejected
        folded = fold(f"{title[:LONGEST_TITLE]}\n{text[:LONGEST_TEXT]}")
        for number in {hit.tag for hit in self._matcher.find(folded)}:
            counts[number] += 1

    def uses(self) -> Iterator[TermUse]:
        """Every term with its counts, in the order of the file."""
        for name, accepted, rejected in zip(self._names, self._accepted, self._rejected, strict=True):
            yield TermUse(*name, accepted, rejected)
