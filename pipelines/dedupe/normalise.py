"""Words as they are compared: one spelling for what newsrooms write in many ways.

A wire story crosses desks with house styles: "509 mln dlrs" becomes "$509 million", "labour" becomes "labor",
straight quotes become curly ones, "U.S." becomes "US". None of these makes it another story, so all are
folded before anything is counted. A fold may be coarse, since both sides of a comparison go through it: a few
words fall together that should not, two stories will not.
"""

import re
import unicodedata
from itertools import chain

from pipelines.dedupe.spellings import DROPPED, SAME, american
from pipelines.words import ALONE, INDIC, THAI_LAO_BURMESE_KHMER

VERSION = 3
"""Goes up when the same text gives other words: an index of the old ones is then built again."""

_UNSPACED = re.compile(f"[{THAI_LAO_BURMESE_KHMER}]")
_LETTER = rf"(?:[^\W\d_{ALONE}]|[{INDIC}])"
_NUMBER = r"\d{1,64}(?:[.,]\d{1,64}){0,20}"
# A run of letters, initials with their stops, one letter, or a number with its separators; the commonest first, which
# is faster and finds the same. Lengths are bounded, as words are remembered.
_WORD = re.compile(rf"{_LETTER}{{2,64}}|[{ALONE}]|(?:[^\W\d_]\.){{2,20}}|{_LETTER}|{_NUMBER}")
_ASCII_WORD = re.compile(rf"[a-z]{{2,64}}|(?:[a-z]\.){{2,20}}|[a-z]|{_NUMBER}")
# Accents, Arabic vowel signs and tatweel, soft hyphen, zero-width and bidirectional marks, byte order mark.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`]")
# Dashes, quotation marks and other punctuation, without which most texts in Latin letters are ASCII.
_SIGNS = re.compile(
    "[\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4-\u00b8\u00bb\u00bf]+"
)
_STOPS = str.maketrans("", "", ".,")
# For ASCII: small letters, digits and the stops inside numbers and initials stay, apostrophes go, all else parts words.
_PLAIN = str.maketrans(
    {chr(code): chr(code).lower() if chr(code).isalnum() or chr(code) in ".," else " " for code in range(128)}
    | {"'": None, "`": None}
)

KEPT = 1 << 16
"""Runs of characters whose words are remembered: more than a hundred thousand articles have in common, 16 MB."""

LONGEST = 64
"""Characters in the longest run that is remembered, and letters in the longest word."""


class _Folded(dict[str, tuple[str, ...]]):
    """The words in a run of small letters, digits and stops: nearly always one, and seen before."""

    def __missing__(self, run: str) -> tuple[str, ...]:
        if len(run) > LONGEST:
            return _words_in(run)
        if len(self) >= KEPT:
            self.clear()
        found = self[run] = _words_in(run)
        return found


_folded = _Folded()


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared.

    Words are runs of letters; a number is one word without its separators; each ideograph, kana, and each
    letter of Thai, Lao, Burmese and Khmer is a word of its own, since those scripts put no spaces between
    words and a run of letters would be a whole clause.

    Args:
        text: plain text in any script.

    Returns:
        Folded words in their order; punctuation, units and currencies are left out.
    """
    if not text.isascii():
        text = _SIGNS.sub(" ", _APOSTROPHES.sub("", text))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    if text.isascii():
        runs = text.translate(_PLAIN).replace("per cent", "percent").replace(", ", " ").split()
    else:
        runs = _WORD.findall(text.lower().replace("'", "").replace("per cent", "percent"))
    return tuple(chain.from_iterable(map(_folded.__getitem__, runs)))


def unspaced(text: str) -> bool:
    """Whether a text is mostly Thai, Lao, Burmese or Khmer: no spaces, and one letter says little."""
    return not text.isascii() and 2 * len(_UNSPACED.findall(text, 0, 1000)) > min(len(text), 1000)


def _words_in(run: str) -> tuple[str, ...]:
    """The words in a run of small letters, digits and stops, each in its common spelling."""
    if run.isalpha() and len(run) <= LONGEST:
        word = _fold(run)
        return (word,) if word else ()
    if run[-1] == "." and run[:-1].isalpha():  # it ends a sentence
        return _folded[run[:-1]]
    return tuple(filter(None, map(_fold, (_ASCII_WORD if run.isascii() else _WORD).findall(run))))


def _fold(word: str) -> str:
    """One lower-case word in its common spelling; "" for one that is not counted."""
    if word[0].isdigit() or word[-1] == ".":  # 1,234.5 or u.s.
        word = word.translate(_STOPS)
    if word in DROPPED:
        return ""
    word = SAME.get(word, word)
    return american(word) if word.isascii() and len(word) > 3 else word
