"""Which bytes of a page are text, told without parsing it.

Text is what stands between tags, what a <meta> says, and JSON-LD. Attributes, scripts and styles are none.
"""

import html
import re
from bisect import bisect
from collections.abc import Iterable
from functools import cache, cached_property

from pipelines.matching import fold
from pipelines.scanner import CASELESS, Match, Scanner
from pipelines.topic.spellings import unescaped

REACH = 4_096
"""Bytes searched backwards for the tag that a word stands in or behind."""

LONGEST_TAG = 500
"""Bytes of a <script> in which its type must stand."""

MOST_TAGS = 10_000
"""Beginnings and ends of scripts and styles that are looked for; the most of 763 real pages is 521."""

NEW_LINE = rb"\n"
"""As JSON-LD writes it, before the first word of a paragraph."""

_TAG = re.compile(rb"<(?!meta)[^<>]*>")
_SCRIPT = re.compile(rb"<(script|style)\b(?![^>]*ld\+json).*?(?:</\1[^<>]*>?|\Z)", re.DOTALL | re.IGNORECASE)
_CODE = (b"script", b"style")
_CODE_ENDS = {b"<" + name: b"</" + name for name in _CODE}
CODE_TAGS = (*_CODE_ENDS, *_CODE_ENDS.values())
"""Beginnings and ends of what is code, in either case."""


class Markup:
    """Tells text from markup and code.

    Args:
        page: its bytes.
        tags: where which of `CODE_TAGS` end, by ascending offsets; looked for where they are not given.

    Attributes:
        page: the same bytes.
    """

    def __init__(self, page: bytes, tags: Iterable[Match] | None = None) -> None:
        self.page = page
        self._tags = tags

    def is_text(self, at: int) -> bool:
        """Whether the byte at `at` is text, or what a <meta> or JSON-LD says, and no part of markup or code."""
        page = self.page
        opened = page.rfind(b"<", max(0, at - REACH), at)
        if opened >= 0:
            name = page[opened + 1 : opened + 7].lower()
            # Otherwise "<" is that of a sum, or of a comment, which may be one only for some browsers.
            if name[:1].isalpha() or name[:1] == b"/":
                closed = page.find(b">", opened, at)
                if closed < 0:
                    return name.startswith(b"meta")
                if name.startswith(_CODE):
                    return b"ld+json" in page[opened:closed].lower()
        starts, ends = self._code
        before = bisect(starts, at) - 1
        return before < 0 or at >= ends[before]

    def without_code(self) -> bytes:
        """The page without its scripts and styles, which make up half of it; JSON-LD stays."""
        starts, ends = self._code
        kept = (self.page[start:end] for start, end in zip((0, *ends), (*starts, len(self.page)), strict=True))
        return b"".join(kept)

    @cached_property
    def _code(self) -> tuple[list[int], list[int]]:
        """Where scripts and styles begin, and where their end tags do. What is never closed is none."""
        starts: list[int] = []
        ends: list[int] = []
        inside: bytes | None = None
        tags = _scanner().scan(self.page, most=MOST_TAGS) if self._tags is None else self._tags
        for end, number in tags:
            tag = CODE_TAGS[number]
            if inside is None and tag in _CODE_ENDS:
                if b"ld+json" not in self.page[end : end + LONGEST_TAG].partition(b">")[0].lower():
                    starts.append(end - len(tag))
                    inside = _CODE_ENDS[tag]
            elif tag == inside:
                ends.append(end - len(tag))
                inside = None
        return starts[: len(ends)], ends


@cache
def _scanner() -> Scanner:
    return Scanner((tag, number, CASELESS) for number, tag in enumerate(CODE_TAGS))


def text_between(page: bytes, start: int, end: int) -> str:
    """The words of a piece of a page, folded, without markup, a space between each."""
    piece = page[start:end]
    if b"<" in piece:
        piece = _TAG.sub(b" ", _SCRIPT.sub(b" ", piece))
    text = piece.replace(NEW_LINE, b" ").decode("utf-8", "ignore")
    if "\\u" in text:
        text = unescaped(text)
    return fold(" ".join((html.unescape(text) if "&" in text else text).split()))
