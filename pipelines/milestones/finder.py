"""What an article says happened, or will happen, to a film project, and when.

Sentence by sentence: the vocabulary finds milestone words, `dates` finds dates, the two are paired by
nearness, the verb's tense and the date decide between planned and happened, and `projects` says whose
milestone it is. Nothing is learned and nothing is guessed beyond that, so an analyst can see in `Claim.sentence`
why a claim stands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from pipelines.catalogue.projects import Projects, load_projects
from pipelines.milestones.datelines import dateline_length
from pipelines.milestones.dates import TOLD, DateMention, find_dates, with_month, with_told, without_corrected
from pipelines.milestones.days import Resolved, definite_side, resolve
from pipelines.milestones.drafts import Draft, as_claim, status_of, with_cancelled_plans, without_repetition
from pipelines.milestones.owners import Owners
from pipelines.milestones.pairing import DECIDED, LASTING, pair_dates, with_moved
from pipelines.milestones.projects import NameMention, other_works
from pipelines.milestones.rules import LanguageRules, Tense, load_rules
from pipelines.milestones.sentences import Sentence, split_sentences
from pipelines.milestones.triggers import Told, Trigger, find_triggers
from pipelines.model import Claim

LONGEST_TEXT = 100_000
"""Characters read; the longest news feature in the development data has 60,000."""

NEWS_DAYS = 120
"""A day that a past verb names without a year is news when it is this close behind: the year that the sentence before
spoke of does not move it."""

DATELINE_DAYS = 1
"""Days between a dateline and the paper: midnight, or a zone, lies between them. A story that runs later has been
edited for its own day."""

FALLBACK_LANGUAGE = "en"
"""Read when a language has no vocabulary: its numerals, years and English borrowings still say something."""

_SHOWN = frozenset({"release", "premiere", "trailer", "box_office"})
"""Milestones of the finished work: in a sentence that names another one, they are that one's unless the project's own
title stands nearer."""

_WORK_MILESTONES = _SHOWN | {"filming", "announced"}
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20[0-4])\d(?!\d)")

_DATELESS = frozenset({"filming", "training", "casting", "box_office", "delay", "cancellation"})
"""Milestones that are told without a date as news of their own. "Flew", "came out" or "announced" without one is
background: taking those too doubled the claims nobody would list, and found hardly any that somebody would."""


class ClaimFinder:
    """Finds claims about the projects of a catalogue.

    Args:
        projects: the catalogue, for the names that tell several projects of one article apart.
    """

    def __init__(self, projects: Projects) -> None:
        self.owners = Owners(projects)
        # A studio is launched itself, unless the catalogue knows of a launch of equipment for it.
        self.studios = frozenset(
            project.id
            for project in projects.projects
            if project.kind == "studio" and not any(known.what == "launch" for known in project.milestones)
        )

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
        self._printed = self._published = published
        self._projects = projects
        self._anchor: date | None = None
        self._anchored = ""
        self._told: date | None = None
        self._undated: Draft | None = None
        self._headline = _named(finder.owners.names.find(title, projects))
        self._named = self._headline
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
            self._date_by(text[:dateline])
        names = self._finder.owners.names.find(text, self._projects)
        drafts: list[Draft] = []
        told = find_triggers(text, self._rules, telling=self._undated is not None)
        if told.triggers and (plain := without_corrected(text, self._rules.calendar)) != text:
            text = plain
            told = find_triggers(text, self._rules)
        if told.triggers and not (told.aside and not any(name.title for name in names)):
            dates = [mention for mention in find_dates(text, self._rules.calendar) if mention.start >= dateline]
            if self._undated is not None and (dated := self._dated_by(told, self._undated, dates)) is not None:
                drafts.append(dated)
                self._undated = None
            else:
                drafts.extend(self._drafts(sentence, told, dates, names))
        self._remember(text, names)
        return drafts

    def _date_by(self, dateline: str) -> None:
        """Count from an agency's own day, where the paper has another: "MOSCOW, Oct 17 - ... returned on Sunday"."""
        printed = self._printed
        for mention in find_dates(dateline, self._rules.calendar) if dateline and printed else ():
            resolved = resolve(mention, published=printed, tense="open")
            if resolved and printed and abs((resolved.day - printed).days) <= DATELINE_DAYS:
                self._published = resolved.day

    def _drafts(
        self, sentence: Sentence, told: Told, dates: list[DateMention], names: list[NameMention]
    ) -> Iterator[Draft]:
        """What a sentence claims, each milestone word with its date and project."""
        quoted = other_works(sentence.text, names, self._title)
        told = _without_titles(told, [*quoted, *((name.start, name.end) for name in names if name.title)])
        others = [*quoted, *told.others]
        named = self._named | _named(names)
        for trigger, mention in with_moved(pair_dates(told, dates, self._rules, self._published)):
            candidates = self._finder.owners.candidates(
                sentence.text, trigger, names, projects=self._projects, focus=self._focus
            )
            if self._speaks_of_another_work(trigger, names, others if trigger.milestone in _SHOWN else quoted):
                continue
            draft = self._draft(sentence, trigger, mention, candidates, dates)
            if draft is not None:
                yield replace(draft, named=draft.project in named)
                self._count_from(draft)

    def _count_from(self, draft: Draft) -> None:
        """From its day "twelve days later" counts, and in its month was what happened "the same month"."""
        if draft.resolved is None or draft.resolved.precision == "year":
            return
        self._told = draft.resolved.day
        if draft.resolved.precision == "day":
            self._anchor, self._anchored = draft.resolved.day, draft.milestone

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
        if mention is not None and not _is_length(trigger, mention) and not self._counts_from_itself(trigger, mention):
            earlier = [other for other in dates if other.start < mention.start]
            mention = with_month(mention, earlier)
            if mention.parts.keys() & TOLD and (told := self._last_told(trigger, earlier)) is not None:
                mention = with_told(mention, told)
            side = definite_side(mention, self._published)
            resolved = self._resolve(mention, trigger, earlier)
        project = self._finder.owners.best_known(candidates, trigger.milestone, resolved)
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

    def _counts_from_itself(self, trigger: Trigger, mention: DateMention) -> bool:
        """Whether "after twelve days" would count from a day of the same milestone: then it is how long a stay was."""
        return bool(mention.unit) and mention.direction == "plain" and trigger.milestone == self._anchored

    def _last_told(self, trigger: Trigger, earlier: list[DateMention]) -> date | None:
        """A day of the month or year that "the same" one is: that named last, else that of the publication."""
        for mention in reversed(earlier):
            if (resolved := self._resolve(mention, trigger, [])) is not None:
                return resolved.day
        return self._told or self._published

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
        self._named = self._headline | _named(names)
        years = [int(year) for year in _YEAR.findall(text)]
        # A year named in one sentence still rules the next one ("In 2021 ... On 5 October"), but no further.
        self._year = years[-1] if years else None


def _without_titles(told: Told, titles: list[tuple[int, int]]) -> Told:
    """Without the milestone words that are words of a work's title: "l'envoyé spatial" sends nobody anywhere."""
    return replace(
        told,
        triggers=[
            trigger
            for trigger in told.triggers
            if not any(start <= trigger.start and trigger.end <= end for start, end in titles)
        ],
    )


def _named(names: list[NameMention]) -> frozenset[str]:
    return frozenset(project for name in names if not name.weak for project in name.projects)


def _is_length(trigger: Trigger, mention: DateMention) -> bool:
    """Whether a counted time says how long something took ("shot in 12 days"), not when it was."""
    if not mention.unit or mention.unit == "hour":
        return False
    if mention.direction == "next":
        return trigger.tense == "past" or (trigger.milestone in LASTING and trigger.tense != "future")
    return mention.direction == "plain" and trigger.milestone in LASTING and "month" not in mention.parts
