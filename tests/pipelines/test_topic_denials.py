"""What a sentence takes back: only filming, only up there, and only within its clause."""

import re

import pytest

from pipelines.catalogue.project import Vocabulary
from pipelines.topic.denials import DENIAL, DENIED, Denials

DENIALS = Denials(Vocabulary({DENIED: {"en": ("not", "none of"), "fr": ("pas",)}}))


def spans(word: str, sentence: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(word, sentence)]


def denied(sentence: str, language: str = "en") -> int:
    filming, places, elsewhere = (spans(word, sentence) for word in ("shot", "in space", "in a barn"))
    among = DENIALS.among(filming, places, folded=sentence, language=language, elsewhere=elsewhere)
    return len([*among])


@pytest.mark.parametrize(
    "sentence", ["it was not shot in space", "None of it, she says now: none of it was shot in space"]
)
def test_a_word_of_denial_takes_back_the_filming_behind_it(sentence: str) -> None:
    assert denied(sentence) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "it was shot in space",
        "it was not shot",
        "it was not shot in a barn but in space",
        "if not, it was shot in space",
        "it was not shot here: in space",
        "it was shot in space, not here",
        f"not {'a' * DENIAL} shot in space",
    ],
)
def test_what_is_denied_of_something_else_stands(sentence: str) -> None:
    assert denied(sentence) == 0


def test_only_the_words_of_the_sentence_s_own_language_deny() -> None:
    assert denied("pas shot in space", "fr") == 1
    assert denied("pas shot in space") == denied("not shot in space", "") == denied("not shot in space", "fr") == 0
