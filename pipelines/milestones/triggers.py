"""Milestone words of a sentence, and what their clause says of them: tense, denial, delay, another work."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.milestones.phrases import Match
from pipelines.milestones.rules import LanguageRules, Tense
from pipelines.model import ClaimStatus

CUE_REACH = 90
"""Characters around a verb, within its clause, in which "will", "not" or "postponed" still speak of it."""

TOPICS = {
    "release": frozenset({"trailer", "casting"}),
    "premiere": frozenset({"trailer", "casting"}),
    "announced": frozenset({"trailer", "crew"}),
    "docking": frozenset({"release"}),
}
"""What may be shown, opened, published or announced beside a film; the noun says which of them it is."""

NEGATION_BEFORE = 24
"""Characters between a "not" and the verb it denies: an auxiliary and an adverb ("has not yet been released")."""

NEGATION_AFTER = 10
"""The same where the "not" follows ("공개되지 않았다", "landete nicht")."""

NEGATION_CUE = 3
"""Characters between a "not" and a "cancelled" or "postponed" that it takes back."""

DENSE_COST = 2
"""Characters of ours that one of a script without spaces stands for, in distances."""

MOST_IN_SENTENCE = 16
"""Milestone words, and dates, that are read in one sentence: twice what the richest real one had. Pairing costs their
product."""

_BREAKS = re.compile(r"[,;:،，；：()（）–—]|\s-\s")
_IMPOSED: tuple[ClaimStatus, ...] = ("denied", "cancelled", "delayed")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A milestone word in a sentence.

    Attributes:
        start, end: offsets in the sentence.
        milestone: its kind, "" for a verb of saying or running, which only draws its date away from the others.
        tense: past, future or open (unknown), as its clause has it.
        form: the same as the word has it by itself.
        alone: whether it makes a claim without a date; a bare noun does not.
        telling: whether it is a verb of telling, even where its clause says what was told ("announced the crew").
        negative: whether a "not" belongs to the words themselves ("not among the crew").
        cue: a status that words nearby impose ("postponed", "no plans to").
        other: whether the clause speaks of another work.
        purpose: whether it is what another verb was done for ("flew on Tuesday to film").
        overdue: whether the clause tells a plan from behind ("was due to"), which the date shows as missed or open.
    """

    start: int
    end: int
    milestone: str
    tense: Tense
    form: Tense = "open"
    alone: bool = True
    telling: bool = False
    negative: bool = False
    cue: ClaimStatus | None = None
    other: bool = False
    purpose: bool = False
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence's milestone words and borders.

    Attributes:
        triggers: milestone words and verbs of saying, in order.
        breaks: borders of clauses: punctuation and the language's conjunctions, in order.
        commas: where a comma of any script stands.
        others: places that speak of another work or flight.
        points_back: whether the sentence opens by pointing at the one before ("That was announced on Thursday").
        aside: whether it is about something else than a film, unless it names one by its title.
    """

    triggers: Sequence[Trigger] = ()
    breaks: Sequence[Span] = ()
    commas: Sequence[int] = ()
    others: Sequence[Span] = ()
    points_back: bool = False
    aside: bool = False


def find_triggers(text: str, rules: LanguageRules, *, telling: bool = False) -> Told:
    """Reads one sentence; without a milestone word it tells nothing.

    Args:
        text: the sentence.
        rules: its language's.
        telling: whether verbs of saying count even where no milestone is named.
    """
    found = [_trigger(*match) for match in rules.triggers.find(text)[: 2 * MOST_IN_SENTENCE]]
    if not found and not telling:
        return Told()
    cues = rules.cues.find(text)
    found = _without_mistaken(found, cues)
    marks = [match.span() for match in _BREAKS.finditer(text)]
    # A semicolon parts what could be two sentences: it counts as three borders.
    marks += 2 * [span for span in marks if text[span[0]] in ";；"]
    breaks = sorted([*marks, *(cue[:2] for cue in cues["breaks"])])
    # "Gravity" is a film, "filmed in zero gravity" is not: a title's capital counts.
    cues["other"] = [cue for cue in cues["other"] if not (cue[2][:1].isupper() and text[cue[0]].islower())]
    negations = [cue[:2] for cue in cues["negated"]]
    for name in ("cancelled", "delayed", "denied"):
        cues[name] = [cue for cue in cues[name] if not any(0 <= cue[0] - end <= NEGATION_CUE for _, end in negations)]
    story = min((0 if rules.dates_first else cue[0] for cue in cues["plot"]), default=len(text))
    triggers = []
    for trigger in found:
        if trigger.milestone:
            clause = _clause(text, trigger, breaks)
            read = _with_cues(_on_topic(trigger, found, clause), clause, cues, carries=rules.tense_carries)
            if read.start >= story or _is_denied(read, clause, negations, found, rules):
                read = Trigger(read.start, read.end, "", read.tense)
            triggers.append(read)
        else:
            triggers.append(trigger)
    return Told(
        triggers=triggers,
        breaks=breaks,
        commas=[place for place, character in enumerate(text) if character in ",，、"],
        others=[cue[:2] for cue in cues["other"]],
        points_back=any(cue[0] == 0 for cue in cues["points_back"]),
        aside=bool(cues["aside"]),
    )


def _trigger(start: int, end: int, tag: str) -> Trigger:
    milestone, form, *negative = tag.split()
    tense: Tense = "past" if form == "past" else "future" if form == "future" else "open"
    return Trigger(
        start,
        end,
        milestone,
        tense,
        tense,
        alone=form != "noun",
        telling=milestone == "announced",
        negative=bool(negative),
    )


def _without_mistaken(found: list[Trigger], cues: Mapping[str, list[Match]]) -> list[Trigger]:
    """Without what is part of a longer phrase.

    "Announced that" is a verb of saying, "announced" alone a milestone, and "a budget of ten million" no takings.
    Verbs of saying stay, since they draw dates, and so do those of running ("runs until November").
    """
    for name in ("said", "runs", "void"):
        for start, end, _ in cues[name]:
            rivals = [trigger for trigger in found if start < trigger.end and trigger.start < end]
            if all(trigger.end - trigger.start < end - start + (not trigger.alone) for trigger in rivals):
                found = [trigger for trigger in found if trigger not in rivals]
                if name == "said":
                    found.append(Trigger(start, end, "", "past", telling=True))
                elif name == "runs":
                    found.append(Trigger(start, end, "", "open"))
    return sorted(found, key=lambda trigger: trigger.start)[:MOST_IN_SENTENCE]


def _on_topic(trigger: Trigger, found: list[Trigger], clause: Span) -> Trigger:
    """Verbs of showing and telling take the kind of what their clause names: "the trailer was shown"."""
    kinds = TOPICS.get(trigger.milestone, frozenset())
    topics = [t.milestone for t in found if t.milestone in kinds and clause[0] <= t.start and t.end <= clause[1]]
    return replace(trigger, milestone=topics[0]) if topics else trigger


def _with_cues(trigger: Trigger, clause: Span, cues: Mapping[str, list[Match]], *, carries: bool) -> Trigger:
    def speaks(name: str) -> bool:
        return any(clause[0] <= start and end <= clause[1] for start, end, _ in cues[name])

    def carried() -> bool:
        """Whether an earlier clause spoke of the future, and none since of the past."""
        planned = max((end for _, end, _ in cues["planned"] if end <= clause[0]), default=-1)
        return planned >= 0 and not any(planned < end <= trigger.end for _, end, _ in cues["happened"])

    other = speaks("other")
    if trigger.milestone in {"delay", "cancellation"}:
        return replace(
            trigger, tense="past", cue="delayed" if trigger.milestone == "delay" else "cancelled", other=other
        )
    cue = next((status for status in _IMPOSED if speaks(status)), None)
    tense = trigger.tense
    if trigger.milestone in {"announced", "crew", "casting"} and trigger.form == "past":
        pass  # "they announced that they will", "she was chosen to": the plan is what was announced or chosen for
    elif speaks("planned") or (carries and not speaks("happened") and carried()):
        tense = "future"
    elif tense == "open" and speaks("happened"):
        tense = "past"
    return replace(
        trigger,
        tense=tense,
        cue=cue,
        other=other,
        purpose=any(start <= trigger.start <= end + 1 for start, end, _ in cues["purpose"]),
        overdue=cue is None and speaks("overdue"),
    )


def _is_denied(
    trigger: Trigger, clause: Span, negations: list[Span], found: list[Trigger], rules: LanguageRules
) -> bool:
    """Whether a "not" of the clause stands close enough, and no nearer milestone word takes it.

    What is told as denied or put off by words of its own ("no plans to") is a claim, and stays.
    """
    if trigger.cue is not None and trigger.milestone not in {"delay", "cancellation"}:
        return False
    scale = 1 if rules.spaced else DENSE_COST
    for start, end in negations:
        if not (clause[0] <= start and end <= clause[1]):
            continue
        if end <= trigger.start:
            between = any(end <= other.start and other.end <= trigger.start for other in found)
            if (trigger.start - end) * scale <= NEGATION_BEFORE and not between:
                return True
        elif start < trigger.end and trigger.start < end:
            # Part of the verb, as in Turkish, or between its parts ("ist noch nicht gestartet").
            if not trigger.negative:
                return True
        elif start >= trigger.end and (start - trigger.end) * scale <= NEGATION_AFTER:
            return True
    return False


def _clause(text: str, trigger: Trigger, breaks: list[Span]) -> Span:
    left = max(0, trigger.start - CUE_REACH)
    right = min(len(text), trigger.end + CUE_REACH)
    for start, end in breaks:
        if end <= trigger.start:
            left = max(left, end)
        elif start >= trigger.end:
            right = min(right, start)
            break
    return left, right
