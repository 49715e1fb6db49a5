"""The clean body of a page.

trafilatura reads it within bounds, its lines are sifted, and a plainer reading stands in where it gives none.

trafilatura's time grows with the square of the page (40,000 paragraphs: 18 s), and it answers None for deep
nesting and huge lines, so pages are cut to a size before, and what it refuses is read in a plainer way and
flagged.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.pages.joining import join_chunks
from pipelines.pages.lines import article_lines, has_prose
from pipelines.pages.places import Places, letters, words
from pipelines.pages.structured import Structured

if TYPE_CHECKING:
    from pipelines.pages.readings import Readings

MAX_NODES = 15_000
"""Elements given to trafilatura: about 2 s of CPU. The largest of 763 real pages has 9,748, nine in ten have less
than 1,500."""
_PLAUSIBLE = (0.5, 1.5)
"""Letters of trafilatura's fast reading, as multiples of those in the page's paragraphs, between which it is
believed. On 568 development pages this gives the quality of the careful reading, which compares three
extractors, for 18 % of its additional time; believing always loses .008. Paragraphs of readers' comments do not
count: both readings leave them out, and on a short article they would speak against either."""
_DOUBTED = 200
"""Letters below which a fast reading is too short to be judged by its share. With 150 the texts of 763 development
pages are the same, with 250 two are worse."""
_FALLBACK = "fallback 1"
_MAX_FALLBACK = 200_000
"""Characters of a fallback text; it holds the menus too, so more of it would not be more article."""

_INVISIBLE = re.compile(
    r"<!--[^-]*(?:-(?!->)[^-]*)*(?:-->)?|<(script|style|noscript|template|svg|nav|footer|title)\b[^<]*(?:<(?!/\1\b)[^<]*)*",
    re.IGNORECASE,
)
_BLOCK = re.compile(r"</?(?:p|div|br|li|h[1-6]|tr|td|section|article|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>?")
_TOO_LARGE = XPath(f"count(descendant-or-self::node()[not(self::text())]) > {MAX_NODES}")  # nodes as `iter` counts them


@dataclass(frozen=True, slots=True)
class Body:
    """A page's text.

    Attributes:
        text: clean lines, separated by newlines.
        raw: the text before lines were dropped, for judging the paywall.
        extractor: name and version of what produced it.
        flags: reason codes.
    """

    text: str
    raw: str
    extractor: str
    flags: tuple[str, ...] = ()


def read_body(tree: HtmlElement, source: str, page: Structured, titles: Iterable[str], people: Iterable[str]) -> Body:
    """Read the body of a parsed page.

    Args:
        tree: the page; it may be cut down to `MAX_NODES`, and is else left as it is.
        source: the page's decoded source, for the fallback.
        page: its structured statements; an articleBody serves as a referee, never as a replacement of what
            the page shows.
        titles: all spellings of the headline.
        people: the writers' names.

    Returns:
        The body; its text is "" where the page has none.
    """
    flags = []
    if cut_to_size(tree):
        flags.append("truncated")
    cut_second_article(tree)
    from pipelines.pages.readings import Readings  # noqa: PLC0415  # half a second of imports

    readings = Readings(tree)
    raw = _plausible(readings)
    reference = _article_body(page)
    on_page = Places(tree)
    if not raw:
        raw = reference or _plain_text(source)
        text = raw if reference or has_prose(raw.split("\n"), on_page) else ""
        return Body(text, raw, _FALLBACK, (*flags, "fallback"))
    lines = _lines(raw, tree)
    if not has_prose(lines, on_page):
        raw = readings.careful
        lines = _lines(raw, tree)
        if not has_prose(lines, on_page):
            # A video page, a gallery, a shell for a script: trafilatura then gives its menus and its footer.
            return Body("", raw, _trafilatura_version(), tuple(flags))
    kept = article_lines(lines, on_page, titles, people, reference=letters(reference))
    return Body("\n".join(kept), raw, _trafilatura_version(), tuple(flags))


def _lines(text: str, tree: HtmlElement) -> list[str]:
    return join_chunks([line.strip() for line in text.split("\n") if line.strip()], tree)


def cut_to_size(tree: HtmlElement) -> bool:
    """Take away every element after the first `MAX_NODES`; whether there were more."""
    if not _TOO_LARGE(tree):
        return False
    beyond = list(islice(tree.iter(), MAX_NODES, None))
    for element in beyond:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return True


def cut_second_article(tree: HtmlElement) -> None:
    """Take away what an endless page has loaded after its article: articles with an h1 of their own."""
    articles = [element for element in tree.iter("article") if next(element.iterancestors("article"), None) is None]
    headed = [element for element in articles if next(element.iter("h1"), None) is not None]
    for element in headed[1:]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


@cache
def _trafilatura_version() -> str:
    return f"trafilatura {version('trafilatura')}"


def _plausible(readings: "Readings") -> str:
    """The fast reading, or the careful one where its length or the page's paragraphs speak against the fast one."""
    read = len(letters(readings.fast))
    paragraphs = sum(len(letters(words(paragraph))) for paragraph in readings.tree.iter("p"))
    low, high = _PLAUSIBLE
    doubtful = 0 < read < _DOUBTED or not low * paragraphs <= read <= high * paragraphs
    return readings.careful if doubtful else readings.fast


def _article_body(page: Structured) -> str:
    """The longest articleBody that the page's own JSON-LD states, "" when there is none worth having."""
    bodies = [body for article in page.articles[:2] if isinstance(body := article.get("articleBody"), str)]
    body = max(bodies, key=len, default="")[:_MAX_FALLBACK]
    return body if len(body) > 200 else ""


def _plain_text(source: str) -> str:
    """All visible words of a page that trafilatura refuses.

    Tree parsers need time quadratic in the depth of such pages (100,000 open elements: 24 s by lexbor), so
    the markup is taken off in one linear pass.
    """
    visible = _TAG.sub(" ", _BLOCK.sub("\n", _INVISIBLE.sub(" ", source)))
    lines = (" ".join(line.split()) for line in html.unescape(visible).split("\n"))
    return "\n".join(line for line in lines if line)[:_MAX_FALLBACK]
