"""What a page says about itself for machines: JSON-LD, meta elements, and a few visible elements.

Everything is collected in one place from one parsed tree, without judging it: `headline`, `authors`,
`dates` and `paywall` judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.pages.jsonld import MAX_VALUE, JsonNode, json_nodes, listed, name_of, plain, types_of
from pipelines.pages.keys import site_keys
from pipelines.pages.ownership import own_articles

_MAX_ELEMENTS = 400
"""Elements of one kind looked at on one page."""


@dataclass(frozen=True, slots=True)
class TimeElement:
    """A `<time>` element: its machine-readable attribute and its words."""

    datetime: str
    text: str
    published: bool
    """Marked as the time of publication (itemprop, pubdate, class)."""
    modified: bool
    """Marked as the time of a change."""
    in_article: bool
    """Stands in the header or the body of the page's first article, or there is no article element."""


@dataclass(frozen=True, slots=True)
class Structured:
    """A page's statements about itself.

    Attributes:
        articles: JSON-LD nodes that speak of the page's own article, the best first.
        nodes: all JSON-LD nodes by their "@id", to resolve references.
        meta: contents of meta elements by lower-case name, property or itemprop, in document order.
        title: text of the title element.
        headings: texts of h1 elements, the one marked as headline first.
        times: `<time>` elements in document order.
        language: lang attribute of the document, "" when there is none.
        canonical: href of link rel=canonical, "" when there is none.
        site_names: what the page calls its outlet, most trusted first.
    """

    articles: tuple[JsonNode, ...]
    nodes: dict[str, JsonNode]
    meta: dict[str, list[str]]
    title: str
    headings: tuple[str, ...]
    times: tuple[TimeElement, ...]
    language: str
    canonical: str
    site_names: tuple[str, ...]

    def first_meta(self, *names: str) -> str:
        """Content of the first of these meta elements that is there and not empty, else ""."""
        return next((value for name in names for value in self.meta.get(name, ())), "")


def collect(tree: HtmlElement, url: str) -> Structured:
    """Collect the statements of a parsed page. Never raises on bad content; bounded by the constants."""
    nodes = list(json_nodes(tree))
    by_id: dict[str, JsonNode] = {}
    for node in nodes:
        if isinstance(identity := node.get("@id"), str) and len(node) > len(by_id.get(identity, ())):
            by_id[identity] = node
    meta = _meta(tree)
    title, headings, canonical = _first_text(tree, "title"), _headings(tree), _canonical(tree)
    articles = own_articles(
        nodes,
        url=url,
        declared=(canonical, *meta.get("og:url", ())[:1]),
        headings=headings,
        titles=(title, *(value for name in ("og:title", "twitter:title") for value in meta.get(name, ())[:1])),
        sites=site_keys(_site_names(nodes, (), by_id, meta), url),
    )
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang") or ""
    return Structured(
        articles=articles,
        nodes=by_id,
        meta=meta,
        title=title,
        headings=headings,
        times=tuple(_times(tree)),
        language=language.strip()[:20],
        canonical=canonical,
        site_names=_site_names(nodes, articles, by_id, meta),
    )


def element_text(element: HtmlElement) -> str:
    """The words of an element on one line, scripts and styles left out."""
    parts = element.xpath(".//text()[not(parent::script or parent::style)]")[:200]
    return " ".join(" ".join(parts).split())[:MAX_VALUE]


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for count, element in enumerate(tree.iter("meta")):
        if count >= _MAX_ELEMENTS:
            break
        content = plain(element.get("content"))
        if not content:
            continue
        for attribute in ("property", "name", "itemprop"):
            if name := element.get(attribute):
                found.setdefault(name.strip().lower()[:100], []).append(content)
                break
    return found


def _first_text(tree: HtmlElement, tag: str) -> str:
    # A title element also stands inside SVG images.
    elements = (element for element in tree.iter(tag) if next(element.iterancestors("svg"), None) is None)
    return next(map(element_text, elements), "")


def _headings(tree: HtmlElement) -> tuple[str, ...]:
    marked: list[str] = []
    others: list[str] = []
    for count, element in enumerate(tree.iter("h1")):
        if count >= _MAX_ELEMENTS // 10:
            break
        if text := element_text(element):
            is_headline = "headline" in (element.get("itemprop") or "")
            (marked if is_headline else others).append(text)
    return tuple(dict.fromkeys(marked + others))


def _times(tree: HtmlElement) -> Iterator[TimeElement]:
    main = next(tree.iter("article"), None)
    for count, element in enumerate(tree.iter("time")):
        if count >= _MAX_ELEMENTS:
            return
        parent = element.getparent()
        marks = " ".join(
            node.get(name) or ""
            for node in (element, parent)
            if node is not None
            for name in ("itemprop", "class", "data-testid", "id")
        ).lower()
        yield TimeElement(
            datetime=(element.get("datetime") or element.get("content") or "").strip()[:100],
            text=element_text(element)[:100],
            published="publish" in marks or "pubdate" in marks or element.get("pubdate") is not None,
            modified=any(word in marks for word in ("modif", "updat")),
            in_article=main is None or any(ancestor is main for ancestor in element.iterancestors("article")),
        )


def _canonical(tree: HtmlElement) -> str:
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split():
            return (element.get("href") or "").strip()
    return ""


def _site_names(
    nodes: list[JsonNode],
    articles: tuple[JsonNode, ...],
    by_id: dict[str, JsonNode],
    meta: dict[str, list[str]],
) -> tuple[str, ...]:
    names = [*meta.get("og:site_name", ()), *meta.get("application-name", ())]
    for article in articles[:3]:
        names += [name_of(publisher, by_id) for publisher in listed(article.get("publisher"))]
    names += [plain(node.get("name")) for node in nodes if "website" in types_of(node)]
    names += [name.removeprefix("@") for name in meta.get("twitter:site", ())]
    return tuple(dict.fromkeys(name for name in names if name and len(name) <= 100))
