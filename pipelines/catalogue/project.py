"""What a projects file says, as values: the vocabulary, and the projects with their facts."""

from dataclasses import dataclass, field
from datetime import date

KINDS = (
    "feature",
    "short",
    "documentary",
    "series",
    "vr",
    "advert",
    "music",
    "reality",
    "studio",
    "visitor",
)
"""What a project makes: "studio" is a place to film in, "visitor" a private traveller with a camera."""

MILESTONES = (
    "announced",
    "casting",
    "crew",
    "training",
    "partner",
    "financing",
    "statement",
    "launch",
    "studio_launch",
    "docking",
    "filming",
    "return",
    "separation",
    "trailer",
    "premiere",
    "release",
    "box_office",
    "delay",
    "cancellation",
)
"""Kinds of milestone that the record has; a file about something else may have others."""

FAMILIES = {
    "shoot": "the act of filming: to shoot, footage, film crew",
    "work": "what is made: film, series, advert, music video, VR",
    "maker": "who makes it: actress, director, producer",
    "place": "being in orbit: in space, aboard the ISS, Tiangong",
    "space": "spaceflight in general: astronaut, NASA, rocket",
    "relation": "whole phrases that say a work is shot in orbit",
    "first": "a claim to be the first",
    "everyday": "words of making films, written as above, that mean other things too: a series, an episode",
    "earthly": "words of place, space and relation, written as above, that mean other things too: a station, a crew",
    "denied": "what takes a word of shoot or relation behind it back: not, none of",
    "genuine": "that the picture is no trick: no wires, no computer",
    "story": "what a film is about, whether it was shot there or not",
    "venue": "where films are shown: planetariums, domes, festivals",
    "ground": "made on Earth: studio, LED wall, set in space, science fiction",
    "parabolic": "weightless in an aircraft",
    "suborbital": "hops that never reach orbit",
    "archive": "made of archive material, or a live view of the Earth",
    "routine": "crew rotations, cargo, satellites, company business",
    "other": "other works of the same people, and works that only look alike",
}
"""The families of `[vocabulary]`. The last eight speak against a project."""


THERE = "@there"
"""The part of a description that a place anywhere in the article holds for: "an actress spent twelve days there"."""

UNLISTED = "unlisted"
"""Stands for a real project that the file does not name."""

SEVERAL_LANGUAGES = "mul"
"""The label of words that belong to no one language (ISO 639-2)."""


@dataclass(frozen=True, slots=True)
class KnownMilestone:
    """A fact of the record, to be drawn beside what the press claims.

    Attributes:
        what: "launch", "premiere" and so on, in the words of `pipelines.model.Claim.milestone`.
        date: the day in UTC; the first of the month or year where only that is known.
        precision: "day", "month" or "year".
        status: "happened", "planned", "delayed" or "cancelled".
        source: address of a page that says so.
        note: what a reader should know of it, such as a contradiction between sources.
    """

    what: str
    date: date
    precision: str
    status: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """One undertaking to film in orbit, at any stage, cancelled ones too.

    Attributes:
        id: `^[a-z0-9][a-z0-9-]{0,63}$`, stable for ever: stored rows point at it.
        name: for people to read.
        kind: one of `KINDS`.
        country: ISO 3166 codes of the makers' countries, joined by "/".
        titles: by language, as printed.
        ordinary: which of the titles are everyday words, and count only with support.
        people: makers and cast, each with further spellings. They count near words of space or film.
        crew: astronauts who lend a hand, each with further spellings. They are in the news for other reasons
            too, so they count only in a sentence that speaks of filming.
        organisations: studios, agencies, sponsors: support, never proof.
        vehicles: spacecraft, stations: support, never proof.
        cues: descriptions without a name, such as ("russia*|moscow", "@maker", "@place"): every part in one
            sentence, where "a|b" is a choice and "@place" any word of that family; the part `THERE` is a place that
            the article names, in whatever sentence.
        never: terms that show that a sentence is not about this project, though its people stand there.
        milestones: known facts, in the order of the file.
        note: for editors.
    """

    id: str
    name: str
    kind: str
    country: str
    titles: dict[str, tuple[str, ...]]
    ordinary: tuple[str, ...] = ()
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    crew: dict[str, tuple[str, ...]] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    cues: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()
    milestones: tuple[KnownMilestone, ...] = ()
    note: str = ""

    @property
    def all_titles(self) -> tuple[str, ...]:
        """Titles of all languages, without repetition, in the order of the file."""
        return tuple(dict.fromkeys(title for titles in self.titles.values() for title in titles))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by family and language.

    Attributes:
        families: family name of `FAMILIES` -> BCP 47 tag, or "mul" for words of no one language -> terms.
    """

    families: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def terms(self, family: str) -> tuple[str, ...]:
        """All terms of `family`, without repetition; () for a family the file does not use."""
        languages = self.families.get(family, {})
        return tuple(dict.fromkeys(term for terms in languages.values() for term in terms))


@dataclass(frozen=True, slots=True)
class Projects:
    """A projects file, read and checked.

    Attributes:
        projects: in the order of the file.
        vocabulary: the words by family.
        version: 12 hex digits of the file's SHA-256: the `rules_version` that every stored verdict carries.
    """

    projects: tuple[Project, ...]
    vocabulary: Vocabulary
    version: str

    def get(self, project_id: str) -> Project | None:
        """The project of that id, or None."""
        return next((project for project in self.projects if project.id == project_id), None)
