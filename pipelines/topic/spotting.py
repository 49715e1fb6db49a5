"""Looks for terms of a projects file in the bytes of a page, at gigabytes a second.

A scanner finds the longest piece of every term, as it stands in UTF-8 or as HTML and JSON write it in ASCII. Where that
is text, the few characters around it are read as an article would be, and held against the whole term by
`pipelines.matching`.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from html.entities import codepoint2name
from typing import NamedTuple

from pipelines.matching import Term, fold
from pipelines.scanner import CASELESS, Match
from pipelines.topic.markup import NEW_LINE, Markup, text_between

LONGEST = 64
"""Bytes of a needle that are looked for."""

AROUND = 96
"""Bytes before and behind a needle that are read; the longest term of the file has 73."""

SHORT = 4
"""Letters up to which a word of ASCII, which stands inside many others, is looked for with whatever may stand before
it. Regular expressions for the borders would slow down each scan by half, and take five times as long to compile."""

RARE = 6
"""Bytes from which a word of another script than Latin is rare: two syllables of Korean, three letters of Russian."""

_GAPS = ("\xa0", "&nbsp;")
"""Other spaces inside a phrase; a broken line is a spelling (`pipelines.topic.spellings`)."""

_FULL_WIDTH = 0xFEE0  # from A to its wide form, which Japanese pages use for ISS
# What is written in several ways, or left out, between the parts of a term.
_PIECE = re.compile("[^=*'’‘ʼ\u200c\u200d\u00ad]+")
_WORD, _STRIPPED = re.compile(r"\S+"), re.compile(r"\S(?:.*\S)?")
_LATIN = re.compile("[A-Za-z]")
_WHOLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?\Z")
_ALPHANUMERIC = frozenset((string.ascii_letters + string.digits).encode())

# Of marks beyond ASCII the last byte: no-break space, quotation marks and apostrophe, dashes, a bracket of Japanese.
_BEFORE = (b"\\n", *(bytes((char,)) for char in b" \n\t>\"'(;/\xa0\xab\x98\x99\x9c\x9e\x93\x94\x8c"))
_DENSE_BEHIND = tuple(bytes((lead,)) for lead in (0xC2, *range(0xE2, 0xEE), 0xEF))
"""First bytes of marks beyond ASCII, and of Chinese, Japanese and Korean, which join a Latin word without a space."""


class _Pattern(NamedTuple):
    """What a term is looked for by.

    Attributes:
        expression: for the scanner.
        flags: the scanner's.
        length: bytes that it matches, where what stands before it is looked at afterwards.
        open_left: letters may stand before it.
        open_right: letters may follow.
    """

    expression: bytes
    flags: int
    length: int = 0
    open_left: bool = True
    open_right: bool = True


class Spotter:
    """Finds terms in pages; `spotter_of` makes one.

    Args:
        terms: by their numbers.
        terms_of: by the number of a pattern, the numbers of the terms that it is looked for by.
        borders: by the number of a pattern, its length, and whether letters may stand before it and behind.
    """

    def __init__(
        self, terms: Sequence[Term], terms_of: Sequence[Sequence[int]], borders: Sequence[tuple[int, bool, bool]]
    ) -> None:
        self._terms = terms
        self._terms_of = terms_of
        self._borders = borders

    def apart(self, page: bytes, matches: Iterable[Match]) -> list[Match]:
        """Those matches of patterns that no letter or digit of ASCII joins where none may: half of them.

        Args:
            page: UTF-8.
            matches: of the patterns and of whatever else has higher numbers, which is left out.
        """
        kept = []
        for match in matches:
            end, number = match
            if number >= len(self._borders):
                continue
            length, open_left, open_right = self._borders[number]
            if not open_right and end < len(page) and page[end] in _ALPHANUMERIC:
                continue
            start = end - length
            if open_left or start == 0 or page[start - 1] not in _ALPHANUMERIC or page[start - 2 : start] == NEW_LINE:
                kept.append(match)
        return kept

    def standing(self, page: Markup, number: int, end: int, known: set[int]) -> Iterator[int]:
        """The terms of a pattern that stand in a page's text around an offset.

        Args:
            page: UTF-8; in other bytes little is found.
            number: of the pattern.
            end: where a match of it ends that stands apart.
            known: numbers of terms that stood in the page before; those are given without another look at the words
                around, and new ones are added.
        """
        if not page.is_text(end - 1):  # a word's border may belong to the match: the last byte, which may open a tag
            return
        around = ""
        for term in self._terms_of[number]:
            if term not in known:
                around = around or text_between(page.page, max(0, end - AROUND), end + AROUND)
                if not _stands_in(around, self._terms[term]):
                    continue
                known.add(term)
            yield term


def spotter_of(terms: Iterable[Term]) -> tuple[Spotter, list[tuple[bytes, int]]]:
    """What finds terms, and its patterns, an expression and its flags each, for `pipelines.scanner.Scanner`."""
    numbered = list(terms)
    terms_of: dict[_Pattern, list[int]] = {}
    for number, term in enumerate(numbered):
        for pattern in dict.fromkeys(_patterns(term)):
            terms_of.setdefault(pattern, []).append(number)
    # There are twenty thousand patterns, and a hundred ways to border.
    borders: dict[tuple[int, bool, bool], tuple[int, bool, bool]] = {}
    of_all = [(pattern.length, pattern.open_left, pattern.open_right) for pattern in terms_of]
    spotter = Spotter(numbered, [*map(tuple, terms_of.values())], [borders.setdefault(each, each) for each in of_all])
    return spotter, [(pattern.expression, pattern.flags) for pattern in terms_of]


def longest_piece(written: str) -> str:
    """The longest piece of a term in which nothing else may stand: what a page is searched for."""
    return written[slice(*_span(written))]


def _stands_in(folded: str, term: Term) -> bool:
    low = folded.lower()
    start = low.find(term.needle)
    while start >= 0:
        if term.span(folded, low, start, start + len(term.needle)):
            return True
        start = low.find(term.needle, start + 1)
    return False


def _patterns(term: Term) -> Iterator[_Pattern]:
    """The patterns of the longest piece of a term."""
    written = term.written
    start, end = _span(written)
    open_left = written[:start].endswith("*")
    open_right = written[end:].startswith("*") or (end == len(written) and term.ending > 0)
    piece = written[start:end]
    flags = 0 if term.cased else CASELESS
    forms = _forms(piece, cased=bool(term.cased))
    if " " in piece:
        small = piece if term.cased else piece.lower()
        forms |= {small.replace(" ", gap).encode() for gap in _GAPS}
    for form in sorted(forms):  # the same order in every process
        if form.isascii() and len(form) <= SHORT and not open_left:
            yield from (_Pattern(_quoted(left + form), flags, open_right=open_right) for left in _BEFORE)
            if term.cased:  # an abbreviation, in the midst of Chinese or Japanese
                yield from (_Pattern(_quoted(form + right), flags) for right in _DENSE_BEHIND)
        else:
            # Of ASCII only: what is a letter in other scripts, the term itself knows.
            ascii_ = form.isascii() and len(form) <= LONGEST
            open_at = (open_left, open_right) if ascii_ else (True, True)
            yield _Pattern(_quoted(form[:LONGEST]), flags, len(form), *open_at)


def _span(written: str) -> tuple[int, int]:
    """Where the longest piece begins and ends.

    Of a script other than Latin a word is rare enough to be a piece, unless it is a single syllable.
    """
    if _WHOLE.match(written):  # as half of the terms are
        return 0, len(written)
    spans = (
        (match.start() + piece.start(), match.start() + piece.end())
        for match in _PIECE.finditer(written)
        for piece in (_WORD if _has_rare_word(match[0]) else _STRIPPED).finditer(match[0])
    )
    return max(spans, key=lambda span: (len(written[slice(*span)].encode()), span), default=(0, 0))


def _has_rare_word(phrase: str) -> bool:
    return not _LATIN.search(fold(phrase)) and any(len(word.encode()) >= RARE for word in phrase.split())


def _forms(word: str, *, cased: bool) -> set[bytes]:
    """The bytes under which a word may stand in a page; in ASCII case is the scanner's affair."""
    forms = {word, fold(word)}
    if word.isascii() and word.isupper():
        forms.add("".join(chr(ord(letter) + _FULL_WIDTH) if letter.isalpha() else letter for letter in word))
    if not cased:
        forms |= {case for form in forms for case in (form.lower(), form.upper(), form.capitalize())}
    if _LATIN.search(word) and not word.isascii():
        # Other scripts have so many references in a row that the page is read again (`pipelines.topic.spellings`).
        forms |= {written for form in {word, word.lower(), word.capitalize()} for written in _referenced(form)}
    written = {form.encode() for form in forms if form}
    return written if cased else {form.lower() for form in written}  # in bytes: the letters of ASCII


def _referenced(word: str) -> set[str]:
    """A word as HTML and JSON write it in ASCII: "com&eacute;die", and with numbers."""
    named = "".join(f"&{codepoint2name[ord(c)]};" if ord(c) in codepoint2name else c for c in word)
    decimal = word.encode("ascii", "xmlcharrefreplace").decode()
    hexadecimal = "".join(c if c.isascii() else f"&#x{ord(c):x};" for c in word)
    escaped = "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in word)
    return {form for form in (named, decimal, hexadecimal, escaped) if form.isascii()}


def _quoted(literal: bytes) -> bytes:
    return (r"\x" + literal.hex(" ").replace(" ", r"\x")).encode()
