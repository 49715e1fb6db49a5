"""Notices when an outlet answers many addresses with one text: a wall, a teaser or a front page in disguise."""

import re
from hashlib import blake2b

LIMIT = 3
"""Addresses from which one text is suspicious. Two are usual: a story and its print version, or a page listed again
under another headline."""

_WORD = re.compile(r"[!-~]+|[^!-~\s]+")  # ASCII, or anything else
_DIGIT = re.compile("[0-9]")
_NO_LETTER = re.compile(r"[\W\d_]+")
_NO_WORD = re.compile(r"\W+")


class RepeatedTexts:
    """The texts of one run, by source.

    The same article in three sections, all listed under its own headline ("Film crew lifts off", "Video: film crew
    lifts off"), is not a wall; one text under three addresses with different headlines is.
    """

    def __init__(self) -> None:
        self._listed: dict[bytes, dict[str, str]] = {}  # digest -> address key -> headline

    def note(self, source: str, text: str, *, key: str, headline: str) -> None:
        """Remember a text.

        Args:
            source: id of the outlet.
            text: the page's clean text.
            key: match key of the article's canonical address.
            headline: the listing's title for it, "" when it gives none; the page's own would be the wall's.
        """
        words = " ".join(_NO_WORD.sub(" ", headline.casefold()).split())
        self._listed.setdefault(_digest(source, text), {})[key] = words or key

    def is_repeated(self, source: str, text: str) -> bool:
        """Has this source shown the text under so many addresses that it is no article's?"""
        listed = self._listed.get(_digest(source, text), {})
        shortest = min(listed.values(), key=len, default="")
        return len(listed) >= LIMIT and not all(shortest in headline for headline in listed.values())


def _digest(source: str, text: str) -> bytes:
    # Walls print a number for each visitor ("Ray ID 7f3ab2"), so words of ASCII with a digit do not count, and of all
    # others only the letters: in Chinese and Japanese no blank sets words apart, and most sentences hold a date.
    words = (word for word in _WORD.findall(text.casefold()) if not (word.isascii() and _DIGIT.search(word)))
    letters = _NO_LETTER.sub("", " ".join(words))
    return blake2b(f"{source}\x1f{letters}".encode(), digest_size=16).digest()
