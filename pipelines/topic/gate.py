"""The gate before extraction: could this page be about the subject at all?

Extraction costs 20 ms a page, and nearly all pages are about something else. The gate looks three times. First the raw
bytes are searched for the words that every accepted article has (`pipelines.topic.anchors`), in whatever spelling
(`pipelines.topic.spellings`): three news pages in four end there. Then what stands around those words
(`pipelines.topic.passages`) goes to the judge, who weighs it as he will weigh the article, but with half an ear for
what speaks against it. What is left is parsed, and he weighs the passages of what a reader sees of it, since words of
two menus and a teaser make no film.
One hole is known: a page where inline markup parts the letters of every single anchor, in its title too.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pipelines.topic.markup import Markup
from pipelines.topic.spellings import unescaped

LONGEST_VISIBLE = 200_000
"""Characters of visible text that are kept: five times what is read of an article, since menus come first."""

LONGEST_HEADINGS = 20_000
"""The same of headings: those of a live blog's hundred entries."""

MANY_TAGS = 25_000
"""Markup signs above which a page with an anchor passes unread: the parser is quadratic in nesting, 130 KB of nested
<div> took it 0.6 s, and 8 MiB would take half an hour. The most of 763 real pages is 19,437."""

_JSON_VALUE = re.compile(
    r'"(headline|alternativeHeadline|name|description|articleBody|text)"\s{0,9}:\s{0,9}"((?:[^"\\]|\\.)*)"',
    re.DOTALL,
)
_NOT_TEXT = ["script", "style", "noscript", "template", "nav", "footer", "aside", "select", "svg", "iframe", "textarea"]
_RUNNING = frozenset({"p", "h1", "blockquote", "figcaption"})
# Elements that begin and end no line, with content and without; whatever is not named here does.
_WITHIN_LINES = ["abbr", "b", "cite", "code", "em", "font", "i", "mark", "picture", "q", "s", "small"]
_WITHIN_LINES += ["span", "strong", "sub", "sup", "time", "u"]
_POINTS = ["img", "source", "wbr"]


@dataclass(frozen=True, slots=True)
class Visible:
    """What a reader of a page sees, and what it tells machines.

    Attributes:
        headings: whatever may become the headline.
        lines: the rest, a block or a JSON-LD text each.
    """

    headings: tuple[str, ...]
    lines: tuple[str, ...]


def visible(page: bytes) -> Visible | None:
    """What can be read on a page, without menus, footers, asides and lists of links.

    Args:
        page: UTF-8; bad bytes are taken for U+FFFD.

    Returns:
        Headings of at most `LONGEST_HEADINGS` and lines of at most `LONGEST_VISIBLE` characters; None for a page of
        more than `MANY_TAGS`.
    """
    page = Markup(page).without_code()
    if page.count(b"<") > MANY_TAGS:
        return None
    # A line break of the source means nothing, the beginning and end of a block means a new line.
    tree = LexborHTMLParser(page.replace(b"\n", b" "))
    described = [node.attributes for node in tree.css("meta")]
    headings = [_content(meta) for meta in described if _names(meta) in {"og:title", "twitter:title"}]
    lines = [_content(meta) for meta in described if _names(meta) in {"description", "og:description"}]
    for script in tree.css('script[type="application/ld+json"]'):
        for key, value in _JSON_VALUE.findall(script.text()):
            words = html.unescape(unescaped(value).replace("\\n", "\n").replace('\\"', '"').replace("\\/", "/"))
            (headings if key in {"headline", "alternativeHeadline"} else lines).extend(words.split("\n"))
    tree.strip_tags(_NOT_TEXT + _POINTS)
    tree.unwrap_tags(_WITHIN_LINES)
    headings += [node.text() for node in tree.css("title, h1")]
    if tree.root is not None:
        tree.root.merge_text_nodes()
    for link in tree.css("a"):
        if not _in_running_text(link):
            link.decompose()
    tree.unwrap_tags(["a"])
    if tree.root is not None:
        tree.root.merge_text_nodes()
    if tree.body is not None:
        lines += tree.body.text(separator="\n").split("\n")
    return Visible(_tidy(headings, LONGEST_HEADINGS), _tidy(lines, LONGEST_VISIBLE))


def _names(meta: Mapping[str, str | None]) -> str:
    return meta.get("property") or meta.get("name") or ""


def _content(meta: Mapping[str, str | None]) -> str:
    return meta.get("content") or ""


def _in_running_text(link: LexborNode) -> bool:
    """Whether a link is part of a sentence, not an entry of a menu or a teaser."""
    if link.parent is not None and link.parent.tag in _RUNNING:
        return True
    beside = (link.prev, link.next)
    return any(node is not None and node.is_text_node and any(c.isalpha() for c in node.text()) for node in beside)


def _tidy(texts: list[str], longest: int) -> tuple[str, ...]:
    """Each text once, spaces put in order, cut at so many characters altogether."""
    kept: dict[str, None] = {}
    length = 0
    for text in texts:
        line = " ".join(text.split())[: longest - length]
        if line and line not in kept:
            kept[line] = None
            length += len(line)
            if length >= longest:
                break
    return tuple(kept)
