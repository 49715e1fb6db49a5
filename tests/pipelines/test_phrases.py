"""The notation of milestone words: what a phrase needs of a text, and what it finds there."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.milestones.phrases import PhraseSet, caseless, check, may_stand_in, translate
from pipelines.milestones.rules import RULES_FOLDER

LANGUAGES = sorted(path.stem for path in RULES_FOLDER.glob("*.toml"))
_NOTATION = re.compile(r"\.\.\.|[\[\]*]")


def phrases(table: Any) -> Iterator[str]:
    if isinstance(table, dict):
        for value in table.values():
            yield from phrases(value)
    elif isinstance(table, list):
        yield from table


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_phrase_matches_has_all_that_it_needs(language: str) -> None:
    table = tomllib.loads((RULES_FOLDER / f"{language}.toml").read_text("utf-8"))
    spaced = table.get("spaced", True)
    matched = 0
    for phrase in phrases([*phrases(table["claims"]), *phrases(table["cues"])]):
        pattern = re.compile(translate(phrase, spaced=spaced), re.IGNORECASE)
        written = " ".join(_NOTATION.sub(" ", phrase).split()) if spaced else _NOTATION.sub("", phrase)
        for text in (written, written.upper(), written.title()):
            if pattern.search(text):
                matched += 1
                assert may_stand_in(phrase, caseless(text))
    assert matched > 300


@pytest.mark.parametrize(
    ("phrase", "text", "may"),
    [
        ("was [never ]released", "It was released", True),
        ("was [never ]released", "It was shown", False),
        ("will ... fly", "They WILL soon FLY", True),
        ("launch*", "a relaunched show", True),
        ("{month} {d}", "anything", True),
        ("fırlatıl*", "FIRLATILDI", True),
        ("istasyon", "İSTASYON", True),
        ("公開...された", "公開がされた", True),
        ("公開...された", "公開が延期", False),
    ],
)
def test_a_phrase_needs_its_words(phrase: str, text: str, *, may: bool) -> None:
    assert may_stand_in(phrase, caseless(text)) is may


def test_phrases_are_found_in_any_case() -> None:
    found = PhraseSet([("was released", "out")], spaced=True)
    assert found.find("Was  Released") == [(0, 13, "out")]


@pytest.mark.parametrize(("phrase", "complaint"), [(" ", "empty phrase"), ("in {decade}", "unknown slot {decade}")])
def test_a_phrase_that_cannot_be_translated_is_named(phrase: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        check(phrase, {"month"})
    with pytest.raises(ValueError, match=complaint):
        PhraseSet([(phrase, "")], spaced=True)
