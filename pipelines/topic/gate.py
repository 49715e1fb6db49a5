"""The gate before extraction: could this page be about the subject at all?

Extraction costs 40 ms a page, and nineteen pages in twenty are about something else. The gate looks twice.
First the raw bytes are searched for the words that every accepted article has (`pipelines.topic.anchors`), and again
in another spelling where the page has one (`pipelines.topic.spellings`). Five news pages in six end there. Then the
visible text of the rest goes to the judge, who reads it with every doubt in its favour, so that nothing is refused
that would be accepted later; one news page in twenty is left.
One hole is known: a page where inline markup parts the letters of every single anchor, in its title too.
"""

import html
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.encoding import decode
from pipelines.topic.anchors import Anchors
from pipelines.topic.spellings import respelled, unescaped

LONGEST_VISIBLE = 200_000
"""Characters of visible text that are read: five times what is read of an article, since menus come first."""

MANY_TAGS = 25_000
"""Markup signs above which a page with an anchor passes unread: the parser is quadratic in nesting, 130 KB of nested
<div> took it 0.6 s, and 8 MiB would take half an hour. The most of 763 real pages is 19,437."""

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
    """The page's source as text when an anchor stands in it, in whatever spelling, else None."""
    if anchors.found_in(body, respelled(body, charset=charset)):
        return decode(body, charset=charset)[0]
    return None


def without_scripts(source: str) -> str:
    """A page without its scripts, which make up half of it; JSON-LD stays, and so does what is never closed."""
    kept, done = [], 0
    start = source.find("<script")
    while start >= 0:
        end = source.find("</script", start)
        if end < 0:
            break
        if "ld+json" not in source[start:end].partition(">")[0]:
            kept.append(source[done:start])
            done = end
        start = source.find("<script", end)
    return "".join((*kept, source[done:]))


def visible(source: str) -> Visible:
    """What can be read on a page, without menus, footers, asides and lists of links.

    Args:
        source: the page's HTML.

    Returns:
        Headings and lines, each together not longer than `LONGEST_VISIBLE` characters.
    """
    # A line break of the source means nothing, the beginning and end of a block means a new line.
    tree = LexborHTMLParser(_BLOCK.sub("\n<", without_scripts(source).replace("\n", " ")))
    headings = [_content(node) for node in tree.css('meta[property="og:title"], meta[name="twitter:title"]')]
    lines = [_content(node) for node in tree.css('meta[name="description"], meta[property="og:description"]')]
    for script in tree.css('script[type="application/ld+json"]'):
        for key, value in _JSON_VALUE.findall(script.text()):
            words = html.unescape(unescaped(value).replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/"))
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


def _tidy(texts: list[str]) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    length = 0
    for text in texts:
        line = " ".join(text.split())[: LONGEST_VISIBLE - length]
        if line and line not in kept:
            kept[line] = None
            length += len(line)
            if length >= LONGEST_VISIBLE:
                break
    return tuple(kept)
