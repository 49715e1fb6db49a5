"""What a new outlet offers: its feeds and sitemaps, found from its front page and its robots.txt.

Pure: `crawler.probing` asks, these functions say what to ask and what an answer is.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pipelines.catalogue.sources import Source
from pipelines.encoding import decode
from pipelines.feeds import parse_feed
from pipelines.model import Entry
from pipelines.sitemaps import parse_sitemap, robots_sitemaps
from pipelines.text import clean_text, language_tag
from pipelines.urls import fetch_url, registered_domain

Kind = Literal["feed", "news_sitemap", "sitemap"]

FEED_PATHS = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/all.atom.xml")
"""Where feeds are that no page names: WordPress, Drupal and Ghost, Jekyll, Hugo, Pelican. Asked only when the front
page names none, since a 404 is a request too."""

NEWS_SITEMAP_PATHS = (
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/arc/outboundfeeds/news-sitemap/?outputType=xml",
)
"""Where news sitemaps are that robots.txt does not name: Yoast, the two usual spellings, Arc."""

MAX_CANDIDATES = 12
"""Addresses tried for one outlet. Portals name a feed for each of a hundred sections; the first ones are the whole."""

_HOME_LIMIT = 2 * 2**20
"""Bytes of a front page that are read."""
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario", re.IGNORECASE)
_NEWS = re.compile(r"news|aktuell|nachrichten|noticias|novosti", re.IGNORECASE)
_NAME_END = re.compile(r"\s+[|–—:·»-]+\s+")


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What a front page says of its outlet.

    Attributes:
        name: the outlet's name, "" when the page gives none.
        language: BCP 47 tag in lower case, "" when the page gives none.
        feeds: addresses that it names as alternates, comments last, without repetition.
    """

    name: str = ""
    language: str = ""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """An address that lists articles.

    Attributes:
        url: where it answered.
        kind: how `sources.toml` files it.
        title: its own, "" without one.
        entries: as read.
        problems: reason codes of the reader.
        children: sitemaps that it names; then it has no entries of its own.
    """

    url: str
    kind: Kind
    title: str = ""
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


def read_front_page(body: bytes, url: str, *, charset: str = "") -> FrontPage:
    """Read a front page.

    Args:
        body: its bytes; at most 2 MiB are read.
        url: the address that answered.
        charset: of the Content-Type header.

    Returns:
        What it says of itself; empty for anything that is no page. Never raises.
    """
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  # 20 ms, and only `sources add` needs it

    source = decode(body[:_HOME_LIMIT], charset=charset)[0]
    tree = LexborHTMLParser(source[: _first_after_head(source)])
    feeds: dict[str, bool] = {}
    for link in tree.css("link[rel][href]"):
        values = link.attributes
        media_type = (values.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in (values.get("rel") or "").lower().split() or media_type not in _FEED_TYPES:
            continue
        try:
            address = fetch_url((values.get("href") or "").strip(), base=url)
        except ValueError:
            continue
        feeds.setdefault(address, bool(_COMMENTS.search(f"{address} {values.get('title') or ''}")))
    named = tree.css_first('meta[property="og:site_name"]') or tree.css_first('meta[name="application-name"]')
    title = tree.css_first("title")
    name = (named.attributes.get("content") if named else "") or _NAME_END.split(title.text() if title else "", 1)[0]
    root = tree.css_first("html")
    return FrontPage(
        clean_text(name or "", limit=100),
        language_tag(root.attributes.get("lang") if root else ""),
        tuple(sorted(feeds, key=feeds.__getitem__)),
    )


def candidates(page: FrontPage, robots: bytes, home: str) -> tuple[str, ...]:
    """Addresses to try, the most likely first: those that the outlet names, and the usual ones where it names none.

    Args:
        page: the front page, read.
        robots: its robots.txt, b"" without one.
        home: address of the front page.
    """
    sitemaps = sorted(robots_sitemaps(robots, url=home), key=lambda url: not _NEWS.search(urlsplit(url).path))
    guesses = [] if page.feeds else [fetch_url(path, base=home) for path in FEED_PATHS]
    if not any(_NEWS.search(urlsplit(url).path) for url in sitemaps):
        guesses += [fetch_url(path, base=home) for path in NEWS_SITEMAP_PATHS]
    # Half of the tries are kept for sitemaps, which stand last and are few.
    named = list(page.feeds)[: MAX_CANDIDATES // 2] + sitemaps[: MAX_CANDIDATES // 2]
    return tuple(dict.fromkeys(named + guesses))[:MAX_CANDIDATES]


def read_listing(body: bytes, url: str, *, content_type: str = "", timezone: str = "UTC") -> Listing | None:
    """What an address lists; None when it is neither a feed nor a sitemap. `timezone` is for dates without a zone."""
    feed = parse_feed(body, url=url, content_type=content_type, timezone=timezone)
    if feed.format:
        return Listing(url, "feed", feed.title, feed.entries, feed.problems)
    sitemap = parse_sitemap(body, url=url, timezone=timezone)
    if not sitemap.entries and not sitemap.children:
        return None
    # Only the news extension gives titles; a sitemap of pages without them is an archive.
    news = any(entry.title for entry in sitemap.entries)
    return Listing(url, "news_sitemap" if news else "sitemap", "", sitemap.entries, sitemap.problems, sitemap.children)


def new_source(home: str, page: FrontPage, listings: Iterable[Listing], *, taken: Iterable[str] = ()) -> Source:
    """An entry for `sources.toml` from what was found.

    Args:
        home: address of the front page.
        page: the front page, read.
        listings: what was found, most wanted first.
        taken: ids that are in use.

    Returns:
        The source: its first feed and first news sitemap are polled, as further ones mostly repeat them.
    """
    found = list(listings)

    def of(kind: Kind, limit: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(listing.url for listing in found if listing.kind == kind))[:limit]

    feeds, news, archives = of("feed", 1), of("news_sitemap", 1), of("sitemap", 5)
    feed_title = next((listing.title for listing in found if listing.kind == "feed"), "")
    return Source(
        id=source_id(home, taken),
        name=page.name or feed_title or registered_domain(home),
        home=home,
        language=page.language.partition("-")[0] if len(page.language.partition("-")[0]) == 2 else "",
        feeds=feeds,
        news_sitemaps=news,
        sitemaps=archives,
        enabled=bool(feeds or news),
    )


def source_id(home: str, taken: Iterable[str] = ()) -> str:
    """An id for an outlet from its address, that is not `taken`.

    >>> source_id("https://www.orbit-daily.co.uk/news/", taken=["orbit-daily"])
    'orbit-daily-2'
    """
    domain = registered_domain(home) or urlsplit(home).hostname or ""
    ascii_name = unicodedata.normalize("NFKD", domain.partition(".")[0]).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[:50] or "source"
    used = set(taken)
    return next(name for n in range(1, len(used) + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in used)


def _first_after_head(source: str) -> int:
    """Where the head ends: links and names stand before it, and the parser is slow on hostile bodies."""
    end = source.lower().find("<body")
    return min(end if end >= 0 else len(source), 300_000)
