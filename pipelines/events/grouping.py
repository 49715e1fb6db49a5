"""Groups stories into events."""

from bisect import insort
from collections.abc import Iterable, Mapping
from typing import Any

from pipelines.catalogue.projects import Projects
from pipelines.events.candidates import Candidates
from pipelines.events.likeness import NONE, Evidence, compare
from pipelines.events.telling import Reader, Telling

COMPARED = 8
"""Tellings of an event that a story is compared with: the first ones. They bound the work on a day when everybody
tells of one event. In the demo the first alone gives 7 more false pairs; two, four or all give the same as eight."""

FIRST = "the earliest story of its event"


class _Event:
    """An event while it grows.

    Args:
        telling: the story that starts it.
    """

    def __init__(self, telling: Telling) -> None:
        self._tellings = [telling]  # by moment
        self._proofs: dict[str, tuple[float, str]] = {}  # confidence and why, by story id

    @property
    def first(self) -> Telling:
        """Its earliest story."""
        return self._tellings[0]

    def evidence(self, telling: Telling) -> Evidence:
        """How well a story fits: the mean over the first tellings, so that no single likeness chains two events."""
        found = [compare(telling, other) for other in self._tellings[:COMPARED]]
        if found[0] is NONE:
            return NONE
        possible = [evidence for evidence in found if evidence is not NONE]
        mean = sum(evidence.odds for evidence in possible) / len(possible)
        return Evidence(mean, max(possible, key=lambda evidence: evidence.odds).why)

    def compares(self, telling: Telling) -> bool:
        """Whether a story of it is one of the first, with which others are compared."""
        return any(told is telling for told in self._tellings[:COMPARED])

    def add(self, telling: Telling, confidence: float, why: str) -> None:
        """Takes in a story, also one that is earlier than all."""
        insort(self._tellings, telling, key=lambda told: told.moment)
        self._proofs[telling.story_id] = confidence, why

    def rows(self) -> Iterable[dict[str, Any]]:
        """Its rows of the events table."""
        for telling in self._tellings:
            confidence, why = 1.0, FIRST
            if telling is not self.first:
                # What was first before an earlier story turned up has no proof yet.
                confidence, why = self._proofs.get(telling.story_id) or _proof(compare(telling, self.first))
            yield {
                "event_id": self.first.story_id,
                "story_id": telling.story_id,
                "date": telling.day,
                "confidence": confidence,
                "why": why,
            }


class _Events:
    """All events, and those that a story may belong to."""

    def __init__(self) -> None:
        self.all: list[_Event] = []
        self._candidates: Candidates[_Event] = Candidates()

    def start(self, telling: Telling) -> _Event:
        """A new event."""
        event = _Event(telling)
        self.all.append(event)
        self._candidates.add(event, telling)
        return event

    def add(self, event: _Event, telling: Telling, confidence: float, why: str) -> None:
        """Puts a story into an event."""
        event.add(telling, confidence, why)
        if event.compares(telling):
            self._candidates.add(event, telling)

    def best(self, telling: Telling) -> tuple[_Event, Evidence] | None:
        """The event that a story fits best, if it fits any; of equals the earliest."""
        fitting = [(event.evidence(telling), event) for event in self._candidates.of(telling)]
        if not fitting:
            return None
        evidence, event = min(fitting, key=lambda found: (-found[0].odds, found[1].first.moment))
        return (event, evidence) if evidence.odds > 0 else None


def relate(
    stories: Iterable[Mapping[str, Any]],
    milestones: Iterable[Mapping[str, Any]],
    projects: Projects,
    known: Iterable[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Groups stories about one event, across languages and wordings.

    In the order of their publication each story joins the event that it fits best, or starts one. Conservative: two
    events of one week of one film stay apart unless headlines, days and particulars agree.

    Args:
        stories: rows of the stories table with `story_id`, `date`, `published_at`, `date_precision`, `language`,
            `title`, `text` and `projects`; in any order, each once.
        milestones: rows of the milestones table of these stories; others are passed over.
        projects: the catalogue.
        known: rows of the events table: their stories keep their company, also where today's rules would decide
            otherwise. () groups all anew.

    Returns:
        One row of the events table for each story, by story id. A story that stands alone is an event too, so that
        events can be counted. `event_id` is the id of the earliest story: later stories never change it, an earlier one
        that turns up late does. `confidence` is 1 for that story, for others the probability that they belong to it.
    """
    claims: dict[str, list[Mapping[str, Any]]] = {}
    for claim in milestones:
        claims.setdefault(claim["story_id"], []).append(claim)
    reader = Reader(projects)
    told = [reader.read(story, claims.get(story["story_id"], ())) for story in stories]
    told.sort(key=lambda telling: telling.moment)
    here = {telling.story_id for telling in told}
    # An event whose first story is not here is too long ago for the others; its rows stay as they are.
    kept = {row["story_id"]: dict(row) for row in known}
    rows = [row for id_, row in kept.items() if id_ in here and row["event_id"] not in here]
    events = _Events()
    by_id: dict[str, _Event] = {}
    for telling in told:
        row = kept.get(telling.story_id)
        if row is None or row["event_id"] not in here:
            continue
        if row["event_id"] in by_id:
            events.add(by_id[row["event_id"]], telling, row["confidence"], row["why"])
        else:
            by_id[row["event_id"]] = events.start(telling)
    for telling in told:
        if telling.story_id in kept:
            continue
        found = events.best(telling)
        if found is None:
            events.start(telling)
        else:
            event, evidence = found
            events.add(event, telling, *_proof(evidence))
    rows += [row for event in events.all for row in event.rows()]
    return sorted(rows, key=lambda row: row["story_id"])


def _proof(evidence: Evidence) -> tuple[float, str]:
    return evidence.confidence, "; ".join(evidence.why)
