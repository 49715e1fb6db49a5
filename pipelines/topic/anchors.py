"""The words that every accepted article has, looked for in a page's bytes before anything is parsed.

An *anchor* is a place in orbit, a title or a person: one of them is enough. An article without any has several
different words of spaceflight.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import ahocorasick_rs

from pipelines.catalogue.project import Projects
from pipelines.matching import fold
from pipelines.topic.evidence import stem

FEWEST_SIGNS = 3
"""Different words of spaceflight that an article must have when it names no place in orbit and no project.

With 3, 29 news pages in 100 are read further, with 4 it is 20, with 5 it is 15, and a page costs up to 0.7 ms less;
of the 31 articles in `tests/data/topic_articles.toml` that are about a film and name no place in orbit, 26 have 3, 20
have 4 and 16 have 5."""

_ASCII, _SPACE = 0x7F, 0x20
_FULL_WIDTH = 0xFEE0  # from A to its wide form, which Japanese pages use for ISS
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789_")
_IN_ADDRESS = frozenset(b"-./:=#_")
"""Before an anchor they mean a class, an address or an attribute, not a word of the text."""


class Anchors:
    """Looks for the words of which every accepted article has one, or several.

    Args:
        projects: the file, read.
    """

    def __init__(self, projects: Projects) -> None:
        by_pattern: dict[bytes, _Rule] = {}
        for written, cased in _anchor_terms(projects):
            for rule in _rules(by_pattern, written, cased=cased):
                rule.anchor = True
        for written in projects.vocabulary.terms("space"):
            for rule in _rules(by_pattern, written, cased=written.startswith("=")):
                rule.stems.add(stem(written))
        self._rules = list(by_pattern.values())
        self._automaton = ahocorasick_rs.BytesAhoCorasick(
            list(by_pattern), implementation=ahocorasick_rs.Implementation.ContiguousNFA
        )

    def found_in(self, bodies: Iterable[bytes]) -> bool:
        """Whether an anchor, or `FEWEST_SIGNS` different words of spaceflight, stand in `bodies` (UTF-8) as words."""
        stems: set[str] = set()
        for body in bodies:
            plain = b" ".join(body.split())
            low = plain.lower()
            for index, start, end in self._automaton.find_matches_as_indexes(low, overlapping=True):
                rule = self._rules[index]
                if (rule.anchor or not rule.stems <= stems) and self._is_word(plain, low, rule, start, end):
                    stems |= rule.stems
                    if rule.anchor or len(stems) >= FEWEST_SIGNS:
                        return True
        return False

    @staticmethod
    def _is_word(plain: bytes, low: bytes, rule: "_Rule", start: int, end: int) -> bool:
        before = low[start - 1] if start else _SPACE
        if not rule.open_left and low[start] <= _ASCII and (before in _WORD or before in _IN_ADDRESS):
            return False
        if not rule.open_right and end < len(low) and low[end] in _WORD:
            return False
        return rule.any_case or plain[start:end] in rule.exact


@dataclass(slots=True)
class _Rule:
    """What one pattern says, and how it must stand: letters may come before or follow, case counts or not."""

    exact: set[bytes] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)
    anchor: bool = False
    open_left: bool = False
    open_right: bool = False
    any_case: bool = False


def _rules(by_pattern: dict[bytes, _Rule], written: str, *, cased: bool) -> Iterator[_Rule]:
    """The rule of each spelling of a term, widened for it."""
    core = written.removeprefix("=").strip("*").split("*")[0]
    for spelling in _spellings(core, cased=cased):
        rule = by_pattern.setdefault(spelling.lower(), _Rule())
        rule.open_left |= written.startswith("*")
        rule.open_right |= "*" in written.removeprefix("*") or spelling[-1] > _ASCII
        rule.any_case |= not cased
        rule.exact.add(spelling)
        yield rule


def _anchor_terms(projects: Projects) -> Iterator[tuple[str, bool]]:
    """The terms, and whether their case counts."""
    written = [*projects.vocabulary.terms("place"), *projects.vocabulary.terms("relation")]
    for project in projects.projects:
        yield from ((title, title in project.ordinary) for title in project.all_titles)
        written += chain.from_iterable((name, *spellings) for name, spellings in project.people.items())
        for cue in project.cues:
            if "@place" not in cue:
                written += (term for term in cue[0].split("|") if not term.startswith("@"))
    yield from ((term, term.startswith("=")) for term in written)


def _spellings(core: str, *, cased: bool) -> set[bytes]:
    """The bytes under which a term may stand in a page."""
    forms = {core, fold(core)}
    if not cased:
        forms |= {case for form in forms for case in (form.lower(), form.upper(), form.capitalize())}
    if core.isascii() and core.isupper():
        forms.add("".join(chr(ord(letter) + _FULL_WIDTH) if letter.isalpha() else letter for letter in core))
    gaps = ("\xa0", "&nbsp;")
    spaced = forms | {form.replace(" ", gap, count) for form in forms for gap in gaps for count in (1, -1)}
    marks = ("’", "&rsquo;", "&#8217;", "&#039;", "&#39;", "&#x27;", "&apos;")
    marked = spaced | {form.replace("'", mark) for form in spaced if "'" in form for mark in marks}
    return {form.encode() for form in marked}
