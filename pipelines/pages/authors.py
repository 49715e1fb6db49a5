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

_LIST = re.compile(
    r"\s*(?:[;|/•·、，\n]|(?<!\w)&(?!\w)|,(?!\s?(?:jr|sr)\b))\s*"
    r"|\s+(?:and|und|et|y|e|и|і|та|og|och|en|i|ja|ve|with|mit)\s+",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^\s*(?:(?:written|reported|story|text|words|article|posted)\s+)?"
    r"(?:by|von|vom|par|por|di|av|af|door|från|fra|autor(?:in)?|author|auteur|autore|автор|текст|text|文|作者|記者|记者|取材|撰文|글|기자)(?:\s*[:：]\s*|\s+)",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*(?:[(（\[<].*|\s[-–—]\s.*|\s(?:in|aus)\s[A-ZÄÖÜ]\w+$|\s*(?:記者|记者|기자|特派員)$)")
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\d{3}|\.(?:com|org|net|de|ru)\b", re.IGNORECASE)
_DESKS_LIST = (
    "admin", "administrator", "editor", "editors", "editorial", "redaktion", "redaction",
    "redacción", "redazione", "redakcja", "редакция", "staff", "newsroom", "webmaster", "author",
    "autor", "anonymous", "unknown", "none", "null", "user", "guest", "newsdesk", "contributor",
    "online", "onlineredaktion", "redakteur", "team", "news",
)  # fmt: skip
_DESKS = frozenset(map(key, _DESKS_LIST))
"""Words that stand where a name should: better than nothing, worse than any name."""
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
        names: keys of the site's names (`headline.site_keys`), which are not writers.

    Returns:
        Names as printed, without "by" and without roles, in the page's order, each once. Agencies count as
        writers. The outlet itself is named only where it is all that the page states.
    """
    stated = [list(_from_json(page)), *_from_meta(page)]
    for found in (*stated, _from_marked(tree)):
        if people := _people(found, names | _DESKS):
            return people
    for found in stated:
        if outlet := _people(found, _NOBODY):
            return outlet
    return _people(_from_class_names(tree), names | _DESKS)


def _from_json(page: Structured) -> Iterator[str]:
    for article in page.articles[:2]:
        people = [_expanded(value, page.nodes) for value in listed(article.get("author") or article.get("creator"))]
        for value in people[:_MAX_AUTHORS]:
            yield name_of(value, page.nodes)
        if people:
            return


def _expanded(value: Any, nodes: dict[str, JsonNode]) -> Any:  # JSON of any shape
    if isinstance(value, dict) and "name" not in value:
        return nodes.get(str(value.get("@id")), value)
    return value


def _from_meta(page: Structured) -> Iterator[list[str]]:
    for name in _META:
        if values := page.meta.get(name):
            yield values


def _from_marked(tree: HtmlElement) -> Iterator[str]:
    """Bylines that are marked up as such."""
    for path in _MARKED_BYLINES:
        if found := [" ".join(node.text_content().split()) for node in tree.xpath(path)[:_MAX_AUTHORS]]:
            yield from found
            return


def _from_class_names(tree: HtmlElement) -> list[str]:
    """Bylines by the class names that trafilatura knows.

    A guess, and it copies the tree, so it comes last, and only where there is such a name: of 94 development pages that
    got here 43 had none.
    """
    names = set(cast("list[str]", _NAMES(tree)))
    if not _BYLINE_NAMES.search("\n".join(names)) and next(tree.iter("author"), None) is None:
        return []
    from trafilatura.metadata import extract_author  # noqa: PLC0415  # heavy

    return (extract_author(tree) or "").split(";")


def _people(found: Iterable[str], names: frozenset[str]) -> tuple[str, ...]:
    people: dict[str, str] = {}
    for text in found:
        for part in () if _NOT_A_NAME.search(text) else _LIST.split(text[:500]):
            name = _SUFFIX.sub("", _PREFIX.sub("", part or "")).strip(" .,:;-–—*\"'“”„")
            if _is_person(name, names):
                people.setdefault(key(name), name)
    return tuple(people.values())[:_MAX_AUTHORS]


def _is_person(name: str, names: frozenset[str]) -> bool:
    folded = key(name)
    if folded[:1].isdigit():
        return False  # "5 minutes", where a reading time stands in the author's place
    if not 2 <= len(folded) <= _MAX_NAME or _NOT_A_NAME.search(name) or folded in names:
        return False
    desk = names >= _DESKS and any(part in folded for part in _DESK_PARTS)
    return not desk and len(name.split()) <= 6
