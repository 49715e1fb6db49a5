"""Names that are written in several alphabets, in one rough spelling.

"Bridenstine" is "Брайденстайн" in Russian, "Peresild" is "Peressild" in French. Written in Latin letters, without
vowels, and with the sounds that transcriptions mix up as one letter, they are the same. Coarse, but a name alone
decides nothing.
"""

import re
import unicodedata

SHORTEST = 4
"""Consonants of a name that counts: with three "Kate" and "Kiat" and half of all surnames are the same."""

_CAPITALISED = re.compile(r"(?<=[\w,;:] )[«“„\"(]?([^\W\d_a-zа-я]\w{2,30})")
_LETTERS = str.maketrans(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџαβγδεζηθικλμνξοπρσςτυφχψω",
    "abvgdeessiiklmnoprstufhsssseieeuaiieguilnsddavgdesitiklmnkoprsstufhpo",
)
_SOUNDS = (
    (re.compile("sch|sh|ch|zh|tch|ts|tz|cz"), "s"),
    (re.compile("ph|v|w"), "f"),
    (re.compile("ck|q|c|x"), "k"),
    (re.compile("z"), "s"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("[aeiouyhj]"), ""),
)


def romanised(word: str) -> str:
    """A word in small Latin letters without accents, Cyrillic and Greek transcribed letter by letter.

    >>> romanised("МС-19")
    'ms-19'
    """
    plain = unicodedata.normalize("NFKD", word.lower())
    letters = (letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letters).translate(_LETTERS)


def skeleton(name: str) -> str:
    """The consonants of a name, as transcriptions of all houses have them in common.

    >>> skeleton("Peressild") == skeleton("Пересильд")
    True
    >>> skeleton("Shipenko") == skeleton("Chipenko") == skeleton("Шипенко")
    True
    """
    rough = romanised(name)
    for sound, letter in _SOUNDS:
        rough = sound.sub(letter, rough)
    return rough


def capitalised_names(text: str) -> frozenset[str]:
    """Skeletons of the capitalised words inside sentences; none in scripts without capitals."""
    found = {skeleton(word) for word in _CAPITALISED.findall(text) if word[0].isupper()}
    return frozenset(name for name in found if len(name) >= SHORTEST)
