"""Which date of a sentence belongs to which of its milestone words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

from pipelines.milestones.dates import DateMention
from pipelines.milestones.days import definite_side
from pipelines.milestones.rules import LanguageRules, Tense
from pipelines.milestones.triggers import DENSE_COST, MOST_IN_SENTENCE, Told, Trigger

FARTHEST_PAIR = 180
"""Cost beyond which a date is not a milestone's own: some twenty words and two clause borders.
From 150 to 300 the development articles give the same 134 of 155 claims, with 31 or 32 beyond the listed."""

NOUN_COST = 40
"""Head start of a verb over a bare noun: "preparing for the launch, they filmed in May" dates the filming."""

WRONG_SIDE = 80
"""Cost of a date behind its verb in a language whose grammar puts it in front (Korean, Japanese, Chinese, Turkish,
Hindi), and of one in front where verbs come first (Arabic)."""

CLAUSE_COST = 25
"""Cost of one comma, dash or conjunction between a verb and a date: about four words. 20 finds as much; 30 loses a
claim and three right days."""

OPENING = 20
"""A date that stands in the first twenty characters of a sentence rules the whole of it ("On Saturday, ..."),
however long it gets."""

SHARING = frozenset({"launch", "docking", "filming", "return", "training"})
"""Stages of one flight may share a month or a year ("in October 2021 they flew up and shot for 12 days").
Premiere, release and takings each have their own day, and a day is not shared: "launched on the 5th to film" does not
say that the filming was on the 5th."""

DECIDED = frozenset({"cancellation", "delay", "crew", "casting"})
"""Milestones that consist in being said: "officials said on Thursday that he had been removed" is dated Thursday."""

MOVABLE = frozenset({"training", "launch", "docking", "filming", "return", "trailer", "premiere", "release"})
"""Milestones that can be put off to another day."""

LASTING = frozenset({"filming", "training", "casting"})
"""Milestones that take time: "filming for twelve days", "after five months of training" count their length, and not
from a day before."""

TOPIC_PARTICLE = 1
"""Characters that a topic's particle may take between a date and its comma ("13日は、")."""

PURPOSE_COST = 60
"""Cost of a date before an infinitive of purpose when a verb stands before both: "blasted off on Tuesday to film"
dates the launch."""

ATTRIBUTION_COST = 120
"""Cost of a date before a word of saying that opens its clause: "planned for October, according to a chart" and "will
fly in May, said the agency" date what was said."""

CONFLICT_COST = 60
"""Cost of a date that lies clearly behind a verb in the future, or ahead of one in the past: as much as two borders of
clauses, so that it decides between neighbours and forbids nothing. 35 to 70 make no difference; 100 loses infinitives
that stand for the past ("ließ 2001 ... aufnehmen")."""


Pair = tuple[Trigger, DateMention | None]


def pair_dates(told: Told, dates: Sequence[DateMention], rules: LanguageRules, published: date | None) -> list[Pair]:
    """Each milestone word with its date: cheapest pairs first, each date once; what is left may share a near date.

    Verbs of saying take part, so that "said on Tuesday" does not lend its Tuesday, and are left out of the result.
    A date that contradicts a verb's tense is taken only where nothing else is near.
    """
    triggers = told.triggers
    sides = [definite_side(mention, published) for mention in dates[:MOST_IN_SENTENCE]]
    costs = sorted(
        (_cost(trigger, mention, told, rules) + _conflict(trigger, sides[d]), t, d)
        for t, trigger in enumerate(triggers)
        for d, mention in enumerate(dates[:MOST_IN_SENTENCE])
    )
    own: dict[int, int] = {}
    used: dict[int, int] = {}
    for cost, t, d in costs:
        if cost <= FARTHEST_PAIR and t not in own and d not in used:
            own[t] = d
            used[d] = t
    _uncross(own, {(t, d): cost for cost, t, d in costs})
    used = {d: t for t, d in own.items()}
    telling = set()
    for cost, t, d in costs:
        if (
            cost <= FARTHEST_PAIR
            and t not in own
            and d in used
            and _may_share(triggers[t], triggers[used[d]], dates[d])
        ):
            own[t] = d
            if triggers[used[d]].milestone == "announced":
                telling.add(used[d])  # "announced on Thursday that she was chosen" announces nothing else
    return [
        (trigger, dates[own[t]] if t in own else None)
        for t, trigger in enumerate(triggers)
        if trigger.milestone and t not in telling
    ]


def with_moved(pairs: Sequence[Pair]) -> list[Pair]:
    """The new day of what was put off, as that of the milestone: "set for May, the launch was postponed to June".

    The delay was not in June: the launch was planned for May, which is over with, and is planned for June.

    Args:
        pairs: from `pair_dates`.
    """
    place = next((n for n, (trigger, _) in enumerate(pairs) if trigger.milestone == "delay"), None)
    movable = [n for n, (trigger, _) in enumerate(pairs) if trigger.milestone in MOVABLE]
    if place is None or not movable:
        return list(pairs)
    nearest = min(movable, key=lambda n: abs(n - place))
    trigger = pairs[nearest][0]
    earlier, later = _moved_days(*pairs[place], pairs[nearest][1])
    if later is None:
        return list(pairs)
    moved = [pair for n, pair in enumerate(pairs) if n not in {place, nearest}]
    moved.append((pairs[place][0], None))
    if earlier is not None:
        moved.append((replace(trigger, cue="delayed", tense="open"), earlier))
    moved.append((replace(trigger, cue=None, tense="future", form="future", overdue=False), later))
    return moved


def _moved_days(
    delay: Trigger, mention: DateMention | None, own: DateMention | None
) -> tuple[DateMention | None, DateMention | None]:
    """The old and the new day of what was put off; None for what is not told.

    Args:
        delay: the word that puts it off.
        mention: its date, by nearness.
        own: that of what is put off.
    """
    if mention is None:
        return None, None
    if mention.last is not None:
        return replace(mention, last=None), mention.last
    if mention.target:
        return own, mention
    if own is not None and own.target and delay.end <= mention.start < own.start:
        return mention, own  # "moved from 5 May to 12 October"
    return None, None


def _uncross(own: dict[int, int], costs: dict[tuple[int, int], int]) -> None:
    """Swaps the dates of two milestone words where both together then stand closer.

    The cheapest pair of all may have taken the date that its neighbour needs.
    """
    for first, second in combinations(own, 2):
        kept = costs[first, own[first]] + costs[second, own[second]]
        if costs[first, own[second]] + costs[second, own[first]] < kept:
            own[first], own[second] = own[second], own[first]


def _may_share(trigger: Trigger, owner: Trigger, mention: DateMention) -> bool:
    if owner.milestone in {"", "announced"}:
        # "Announced in May 2020, the film has been dropped": a month tells when it was announced, and no more.
        return trigger.milestone in DECIDED and not (owner.milestone and mention.vague)
    return trigger.alone and mention.vague and {owner.milestone, trigger.milestone} <= SHARING


def _conflict(trigger: Trigger, side: Tense) -> int:
    if trigger.cue is not None or trigger.overdue:
        return 0
    if side == "past":
        return CONFLICT_COST if trigger.tense == "future" and trigger.form != "past" else 0
    # A noun's past is only its clause's ("a chart has them on a flight in October"): there the date decides.
    return CONFLICT_COST if side == "future" and trigger.tense == trigger.form == "past" else 0


def _is_told_then(trigger: Trigger, mention: DateMention, told: Told) -> bool:
    """Whether a date is the sentence's topic and the verb its last, one of telling: "13日、…を選んだと発表した"."""
    return (
        trigger.telling
        and trigger is told.triggers[-1]
        and any(0 <= comma - mention.end <= TOPIC_PARTICLE for comma in told.commas)
    )


def _cost(trigger: Trigger, mention: DateMention, told: Told, rules: LanguageRules) -> int:
    after = mention.start >= trigger.end
    if rules.dates_first and not after and _is_told_then(trigger, mention, told):
        return 0
    left, right = (trigger.end, mention.start) if after else (mention.end, trigger.start)
    if left >= right:
        return 0 if trigger.alone else NOUN_COST
    width = (right - left) * (1 if rules.spaced else DENSE_COST)
    borders = sum(left <= start < right for start, _ in told.breaks)
    between = sum(left <= other.start < right for other in told.triggers)
    if trigger.purpose and not after and any(other.alone and other.end <= mention.start for other in told.triggers):
        width += PURPOSE_COST
    if not trigger.milestone and not after and any(0 <= trigger.start - end <= 1 for _, end in told.breaks):
        width += ATTRIBUTION_COST
    wrong = rules.dates_first if after else rules.dates_last
    cost = width + CLAUSE_COST * (borders + between) + (WRONG_SIDE if wrong else 0)
    if mention.start < OPENING:
        cost = min(cost, FARTHEST_PAIR - NOUN_COST)
    return cost if trigger.alone else cost + NOUN_COST
