"""What a story tells: the signs by which two tellings of one event are recognised, whatever their language.

Words do not cross languages. What does: the project, the day, what kind of thing happened, days that are named, the
people of the project in any spelling, ships by their number, places, figures, and names in alphabets.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from pipelines.catalogue.project import Project, Projects
from pipelines.events.names import capitalised_names, romanised
from pipelines.matching import Matcher, Term, fold
from pipelines.milestones.rules import load_rules
from pipelines.milestones.sentences import split_sentences
from pipelines.milestones.triggers import find_triggers

LEAD = 400
"""Characters at the head of a text that say what its news is: the first two or three sentences. In the demo 200 give 7
more false pairs, since the news does not stand there yet, and 800 give 12 more, since background does."""

DENSE_LEAD = 160
"""The same in Chinese, Japanese and Korean, which write with one character what takes others two or three."""

LONGEST_TEXT = 20_000
"""Characters that are read for names and figures: three times a long news story."""

RECENT = timedelta(days=4)
"""How long a thing that happened is news. What happened earlier is background: all of 2023 tells of October 2021."""

FAMILIES = {
    "launch": "ascent",
    "docking": "ascent",
    "return": "return",
    "casting": "cast",
    "crew": "cast",
    "announced": "announced",
    "training": "training",
    "filming": "filming",
    "trailer": "trailer",
    "premiere": "opening",
    "release": "opening",
    "box_office": "box office",
    "studio_launch": "studio",
    "delay": "setback",
    "cancellation": "setback",
}
"""Kinds of milestones that the press does not tell apart. A launch and a docking of one day are told in one breath (of
another day they are kept apart by the day); most languages have one word for premiere and release."""

FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)|\d{2,9}")
_DENSE = frozenset({"ja", "ko", "zh"})
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Telling:
    """What one story tells.

    Attributes:
        story_id: the story.
        day: its date.
        moment: what puts stories in order: instant of publication where it is known to the minute, else the end of
            the day; and the id.
        language: of its earliest article.
        project: the main one, "" for none.
        projects: all of them.
        headline: families of milestones that its headline names.
        lead: those that its first sentences name.
        recent: family and day of what it says happened within `RECENT`.
        ahead: family and day of what it says will happen.
        people: of its projects, by the name that projects.toml gives them first.
        ships: numbers of vehicles, such as "ms-19".
        places: of `rules/places.toml`.
        figures: numbers of two digits and more that are no day, month or year.
        names: capitalised words, in a spelling that alphabets share; see `pipelines.events.names`.
    """

    story_id: str
    day: date
    moment: tuple[str, str]
    language: str
    project: str
    projects: frozenset[str]
    headline: frozenset[str]
    lead: frozenset[str]
    recent: frozenset[tuple[str, date]]
    ahead: frozenset[tuple[str, date]]
    people: frozenset[str]
    ships: frozenset[str]
    places: frozenset[str]
    figures: frozenset[str]
    names: frozenset[str]


class Reader:
    """Reads stories.

    Args:
        projects: the catalogue, for the people and ships of each project.
    """

    def __init__(self, projects: Projects) -> None:
        self._matcher = Matcher([*_terms_of(projects.projects), *_places()])

    def read(self, story: Mapping[str, Any], claims: Iterable[Mapping[str, Any]]) -> Telling:
        """What a story tells.

        Args:
            story: a row of the stories table with `story_id`, `date`, `published_at`, `date_precision`, `language`,
                `title`, `text` and `projects`.
            claims: its rows of the milestones table.
        """
        title, text, day = story["title"], story["text"][:LONGEST_TEXT], story["date"]
        projects = tuple(story["projects"])
        marks = {hit.tag for hit in self._matcher.find(fold(f"{title}\n{text}"))}
        dated = [claim for claim in claims if claim["claimed_precision"] == "day" and claim["project"] in projects]
        return Telling(
            story_id=story["story_id"],
            day=day,
            moment=_moment(story),
            language=story["language"],
            project=projects[0] if projects else "",
            projects=frozenset(projects),
            headline=_kinds(title, story["language"]),
            lead=_kinds(_lead(text, story["language"]), story["language"]),
            recent=_days(dated, "happened", day - RECENT, day + timedelta(days=1)),
            ahead=_days(dated, "planned", day, date.max),
            people=frozenset(name for kind, name, project in marks if kind == "person" and project in projects),
            ships=frozenset(name for kind, name, _ in marks if kind == "ship"),
            places=frozenset(name for kind, name, _ in marks if kind == "place"),
            figures=figures(f"{title}\n{text}"),
            names=capitalised_names(text),
        )


def figures(text: str) -> frozenset[str]:
    """The figures of a text, in ASCII digits and without separators; what may be a day, an hour or a year is left out.

    >>> sorted(figures("In 2021, 20,000 people and 57 degrees on 5 October"))
    ['20000', '57']
    """
    found = {"".join(str(int(digit)) for digit in _DIGITS.findall(match[0])) for match in FIGURE.finditer(text)}
    return frozenset(number for number in found if not (int(number) <= 31 or 1950 <= int(number) <= 2049))


def _moment(story: Mapping[str, Any]) -> tuple[str, str]:
    published: datetime | None = story["published_at"]
    exact = published is not None and story["date_precision"] == "minute"
    # The day as printed comes first, so that stories of one day stay together whatever zone they were printed in.
    return f"{story['date'].isoformat()} {published:%Y-%m-%dT%H:%M}" if exact else f"{story['date']} ~", story[
        "story_id"
    ]


def _lead(text: str, language: str) -> str:
    reach = DENSE_LEAD if language in _DENSE else LEAD
    sentences = split_sentences(text[: 4 * reach], language)
    return "\n".join(sentence.text for sentence in sentences if sentence.start < reach)


def _kinds(text: str, language: str) -> frozenset[str]:
    """Families of the milestones that a passage names, planned or happened; none in a language without rules."""
    rules = load_rules(language)
    if rules is None:
        return frozenset()
    triggers = [t for sentence in split_sentences(text, language) for t in find_triggers(sentence.text, rules).triggers]
    return frozenset(FAMILIES[trigger.milestone] for trigger in triggers if trigger.milestone and not trigger.other)


def _days(claims: Iterable[Mapping[str, Any]], status: str, first: date, last: date) -> frozenset[tuple[str, date]]:
    return frozenset(
        (FAMILIES.get(claim["milestone"], claim["milestone"]), claim["claimed_date"])
        for claim in claims
        if claim["status"] == status and first <= claim["claimed_date"] <= last
    )


_Mark = tuple[str, str, str]  # kind, name, project


def _terms_of(projects: Iterable[Project]) -> Iterable[tuple[Term, _Mark]]:
    for project in projects:
        for people in (project.people, project.crew):
            for name, spellings in people.items():
                for written in (name, *spellings):
                    yield Term.parse(written, name=True), ("person", name, project.id)
        for written in project.vehicles:
            number = written.split()[-1]
            if _DIGITS.search(number):  # "Soyuz" is anybody's, "Soyuz MS-19" is one flight
                yield Term.parse(written), ("ship", romanised(number), "")


@cache
def _places() -> tuple[tuple[Term, _Mark], ...]:
    table = tomllib.loads((files("pipelines") / "rules" / "places.toml").read_text(encoding="utf-8"))
    return tuple(
        (Term.parse(written, name=True), ("place", place, "")) for place, forms in table.items() for written in forms
    )
