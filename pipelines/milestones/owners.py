"""Whose milestone a word tells, where an article speaks of several projects."""

from collections.abc import Sequence
from datetime import date

from pipelines.catalogue.projects import Projects
from pipelines.milestones.days import Resolved
from pipelines.milestones.projects import NameFinder, NameMention
from pipelines.milestones.triggers import Trigger

OBJECT_REACH = 20
"""Characters between a verb and the title that is its object."""

_NEVER_FLYING = frozenset({"advert", "music"})
"""Kinds that send nobody up: in an article about an advert and its star's own flight, launch and return belong to
the flight."""

_CLAUSE_MARKS = (",", ";", ":", " - ", " – ", "—", "，", "；", "、", "،")
_FLIGHT_MILESTONES = frozenset({"crew", "training", "launch", "docking", "return"})


class Owners:
    """Finds the project that a milestone belongs to: the sentence's own, else the one last named, else the main one.

    Args:
        projects: the catalogue, for their names and for what is known of them.
    """

    def __init__(self, projects: Projects) -> None:
        self.names = NameFinder(projects)
        self._known = {project.id: project.milestones for project in projects.projects}
        self._flying = frozenset(project.id for project in projects.projects if project.kind not in _NEVER_FLYING)

    def candidates(
        self, text: str, trigger: Trigger, names: list[NameMention], *, projects: Sequence[str], focus: str
    ) -> Sequence[str]:
        """The projects that a milestone word may speak of, the likeliest first.

        Args:
            text: the sentence.
            trigger: the word.
            names: what the sentence names.
            projects: those of the article, the main one first.
            focus: the one that the sentences before spoke of.
        """
        if len(projects) == 1:
            return projects
        named = _nearest_first(trigger, [name for name in names if not name.weak])
        if named and named[0].start > trigger.start and _clause_ends(text[trigger.end : named[0].start]):
            # "A Russian crew lifted off, ahead of a film planned by Tom Cruise": the subject is only described, and
            # what is named belongs to another clause.
            subject = [name for name in names if name.weak and name.end <= trigger.start][-1:]
            if subject and len(subject[0].projects) == 1 and not _clause_ends(text[subject[0].end : trigger.start]):
                return subject[0].projects
            if ":" not in text[trigger.end : named[0].start]:  # what follows a colon explains the same
                return list(dict.fromkeys((focus, *named[0].projects)))
        single = [name for name in named if len(name.projects) == 1]
        # "The director will not shoot a sequel": the work that follows the verb says more than the person before it.
        works = [name for name in single if name.title and 0 <= name.start - trigger.end <= OBJECT_REACH]
        if works or single:
            return (works or single)[0].projects
        candidates = named[0].projects if named else _unnamed(trigger, names, projects[0], focus)
        if focus in candidates:
            candidates = (focus, *candidates)
        kin = [project for project in projects if self.names.kin(candidates[0], project)]
        if trigger.milestone in _FLIGHT_MILESTONES and candidates[0] not in self._flying:
            # An advert has no ship of its own: if it shares its star with a flight, launch and return belong to
            # the flight.
            return [project for project in kin if project in self._flying] or candidates
        return [*candidates, *kin]

    def best_known(self, candidates: Sequence[str], milestone: str, resolved: Resolved | None) -> str:
        """The project whose known milestones fit a claim best, the first of equals.

        A sequel that was never made has no release, so "the film came out in April" is told of the first part.
        """

        def fit(project: str) -> int:
            known = [fact for fact in self._known.get(project, ()) if fact.what == milestone]
            return 2 if resolved is not None and any(_same_time(resolved, fact.date) for fact in known) else bool(known)

        return max(candidates, key=fit)


def _unnamed(trigger: Trigger, names: list[NameMention], main: str, focus: str) -> tuple[str, ...]:
    """The projects that a sentence may speak of which names none."""
    if described := _described(trigger, names):
        return (described,)
    if trigger.form == "past" and trigger.cue is None:
        # A rival is mentioned in passing: what is done may be the main project's again.
        return tuple(dict.fromkeys((focus, main)))
    return (focus,)


def _described(trigger: Trigger, names: list[NameMention]) -> str:
    """The project that descriptions near the verb fit, where they fit one alone; "" otherwise."""
    for name in _nearest_first(trigger, [name for name in names if name.weak]):
        if len(name.projects) == 1:
            return name.projects[0]
    return ""


def _clause_ends(between: str) -> bool:
    return any(mark in between for mark in _CLAUSE_MARKS)


def _nearest_first(trigger: Trigger, names: list[NameMention]) -> list[NameMention]:
    """What stands before the verb is its subject more often than what follows; the nearest at the head."""
    before = [name for name in names if name.start <= trigger.start]
    return [*reversed(before), *(name for name in names if name.start > trigger.start)]


def _same_time(resolved: Resolved, day: date) -> bool:
    return resolved.covers(Resolved(day, "day")) or (resolved.precision == "day" and resolved.day == day)
