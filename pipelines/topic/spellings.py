r"""What a page says in another spelling than plain UTF-8 text: rare, and dear to undo.

Another charset, letters written as references (&#1092;) or as escapes of JSON-LD (\u0444), soft hyphens and loose
accents inside words, and lines broken within a paragraph. One fast scan tells which of them a page has.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import cache, lru_cache
from itertools import chain

from pipelines.encoding import decode
from pipelines.matching import fold
from pipelines.topic.scanner import ONCE, Scanner


class _Sign(IntEnum):
    UNDECODED = 0
    REFERENCES = 1
    MARKS = 2
    DECOMPOSED = 3
    BROKEN_LINES = 4
    ESCAPES = 5


_LOCAL = frozenset({_Sign.REFERENCES, _Sign.MARKS, _Sign.BROKEN_LINES})
"""Signs around which a page is read again; for the others all of it is."""

AROUND = 3_072
"""Bytes before and behind such a sign that are read again: what it belongs to, and a passage around that."""

_JSON_LD, _SCRIPT_END = b"application/ld+json", b"</script"
# &#039;, &#160; and &#8217; are not letters.
_REFERENCE = (
    rb"&(?:#(?:19[2-9]|[2-9][0-9]{2}|[1-79][0-9]{3}|[1-9][0-9]{4})"
    rb"|#[xX](?:0?[0-9a-fA-F]{3}|[013-9a-fA-F][0-9a-fA-F]{3}|2[1-9a-fA-F][0-9a-fA-F]{2}|[c-fC-F][0-9a-fA-F])"
    rb"|[aeiouyncAEIOUYNC](?:acute|grave|circ|uml|tilde|cedil|ring));"
)
# What `pipelines.matching.fold` leaves out: soft hyphen; accents; points and marks of Hebrew, Arabic and Devanagari.
_MARK = (
    rb"\xc2\xad|&(?:shy|#173|#[xX][aA][dD]);|\xcc[\x80-\xbf]|\xcd[\x80-\xaf]"
    rb"|\xd6[\x91-\xbf]|\xd7[\x80-\x87]|\xd9[\x80\x8b-\x9f\xb0]|\xe0\xa4\xbc"
)
_EXPRESSIONS = (
    # No UTF-8, but for overlong forms and surrogates, which no charset's text is full of; then UTF-16 and ISO-2022-JP.
    (_Sign.UNDECODED, rb"[\xc0\xc1\xf5-\xff]|(?:\A|[\x00-\x7f])[\x80-\xbf]"),
    (_Sign.UNDECODED, rb"[\xc2-\xdf](?:[^\x80-\xbf]|\z|[\x80-\xbf]{2})"),
    (_Sign.UNDECODED, rb"[\xe0-\xef](?:[^\x80-\xbf]|\z|[\x80-\xbf](?:[^\x80-\xbf]|\z|[\x80-\xbf]{2}))"),
    (_Sign.UNDECODED, rb"[\xf0-\xf4][\x80-\xbf]{0,2}(?:[^\x80-\xbf]|\z)|[\xf0-\xf4][\x80-\xbf]{4}"),
    (_Sign.UNDECODED, rb"\x00|\x1b\$"),
    (_Sign.REFERENCES, _REFERENCE),
    (_Sign.MARKS, _MARK),
    # Voiced kana and Hangul syllables in parts.
    (_Sign.DECOMPOSED, rb"\xe3\x82[\x99\x9a]|\xe1[\x84-\x87]"),
    (_Sign.BROKEN_LINES, rb"<(?:p|h1|title)(?:\s[^<>]*)?>[^<>]*[^\s<>]\s*[\n\r]\s*[^\s<>]"),
    # In JSON-LD, letters beyond ASCII and no punctuation.
    (
        _Sign.ESCAPES,
        rb"ld\+json(?:[^<]|<[^/]|</[^s])*\\u(?:00[c-fC-F]|0[1-9a-fA-F]|1[0-9a-fA-F]|2[1-9a-fA-F]|[3-9a-fA-F])",
    ),
)
_REFERENCES, _MARKS = re.compile(_REFERENCE), re.compile(_MARK)
# Surrogates stay as they are: half a character is none.
_ESCAPE = re.compile(r"\\u(?![dD][89a-fA-F])([0-9a-fA-F]{4})")


def respelled(body: bytes, *, charset: str) -> Iterator[bytes]:
    """The texts of a page that its bytes do not show, in UTF-8; none for most pages.

    Args:
        body: the page's bytes.
        charset: charset of the Content-Type header, "" when it names none.
    """
    page, signs = body, _signs(body)
    if _Sign.UNDECODED in signs:
        page = decode(body, charset=charset)[0].encode("utf-8", "replace")
        signs = {**_signs(page), _Sign.UNDECODED: []}
    escaped = page if _Sign.ESCAPES in signs else b""
    if signs.keys() <= _LOCAL | {_Sign.ESCAPES}:
        page = _around(page, sorted(chain.from_iterable(signs.values())))
    if _Sign.REFERENCES in signs:
        page = _REFERENCES.sub(_letter, page)
    if _Sign.DECOMPOSED in signs:
        page = unicodedata.normalize("NFC", page.decode("utf-8", "replace")).encode("utf-8", "replace")
    if _Sign.MARKS in signs:
        page = _MARKS.sub(b"", page)
    if _Sign.BROKEN_LINES in signs:
        page = b" ".join(page.split())
    if signs.keys() - {_Sign.ESCAPES}:
        yield page
    if escaped:
        yield _without_spellings(b" ".join(_escaped(escaped)))


def unescaped(text: str) -> str:
    """Text with its escapes of JSON read."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _escaped(page: bytes) -> Iterator[bytes]:
    """The JSON-LD of a page that has escapes."""
    start = page.find(_JSON_LD)
    while start >= 0:
        end = page.find(_SCRIPT_END, start)
        script = page[start : end if end >= 0 else None]
        if b"\\u" in script:
            yield unescaped(script.decode("utf-8", "replace")).encode("utf-8", "replace")
        start = page.find(_JSON_LD, end) if end >= 0 else -1


def _without_spellings(text: bytes) -> bytes:
    return _MARKS.sub(b"", _REFERENCES.sub(_letter, text))


def _around(page: bytes, ends: Iterable[int]) -> bytes:
    """The pieces of a page around offsets, which ascend; where there are many, all of it."""
    kept, done = [], 0
    for end in ends:
        start = max(done, end - AROUND)
        if start > done:
            kept.append(b" ")
        done = end + AROUND
        kept.append(page[start:done])
    return b"".join(kept)


def _letter(reference: re.Match[bytes]) -> bytes:
    return _unreferenced(reference[0])


@lru_cache(maxsize=4096)
def _unreferenced(reference: bytes) -> bytes:
    letter = html.unescape(reference.decode("ascii"))
    return letter.encode("utf-8", "replace") if fold(letter) else b""


def _signs(page: bytes) -> dict[_Sign, list[int]]:
    """The signs that a page has, with offsets at most `AROUND` // 2 apart from wherever one of them stands."""
    found: dict[_Sign, list[int]] = {}

    def seen(number: int, end: int) -> bool:
        ends = found.setdefault(_Sign(number), [])
        if not ends or end > ends[-1] + AROUND // 2:
            ends.append(end)
        return False

    _scanner().scan(page, seen)
    return found


@cache
def _scanner() -> Scanner:
    """Compiled once a process, in 20 ms."""
    return Scanner((expression, sign, 0 if sign in _LOCAL else ONCE) for sign, expression in _EXPRESSIONS)
