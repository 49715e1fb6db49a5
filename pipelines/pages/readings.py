"""trafilatura's two readings of a page, which share their steps.

`trafilatura.bare_extraction` gives a fast reading, or a careful one that compares it with two other extractors. Whoever
wants the one and then perhaps the other has the page pruned, cleaned, searched and measured twice. So the steps of its
`core.trafilatura_sequence` are taken here one by one, each once, and only when a reading depends on it. The texts are
those of `bare_extraction`; tests hold them to it.
"""

import re
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement
from trafilatura import baseline
from trafilatura.baseline import _BLOCK_ELEMS
from trafilatura.core import (
    ESCALATION_ACCEPT_RATIO,
    ESCALATION_JUSTEXT_RATIO,
    ESCALATION_MAX_LENGTH,
    ESCALATION_PAGE_SHARE,
)
from trafilatura.core import _forum_thread_page as forum_thread_page
from trafilatura.external import compare_extraction, justext_rescue
from trafilatura.htmlprocessing import convert_tags, prune_unwanted_nodes, tree_cleaning
from trafilatura.main_extractor import extract_content
from trafilatura.settings import _COOKIE_CONSENT_RE, Extractor
from trafilatura.utils import remove_control_characters
from trafilatura.xml import delete_element, xmltotxt
from trafilatura.xpaths import _COMMENTS_CLASS, _COMMENTS_ID, RAW_TREE_PRUNE_XPATH

# No deduplication: its memory outlives the page, so a text would depend on the pages read before it.
_FAST, _CAREFUL, _RECALL_FAST, _RECALL_CAREFUL = (
    Extractor(output_format="python", comments=False, with_metadata=False, dedup=False, fast=fast, recall=recall)
    for recall in (False, True)
    for fast in (True, False)
)
_SECTIONS = ("div", "section", "aside", "details", "list", "ol", "ul")
_NAMES_FOLLOWERS = re.compile("mvp-post-add|infinite|elementor-share")
"""What the classes and ids have in which `RAW_TREE_PRUNE_XPATH` finds something."""
_COMMENTS_BY_ID = re.compile(_COMMENTS_ID)
_COMMENTS_BY_CLASS = re.compile(_COMMENTS_CLASS)
_COMMENT_SYSTEMS = re.compile("disqus_thread|dsq-comments")
_CONSENT = re.compile(_COOKIE_CONSENT_RE, re.IGNORECASE)
_UNREAD = frozenset({"aside", "fencedframe", "footer", "script", "style", "svg", "template"})
_HAS_TEASERS = XPath("boolean(.//*[contains(@class, 'easer') or contains(@id, 'easer')])")


@dataclass(frozen=True, slots=True)
class Found:
    """What a step takes for the article: its elements and their text."""

    body: _Element
    text: str


class Readings:
    """trafilatura's readings of one page.

    Args:
        tree: the page; it is left as it is.

    Attributes:
        tree: the page, from the first reading on without its readers' comments.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self.tree = copy(tree)

    @cached_property
    def fast(self) -> str:
        """The text that trafilatura finds by itself, "" for none."""
        return self._text(careful=False)

    @cached_property
    def careful(self) -> str:
        """The text that it finds when it asks readability and jusText as well, "" for none."""
        return self._text(careful=True)

    def _text(self, *, careful: bool) -> str:
        try:
            found = self._compared if careful else self._own
            if len(found.text) < _FAST.min_extracted_size and len(self._plain.text) > len(found.text):
                found = self._plain
            if 0 < len(found.text) < ESCALATION_MAX_LENGTH and len(found.text) < ESCALATION_PAGE_SHARE * self._length:
                # So short a part of the page that the article may be more of it.
                found = self._escalated(found, careful=careful)
            return xmltotxt(found.body, include_formatting=False).strip() if found.text else ""
        except (TypeError, ValueError):  # characters that XML does not allow, for one
            return ""

    @cached_property
    def _cleaned(self) -> HtmlElement:
        prune(self.tree)
        return tree_cleaning(copy(self.tree), _FAST)

    @cached_property
    def _own(self) -> Found:
        return Found(*extract_content(convert_tags(copy(self._cleaned), _FAST), _FAST))

    @cached_property
    def _compared(self) -> Found:
        own = self._own
        if _HAS_TEASERS(self.tree):
            # The fast reading takes teasers as well, where it finds next to nothing else.
            own = Found(*extract_content(convert_tags(copy(self._cleaned), _CAREFUL), _CAREFUL))
        return Found(*compare_extraction(self._cleaned, copy(self.tree), own.body, own.text, _CAREFUL))

    @cached_property
    def _plain(self) -> Found:
        body, text, _ = baseline(self.tree)
        return Found(body, text)

    @cached_property
    def _length(self) -> int:
        return text_length(self.tree)

    def _escalated(self, found: Found, *, careful: bool) -> Found:
        """What looser rules find, where it is much longer."""
        try:
            return self._longer(found, careful=careful)
        except Exception:  # noqa: BLE001 - what makes a second try fail does not spoil the first, in trafilatura too
            return found

    def _longer(self, found: Found, *, careful: bool) -> Found:
        recalled = self._recalled
        if careful:
            cleaned = tree_cleaning(copy(self.tree), _RECALL_CAREFUL)
            recalled = Found(
                *compare_extraction(cleaned, copy(self.tree), recalled.body, recalled.text, _RECALL_CAREFUL)
            )
            other = Found(*justext_rescue(copy(self.tree), _CAREFUL))
            if len(other.text) > max(len(recalled.text), ESCALATION_JUSTEXT_RATIO * len(found.text)):
                return other
        enough = len(recalled.text) >= _FAST.min_extracted_size
        return recalled if enough and len(recalled.text) > ESCALATION_ACCEPT_RATIO * len(found.text) else found

    @cached_property
    def _recalled(self) -> Found:
        cleaned = tree_cleaning(copy(self.tree), _RECALL_FAST)
        return Found(*extract_content(convert_tags(cleaned, _RECALL_FAST), _RECALL_FAST))


def prune(tree: HtmlElement) -> None:
    """Takes away readers' comments and the articles that an endless page appends, as trafilatura does.

    trafilatura asks regular expressions of every element by XPath, which takes six times as long.
    """
    named = [element for element in tree.iter(*_SECTIONS) if element.get("class") or element.get("id")]
    names = {name for element in named for name in (element.get("class"), element.get("id")) if name}
    is_forum = forum_thread_page(tree)
    if any(map(_NAMES_FOLLOWERS.search, names)):
        prune_unwanted_nodes(tree, RAW_TREE_PRUNE_XPATH)
    if not is_forum:
        for element in named:
            if _holds_comments(element):
                delete_element(element)


def _holds_comments(element: HtmlElement) -> bool:
    identity, classes = element.get("id", ""), element.get("class", "")
    by_system = element.tag not in ("ol", "ul") and _COMMENT_SYSTEMS.match(identity)
    return element.tag != "aside" and bool(
        _COMMENTS_BY_ID.match(identity) or _COMMENTS_BY_CLASS.search(classes) or by_system
    )


def text_length(tree: HtmlElement) -> int:
    """Characters of a page outside scripts, asides, footers and banners: the length of `trafilatura.html2txt`.

    That asks regular expressions of every element of a copy; this walk takes a quarter of the time.
    """
    body = tree.find(".//body")
    top = tree if body is None else body
    parts = [top.text or ""]
    waiting: list[HtmlElement | str] = list(reversed(top))
    banners: dict[tuple[str, str], bool] = {}  # those that ask for consent, by class and id
    while waiting:
        element = waiting.pop()
        if isinstance(element, str):
            parts.append(element)
            continue
        tail = element.tail or ""
        if _is_unread(element, banners):
            parts.append(tail)
            continue
        text = element.text or ""
        if element.tag in _BLOCK_ELEMS:
            text, tail = f" {remove_control_characters(text)}", f" {remove_control_characters(tail)}"
        parts.append(text)
        waiting.append(tail)
        waiting.extend(reversed(element))
    return len(" ".join("".join(parts).split()))


def _is_unread(element: HtmlElement, banners: dict[tuple[str, str], bool]) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNREAD:
        return True
    names = element.get("class", ""), element.get("id", "")
    if names not in banners:
        banners[names] = _CONSENT.search(" ".join(names)) is not None
    return banners[names] or (element.tag == "div" and _is_footer(element, names))


def _is_footer(element: HtmlElement, names: tuple[str, str]) -> bool:
    """Whether the first of class and id, as they stand in the source, says so."""
    if not any("footer" in name for name in names):
        return False
    return "footer" in next(value for name, value in element.items() if name in ("class", "id"))
