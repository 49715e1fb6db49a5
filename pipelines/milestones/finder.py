"""What an article says happened, or will happen, to a film project, and when.

Sentence by sentence: the vocabulary finds milestone words, `dates` finds dates, the two are paired by
nearness, the verb's tense and the date decide between planned and happened, and `projects` says whose
milestone it is. Nothing is learned and nothing is guessed beyond that, so an analyst can see in `Claim.sentence`
why a claim stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipelines.catalogue.projects import Projects, load_projects
from pipelines.milestones.dates import DateMention, find_dates
from pipelines.milestones.days import Resolved, resolve
from pipelines.milestones.pairing import Trigger, find_triggers, pair_dates
from pipelines.milestones.projects import NameFinder, NameMention, other_works
from pipelines.milestones.rules import LanguageRules, load_rules
from pipelines.milestones.sentences import Sentence, split_sentences
from pipelines.model import Claim, ClaimStatus

LONGEST_TEXT = 100_000
"""Characters read; the longest news feature in the development data has 60,000."""

MOST_OF_A_KIND = 40
"""Claims of one kind about one project that one text can make; more is a calendar, not an article."""

FALLBACK_LANGUAGE = "en"
"""Read when a language has no vocabulary: its numerals, years and English borrowings still say something."""


_NEVER_FLYING = frozenset({"advert", "music"})
"""Kinds that send nobody up: in an article about an advert and its star's own flight, launch and return belong to
the flight."""

_WORK_MILESTONES = frozenset({"release", "premiere", "trailer", "box_office", "filming", "announced"})
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?!\d)")

_DATELESS = frozenset({"filming", "training", "casting", "box_office", "delay", "cancellation"})
"""Milestones that are told without a date as news of their own. "Flew", "came out" or "announced" without one is
background: taking those too doubled the claims nobody would list, and found hardly any that somebody would."""

_CLAUSE_MARKS = (",", ";", ":", " - ", " – ", "—", "，", "；", "、", "،")
_FLIGHT_MILESTONES = frozenset({"crew", "training", "launch", "docking", "return"})


@dataclass(frozen=True, slots=True)
class _Draft:
    """A claim before repeated ones are dropped."""

    project: str
    milestone: str
    status: ClaimStatus
    resolved: Resolved | None
    as_written: str
    sentence: str
    confidence: float


class ClaimFinder:
    """Finds claims about the projects of a catalogue.

    Args:
        projects: the catalogue, for the names that tell several projects of one article apart.
    """

    def __init__(self, projects: Projects) -> None:
        self.names = NameFinder(projects)
        self.kinds = {project.id: project.kind for project in projects.projects}
        self.flying = frozenset(project.id for project in projects.projects if project.kind not in _NEVER_FLYING)

    def find(
        self, *, title: str, text: str, published: date | None, language: str, projects: Sequence[str]
    ) -> list[Claim]:
        """The claims of one article; see `find_claims`."""
        rules = load_rules(language) or load_rules(FALLBACK_LANGUAGE)
        if not projects or rules is None:
            return []
        reading = _Reading(self, rules, title=title[:1000], published=published, projects=tuple(projects))
        return [_claim(draft) for draft in _without_repetition(reading.read(text[:LONGEST_TEXT]))]


@cache
def _default_finder() -> ClaimFinder:
    return ClaimFinder(load_projects())


def find_claims(*, title: str, text: str, published: date | None, language: str, projects: list[str]) -> list[Claim]:
    """The milestone claims of one article.

    Args:
        title: the headline; read for claims the text does not make.
        text: clean text, paragraphs parted by newlines; characters beyond `LONGEST_TEXT` are not read.
        published: the day of publication, from which "next month" counts; None when unknown.
        language: BCP 47 tag; without a vocabulary for it, English is tried.
        projects: ids the article is about, best first; [] gives [].

    Returns:
        One claim a fact, in the text's order. Never raises on any text.
    """
    return _default_finder().find(title=title, text=text, published=published, language=language, projects=projects)


class _Reading:
    """One article being read from top to bottom."""

    def __init__(
        self,
        finder: ClaimFinder,
        rules: LanguageRules,
        *,
        title: str,
        published: date | None,
        projects: tuple[str, ...],
    ) -> None:
        self._finder = finder
        self._rules = rules
        self._title = title
        self._published = published
        self._projects = projects
        self._anchor: date | None = None
        self._year: int | None = None
        self._focus = projects[0]
        self._paragraph = -1

    def read(self, text: str) -> list[_Draft]:
        """Drafts of the text, then of the headline where it says something new."""
        drafts: list[_Draft] = []
        for sentence in split_sentences(text, self._rules.language):
            drafts.extend(self._sentence(sentence))
        said = {(draft.project, draft.milestone) for draft in drafts}
        for sentence in split_sentences(self._title, self._rules.language):
            drafts.extend(
                draft
                for draft in self._sentence(sentence)
                if draft.resolved and (draft.project, draft.milestone) not in said
            )
        return drafts

    def _sentence(self, sentence: Sentence) -> list[_Draft]:
        text = sentence.text
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self._year = None
            self._focus = self._projects[0]
        names = self._finder.names.find(text, self._projects)
        triggers = find_triggers(text, self._rules)
        dates = find_dates(text, self._rules.calendar) if triggers else []
        drafts: list[_Draft] = []
        if triggers:
            others = other_works(text, names, self._title)
            for trigger, mention in pair_dates(text, triggers, dates, self._rules):
                project = self._project_of(text, trigger, names)
                if self._speaks_of_another_work(trigger, names, others):
                    continue
                draft = self._draft(sentence, trigger, mention, project, self._year_for(mention, dates))
                if draft is not None:
                    drafts.append(draft)
                    if draft.resolved and draft.resolved.precision == "day":
                        self._anchor = draft.resolved.day
        self._remember(text, names)
        return drafts

    def _draft(
        self, sentence: Sentence, trigger: Trigger, mention: DateMention | None, project: str, year: int | None
    ) -> _Draft | None:
        resolved = None
        if mention is not None:
            resolved = resolve(mention, published=self._published, tense=trigger.tense, anchor=self._anchor, year=year)
        kind = trigger.milestone
        if resolved is None and not (trigger.alone and (kind in _DATELESS or trigger.cue is not None)):
            return None
        if kind == "launch" and self._finder.kinds.get(project) == "studio":
            kind = "studio_launch"
        status = _status(trigger, resolved, self._published)
        confidence = (
            0.9 if resolved is not None and resolved.precision == "day" else 0.8 if resolved is not None else 0.6
        )
        if trigger.tense == "open":
            confidence -= 0.1
        written = mention.written if mention is not None and resolved is not None else ""
        return _Draft(project, kind, status, resolved, written, sentence.text, round(confidence, 2))

    def _project_of(self, text: str, trigger: Trigger, names: list[NameMention]) -> str:
        if len(self._projects) == 1:
            return self._projects[0]
        named = _nearest_first(trigger, [name for name in names if not name.weak])
        if named and named[0].start > trigger.start and _clause_ends(text[trigger.end : named[0].start]):
            # "A Russian crew lifted off, ahead of a film planned by Tom Cruise": the subject is only described, and
            # what is named belongs to another clause.
            subject = [name for name in names if name.weak and name.end <= trigger.start][-1:]
            if subject and len(subject[0].projects) == 1 and not _clause_ends(text[subject[0].end : trigger.start]):
                return subject[0].projects[0]
        for name in named:
            if len(name.projects) == 1:
                return name.projects[0]
        candidates = named[0].projects if named else (self._described(trigger, names) or self._focus,)
        if self._focus in candidates:
            candidates = (self._focus, *candidates)
        if trigger.milestone in _FLIGHT_MILESTONES and candidates[0] not in self._finder.flying:
            # An advert has no ship of its own: if it shares its star with a flight, launch and return belong to
            # the flight.
            kin = [p for p in self._projects if p in self._finder.flying and self._finder.names.kin(candidates[0], p)]
            return kin[0] if kin else candidates[0]
        return candidates[0]

    def _described(self, trigger: Trigger, names: list[NameMention]) -> str:
        """The project that descriptions near the verb fit, where they fit one alone; "" otherwise."""
        for name in _nearest_first(trigger, [name for name in names if name.weak]):
            if len(name.projects) == 1:
                return name.projects[0]
        return ""

    def _speaks_of_another_work(
        self, trigger: Trigger, names: list[NameMention], others: list[tuple[int, int]]
    ) -> bool:
        if trigger.other:
            return True
        if trigger.milestone not in _WORK_MILESTONES or not others:
            return False
        distance = min(min(abs(trigger.start - end), abs(start - trigger.end)) for start, end in others)
        own = [min(abs(trigger.start - name.end), abs(name.start - trigger.end)) for name in names if name.title]
        return not own or min(own) > distance

    def _year_for(self, mention: DateMention | None, dates: list[DateMention]) -> int | None:
        if mention is None:
            return None
        named = [other.parts["year"] for other in dates if other.start < mention.start and "year" in other.parts]
        return named[-1] if named else self._year

    def _remember(self, text: str, names: list[NameMention]) -> None:
        single = [name for name in names if len(name.projects) == 1 and not name.weak]
        if single:
            titled = [name for name in single if name.title]
            self._focus = (titled or single)[-1].projects[0]
        years = [int(year) for year in _YEAR.findall(text)]
        # A year named in one sentence still rules the next one ("In 2021 ... On 5 October"), but no further.
        self._year = years[-1] if years else None


def _clause_ends(between: str) -> bool:
    return any(mark in between for mark in _CLAUSE_MARKS)


def _nearest_first(trigger: Trigger, names: list[NameMention]) -> list[NameMention]:
    """What stands before the verb is its subject more often than what follows; the nearest at the head."""
    before = [name for name in names if name.start <= trigger.start]
    return [*reversed(before), *(name for name in names if name.start > trigger.start)]


def _status(trigger: Trigger, resolved: Resolved | None, published: date | None) -> ClaimStatus:
    if trigger.cue is not None:
        return trigger.cue
    # The first day of a month or year that lies ahead lies ahead too; the current one is left to the verb.
    if resolved is not None and published is not None and resolved.day > published:
        return "planned"
    return "planned" if trigger.tense == "future" else "happened"


def _without_repetition(drafts: list[_Draft]) -> list[_Draft]:
    """One draft a fact: a vaguer date, or none, says nothing beside a closer one of the same kind."""
    distinct: dict[tuple[str, str], list[_Draft]] = {}
    for draft in drafts:
        group = distinct.setdefault((draft.project, draft.milestone), [])
        if len(group) < MOST_OF_A_KIND and not any(_says_more(other, draft, earlier=True) for other in group):
            group.append(draft)
    kept = {
        id(draft)
        for group in distinct.values()
        for draft in group
        if not any(_says_more(other, draft, earlier=False) for other in group if other is not draft)
    }
    return [draft for draft in drafts if id(draft) in kept]


def _says_more(other: _Draft, draft: _Draft, *, earlier: bool) -> bool:
    if draft.resolved is None:
        return earlier or (other.resolved is not None and other.status == draft.status)
    if other.resolved is None:
        return False
    if other.resolved == draft.resolved:
        return earlier
    return draft.resolved.covers(other.resolved)


def _claim(draft: _Draft) -> Claim:
    resolved = draft.resolved
    return Claim(
        project=draft.project,
        milestone=draft.milestone,
        status=draft.status,
        claimed_date=resolved.day if resolved else None,
        claimed_precision=resolved.precision if resolved else "none",
        as_written=draft.as_written,
        sentence=draft.sentence,
        confidence=draft.confidence,
    )
