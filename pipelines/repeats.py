"""Notices when an outlet answers many addresses with one text: a wall, a teaser or a front page in disguise."""

from hashlib import blake2b

LIMIT = 3
"""Addresses from which one text is suspicious. Two are usual: a story and its print version, or a page listed again
under another headline."""


class RepeatedTexts:
    """The texts of one run, by source.

    The same article in three sections, all listed under its own headline, is not a wall; one text under three
    addresses with different headlines is.
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
        self._listed.setdefault(_digest(source, text), {})[key] = headline.casefold() or key

    def is_repeated(self, source: str, text: str) -> bool:
        """Has this source shown the text under so many addresses that it is no article's?"""
        listed = self._listed.get(_digest(source, text), {})
        return len(listed) >= LIMIT and len(set(listed.values())) > 1


def _digest(source: str, text: str) -> bytes:
    # Walls print a number for each visitor ("Ray ID 7f3ab2"), so only words of letters count.
    words = " ".join(word for word in text.casefold().split() if word.strip(".,;:!?()\"'«»„“”").isalpha())
    return blake2b(f"{source}\x1f{words}".encode(), digest_size=16).digest()
