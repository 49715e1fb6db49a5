"""The gate before extraction: could this page be about the subject at all?

Extraction costs 40 ms a page, and nineteen pages in twenty are about something else. The gate looks twice.
First an automaton runs over the raw bytes for the words that every accepted article has (`pipelines.topic.anchors`).
Seven news pages in ten end there. Then the visible text of the rest goes to the judge, who reads it with every doubt
in its favour, so that nothing is refused that would be accepted later; one news page in thirty is left.
One hole is known: a page where inline markup parts the words of every single anchor, in its title too.
"""

import html
import html.entities
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.encoding import decode
from pipelines.matching import fold
from pipelines.topic.anchors import Anchors

LONGEST_VISIBLE = 200_000
"""Characters of visible text that are read: five times what is read of an article, since menus come first."""

# Letters written as references; &#039;, &#160; and &#8217; are not letters. The pattern begins with a fixed
# character, which makes the search cheap (0.05 ms a page).
_REFERENCE = re.compile(
    rb"&(?:#(?:19[2-9]|[2-9][0-9]{2}|(?!8[0-9]{3};)[1-9][0-9]{3,4})"
    rb"|#[xX](?:0?[0-9a-fA-F]{3}|(?!20)[0-9a-fA-F]{4}|[c-fC-F][0-9a-fA-F])"
    rb"|[aeiouyncAEIOUYNC](?:acute|grave|circ|uml|tilde|cedil|ring));"
)
_JSON_LD, _SCRIPT_END = b"application/ld+json", b"</script"
_CODE = re.compile(rb"<(?:!--|script\b|style\b)")
_PARAGRAPH = re.compile(rb"<(?:p|article|h1)[ >]")
_SPACES = ((b"&#160;", b" "), (b"&#xa0;", b" "), (b"&#xA0;", b" "))
# Surrogates stay as they are: half a character is none.
_ESCAPE = re.compile(r"\\u(?![dD][89a-fA-F])([0-9a-fA-F]{4})")
_ARABIC, _COMBINING, _SOFT_HYPHENS = b"\xd9", b"\xcc", (b"\xc2\xad", b"&shy;")
_ARABIC_MARKS = re.compile(rb"\xd9[\x80\x8b-\x92]")

_BLOCK = re.compile(
    r"<(?=/?(?:address|article|blockquote|center|dd|div|dl|dt|figcaption|figure|h[1-6]|header|hr|li|main|ol|p|pre"
    r"|section|table|tbody|td|th|tr|ul|title|body)\b)",
    re.IGNORECASE,
)
_JSON_VALUE = re.compile(
    r'"(headline|alternativeHeadline|name|description|articleBody|text)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*)"',
    re.DOTALL,
)
_NOT_TEXT = "script, style, noscript, template, nav, footer, aside, select, svg, iframe, textarea"
_RUNNING = frozenset({"p", "h1", "blockquote", "figcaption"})
_INLINE = frozenset({"span", "b", "strong", "em", "i", "u", "font", "mark"})


@dataclass(frozen=True, slots=True)
class Visible:
    """What a reader of a page sees, and what it tells machines.

    Attributes:
        headings: whatever may become the headline.
        lines: the rest, a block or a JSON-LD text each.
    """

    headings: tuple[str, ...]
    lines: tuple[str, ...]


def page_text(body: bytes, *, charset: str, anchors: Anchors) -> str | None:
    """The page's source as text when an anchor stands in it, else None."""
    text, encoding = decode(body, charset=charset)
    plain = without_code(body if encoding == "utf-8" else text.encode("utf-8", "replace"))
    for written, meant in _SPACES:
        if written in plain:
            plain = plain.replace(written, meant)
    if _REFERENCE.search(plain):
        plain = _REFERENCE.sub(_letter, plain)
    return text if anchors.found_in(chain((plain,), _hidden(plain))) else None


def without_code(page: bytes) -> bytes:
    """A page without its scripts and style sheets, which make up a third of its bytes; JSON-LD stays.

    Where a script would swallow paragraphs it is left in: what opens it then may be a comment's or an attribute's.
    """
    low = page.lower()
    kept, at, position = [], 0, 0
    while found := _CODE.search(low, position):
        if found[0] == b"<!--":
            end = low.find(b"-->", found.end())
            position = end if end >= 0 else len(low)
            continue
        opened = low.find(b">", found.end())
        closed = low.find(b"</" + found[0][1:], opened) if opened >= 0 else -1
        if closed < 0:
            break
        position = closed
        if _JSON_LD not in low[found.start() : opened] and not _PARAGRAPH.search(low, opened, closed):
            kept.append(page[at : found.start()])
            at = closed
    return b"".join((*kept, page[at:]))


def _letter(reference: re.Match[bytes]) -> bytes:
    return html.unescape(reference[0].decode("ascii")).encode("utf-8", "replace")


def _hidden(plain: bytes) -> Iterator[bytes]:
    """What the bytes say in another spelling: each is rare, and dear to undo."""
    if any(mark in plain for mark in _SOFT_HYPHENS):
        yield plain.replace(b"\xc2\xad", b"").replace(b"&shy;", b"")
    if _COMBINING in plain or (_ARABIC in plain and _ARABIC_MARKS.search(plain)):
        yield fold(plain.decode("utf-8", "replace")).encode("utf-8", "replace")
    start = plain.find(_JSON_LD)
    while start >= 0:
        end = plain.find(_SCRIPT_END, start)
        script = plain[start : end if end >= 0 else None]
        if b"\\u" in script:
            yield _unescaped(script.decode("utf-8", "replace")).encode("utf-8", "replace")
        start = plain.find(_JSON_LD, end) if end >= 0 else -1


def visible(source: str) -> Visible:
    """What can be read on a page, without menus, footers, asides and lists of links.

    Args:
        source: the page's HTML.

    Returns:
        Headings and lines, together not longer than `LONGEST_VISIBLE` characters.
    """
    # White space of the source means nothing, the beginning and end of a block means a new line.
    tree = LexborHTMLParser(_BLOCK.sub("\n<", " ".join(source.split())))
    headings = [_content(node) for node in tree.css('meta[property="og:title"], meta[name="twitter:title"]')]
    lines = [_content(node) for node in tree.css('meta[name="description"], meta[property="og:description"]')]
    for script in tree.css('script[type="application/ld+json"]'):
        for key, value in _JSON_VALUE.findall(script.text()):
            words = html.unescape(_unescaped(value).replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/"))
            (headings if key in {"headline", "alternativeHeadline"} else lines).extend(words.split("\n"))
    for node in tree.css(_NOT_TEXT):
        node.decompose()
    headings += [node.text() for node in tree.css("title, h1")]
    for link in tree.css("a"):
        if not _in_running_text(link):
            link.decompose()
    if tree.body is not None:
        lines += tree.body.text().split("\n")
    return Visible(_tidy(headings), _tidy(lines))


def _content(node: LexborNode) -> str:
    return node.attributes.get("content") or ""


def _in_running_text(link: LexborNode) -> bool:
    """Whether a link is part of a sentence, not an entry of a menu or a teaser."""
    node: LexborNode | None = link
    while node is not None and (parent := node.parent) is not None:
        if parent.tag in _RUNNING:
            return True
        for beside in (node.prev, node.next):
            if beside is not None and beside.is_text_node and any(c.isalpha() for c in beside.text()):
                return True
        if parent.tag not in _INLINE:
            return False
        node = parent
    return False


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _tidy(texts: list[str]) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    length = 0
    for text in texts:
        line = " ".join(text.split())
        if line and line not in kept:
            kept[line] = None
            length += len(line)
            if length > LONGEST_VISIBLE:
                break
    return tuple(kept)
