import unicodedata

import pytest

from pipelines.words import SIGNS, WORD, count_words, ends_sentence, in_one_word, weigh


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Twelve days in orbit, 12 of them filming", 8),
        ("Съёмка на МКС", 3),
        ("太空拍片", 4),
        ("宇宙で 映画", 5),
        ("우주에서 영화 촬영", 3),
        ("रूसी फिल्म दल", 3),
        ("মহাকাশে চলচ্চিত্র।", 2),
        ("ශ්\u200dරී ලංකා", 2),
        ("فِيلْمٌ فضائي", 2),
        ("می\u200cخواهم", 1),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_signs_carry_a_word_on_and_stops_do_not() -> None:
    assert WORD.findall("दल।दल") == ["दल", "दल"]
    spaced = ("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM")
    vowels = [
        char
        for char in map(chr, range(0x900, 0xE00))
        if unicodedata.category(char) in ("Mn", "Mc") and unicodedata.name(char).startswith(spaced)
    ]
    assert len(vowels) > 100
    assert [char for char in vowels if count_words(f"a{char}b") != 1] == []
    assert "।" not in SIGNS


@pytest.mark.parametrize(
    ("text", "letters"),
    [("Film crew, day 12!", 13), ("फिल्म दल", 7), ("영화 촬영팀", 12.5), ("太空拍片", 10), ("MKS 우주", 8), ("—", 0)],
)
def test_a_text_weighs_what_it_says(text: str, letters: float) -> None:
    assert weigh(text) == letters


@pytest.mark.parametrize(
    ("text", "at", "joined"),
    [
        ("рекламами", 7, True),
        ("реклама: фильм", 7, False),
        ("© 2021", 4, False),
        ("पढ़ेंगे", 2, True),
        ("责任编辑张", 4, False),
        ("관련기사를", 4, False),
        ("ad", 2, False),
    ],
)
def test_a_word_goes_on_or_ends(text: str, at: int, joined: bool) -> None:
    assert in_one_word(text, at) is joined


@pytest.mark.parametrize(
    ("line", "ends"),
    [
        ("The crew landed.", True),
        ("“The crew landed.”", True),
        ("दल उतरा।", True),
        ("他们拍完了。）", True),
        ("Did it? ", True),
        ("The crew (AFP)", False),
        ("The crew:", False),
        ("Фильм «Вызов»", False),
        ("", False),
    ],
)
def test_the_end_of_a_sentence_is_told_from_other_signs(line: str, ends: bool) -> None:
    assert ends_sentence(line) is ends
