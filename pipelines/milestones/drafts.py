"""Claims before repeated ones are dropped: their status, and which of them say the same."""

from dataclasses import dataclass, replace
from datetime import date

from pipelines.milestones.days import Resolved
from pipelines.milestones.rules import Tense
from pipelines.milestones.triggers import Trigger
from pipelines.model import Claim, ClaimStatus

MOST_OF_A_KIND = 40
"""Claims of one kind about one project that one text can make; more is a calendar, not an article."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before repeated ones are dropped.

    Attributes:
        named: whether its sentence, the one before or the headline names the project by a title, a person or a ship;
            the others are those of `Claim`.
    """

    project: str
    milestone: str
    status: ClaimStatus
    resolved: Resolved | None
    as_written: str
    sentence: str
    confidence: float
    named: bool = False


def status_of(trigger: Trigger, resolved: Resolved | None, side: Tense, published: date | None) -> ClaimStatus:
    """What the claim says of its milestone.

    Args:
        trigger: the milestone word as its clause has it.
        resolved: its day, if one is told.
        side: where that day lies by its own words; see `days.definite_side`.
        published: the article's day.
    """
    if trigger.cue is not None:
        return trigger.cue
    if trigger.overdue and resolved is not None and published is not None:
        return "planned" if resolved.day > published else "delayed"
    if side == "past":
        # "The shoot, once planned for 2021" is told of the noun; of a verb, the plan is another's ("said in 2021
        # that they wanted to film").
        missed = trigger.form == "open" and trigger.tense == "future" and trigger.milestone != "announced"
        return "delayed" if missed else "happened"
    # The first day of a month or year that lies ahead lies ahead too; the current one is left to the verb.
    if resolved is not None and published is not None and resolved.day > published:
        return "planned"
    return "planned" if trigger.tense == "future" else "happened"


PLANS = frozenset({"training", "launch", "docking", "filming", "return", "premiere", "release"})
"""Milestones that a cancelled project will not reach."""


def with_cancelled_plans(drafts: list[Draft]) -> list[Draft]:
    """What an article tells as planned for a project that it tells is cancelled, as cancelled too.

    Only a cancellation that is tied to the project's name cancels all of it: what else "is over" may be anything.
    """
    over = {
        draft.project
        for draft in drafts
        if draft.milestone == "cancellation" and draft.status == "cancelled" and draft.named
    }
    return [
        replace(draft, status="cancelled")
        if draft.project in over and draft.status == "planned" and draft.milestone in PLANS
        else draft
        for draft in drafts
    ]


def without_repetition(drafts: list[Draft]) -> list[Draft]:
    """One draft a fact: a vaguer date, or none, says nothing beside a closer one of the same kind."""
    distinct: dict[tuple[str, str], list[Draft]] = {}
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


def _says_more(other: Draft, draft: Draft, *, earlier: bool) -> bool:
    if draft.resolved is None:
        return earlier or (other.resolved is not None and other.status == draft.status)
    if other.resolved is None:
        return False
    if other.resolved == draft.resolved:
        return earlier
    return draft.resolved.covers(other.resolved)


def as_claim(draft: Draft) -> Claim:
    """The draft as the tables have it."""
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
