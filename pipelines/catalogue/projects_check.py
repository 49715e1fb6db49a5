"""The checks of a projects file: a parsed TOML table in, projects and a list of mistakes out."""

import difflib
import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from pipelines.catalogue.codes import COUNTRIES, language_mend
from pipelines.catalogue.problems import Problem
from pipelines.catalogue.project import (
    FAMILIES,
    KINDS,
    MILESTONES,
    SEVERAL_LANGUAGES,
    THERE,
    UNLISTED,
    KnownMilestone,
    Project,
    Vocabulary,
)

PRECISIONS = ("day", "month", "year")
STATUSES = ("happened", "planned", "delayed", "cancelled")
PROJECT_KEYS = (
    "id",
    "name",
    "kind",
    "country",
    "titles",
    "ordinary",
    "people",
    "crew",
    "organisations",
    "vehicles",
    "cues",
    "never",
    "milestone",
    "note",
)
MILESTONE_KEYS = ("what", "date", "precision", "status", "source", "note")

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_WHAT = re.compile(r"[a-z][a-z_]{1,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
SHORTEST_STEM = 2
"""Letters that a term with * must have before it; a single one begins too many words."""

SHORTEST_TITLE = 4
"""Letters of ASCII that a title in one word must have: "the", "up" and "sky" stand anywhere."""

_EVERYWHERE = ("shoot", "work", "maker")
"""Families whose words stand in every article about a film, so that none is a title by itself."""


class Checker:
    """Turns a parsed file into projects, and remembers every mistake on the way.

    Attributes:
        problems: in the order of the file; what `read` returned may be used only when this is empty.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, table: dict[str, object]) -> tuple[tuple[Project, ...], Vocabulary]:
        """The file's projects and vocabulary, with placeholders where `problems` says so."""
        self._keys("file", table, ("project", "vocabulary"))
        vocabulary = self._vocabulary(table.get("vocabulary", {}))
        entries = table.get("project", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._problem("project", "is not a list of tables", "write [[project]] with double brackets")
            entries = []
        if not entries:
            self._problem("file", "names no project", "add at least one [[project]]")
        projects = tuple(self._project(number, entry) for number, entry in enumerate(entries, 1))
        seen: set[str] = set()
        for project in projects:
            if project.id and project.id in seen:
                self._problem(f'project "{project.id}"', "the id stands twice", "give each project an id of its own")
            seen.add(project.id)
        self._titles(projects, vocabulary)
        return projects, vocabulary

    def _titles(self, projects: Iterable[Project], vocabulary: Vocabulary) -> None:
        """Titles by which an article would seem to be about a project that it is not about."""
        words = {word.lower() for family in _EVERYWHERE for word in vocabulary.terms(family)}
        owners: dict[str, str] = {}
        for project in projects:
            where = f'project "{project.id}"'
            for title in project.all_titles:
                if title in project.ordinary:
                    continue
                low = title.lower()
                short = len(title) < SHORTEST_TITLE and title.isascii() and title.isalnum()
                if short or low in words:
                    mend = "list it under ordinary, too, so that it counts only beside other signs"
                    self._problem(where, f'titles: "{title}" is an everyday word', mend)
                elif (owner := owners.setdefault(low, project.id)) != project.id:
                    mend = "leave it to one of them, or list it under ordinary, too"
                    self._problem(where, f'titles: "{title}" is a title of project "{owner}" as well', mend)

    def _problem(self, where: str, what: str, mend: str) -> None:
        self.problems.append(Problem(where, what, mend))

    def _keys(self, where: str, table: dict[str, object], known: Iterable[str]) -> None:
        known = tuple(known)
        for key in table:
            if key not in known:
                self._problem(where, f'unknown key "{key}"', _did_you_mean(key, known))

    def _vocabulary(self, value: object) -> Vocabulary:
        if not isinstance(value, dict):
            self._problem("vocabulary", "is not a table", "write [vocabulary.shoot] and so on")
            return Vocabulary()
        self._keys("vocabulary", value, FAMILIES)
        return Vocabulary(
            {
                family: self._by_language(f"vocabulary.{family}", "words", words)
                for family, words in value.items()
                if family in FAMILIES
            }
        )

    def _project(self, number: int, entry: dict[str, object]) -> Project:
        where = f'project "{entry["id"]}"' if isinstance(entry.get("id"), str) else f"project {number}"
        self._keys(where, entry, PROJECT_KEYS)
        ident = self._text(where, entry, "id", required=True)
        if ident and not _ID.fullmatch(ident):
            self._problem(
                where,
                f'the id "{ident}" is not allowed',
                "use a-z, 0-9 and -, at most 64, not beginning with -",
            )
        elif ident == UNLISTED:
            self._problem(where, f'the id "{UNLISTED}" stands for projects that the file does not name', "use another")
        kind = self._text(where, entry, "kind", required=True)
        if kind and kind not in KINDS:
            self._problem(where, f'unknown kind "{kind}"', _did_you_mean(kind, KINDS))
        country = self._text(where, entry, "country", required=True)
        if country and not COUNTRIES.issuperset(country.split("/")):
            self._problem(
                where,
                f'country "{country}" is not a country code',
                'use ISO 3166, for example "RU" or "CA/US"',
            )
        titles = self._by_language(where, "titles", entry.get("titles", {}))
        ordinary = self._terms(where, "ordinary", entry.get("ordinary", []))
        known = {title for words in titles.values() for title in words}
        for title in ordinary:
            if title not in known:
                self._problem(where, f'"{title}" is ordinary but not among the titles', _did_you_mean(title, known))
        cues = entry.get("cues", [])
        if not isinstance(cues, list):
            self._problem(where, "cues is not a list", "write cues = [[term, term], ...]")
            cues = []
        if not (known or entry.get("people") or cues):
            self._problem(where, "has nothing to be found by", "add titles, people or cues")
        return Project(
            id=ident,
            name=self._text(where, entry, "name", required=True),
            kind=kind,
            country=country,
            titles=titles,
            ordinary=ordinary,
            people=self._names(where, "people", entry.get("people", {})),
            crew=self._names(where, "crew", entry.get("crew", {})),
            organisations=self._terms(where, "organisations", entry.get("organisations", [])),
            vehicles=self._terms(where, "vehicles", entry.get("vehicles", [])),
            cues=tuple(self._cue(where, cue) for cue in cues),
            never=self._terms(where, "never", entry.get("never", [])),
            milestones=self._milestones(where, entry.get("milestone", [])),
            note=self._text(where, entry, "note"),
        )

    def _milestones(self, where: str, entries: object) -> tuple[KnownMilestone, ...]:
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._problem(
                where, "milestone is not a list of tables", "write [[project.milestone]] with double brackets"
            )
            return ()
        return tuple(self._milestone(f"{where}, milestone {n}", entry) for n, entry in enumerate(entries, 1))

    def _milestone(self, where: str, entry: dict[str, object]) -> KnownMilestone:
        self._keys(where, entry, MILESTONE_KEYS)
        what = self._text(where, entry, "what", required=True)
        if what and not _WHAT.fullmatch(what):
            self._problem(
                where,
                f'what = "{what}" is not a kind of milestone',
                "use small letters and _, such as box_office",
            )
        elif what not in MILESTONES and (near := difflib.get_close_matches(what, MILESTONES, n=1, cutoff=0.75)):
            self._problem(where, f'unknown kind of milestone "{what}"', f'did you mean "{near[0]}"?')
        day = entry.get("date")
        if isinstance(day, datetime) or not isinstance(day, date):
            said = "date is missing" if day is None else f"date is not a day: {day}"
            self._problem(where, said, "write date = 2021-10-05, without quotes and time")
            day = date.min
        source = self._text(where, entry, "source", required=True)
        if source and not _is_address(source):
            self._problem(where, f'source "{source}" is not an address', "give the full https:// address of the page")
        return KnownMilestone(
            what=what,
            date=day,
            precision=self._choice(where, entry, "precision", PRECISIONS),
            status=self._choice(where, entry, "status", STATUSES),
            source=source,
            note=self._text(where, entry, "note"),
        )

    def _choice(self, where: str, entry: dict[str, object], key: str, choices: tuple[str, ...]) -> str:
        """The value of `key`; the first choice where the key is left out."""
        value = self._text(where, entry, key) or choices[0]
        if value not in choices:
            self._problem(where, f'unknown {key} "{value}"', _did_you_mean(value, choices))
        return value

    def _text(self, where: str, entry: dict[str, object], key: str, *, required: bool = False) -> str:
        value = entry.get(key, "")
        if not isinstance(value, str):
            self._problem(where, f"{key} is not a text", f'write {key} = "..."')
            return ""
        if required and not value.strip():
            self._problem(where, f"{key} is missing", f'add {key} = "..."')
        return value

    def _by_language(self, where: str, key: str, value: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            self._problem(where, f"{key} is not a table by language", f'write {key} = {{ en = ["..."] }}')
            return {}
        for language in value:
            mend = "" if language == SEVERAL_LANGUAGES else language_mend(language.partition("-")[0])
            if mend or not _LANGUAGE.fullmatch(language):
                self._problem(where, f'{key}: "{language}" is not a language', mend or 'write it as "zh-hant"')
        return {language: self._terms(where, f"{key}.{language}", terms) for language, terms in value.items()}

    def _names(self, where: str, key: str, value: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, dict):
            self._problem(where, f"{key} is not a table", f'write {key} = {{ "Full Name" = ["Other spelling"] }}')
            return {}
        self._terms(where, key, list(value))
        return {name: self._terms(where, f"{key}.{name}", spellings) for name, spellings in value.items()}

    def _cue(self, where: str, value: object) -> tuple[str, ...]:
        """One cue: a list of parts, each a choice of terms and families."""
        parts = self._terms(where, "cues", value)
        if value == []:
            self._problem(where, "cues: one has no part", "take it out, or write its terms")
        for choice in (choice for part in parts if part != THERE for choice in part.split("|")):
            if choice.startswith("@"):
                if choice[1:] not in FAMILIES:
                    self._problem(where, f'cues: unknown family "{choice}"', _did_you_mean(choice[1:], FAMILIES))
            else:
                self._terms(where, "cues", [choice])
        return parts

    def _terms(self, where: str, key: str, value: object) -> tuple[str, ...]:
        """A list of terms; see `pipelines.matching.Term` for how they are written."""
        if not isinstance(value, list) or not all(isinstance(term, str) for term in value):
            self._problem(where, f"{key} is not a list of texts", f'write {key} = ["...", "..."]')
            return ()
        for term in value:
            core = term.removeprefix("=").strip("*").strip()
            if len(core.partition("*")[0]) < SHORTEST_STEM and "*" in term:
                self._problem(where, f'{key}: "{term}" would match nearly anything', "write more of the word")
            elif not core:
                self._problem(where, f'{key}: "{term}" is empty', "take it out, or write the word")
        return tuple(value)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    known = list(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if near:
        return f'did you mean "{near[0]}"?'
    return f"use one of: {', '.join(known)}" if known else "take it out"


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host and not any(c.isspace() for c in text)
