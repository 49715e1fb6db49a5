r"""What a page says in another spelling than plain UTF-8 text: rare, and dear to undo.

Another charset, letters written as references (&#1092;) or as escapes of JSON-LD (\u0444), soft hyphens and loose
accents inside words, and lines broken within a paragraph.
"""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum
from functools import cache, lru_cache
from itertools import chain

from pipelines.matching import fold
from pipelines.scanner import Scanner


class Spelling(IntEnum):
    """A way to write what plain UTF-8 text would say."""

    UNDECODED = 0
    REFERENCES = 1
    MARKS = 2
    DECOMPOSED = 3
    BROKEN_LINES = 4
    ESCAPES = 5


_LOCAL = frozenset({Spelling.MARKS, Spelling.BROKEN_LINES})
"""Spellings around which a page is read again; for the others all of it is."""

AROUND = 3_072
"""Bytes before and behind such a spelling that are read again: what it belongs to, and a passage around that."""

MOST_PLACES = 20_000
"""Such spellings of a page around which is read; with more, all of it is. The most of 763 real pages is 866."""

PIECE = 262_144
"""Bytes that are rid of marks at once."""

LONGEST_REFERENCE = len("&ZeroWidthSpace;")

_JSON_LD, _SCRIPT_END = b"application/ld+json", b"</script"
_LATIN = rb"#(?:6[5-9]|[78][0-9]|90|9[7-9]|1[01][0-9]|12[0-2]|[xX](?:[46][1-9a-fA-F]|[57][0-9aA]))"
# &#039;, &#160; and &#8217; are not letters.
_REFERENCE = (
    rb"&(?:#(?:19[2-9]|[2-9][0-9]{2}|[1-79][0-9]{3}|[1-9][0-9]{4})"
    rb"|#[xX](?:0?[0-9a-fA-F]{3}|[013-9a-fA-F][0-9a-fA-F]{3}|2[1-9a-fA-F][0-9a-fA-F]{2}|[c-fC-F][0-9a-fA-F])"
    rb"|" + _LATIN + rb"|[aeiouyncAEIOUYNC](?:acute|grave|circ|uml|tilde|cedil|ring));"
)
_DECIMAL = rb"(?:1[0-9]{3}|[2-7][0-9]{3}|9[0-9]{2,3}|[1-9][0-9]{4});"
_HEXADECIMAL = rb"(?:0?[3-9a-fA-F][0-9a-fA-F]{2}|[013-9a-fA-F][0-9a-fA-F]{3}|2[1-9a-fA-F][0-9a-fA-F]{2});"
# What `pipelines.matching.fold` leaves out: soft hyphens; accents; points and marks of Hebrew, Arabic, Devanagari; and
# what else nobody sees.
_ALWAYS = (
    rb"\xc2\xad|&(?:shy|#173|#[xX][aA][dD]|#(?:76[89]|7[7-9][0-9]|8[0-7][0-9]));|\xcc[\x80-\xbf]|\xcd[\x80-\xaf]"
    rb"|\xd6[\x91-\xbf]|\xd7[\x80-\x87]|\xd9[\x80\x8b-\x9f\xb0]|\xe0\xa4\xbc"
)
_JOINERS = rb"\xe2\x80[\x8c\x8d]"
_UNSEEN = rb"\xe2\x80[\x8b\x8e\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa4\xa6-\xa9]|\xef\xbb\xbf"
_REFERRED = (
    rb"&(?:zwnj|zwj|lrm|rlm|ZeroWidthSpace|NoBreak|#820[3-7]|#823[4-8]|#828[89]|#829[0-24-7]|#65279"
    rb"|#[xX](?:200[b-fB-F]|202[a-eA-E]|206[0-46-9]|[fF][eE][fF][fF]));"
)
_MARK = b"|".join((_ALWAYS, _JOINERS, _UNSEEN, _REFERRED))
# Before a letter of Latin, Greek or Cyrillic, or one of another script without joiners: Persian and Hindi have those in
# every line, and are searched for with them.
_INSIDE = (
    rb"[A-Za-z\x80-\xbf](?:" + _JOINERS + b"|" + _UNSEEN + b"|" + _REFERRED + rb")[A-Za-z\xc3-\xd4]",
    rb"[\x80-\xbf](?:" + _UNSEEN + rb")[\xd5-\xdb\xe3-\xed]",
)
_BROKEN_LINE = rb"<(?:p|h1|title)(?:\s[^<>]*)?>[^<>]*[^\s<>]\s*[\n\r]\s*[^\s<>]"
SPELLINGS = (
    # No UTF-8, but for overlong forms and surrogates, which no charset's text is full of; then UTF-16 and ISO-2022-JP.
    (Spelling.UNDECODED, rb"[\xc0\xc1\xf5-\xff]|(?:\A|[\x00-\x7f])[\x80-\xbf]"),
    (Spelling.UNDECODED, rb"[\xc2-\xdf](?:[^\x80-\xbf]|\z|[\x80-\xbf]{2})"),
    (Spelling.UNDECODED, rb"[\xe0-\xef](?:[^\x80-\xbf]|\z|[\x80-\xbf](?:[^\x80-\xbf]|\z|[\x80-\xbf]{2}))"),
    (Spelling.UNDECODED, rb"[\xf0-\xf4][\x80-\xbf]{0,2}(?:[^\x80-\xbf]|\z)|[\xf0-\xf4][\x80-\xbf]{4}"),
    (Spelling.UNDECODED, rb"\x00|\x1b\$"),
    # Beside another letter of its kind: for one that stands alone in a Latin word looks `pipelines.topic.spotting`.
    (Spelling.REFERENCES, rb"&#" + _DECIMAL + rb"&#|[\x80-\xbf]&#" + _DECIMAL),
    (Spelling.REFERENCES, rb"&#[xX]" + _HEXADECIMAL + rb"&#|[\x80-\xbf]&#[xX]" + _HEXADECIMAL),
    # One page in eighty has any, for the sake of a mail address: too few for the patterns, and not dear to read again.
    (Spelling.REFERENCES, rb"&" + _LATIN + rb";"),
    (Spelling.ESCAPES, rb"\\u(?:0[3-9a-fA-F]|1[0-9a-fA-F]|2[1-9a-fA-F]|[3-9a-fA-F][0-9a-fA-F])[0-9a-fA-F]{2}\\u"),
    (Spelling.MARKS, _ALWAYS),
    *((Spelling.MARKS, inside) for inside in _INSIDE),
    # Voiced kana and Hangul syllables in parts.
    (Spelling.DECOMPOSED, rb"\xe3\x82[\x99\x9a]|\xe1[\x84-\x87]"),
    (Spelling.BROKEN_LINES, _BROKEN_LINE),
)
"""What each spelling is known by, as expressions for `pipelines.scanner.Scanner`."""

_REFERENCES, _MARKS = re.compile(_REFERENCE), re.compile(_MARK)
# Surrogates stay as they are: half a character is none.
_ESCAPE = re.compile(r"\\u(?![dD][89a-fA-F])([0-9a-fA-F]{4})")


def respelled(page: bytes, spellings: Collection[Spelling]) -> Iterator[bytes]:
    """The texts of a page that its bytes do not show.

    Args:
        page: UTF-8, decoded where it was something else.
        spellings: those that the page has; what is still undecoded of it has no charset and stays so.
    """
    found = {*spellings} - {Spelling.ESCAPES, Spelling.UNDECODED}
    if found:
        yield _respelled(page, found)
    if Spelling.ESCAPES in spellings:
        yield _without_spellings(b" ".join(_escaped(page)))


def _respelled(page: bytes, found: set[Spelling]) -> bytes:
    places = [_places(page, spelling) for spelling in found] if found <= _LOCAL else [None]
    if None not in places:
        page = _around(page, sorted(chain.from_iterable(filter(None, places))))
    if Spelling.REFERENCES in found:
        page = _REFERENCES.sub(_letter, page)
    if Spelling.DECOMPOSED in found:
        page = unicodedata.normalize("NFC", page.decode("utf-8", "replace")).encode("utf-8", "replace")
    if Spelling.MARKS in found:
        page = unmarked(page)
    if Spelling.BROKEN_LINES in found:
        page = b" ".join(page.split())
    return page


def unmarked(text: bytes) -> bytes:
    """UTF-8 text without what nobody sees and without loose accents."""
    return b"".join(_MARKS.sub(b"", piece) for piece in _pieces(text))


def _pieces(text: bytes) -> Iterator[bytes]:
    """A text in pieces of at most `PIECE` bytes, cut before a reference or between characters.

    `re.sub` keeps a list of whatever stands between two matches: 350 MB where every other letter of 8 MiB is none.
    """
    start = 0
    while len(text) - start > PIECE:
        end = start + PIECE
        while 0x80 <= text[end] < 0xC0 and end > start + 1:
            end -= 1
        reference = text.rfind(b"&", max(start + 1, end - LONGEST_REFERENCE), end)
        end = reference if reference > 0 else end
        yield text[start:end]
        start = end
    yield text[start:]


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
    return unmarked(_REFERENCES.sub(_letter, text))


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


def _places(page: bytes, spelling: Spelling) -> list[int] | None:
    """Offsets of a local spelling, at most `AROUND` // 2 apart from wherever it stands; None of too many."""
    ends = [-AROUND]
    matches = _local_scanner(spelling).scan(page, most=MOST_PLACES)
    if len(matches) > MOST_PLACES:
        return None
    for end, _ in matches:
        if end > ends[-1] + AROUND // 2:
            ends.append(end)
    return ends[1:]


@cache
def _local_scanner(wanted: Spelling) -> Scanner:
    return Scanner((expression, 0, 0) for spelling, expression in SPELLINGS if spelling is wanted)
