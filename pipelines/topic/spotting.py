"""Looks for terms of a projects file in the bytes of a page, at gigabytes a second.

A scanner finds the longest piece of every term, as it stands in UTF-8. Where it is found, the few characters
around it are read as an article would be, and held against the whole term by `pipelines.matching`. A word of a style
sheet, a script or an attribute is none.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.matching import Term, fold
from pipelines.topic.scanner import CASELESS, Scanner

MOST_HITS = 4_000
"""Places of a page that are looked at; ordinary pages have five. The time of a hostile one is bounded by it: what has
more is taken for found."""

SHORT = 6
"""Bytes of a needle in Latin letters up to which its word borders are part of the pattern: short words stand inside
many others, and calls back into Python for each would cost more than the scan. With borders for all, compiling took
16 s instead of 0.2."""

LONGEST = 64
"""Bytes of a needle that are looked for."""

AROUND = 96
"""Bytes before and behind a needle that are read; the longest term of the file has 73."""

REACH = 4_096
"""Bytes searched backwards for the tag that a word stands in or behind; a style sheet may be longer, and is then
taken for text."""

_GAPS = (" ", "\xa0", "&nbsp;")
"""Spaces inside a phrase; lines that are broken there are another spelling (`pipelines.topic.spellings`)."""

_FULL_WIDTH = 0xFEE0  # from A to its wide form, which Japanese pages use for ISS
# What is written in several ways, or left out, between the parts of a term.
_PIECE = re.compile("[^=*'’‘ʼ\u200c\u200d\u00ad]+")
_WORD, _STRIPPED = re.compile(r"\S+"), re.compile(r"\S(?:.*\S)?")
_LATIN = re.compile("[A-Za-z]")
_TAG = re.compile(rb"<(?!meta)[^<>]*>")
_SCRIPT = re.compile(rb"<(script|style)\b(?![^>]*ld\+json).*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = (b"script", b"style")
_NEW_LINE = rb"\n"  # as JSON-LD writes it, before the first word of a paragraph


class Spotter:
    """Finds terms in pages. The patterns are compiled at the first page, in 0.2 s.

    Args:
        terms: as written in the projects file, and parsed.
    """

    def __init__(self, terms: Iterable[tuple[str, Term]]) -> None:
        self._terms: list[Term] = []
        self._by_pattern: dict[tuple[bytes, bool], list[int]] = {}
        for written, term in terms:
            for pattern in dict.fromkeys(_patterns(written, term)):
                self._by_pattern.setdefault(pattern, []).append(len(self._terms))
            self._terms.append(term)

    def spot(self, page: bytes, seen: Callable[[int, int], bool]) -> bool:
        """Report the terms that stand in a page's text.

        Args:
            page: UTF-8; in other bytes little is found.
            seen: called with the number of a term and an offset in the page that is close to it; True ends the
                search. A term is reported again wherever its needle stands, without another look at what is around.

        Returns:
            Whether the search was ended, by `seen` or because there is too much to look at.
        """
        if not self._by_pattern:
            return False
        return self._scanner.scan(page, _Hits(page, self._terms, self._numbered, seen))

    @cached_property
    def _numbered(self) -> list[list[int]]:
        return list(self._by_pattern.values())

    @cached_property
    def _scanner(self) -> Scanner:
        return Scanner(
            (expression, number, 0 if cased else CASELESS)
            for number, (expression, cased) in enumerate(self._by_pattern)
        )


@dataclass(slots=True)
class _Hits:
    """Takes what the scanner reports of one page.

    Attributes:
        page: its bytes.
        terms: those looked for.
        numbered: by the number of a pattern, the terms that it is a needle of.
        seen: what to call for each term that stands there.
        known: terms that stood in the page before.
        hits: reports so far.
        code_end: up to here the page is known to be markup or code.
    """

    page: bytes
    terms: list[Term]
    numbered: list[list[int]]
    seen: Callable[[int, int], bool]
    known: set[int] = field(default_factory=set)
    hits: int = 0
    code_end: int = 0

    def __call__(self, number: int, end: int) -> bool:
        self.hits += 1
        if self.hits > MOST_HITS:
            return True
        if end <= self.code_end:
            return False
        # A word's border may belong to the match: the last byte, which may open a tag, is left out.
        if not _is_text(self.page, end - 1):
            self.code_end = self.page.find(b"<", end - 1)
            if self.code_end < 0:
                self.code_end = len(self.page)
            return False
        return any(self.seen(term, end) for term in self._standing(number, end))

    def _standing(self, number: int, end: int) -> Iterator[int]:
        """The terms of a pattern that stand around an offset; those known without another look."""
        around = ""
        for term in self.numbered[number]:
            if term not in self.known:
                around = around or text_between(self.page, max(0, end - AROUND), end + AROUND)
                if not _stands_in(around, self.terms[term]):
                    continue
                self.known.add(term)
            yield term


def text_between(page: bytes, start: int, end: int) -> str:
    """The words of a piece of a page, folded, without markup, a space between each."""
    piece = page[start:end]
    if b"<" in piece:
        piece = _TAG.sub(b" ", _SCRIPT.sub(b" ", piece))
    text = piece.replace(_NEW_LINE, b" ").decode("utf-8", "ignore")
    return fold(" ".join((html.unescape(text) if "&" in text else text).split()))


def longest_piece(written: str) -> str:
    """The longest piece of a term, in bytes, in which nothing else may stand: what a page is searched for."""
    return written[slice(*_span(written))]


def _is_text(page: bytes, at: int) -> bool:
    """Whether a word that ends at `at` is text, or what a <meta> or JSON-LD says, and no part of markup or code."""
    opened = page.rfind(b"<", max(0, at - REACH), at)
    if opened < 0:
        return True
    name = page[opened + 1 : opened + 7].lower()
    if not (name[:1].isalpha() or name[:1] == b"/"):
        return True  # "<" of a sum, or of a comment, which may be one only for some browsers
    closed = page.find(b">", opened, at)
    if closed < 0:
        return name.startswith(b"meta")
    return not name.startswith(_CODE) or b"ld+json" in page[opened:closed].lower()


def _stands_in(folded: str, term: Term) -> bool:
    low = folded.lower()
    start = low.find(term.needle)
    while start >= 0:
        if term.span(folded, low, start, start + len(term.needle)):
            return True
        start = low.find(term.needle, start + 1)
    return False


def _patterns(written: str, term: Term) -> Iterator[tuple[bytes, bool]]:
    """The expressions that find the longest piece of a term, and whether case counts in them."""
    start, end = _span(written)
    # A hyphen before a word makes it the name of a class or a property, as in white-space.
    left = b"" if written[:start].endswith("*") else rb"(?:^|\\n|[^a-zA-Z0-9_\-])"
    right = b"" if written[end:].startswith("*") or (end == len(written) and term.ending) else rb"(?:$|[^a-zA-Z0-9_])"
    piece = written[start:end]
    for gap in _GAPS if " " in piece else _GAPS[:1]:
        for form in _forms(piece.replace(" ", gap), cased=bool(term.cased)):
            short = form.isascii() and len(form) <= SHORT
            yield (left + _quoted(form) + right if short else _quoted(form[:LONGEST])), bool(term.cased)


def _span(written: str) -> tuple[int, int]:
    """Where the longest piece begins and ends. Of a script other than Latin a word is rare enough to be a piece."""
    spans = (
        (match.start() + piece.start(), match.start() + piece.end())
        for match in _PIECE.finditer(written)
        for piece in (_STRIPPED if _LATIN.search(fold(match[0])) else _WORD).finditer(match[0])
    )
    return max(spans, key=lambda span: (len(written[slice(*span)].encode()), span), default=(0, 0))


def _forms(word: str, *, cased: bool) -> set[bytes]:
    """The bytes under which a word may stand in a page; in ASCII case is the scanner's affair."""
    forms = {word, fold(word)}
    if word.isascii() and word.isupper():
        forms.add("".join(chr(ord(letter) + _FULL_WIDTH) if letter.isalpha() else letter for letter in word))
    if not cased:
        forms |= {case for form in forms for case in (form.lower(), form.upper(), form.capitalize())}
    return {form.lower().encode() if form.isascii() and not cased else form.encode() for form in forms if form}


def _quoted(literal: bytes) -> bytes:
    return b"".join(rb"\x%02x" % byte for byte in literal)
