"""Makes a feed's bytes safe to hand to feedparser, which tolerates everything and bounds nothing.

What takes it more than linear time was measured: 30,000 newlines before the first element 3 s, a
60,000-letter author 8 s, 20,000 attributes 8 s, addresses that grow with every nested xml:base. Each is cut
or refused here by one linear pass, so that what is left costs at most about 30 microseconds a tag.
"""

import gzip
import re
import zlib
from io import BytesIO
from typing import Any

from pipelines.safe_xml import with_sound_references

BODY_LIMIT = 8 * 2**20
"""Bytes of a feed that are read; real ones end below 4 MB."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_ROUNDS = 2
"""Some servers compress twice, once by hand and once as content coding."""

_TAGS_LIMIT = 300_000
"""Markup signs that are read: 2,000 entries with whole articles in them hold 200,000, and feedparser takes
some 8 s for these."""

_REFERENCES_LIMIT = 600_000
"""Character references that are read; feedparser keeps a string for each, and 2,600,000 took 500 MB."""

_HEAD_LIMIT = 16_384
"""Bytes before the first element; an inlined RSS 0.91 DTD needs 4,000. feedparser searches them with
quadratic expressions."""

_FIRST_ELEMENT = re.compile(rb"<\0{0,3}[A-Za-z]")
_DECLARATION_SPACE = re.compile(rb"\s{2,}")
_LONG_WORD = re.compile(r"[A-Za-z0-9_.+-]{100}")
"""No name of a person or an outlet holds one."""

_MANY_ATTRIBUTES = re.compile(rb"<[A-Za-z][^\s<>/]*(?:\s+[^\s=<>\"'/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')){200}")
_BASE = re.compile(rb"""\bbase\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""", re.IGNORECASE)
_BASE_LIMIT = 16_384
"""Bytes of all relative xml:base values together, which is the longest address that nesting can make of
them."""
_ABSOLUTE_BASE_LIMIT = 500
"""Bytes of one xml:base; it is taken apart again at every tag below it. Real ones are shorter than 100."""

_ENTITY = re.compile(rb"<!ENTITY\s[^>]{60,}>", re.IGNORECASE)
"""feedparser keeps entities that hold plain text; a long one repeated often fills the memory. Real ones stand
for one character."""

_CATEGORY = re.compile(
    rb"<((?:\w+:)?(?:category|subject|keywords|tags))\b"
    rb"(?:[^<>]*/>|[^<>]*>(?:[^<]{0,500}|\s*<!\[CDATA\[[^\]]{0,500}\]\]>\s*)</\1\s*>)"
)
"""Nothing here reads categories, and feedparser compares each with all others: 32,000 took 13 s. Taking them
out also makes an ordinary feed cheaper."""

_CATEGORY_START = re.compile(rb"<(?:\w+:)?(?:category|subject|keywords|tags)\b")
_CATEGORIES_LIMIT = 5_000
"""Categories of an odd form that may be left; all in one entry they cost 0.3 s."""


class HostileFeedError(ValueError):
    """The document would take more time or memory than any real feed needs."""


def bounded(body: bytes) -> tuple[bytes, list[str]]:
    """Undo gzip that was applied by hand, and cut to `BODY_LIMIT` and the limits of markup.

    Returns:
        The bytes, and the reason codes "gzipped" and "truncated" for what was done.
    """
    problems = []
    for _ in range(_GZIP_ROUNDS):
        if not body.startswith(_GZIP_MAGIC):
            break
        body = gunzip(body, BODY_LIMIT + 1)
        problems.append("gzipped")
    if len(body) > BODY_LIMIT:
        body = body[:BODY_LIMIT]
        problems.append("truncated")
    for sign, limit in ((b"<", _TAGS_LIMIT), (b"&", _REFERENCES_LIMIT)):
        if body.count(sign) > limit:
            body = sign.join(body.split(sign, limit)[:-1])
            problems.append("truncated")
    return body, list(dict.fromkeys(problems))


def tamed(body: bytes) -> bytes:
    """The same document without what would make feedparser slow.

    Raises:
        HostileFeedError: if it holds 200 attributes on one element, growing base addresses, or a head that no
            feed has.
    """
    first = _FIRST_ELEMENT.search(body)
    if first is None:
        return b""
    head = _DECLARATION_SPACE.sub(b"\n", body[: first.start()])
    if len(head) > _HEAD_LIMIT:
        raise HostileFeedError("more than 16 KiB before the first element")
    head = _ENTITY.sub(b"", head)
    rest = with_sound_references(body[first.start() :])
    plain = rest.replace(b"\0", b"")  # UTF-16 and UTF-32 spell the same markup with zero bytes in between
    if _MANY_ATTRIBUTES.search(plain):
        raise HostileFeedError("200 attributes on one element")
    bases = [double or single for double, single in _BASE.findall(plain)]
    if sum(len(base) for base in bases if b"://" not in base) > _BASE_LIMIT:
        raise HostileFeedError("relative xml:base values of more than 16 KiB")
    if any(len(base) > _ABSOLUTE_BASE_LIMIT for base in bases):
        raise HostileFeedError("xml:base of more than 500 bytes")
    rest = _CATEGORY.sub(b"", rest)
    if len(_CATEGORY_START.findall(rest.replace(b"\0", b""))) > _CATEGORIES_LIMIT:
        raise HostileFeedError("more than 5,000 categories")
    return head + rest


def bound_names(parser: Any) -> None:
    """Keep feedparser from searching the names of authors and publishers that hold very long words.

    It looks for mail addresses there with an expression that is quadratic in the length of a word: 30,000 letters
    took 2 s, and a feed can put them together of references, comments and CDATA sections. So it is the name
    itself that is looked at, and not the document: one with a word of 100 letters is dropped.

    Args:
        parser: feedparser's `mixin._FeedParserMixin`, whose method is replaced.
    """
    search = parser._sync_author_detail  # noqa: SLF001 - it has no other name

    def search_bounded(self: Any, key: str = "author") -> None:
        context = self._get_context()
        if _LONG_WORD.search(context.get(key) or ""):
            context[key] = ""
        search(self, key)

    parser._sync_author_detail = search_bounded  # noqa: SLF001


def gunzip(body: bytes, limit: int) -> bytes:
    """The first `limit` bytes of a gzip stream, and what could be read of a broken one. Never raises."""
    out = bytearray()
    with gzip.GzipFile(fileobj=BytesIO(body)) as stream:
        try:
            while len(out) < limit and (chunk := stream.read(min(65_536, limit - len(out)))):
                out += chunk
        except (OSError, EOFError, zlib.error):
            pass
    return bytes(out)
