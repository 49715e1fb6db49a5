r"""What a letter, a word and the end of a sentence are, in every script.

Python's `\w` is not enough for either: it leaves the vowel signs of Indic scripts out, and takes a whole clause of
Chinese or Thai for one word.
"""

import re

THAI_LAO_BURMESE_KHMER = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
IDEOGRAPHS_AND_KANA = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
ALONE = f"{IDEOGRAPHS_AND_KANA}{THAI_LAO_BURMESE_KHMER}"
"""Scripts without spaces between words: each character counts as a word."""
HANGUL = "\uac00-\ud7af"
"""Korean has spaces, but a syllable in each character."""
INDIC = "\u0900-\u0963\u0966-\u0dff"
"""Devanagari to Sinhala with the signs that stand inside words, without the danda, which ends sentences."""
_MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u07a6-\u07b0"
)
"""Accents by themselves, Hebrew points, Arabic and Dhivehi vowel signs."""
_JOINERS = "\u200c\u200d"
"""Persian, Hindi and Sinhala words have them inside."""
SIGNS = f"{INDIC}{_MARKS}{_JOINERS}"
"""What carries a word on though it is no letter for Python; Indic letters are among it."""

WORD = re.compile(rf"[{ALONE}]|[^\W{ALONE}]+(?:[{SIGNS}]+[^\W{ALONE}]*)*")
"""A character that stands alone, or a run of letters, digits and the signs on them."""

_SAYING_MORE = re.compile(f"[{ALONE}{HANGUL}]")
_SAYING_NOTHING = re.compile(rf"[^\w{INDIC}]+")
_WEIGHT = 2.5
"""Letters of an alphabet that say as much as one ideograph, kana or syllable."""
_IN_ONE_WORD = re.compile(rf"(?:[^\W\d_{ALONE}{HANGUL}]|[{SIGNS}]){{2}}")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？।॥؟۔։።][»”\"'’)）」』\]]*\Z")


def count_words(text: str) -> int:
    """Words of a text; scripts that are written without spaces count by the character.

    >>> count_words("Twelve days in orbit, 12 of them filming"), count_words("太空拍片"), count_words("रूसी फिल्म दल")
    (8, 4, 3)
    """
    return sum(1 for _ in WORD.finditer(text))


def weigh(text: str) -> float:
    """How much a text says, in letters of an alphabet: vowel signs are letters, and a syllable is worth several.

    >>> weigh("Film crew lifts off!"), weigh("फिल्म दल"), weigh("영화 촬영팀")
    (16.0, 7.0, 12.5)
    """
    letters = _SAYING_NOTHING.sub("", text)
    return len(letters) + (0.0 if letters.isascii() else (_WEIGHT - 1) * len(_SAYING_MORE.findall(letters)))


def in_one_word(text: str, at: int) -> bool:
    """Whether the characters before and after a position are of one word; Korean ones never, for the sake of particles.

    >>> in_one_word("advertisements", 13), in_one_word("advertisement: a film", 13)
    (True, False)
    """
    return _IN_ONE_WORD.match(text, at - 1) is not None


def ends_sentence(line: str) -> bool:
    """Whether a line ends with the stop of a sentence, be it inside quotation marks or brackets."""
    return _ENDS_SENTENCE.search(line.rstrip()) is not None
