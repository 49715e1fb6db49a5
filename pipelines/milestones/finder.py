"""What an article says happened, or will happen, to a film project, and when.

Sentence by sentence: the vocabulary finds milestone words, `dates` finds dates, the two are paired by
nearness, the verb's tense and the date decide between planned and happened, and `projects` says whose
milestone it is. Nothing is learned and nothing is guessed beyond that, so an analyst can see in `Claim.sentence`
why a claim stands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.catalogue.projects import Projects, load_projects
from pipelines.milestones.datelines import dateline_length
from pipelines.milestones.dates import DateMention, find_dates, with_month
from pipelines.milestones.days import Resolved, definite_side, resolve
from pipelines.milestones.drafts import Draft, as_claim, status_of, with_cancelled_plans, without_repetition
from pipelines.milestones.pairing import DECIDED, LASTING, pair_dates
from pipelines.milestones.projects import NameFinder, NameMention, other_works
from pipelines.milestones.rules import LanguageRules, Tense, load_rules
from pipelines.milestones.sentences import Sentence, split_sentences
from pipelines.milestones.triggers import Told, Trigger, find_triggers
from pipelines.model import Claim

LONGEST_TEXT = 100_000
"""Characters read; the longest news feature in the development data has 60,000."""

OBJECT_REACH = 20
"""Characters between a verb and the title that is its object."""

NEWS_DAYS = 120
"""A day that a past verb names without a year is news when it is this close behind: the year that the sentence before
spoke of does not move it."""

FALLBACK_LANGUAGE = "en"
"""Read when a language has no vocabulary: its numerals, years and English borrowings still say something."""


_NEVER_FLYING = frozenset({"advert", "music"})
"""Kinds that send nobody up: in an article about an advert and its star's own flight, launch and return belong to
the flight."""

_SHOWN = frozenset({"release", "premiere", "trailer", "box_office"})
"""Milestones of the finished work: in a sentence that names another one, they are that one's unless the project's own
title stands nearer."""

_WORK_MILESTONES = _SHOWN | {"filming", "announced"}
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?!\d)")

_DATELESS = frozenset({"filming", "training", "casting", "box_office", "delay", "cancellation"})
"""Milestones that are told without a date as news of their own. "Flew", "came out" or "announced" without one is
background: taking those too doubled the claims nobody would list, and found hardly any that somebody would."""

_CLAUSE_MARKS = (",", ";", ":", " - ", " – ", "—", "，", "；", "、", "،")
_FLIGHT_MILESTONES = frozenset({"crew", "training", "launch", "docking", "return"})


class ClaimFinder:
    """Finds claims about the projects of a catalogue.

    Args:
        projects: the catalogue, for the names that tell several projects of one article apart.
    """

    def __init__(self, projects: Projects) -> None:
        self.names = NameFinder(projects)
        self.known = {project.id: project.milestones for project in projects.projects}
        # A studio is launched itself, unless the catalogue knows of a launch of equipment for it.
        self.studios = frozenset(
            project.id
            for project in projects.projects
            if project.kind == "studio" and not any(known.what == "launch" for known in project.milestones)
        )
        self.flying = frozenset(project.id for project in projects.projects if project.kind not in _NEVER_FLYING)

    def best_known(self, candidates: Sequence[str], milestone: str, resolved: Resolved | None) -> str:
        """The project whose known milestones fit a claim best, the first of equals.

        A sequel that was never made has no release, so "the film came out in April" is told of the first part.
        """

        def fit(project: str) -> int:
            known = [fact for fact in self.known.get(project, ()) if fact.what == milestone]
            return 2 if resolved is not None and any(_same_time(resolved, fact.date) for fact in known) else bool(known)

        return max(candidates, key=fit)

    def find(
        self, *, title: str, text: str, published: date | None, language: str, projects: Sequence[str]
    ) -> list[Claim]:
        """The claims of one article; see `find_claims`."""
        rules = load_rules(language) or load_rules(FALLBACK_LANGUAGE)
        if not projects or rules is None:
            return []
        reading = _Reading(self, rules, title=title[:1000], published=published, projects=tuple(projects))
        return [
            as_claim(draft) for draft in without_repetition(with_cancelled_plans(reading.read(text[:LONGEST_TEXT])))
        ]


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
        self._undated: Draft | None = None
        self._year: int | None = None
        self._focus = projects[0]
        self._paragraph = -1

    def read(self, text: str) -> list[Draft]:
        """Drafts of the text, then of the headline where it says something new."""
        drafts: list[Draft] = []
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

    def _sentence(self, sentence: Sentence) -> list[Draft]:
        text = sentence.text
        dateline = 0
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self._year = None
            self._focus = self._projects[0]
            self._undated = None
            dateline = dateline_length(text)
        names = self._finder.names.find(text, self._projects)
        told = find_triggers(text, self._rules, telling=self._undated is not None)
        dates = find_dates(text, self._rules.calendar) if told.triggers else []
        dates = [mention for mention in dates if mention.start >= dateline]
        undated = self._undated
        drafts: list[Draft] = []
        if undated is not None and (dated := self._dated_by(told, undated, dates)) is not None:
            drafts.append(dated)
            self._undated = None
        elif told.triggers:
            quoted = other_works(text, names, self._title)
            others = [*quoted, *told.others]
            for trigger, mention in pair_dates(told, dates, self._rules, self._published):
                candidates = self._projects_of(text, trigger, names)
                if self._speaks_of_another_work(trigger, names, others if trigger.milestone in _SHOWN else quoted):
                    continue
                draft = self._draft(sentence, trigger, mention, candidates, dates)
                if draft is not None:
                    drafts.append(draft)
                    if draft.resolved and draft.resolved.precision == "day":
                        self._anchor = draft.resolved.day
        self._remember(text, names)
        return drafts

    def _dated_by(self, told: Told, undated: Draft, dates: list[DateMention]) -> Draft | None:
        """The decision of the sentence before, where this one only says when it was told.

        "The crew has been chosen. That was announced on Thursday": the choice is dated Thursday.
        """
        if not told.points_back or not any(trigger.telling for trigger in told.triggers):
            return None
        for mention in dates:
            resolved = resolve(mention, published=self._published, tense="past", anchor=self._anchor)
            if resolved is not None:
                return replace(undated, resolved=resolved, as_written=mention.written, confidence=0.8)
        return None

    def _draft(
        self,
        sentence: Sentence,
        trigger: Trigger,
        mention: DateMention | None,
        candidates: Sequence[str],
        dates: list[DateMention],
    ) -> Draft | None:
        resolved = None
        side: Tense = "open"
        if mention is not None and not _is_length(trigger, mention):
            earlier = [other for other in dates if other.start < mention.start]
            mention = with_month(mention, earlier)
            side = definite_side(mention, self._published)
            resolved = self._resolve(mention, trigger, earlier)
        project = self._finder.best_known(candidates, trigger.milestone, resolved)
        kind = trigger.milestone
        if kind == "launch" and project in self._finder.studios:
            kind = "studio_launch"
        status = status_of(trigger, resolved, side, self._published)
        confidence = (
            0.9 if resolved is not None and resolved.precision == "day" else 0.8 if resolved is not None else 0.6
        )
        if trigger.tense == "open":
            confidence -= 0.1
        written = mention.written if mention is not None and resolved is not None else ""
        draft = Draft(project, kind, status, resolved, written, sentence.text, round(confidence, 2))
        if resolved is None and trigger.alone and kind in DECIDED:
            self._undated = draft
        if resolved is None and not (trigger.alone and (kind in _DATELESS or trigger.cue is not None)):
            return None
        return draft

    def _resolve(self, mention: DateMention, trigger: Trigger, earlier: list[DateMention]) -> Resolved | None:
        """The day, in the year that the sentence speaks of; that of the sentence before rules only what is not news."""
        year = None
        for other in earlier:
            if "year" in other.parts:
                year = other.parts["year"]
            elif "year_offset" in other.parts and self._published is not None:
                year = self._published.year + other.parts["year_offset"]
        plain = resolve(mention, published=self._published, tense=trigger.tense, anchor=self._anchor, year=year)
        if year is not None or plain is None or self._year is None or self._published is None:
            return plain
        if 0 <= (self._published - plain.day).days <= NEWS_DAYS:
            return plain
        return resolve(mention, published=self._published, tense=trigger.tense, anchor=self._anchor, year=self._year)

    def _projects_of(self, text: str, trigger: Trigger, names: list[NameMention]) -> Sequence[str]:
        """The projects that a milestone word may speak of, the likeliest first."""
        if len(self._projects) == 1:
            return self._projects
        named = _nearest_first(trigger, [name for name in names if not name.weak])
        if named and named[0].start > trigger.start and _clause_ends(text[trigger.end : named[0].start]):
            # "A Russian crew lifted off, ahead of a film planned by Tom Cruise": the subject is only described, and
            # what is named belongs to another clause.
            subject = [name for name in names if name.weak and name.end <= trigger.start][-1:]
            if subject and len(subject[0].projects) == 1 and not _clause_ends(text[subject[0].end : trigger.start]):
                return subject[0].projects
        single = [name for name in named if len(name.projects) == 1]
        # "The director will not shoot a sequel": the work that follows the verb says more than the person before it.
        works = [name for name in single if name.title and 0 <= name.start - trigger.end <= OBJECT_REACH]
        if works or single:
            return (works or single)[0].projects
        candidates = named[0].projects if named else (self._described(trigger, names) or self._focus,)
        if self._focus in candidates:
            candidates = (self._focus, *candidates)
        kin = [project for project in self._projects if self._finder.names.kin(candidates[0], project)]
        if trigger.milestone in _FLIGHT_MILESTONES and candidates[0] not in self._finder.flying:
            # An advert has no ship of its own: if it shares its star with a flight, launch and return belong to
            # the flight.
            return [project for project in kin if project in self._finder.flying] or candidates
        return [*candidates, *kin]

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


def _same_time(resolved: Resolved, day: date) -> bool:
    return resolved.covers(Resolved(day, "day")) or (resolved.precision == "day" and resolved.day == day)


def _is_length(trigger: Trigger, mention: DateMention) -> bool:
    """Whether a counted time says how long something took ("shot in 12 days"), not when it was."""
    if not mention.unit or mention.unit == "hour":
        return False
    if mention.direction == "next":
        return trigger.tense == "past" or (trigger.milestone in LASTING and trigger.tense != "future")
    return mention.direction == "plain" and trigger.milestone in LASTING and "month" not in mention.parts
