"""Milestone words of a sentence, their tense, and the date that belongs to each."""

import re
from dataclasses import dataclass, replace

from pipelines.milestones.dates import DateMention
from pipelines.milestones.rules import LanguageRules, Tense
from pipelines.model import ClaimStatus

FARTHEST_PAIR = 180
"""Cost beyond which a date is not a milestone's own: some twenty words and two clause borders.
From 150 to 300 the development articles give the same 132 of 155 claims; 300 adds five spurious ones to 47."""

DENSE_COST = 2
"""Cost of one character in scripts that write two to three letters of ours with one."""

NOUN_COST = 40
"""Head start of a verb over a bare noun: "preparing for the launch, they filmed in May" dates the filming."""

WRONG_SIDE = 80
"""Cost of a date behind its verb in a language whose grammar puts it in front (Korean, Japanese, Chinese, Turkish,
Hindi)."""

CLAUSE_COST = 25
"""Cost of one comma, dash or conjunction between a verb and a date: about four words. 18 to 35 make no difference."""

OPENING = 20
"""A date that stands in the first twenty characters of a sentence rules the whole of it ("On Saturday, ..."),
however long it gets."""

SHARING = frozenset({"launch", "docking", "filming", "return", "training", "crew", "casting"})
"""Stages of one flight may share a month or a year ("in October 2021 they flew up and shot for 12 days").
Premiere, release and takings each have their own day, and a day is not shared: "launched on the 5th to film" does not
say that the filming was on the 5th."""

DECIDED = frozenset({"cancellation", "delay", "crew", "casting"})
"""Milestones that consist in being said: "officials said on Thursday that he had been removed" is dated Thursday."""

CUE_REACH = 90
"""Characters around a verb, within its clause, in which "will", "not" or "postponed" still speak of it."""

TOPICS = frozenset({"trailer", "casting"})
"""Things that are shown, opened and published as films are; the noun says which of them it is."""

MOST_IN_SENTENCE = 16
"""Milestone words, and dates, that are read in one sentence: twice what the richest real one had. Pairing costs their
product."""

_BREAKS = re.compile(r"[,;:،，；：()（）–—]|\s-\s")


_IMPOSED: tuple[ClaimStatus, ...] = ("denied", "cancelled", "delayed")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A milestone word in a sentence.

    Attributes:
        start, end: offsets in the sentence.
        milestone: its kind, "" for a verb of saying, which only draws its date away from the others.
        tense: past, future or open (unknown).
        alone: whether it makes a claim without a date; a bare noun does not.
        cue: a status that words nearby impose ("postponed", "no plans to").
        other: whether the clause speaks of another work.
    """

    start: int
    end: int
    milestone: str
    tense: Tense
    alone: bool = True
    cue: ClaimStatus | None = None
    other: bool = False


def find_triggers(text: str, rules: LanguageRules) -> list[Trigger]:
    """The milestone words and verbs of saying of one sentence, in order, with the tense their clause gives them."""
    found = [_trigger(*match) for match in rules.triggers.find(text)[: 2 * MOST_IN_SENTENCE]]
    if not found:
        return []
    for start, end, _ in rules.cues["said"].find(text):
        rivals = [trigger for trigger in found if start < trigger.end and trigger.start < end]
        # "Announced that" is a verb of saying, "announced" alone a milestone: the longer reading wins.
        if all(trigger.end - trigger.start < end - start for trigger in rivals):
            found = [trigger for trigger in found if trigger not in rivals]
            found.append(Trigger(start, end, "", "past"))
    found = sorted(found, key=lambda trigger: trigger.start)[:MOST_IN_SENTENCE]
    breaks = clause_breaks(text, rules)
    cues = {name: rules.cues[name].find(text) for name in ("planned", "happened", "other", *_IMPOSED)}
    read = []
    for trigger in found:
        clause = _clause(text, trigger, breaks)
        read.append(_with_cues(_on_topic(trigger, found, clause), clause, cues) if trigger.milestone else trigger)
    return read


def _on_topic(trigger: Trigger, found: list[Trigger], clause: tuple[int, int]) -> Trigger:
    """Verbs of showing take the kind of what their clause names: "the trailer was shown", "the contest opened"."""
    if trigger.milestone not in {"release", "premiere"}:
        return trigger
    topics = [t.milestone for t in found if t.milestone in TOPICS and clause[0] <= t.start and t.end <= clause[1]]
    return replace(trigger, milestone=topics[0]) if topics else trigger


def _trigger(start: int, end: int, tag: str) -> Trigger:
    milestone, form = tag.split()
    tense: Tense = "past" if form == "past" else "future" if form == "future" else "open"
    return Trigger(start, end, milestone, tense, alone=form != "noun")


def _with_cues(trigger: Trigger, clause: tuple[int, int], cues: dict[str, list[tuple[int, int, str]]]) -> Trigger:
    def speaks(name: str) -> bool:
        return any(clause[0] <= start and end <= clause[1] for start, end, _ in cues[name])

    other = speaks("other")
    if trigger.milestone in {"delay", "cancellation"}:
        return replace(
            trigger, tense="past", cue="delayed" if trigger.milestone == "delay" else "cancelled", other=other
        )
    cue = next((status for status in _IMPOSED if speaks(status)), None)
    tense = trigger.tense
    if speaks("planned"):
        tense = "future"
    elif tense == "open" and speaks("happened"):
        tense = "past"
    return replace(trigger, tense=tense, cue=cue, other=other)


def _clause(text: str, trigger: Trigger, breaks: list[tuple[int, int]]) -> tuple[int, int]:
    left = max(0, trigger.start - CUE_REACH)
    right = min(len(text), trigger.end + CUE_REACH)
    for start, end in breaks:
        if end <= trigger.start:
            left = max(left, end)
        elif start >= trigger.end:
            right = min(right, start)
            break
    return left, right


def clause_breaks(text: str, rules: LanguageRules) -> list[tuple[int, int]]:
    """Borders of clauses: punctuation and the language's conjunctions, in order."""
    return sorted(
        [*(m.span() for m in _BREAKS.finditer(text)), *(match[:2] for match in rules.cues["breaks"].find(text))]
    )


def pair_dates(
    text: str, triggers: list[Trigger], dates: list[DateMention], rules: LanguageRules
) -> list[tuple[Trigger, DateMention | None]]:
    """Each milestone word with its date: cheapest pairs first, each date once; what is left may share a near date.

    Verbs of saying take part, so that "said on Tuesday" does not lend its Tuesday, and are left out of the result.
    """
    breaks = clause_breaks(text, rules)
    costs = sorted(
        (_cost(trigger, mention, triggers, breaks, rules), t, d)
        for t, trigger in enumerate(triggers)
        for d, mention in enumerate(dates[:MOST_IN_SENTENCE])
    )
    own: dict[int, int] = {}
    used: dict[int, int] = {}
    for cost, t, d in costs:
        if cost <= FARTHEST_PAIR and t not in own and d not in used:
            own[t] = d
            used[d] = t
    for cost, t, d in costs:
        if (
            cost <= FARTHEST_PAIR
            and t not in own
            and d in used
            and _may_share(triggers[t], triggers[used[d]], dates[d])
        ):
            own[t] = d
    return [(trigger, dates[own[t]] if t in own else None) for t, trigger in enumerate(triggers) if trigger.milestone]


def _may_share(trigger: Trigger, owner: Trigger, mention: DateMention) -> bool:
    if owner.milestone in {"", "announced"}:
        return trigger.milestone in DECIDED
    return mention.vague and {owner.milestone, trigger.milestone} <= SHARING


def _cost(
    trigger: Trigger, mention: DateMention, triggers: list[Trigger], breaks: list[tuple[int, int]], rules: LanguageRules
) -> int:
    after = mention.start >= trigger.end
    left, right = (trigger.end, mention.start) if after else (mention.end, trigger.start)
    if left >= right:
        return 0 if trigger.alone else NOUN_COST
    width = (right - left) * (1 if rules.spaced else DENSE_COST)
    borders = sum(left <= start < right for start, _ in breaks)
    between = sum(left <= other.start < right for other in triggers)
    cost = width + CLAUSE_COST * (borders + between) + (WRONG_SIDE if after and rules.dates_first else 0)
    if mention.start < OPENING:
        cost = min(cost, FARTHEST_PAIR - NOUN_COST)
    return cost if trigger.alone else cost + NOUN_COST
