"""Where the lines of a text stand on its page: in links, under pictures, in which container."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

_BLOCKS = (
    "p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "td", "dd", "dt", "blockquote", "div",
    "span", "a", "strong", "em",
)  # fmt: skip
_LARGEST_LINE = 8
"""Children of a div or span that can be one line. Larger ones are containers, and reading every container's
text is quadratic in depth."""
_STRING = XPath("string()", smart_strings=False)
_NOT_LETTERS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands on the page.

    Attributes:
        link_share: the share of its letters in links.
        caption: whether it is one.
        within: tag and class of the element around its own; paragraphs of one text have it in common.
    """

    link_share: float
    caption: bool
    within: tuple[str, str]


class Places:
    """Where lines stand on a page.

    Args:
        tree: the page.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._places: dict[str, Place | None] = {}
        self._longest = 0

    def of(self, keys: Sequence[str]) -> dict[str, Place]:
        """The places of those lines (`letters`) that are the whole text of an element, the first one on the page."""
        if unknown := set(keys) - self._places.keys() - {""}:
            self._longest = max(self._longest, 2 * max(map(len, unknown)))
            found = self._elements(unknown)
            self._places |= {key: _place(found[key], key) if key in found else None for key in unknown}
        return {key: place for key in set(keys) if (place := self._places.get(key)) is not None}

    def _elements(self, keys: set[str]) -> dict[str, HtmlElement]:
        # Nearly all elements begin otherwise than every line, or are shorter than those that begin so.
        shortest: dict[str, int] = {}
        for key in keys:
            shortest[key[0]] = min(len(key), shortest.get(key[0], len(key)))
        found: dict[str, HtmlElement] = {}
        for element in self._tree.iter(*_BLOCKS):
            text = element.text or ""
            if len(element):
                if _needed(text, shortest) == math.inf or (
                    element.tag in ("div", "span") and len(element) > _LARGEST_LINE
                ):
                    continue
                text = words(element)
            text = text.strip()
            if 2 <= len(text) <= self._longest and len(text.lower()) >= _needed(text, shortest):
                key = letters(text)
                if key in keys:
                    found.setdefault(key, element)
        return found


def _needed(text: str, shortest: Mapping[str, int]) -> float:
    """The length of the shortest line that begins as a text does, infinite for none; 0 where that is not a letter."""
    first = text.lstrip()[:1]
    return shortest.get(first.lower()[0], math.inf) if first.isalnum() else 0


def _place(element: HtmlElement, key: str) -> Place:
    around = [element, *islice(element.iterancestors(), 3)]
    inside_link = any(parent.tag == "a" for parent in around)
    is_caption = any(parent.tag == "figcaption" for parent in around)
    within = ("", "") if len(around) == 1 else (str(around[1].tag), around[1].get("class") or "")
    return Place(1.0 if inside_link else link_share(element, key), is_caption, within)


def words(element: HtmlElement) -> str:
    """The text of an element, read in C: on a page's thousands of elements ten times as fast as `itertext`."""
    return str(_STRING(element))


def letters(text: str) -> str:
    """Letters and digits of a text in lower case: what page and extracted lines are compared by."""
    return _NOT_LETTERS.sub("", text).lower()


def link_share(element: HtmlElement, key: str) -> float:
    """The share of an element's letters (`key`) that stand in links, 0 to 1."""
    return sum(len(letters(words(link))) for link in element.iter("a")) / (len(key) or 1)
