"""Finding the terms of `data/projects.toml` in text of any script.

Text and terms are folded the same way: compatibility forms united, accents of Latin, Greek and Cyrillic
letters dropped, Arabic letters unified. One Aho-Corasick automaton holds all terms; what it finds is then
held against the rules for word borders, which scripts written without spaces (Chinese, Japanese, Thai, and
Korean with its particles) do not have.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, NamedTuple, TypeVar

import ahocorasick_rs

NAME_ENDING = 3
"""Letters that may follow a name: Пересильд-ом, Krikalev-em, Cruise-iga; most case endings have one to three."""

NAME_LENGTH = 5
"""Names shorter than this take no ending: "Kara" and "Daly" begin too many other words."""

ARABIC_PREFIX = 4
"""Letters that may stand before an Arabic or Hebrew word: article, conjunction, preposition, as in وبال-."""

SHORT_KATAKANA = 3
"""Letters up to which nothing in katakana may follow such a word: ロケ, a location, is none in ロケット, a rocket. What
stands before makes a compound of it, of which it is the main word: テレビドラマ."""

LONGEST_GAP = 12
"""Letters that an inner `*` may stand for: the endings of Slavic adjectives are five, of Finnish ones ten."""

INVISIBLE = "".join(
    map(
        chr,
        (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF),
    )
)
"""What no reader sees: soft hyphen, spaces and joiners without width, marks of direction, byte order mark."""

# With these: accents of Latin, Greek and Cyrillic, Hebrew points, Arabic vowel signs, tatweel, Devanagari nukta, halves
# of surrogate pairs.
_DROPPED = f"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640\u093c\ud800-\udfff{INVISIBLE}"
_MERGED = dict(zip("ıđłŁĐøØىیکةۀ’‘ʼ‐‑–", "idlLDoOييكهه'''---", strict=True))
# Searched for, since str.translate would look up every letter of a text.
_FOLDED = re.compile(f"[{_DROPPED}{''.join(_MERGED)}]")


TagT = TypeVar("TagT", bound=Hashable)


def fold(text: str) -> str:
    """The form in which text and terms are compared; letter case stays.

    >>> fold("Съёмки: Čapek’s Φίλμ")
    "Съемки: Capek's Φιλμ"
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _FOLDED.sub(_merged, unicodedata.normalize("NFKD", text)))


def _merged(match: re.Match[str]) -> str:
    return _MERGED.get(match[0], "")


class Term(NamedTuple):
    """One entry of the projects file, ready to be looked for.

    A term is written as it is printed. `*` stands for the rest of a word ("movie*", "*film", "Скотт* Келли");
    `=` in front means that case counts ("=ISS", which is not the German "iss"). Without `*` whole words
    match; a name also takes a short ending.

    Attributes:
        written: the entry.
        needle: what the automaton looks for: the part before an inner `*`, folded, in small letters.
        tail: what must follow the needle, where the term has an inner `*`.
        cased: the needle to be compared letter by letter; "" when case does not count.
        open_left: letters may stand before it.
        open_right: letters may follow.
        ending: so many letters may follow (a name's declension).
        last: no katakana may follow.
    """

    written: str
    needle: str
    tail: re.Pattern[str] | None
    cased: str
    open_left: bool
    open_right: bool
    ending: int
    last: bool

    @classmethod
    def parse(cls, written: str, *, name: bool = False) -> "Term":
        """Read a term; `name` allows the endings of a declined name."""
        core = written.removeprefix("=")
        inner = core.strip("*")
        needle, *rest = map(fold, inner.split("*")) if "*" in inner else (fold(inner),)
        first, last = needle[:1], (rest[-1] if rest else needle)[-1:]
        return cls(
            written=written,
            needle=needle.lower(),
            tail=_tail(rest) if rest else None,
            cased=needle if written.startswith("=") else "",
            open_left=core.startswith("*") or not first.isalnum() or _is_dense(first),
            open_right=core.endswith("*") or not _is_letter(last) or _is_dense(last),
            ending=NAME_ENDING if name and len(needle) >= NAME_LENGTH else 0,
            last=0 < len(needle) <= SHORT_KATAKANA and "*" not in written and all(map(_is_katakana, needle)),
        )

    def span(self, folded: str, low: str, start: int, end: int) -> tuple[int, int] | None:
        """Start and end of the words that match, None when the needle does not stand as the term demands.

        Args:
            folded: the text after `fold`.
            low: the same in small letters, of the same length.
            start: offset of the needle's first character.
            end: offset behind its last.
        """
        if self.cased and folded[start:end] != self.cased:
            return None
        if self.last and _is_katakana(low[end : end + 1]):
            return None
        if self.open_left:
            start = _word_start(low, start)
        elif not _border_left(low, start):
            return None
        if self.tail is not None:
            match = self.tail.match(low, end)
            if match is None:
                return None
            end = match.end()
        word_end = _word_end(low, end)
        return (start, word_end) if self.open_right or word_end - end <= self.ending else None


def _tail(pieces: Iterable[str]) -> re.Pattern[str]:
    return re.compile("".join(rf"\w{{0,{LONGEST_GAP}}}{re.escape(piece.lower())}" for piece in pieces))


def _is_dense(char: str) -> bool:
    """Whether `char` is of a script that writes words without spaces, or glues particles to them."""
    return (
        "\u2e80" <= char <= "\ud7ff"  # Chinese, Japanese, Korean
        or "\u0e00" <= char <= "\u0eff"  # Thai, Lao
        or "\u1000" <= char <= "\u109f"  # Burmese
        or "\u1780" <= char <= "\u17ff"  # Khmer
    )


def _is_katakana(char: str) -> bool:
    return "\u30a1" <= char <= "\u30fa" or char == "\u30fc"


def _is_letter(char: str) -> bool:
    """Whether `char` carries a word on; a digit does, and so does a vowel sign, which Python calls a mark."""
    if char.isalnum():
        return not _is_dense(char)
    return char > "\u0900" and unicodedata.category(char)[0] == "M" and not _is_dense(char)


def _takes_prefix(char: str) -> bool:
    """Whether `char` is Arabic or Hebrew."""
    return "\u0590" <= char <= "\u06ff"


def _border_left(text: str, start: int) -> bool:
    if start == 0 or not _is_letter(text[start - 1]):
        return True
    if not _takes_prefix(text[start]):
        return False
    return any(start - n <= 0 or not _is_letter(text[start - n - 1]) for n in range(1, ARABIC_PREFIX + 1))


def _word_start(text: str, start: int) -> int:
    """Where the word begins that the character at `start` belongs to."""
    if _is_letter(text[start]):
        while start > 0 and _is_letter(text[start - 1]):
            start -= 1
    return start


def _word_end(text: str, end: int) -> int:
    """Where the word is over that the character before `end` belongs to."""
    if not _is_letter(text[end - 1]):
        return end
    while end < len(text) and _is_letter(text[end]):
        end += 1
    return end


class Hit(NamedTuple, Generic[TagT]):
    """Where a term stands in the folded text.

    Attributes:
        start: offset of the first character.
        end: offset behind the last.
        tag: what the term was registered under.
    """

    start: int
    end: int
    tag: TagT


class Matcher(Generic[TagT]):
    """Finds many terms at once.

    Args:
        terms: pairs of a term and the tag that its hits carry; one term may have several tags.
    """

    def __init__(self, terms: Iterable[tuple[Term, TagT]]) -> None:
        by_needle: dict[str, dict[Term, list[TagT]]] = {}
        for term, tag in terms:
            if term.needle:
                by_needle.setdefault(term.needle, {}).setdefault(term, []).append(tag)
        self._entries = tuple(map(_Entry.of, by_needle.values()))
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_needle), store_patterns=False)

    def terms(self) -> Iterator[tuple[Term, TagT]]:
        """The pairs that it was made of, those of one needle together."""
        for entry in self._entries:
            for term, tags in entry.terms:
                for tag in tags:
                    yield term, tag

    def find(self, folded: str) -> list[Hit[TagT]]:
        """All hits in text that `fold` was applied to, overlapping ones too."""
        low = folded.lower()
        hits = []
        for index, start, needle_end in self._automaton.find_matches_as_indexes(low, overlapping=True):
            entry = self._entries[index]
            # Most needles stand inside other words: told here, once for all terms and without a call for most.
            if entry.closed_left and start and (before := low[start - 1]).isalnum() and not _is_dense(before):
                continue
            if entry.closed_right and (after := low[needle_end : needle_end + 1]).isalnum() and not _is_dense(after):
                continue
            for term, tags in entry.terms:
                if span := term.span(folded, low, start, needle_end):
                    hits += [Hit(*span, tag) for tag in tags]
        return hits


class _Entry(NamedTuple, Generic[TagT]):
    """The terms that share a needle; there are twenty thousand, so it is small.

    Attributes:
        closed_left: none stands behind a letter.
        closed_right: none stands before one.
        terms: each with its tags.
    """

    closed_left: bool
    closed_right: bool
    terms: tuple[tuple[Term, tuple[TagT, ...]], ...]

    @classmethod
    def of(cls, terms: Mapping[Term, list[TagT]]) -> "_Entry[TagT]":
        closed_left = closed_right = True
        for term in terms:
            if term.open_left or _takes_prefix(term.needle[0]):
                closed_left = False
            if term.open_right or term.ending or term.tail:
                closed_right = False
        return cls(closed_left, closed_right, tuple((term, _distinct(tags)) for term, tags in terms.items()))


def _distinct(tags: list[TagT]) -> tuple[TagT, ...]:
    return tuple(tags) if len(tags) == 1 else tuple(dict.fromkeys(tags))
