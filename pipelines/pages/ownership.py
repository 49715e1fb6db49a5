"""Which of the things that a page describes in JSON-LD is the page's own article.

Publishers describe related stories, embedded players, products and open positions there as well. What speaks for a node
is its address, which is the page's or another, and its headline, which the page shows elsewhere too or not.
"""

from collections.abc import Iterable
from itertools import islice
from urllib.parse import urlsplit

from pipelines.pages.jsonld import JsonNode, listed, plain, types_of
from pipelines.pages.keys import key
from pipelines.urls import fetch_url, match_key

_ARTICLES = ("article", "blogposting", "mediaposting", "forumposting", "report")
_WORKS = ("review", "videoobject")
"""What is the article of some pages, and on others a part of it or a neighbour."""
_TYPES = (*_ARTICLES, *_WORKS, "webpage")
"""Endings of the lower-cased schema.org types that carry a headline and a date, the best first."""
_REVIEW, _VIDEO, _PAGE = (_TYPES.index(name) for name in ("review", "videoobject", "webpage"))

_MAX_NODES = 200
"""Nodes of these types that are judged; 763 real pages have 54 at most."""
_MAX_ADDRESSES = 3
"""Values of one property that are read. With 200 nodes the worst of them take a third of a second."""
_SHORT = 8
"""Letters and digits below which a title says nothing about another that it is part of."""
_CLOSE = 0.75
"""How much of a title the headline of a node with another address must be: "Tom Cruise in space" is also a part of
other stories' headlines."""


def own_articles(
    nodes: Iterable[JsonNode],
    *,
    url: str,
    declared: Iterable[str],
    headings: Iterable[str],
    titles: Iterable[str],
    sites: frozenset[str],
) -> tuple[JsonNode, ...]:
    """The nodes that speak of the page's own article, the best first.

    A node is sure to be the page's own when it names the page's address, or when the page shows its headline. It is not
    when it has another headline and names another address. When it names none, it is taken where nothing surer is there
    and the page has not settled on another headline. Reviews and videos need the page's headline, since a player
    names the page that it stands in, and count only on pages without an article.

    Args:
        nodes: all JSON-LD nodes of the page.
        url: its address.
        declared: the addresses it claims (rel=canonical, og:url), also those of other domains: syndicated and archived
            copies have such.
        headings: its h1 elements.
        titles: what else it has for a title.
        sites: keys of the site's names (`keys.site_keys`), which are no headlines.
    """
    own = {place for address in (url, *declared) if (place := _place(address, url))}
    shown, stated = (
        [name for title in group if (name := key(title)) and name not in sites] for group in (headings, titles)
    )
    settled = any(_agrees(name, stated) for name in shown)
    sure: list[tuple[bool, int, JsonNode]] = []
    doubtful: list[tuple[bool, int, JsonNode]] = []
    typed = ((kind, node) for node in nodes if (kind := _kind(node)) is not None)
    for kind, node in islice(typed, _MAX_NODES):
        named = _names(node, own, url)
        headline = key(plain(node.get("headline")) or plain(node.get("name")))
        least = _CLOSE if named is False else 0.0
        agrees = _agrees(headline, (*shown, *stated), least) or not (shown or stated)
        if kind in (_REVIEW, _VIDEO):
            is_sure = (agrees and named is not False) or (named is True and not headline)
        else:
            is_sure = agrees or named is True
        if is_sure:
            sure.append((named is not True, kind, node))
        elif named is None and kind != _VIDEO and not (headline and settled):
            doubtful.append((True, kind, node))

    def best(*kinds: int) -> list[JsonNode]:
        found = [item for item in sure if item[1] in kinds] or [item for item in doubtful if item[1] in kinds]
        return [node for *_, node in sorted(found, key=lambda item: item[:2])]

    # A WebPage with the page's address is weaker than an article without one.
    return (*(best(*range(_REVIEW)) or best(_REVIEW, _VIDEO)), *best(_PAGE))


def _kind(node: JsonNode) -> int | None:
    """The place of a node's best type in `_TYPES`, None when it has none of them."""
    names = types_of(node)
    return next((kind for kind, end in enumerate(_TYPES) if any(name.endswith(end) for name in names)), None)


def _agrees(headline: str, titles: Iterable[str], least: float = 0.0) -> bool:
    """Whether a headline is one of the titles, or one is part of the other (a site's name, a kicker, a cut end).

    Args:
        headline: a key.
        titles: keys.
        least: how much of the longer one the shorter must be, 0 to 1.
    """
    for title in titles:
        short, long = sorted((headline, title), key=len)
        if short == long or (len(short) >= max(_SHORT, least * len(long)) and short in long):
            return True
    return False


def _names(node: JsonNode, own: set[tuple[str, str]], url: str) -> bool | None:
    """Whether a node names the page's address (True), another one (False), or none that tells anything (None)."""
    entity = node.get("mainEntityOfPage")
    pages = [value for item in listed(entity) if isinstance(item, dict) for value in (item.get("@id"), item.get("url"))]
    about = (*listed(node.get("url"))[:_MAX_ADDRESSES], *listed(entity)[:_MAX_ADDRESSES], *pages[:_MAX_ADDRESSES])
    # An @id may name a part of the page (#video), so it counts only where nothing else is said.
    for addresses in (about, listed(node.get("@id"))[:1]):
        places = {place for address in addresses if isinstance(address, str) and (place := _place(address, url))}
        if places:
            return any(_is_one(place, other) for place in places for other in own)
    return None


def _place(address: str, base: str) -> tuple[str, str] | None:
    """Path and query of an address in all its spellings; None for what names no page, as the home page does not.

    The host does not count: on a copy, behind a content system's own name and after a move it is another one.
    """
    if "://" not in address and not address.startswith("/"):
        return None
    try:
        parts = urlsplit(match_key(fetch_url(address, base)))
    except ValueError:
        return None
    return (parts.path, parts.query) if parts.path != "/" or parts.query else None


def _is_one(place: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two places are of one page; a query may be a tracker's, so one of them may be without."""
    return place[0] == other[0] and (place[1] == other[1] or not (place[1] and other[1]))
