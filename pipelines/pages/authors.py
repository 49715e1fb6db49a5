"""Who wrote it: JSON-LD, then meta elements, then the byline.

Lists of names are split, "by" and roles are taken off, and the outlet's own name counts only where nobody
else is named.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.pages.jsonld import JsonNode, listed, name_of
from pipelines.pages.keys import key
from pipelines.pages.names import DESKS, names_in
from pipelines.pages.structured import Structured

_MAX_AUTHORS = 12
"""More names than any article has writers: beyond it a list of tags or staff was read."""
_MAX_NAME = 60
"""Characters of one name; longer strings are sentences about an author."""

_META = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl",
    "cxenseparse:author", "og:article:author", "og:author", "article_author", "articleauthor",
    "citation_author", "dcterms.creator", "creator", "twitter:data1",
)  # fmt: skip
_MARKED_BYLINES = (
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author']",
    ".//a[@rel='author']",
)
_NAMES = XPath("//@class | //@id | //@itemprop | //@rel | //@data-testid | //@data-component", smart_strings=False)
_BYLINE_NAMES = re.compile(
    "[Aa]uthor|[Bb]yline|byl|BBL|username|screenname|writer|channel-name|journalist-name|submitted-by|posted-by"
    "|zuozhe|bianji|xiaobian"
)
"""Parts of the names in which trafilatura looks for a byline."""

_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{3}|\.(?:com|org|net|de|ru)\b", re.IGNORECASE)
_NOBODY_LIST = (
    "admin", "administrator", "webmaster", "anonymous", "unknown", "none", "null", "user", "guest",
    "author", "autor", "noauthor",
)  # fmt: skip
_NOBODY = frozenset(map(key, _NOBODY_LIST))
"""Names of accounts: worse than nothing."""
_DESK_PARTS = (
    "redaktion", "редакц", "editorial", "newsroom", "newsdesk", "onlineteam", "staffreport",
    "staffwriter", "webdesk", "編集部", "编辑部",
)  # fmt: skip


def find_authors(page: Structured, tree: HtmlElement, names: frozenset[str]) -> tuple[str, ...]:
    """The persons a page names as its writers.

    Args:
        page: its structured statements.
        tree: its parsed tree, for bylines where nothing is stated.
        names: keys of the site's names (`keys.site_keys`), which are not writers.

    Returns:
        Names as printed, without "by" and without roles, in the page's order, each once. Agencies count as
        writers. The outlet itself is named only where it is all that the page states.
    """
    stated = [_from_json(page), *_from_meta(page)]
    for found in (*stated, _from_marked(tree)):
        if people := _people(found, names | DESKS):
            return people
    for found in stated:
        if outlet := _people(found, _NOBODY):
            return outlet
    return _people(_from_class_names(tree), names | DESKS)


def _from_json(page: Structured) -> list[str]:
    for article in page.articles[:2]:
        people = [_expanded(value, page.nodes) for value in listed(article.get("author") or article.get("creator"))]
        if people:
            texts = [name_of(value, page.nodes) for value in people[:_MAX_AUTHORS]]
            return _names(texts, are_persons=len(people) > 1 or isinstance(people[0], dict))
    return []


def _expanded(value: Any, nodes: dict[str, JsonNode]) -> Any:  # JSON of any shape
    if isinstance(value, dict) and "name" not in value:
        return nodes.get(str(value.get("@id")), value)
    return value


def _from_meta(page: Structured) -> Iterator[list[str]]:
    for name in _META:
        if values := page.meta.get(name):
            yield _names(values, are_persons=len(set(values)) > 1)


def _from_marked(tree: HtmlElement) -> list[str]:
    """Bylines that are marked up as such."""
    for path in _MARKED_BYLINES:
        if found := [" ".join(node.text_content().split()) for node in tree.xpath(path)[:_MAX_AUTHORS]]:
            return _names(found)
    return []


def _from_class_names(tree: HtmlElement) -> list[str]:
    """Bylines by the class names that trafilatura knows.

    A guess, and it copies the tree, so it comes last, and only where there is such a name: of 94 development pages that
    got here 43 had none.
    """
    names = set(cast("list[str]", _NAMES(tree)))
    if not _BYLINE_NAMES.search("\n".join(names)) and next(tree.iter("author"), None) is None:
        return []
    from trafilatura.metadata import extract_author  # noqa: PLC0415  # heavy

    return _names((extract_author(tree) or "").split(";"))


def _names(texts: Iterable[str], *, are_persons: bool = False) -> list[str]:
    """The names in what a page states: whole, where it states several or says that it is a person."""
    named = (text for text in texts if not _NOT_A_NAME.search(text))
    return [name for text in named for name in names_in(text, is_person=are_persons)]


def _people(found: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    people: dict[str, str] = {}
    for name in found:
        if _is_person(name, names):
            people.setdefault(key(name), name)
    return tuple(people.values())[:_MAX_AUTHORS]


def _is_person(name: str, names: frozenset[str]) -> bool:
    folded = key(name)
    if folded[:1].isdigit():
        return False  # "5 minutes", where a reading time stands in the author's place
    if not 2 <= len(folded) <= _MAX_NAME or _NOT_A_NAME.search(name) or folded in names:
        return False
    desk = names >= DESKS and any(part in folded for part in _DESK_PARTS)
    return not desk and len(name.split()) <= 6
