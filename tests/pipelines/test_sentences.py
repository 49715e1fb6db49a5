"""Sentences of all scripts: nothing lost, nothing joined, days kept whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.milestones.sentences import LONGEST_SENTENCE, split_sentences


def texts(text: str, language: str = "en") -> list[str]:
    return [sentence.text for sentence in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "The pair left Baikonur on Oct. 5. They are well.", 2),
        ("en", "Mr. Steklov trained at Star City. He will not fly.", 2),
        ("en", 'He said: "We are ready." Then the hatch closed.', 2),
        ("en", "Yemi A. D. was chosen. Seven others were too.", 2),
        ("de", "Der Start ist am 5. Oktober. Die Crew trainiert.", 2),
        ("cs", "Start je 5. října. Posádka trénuje.", 2),
        ("ru", "Экипаж стартует 5 октября. Съёмки займут 12 дней!", 2),
        ("zh", "飞船5日发射。两人当天抵达空间站！拍摄随即开始。", 3),
        ("ja", "5日に打ち上げられた。撮影は12日間だ。", 2),
        ("hi", "दल रवाना हुआ। शूटिंग शुरू हुई।", 2),
        ("ar", "انطلق الطاقم. هل يعود قريبا؟ نعم.", 3),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(language: str, text: str, count: int) -> None:
    assert len(texts(text, language)) == count


def test_a_full_stop_after_a_number_ends_an_english_sentence() -> None:
    assert texts("They leave on October 5. The crew is well.") == ["They leave on October 5.", "The crew is well."]


def test_offsets_and_paragraphs_point_into_the_text() -> None:
    text = "First line. Second sentence.\n\n  Third one."
    sentences = split_sentences(text)
    assert [text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
    assert [s.paragraph for s in sentences] == [0, 0, 2]


def test_a_run_without_any_end_is_cut() -> None:
    pieces = split_sentences("word " * 2_000)
    assert len(pieces) > 1
    assert max(len(piece.text) for piece in pieces) <= LONGEST_SENTENCE


@given(st.text(max_size=400), st.sampled_from(["en", "de", "zh", "", "xx-YY"]))
def test_no_character_but_white_space_is_lost(text: str, language: str) -> None:
    joined = "".join("".join(piece.split()) for piece in texts(text, language))
    assert joined == "".join(text.split())
