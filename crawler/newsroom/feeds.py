"""The outlets' feeds and sitemaps, as each of them writes its own."""

import json
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from crawler.newsroom.dates import feed_date, local_iso
from crawler.newsroom.outlets import Outlet
from crawler.newsroom.stories import Listed

MEDIA_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
    "json": "application/feed+json",
    "news_sitemap": "application/xml",
}


def feed_document(outlet: Outlet, listed: Sequence[Listed], base: str, now: datetime) -> bytes:
    """The outlet's feed or news sitemap at `now`, in its own format and charset, latest entry first."""
    if outlet.feed == "json":
        return _json_feed(outlet, listed, base)
    # Only the RSS 2.0 feeds follow the site's charset; the other formats are UTF-8, as their makers advise.
    charset = outlet.charset if outlet.feed == "rss" else "utf-8"
    write = {"rss": _rss, "atom": _atom, "rdf": _rdf, "news_sitemap": _news_sitemap}[outlet.feed]
    text = f'<?xml version="1.0" encoding="{charset}"?>\n{write(outlet, listed, base)}'
    if outlet.fault_at(now) == "broken":
        text = _break(text)
    return text.encode(charset, errors="xmlcharrefreplace")


def sitemap_document(outlet: Outlet, listed: Sequence[Listed]) -> bytes:
    """The archive: every article there is, with the day of its last change."""
    urls = "".join(
        f"<url><loc>{escape(entry.address)}</loc><lastmod>{local_iso(entry.version.at, outlet)[:10]}</lastmod></url>\n"
        for entry in listed
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    ).encode()


def _break(text: str) -> str:
    """What a careless template does to XML: an HTML entity, a bare ampersand, and an end that never came."""
    return text.replace("<channel>", "<channel><category>Cine&nbsp;& TV</category>", 1).removesuffix(
        "</channel></rss>\n"
    )


def _rss(outlet: Outlet, listed: Sequence[Listed], base: str) -> str:
    items = "".join(
        f"<item><title>{escape(entry.version.headline)}</title><link>{escape(entry.link)}</link>"
        f'<guid isPermaLink="false">{outlet.id}-{entry.story.number}</guid>'
        f"<pubDate>{feed_date(entry.story.published, outlet)}</pubDate>"
        + (f"<dc:creator>{escape(entry.story.author)}</dc:creator>" if entry.story.author else "")
        + f"<description>{escape(entry.story.summary)}</description></item>\n"
        for entry in listed
    )
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base}/</link><description>{escape(outlet.tagline)}</description>"
        f"<language>{outlet.language}</language>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, listed: Sequence[Listed], base: str) -> str:
    entries = "".join(
        f"<entry><id>tag:{outlet.host},2019:{entry.story.number}</id><title>{escape(entry.version.headline)}</title>"
        f'<link rel="alternate" href={quoteattr(entry.link)}/>'
        f"<published>{feed_date(entry.story.published, outlet)}</published>"
        f"<updated>{feed_date(entry.version.at, outlet)}</updated>"
        + (f"<author><name>{escape(entry.story.author)}</name></author>" if entry.story.author else "")
        + f'<summary type="text">{escape(entry.story.summary)}</summary></entry>\n'
        for entry in listed
    )
    changed = max((entry.version.at for entry in listed), default=None)
    updated = f"<updated>{feed_date(changed, outlet)}</updated>" if changed else ""
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}"><id>{base}/</id>'
        f"<title>{escape(outlet.name)}</title><author><name>{escape(outlet.name)}</name></author>"
        f'<link rel="self" href="{base}{outlet.feed_path}"/>{updated}\n{entries}</feed>\n'
    )


def _rdf(outlet: Outlet, listed: Sequence[Listed], base: str) -> str:
    order = "".join(f"<rdf:li rdf:resource={quoteattr(entry.link)}/>" for entry in listed)
    items = "".join(
        f"<item rdf:about={quoteattr(entry.link)}><title>{escape(entry.version.headline)}</title>"
        f"<link>{escape(entry.link)}</link><dc:date>{feed_date(entry.story.published, outlet)}</dc:date>"
        + (f"<dc:creator>{escape(entry.story.author)}</dc:creator>" if entry.story.author else "")
        + f"<description>{escape(entry.story.summary)}</description></item>\n"
        for entry in listed
    )
    return (
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xml:lang="{outlet.language}">'
        f'<channel rdf:about="{base}{outlet.feed_path}"><title>{escape(outlet.name)}</title>'
        f"<link>{base}/</link>"
        f"<description>{escape(outlet.tagline)}</description><items><rdf:Seq>{order}</rdf:Seq></items></channel>\n"
        f"{items}</rdf:RDF>\n"
    )


def _news_sitemap(outlet: Outlet, listed: Sequence[Listed], base: str) -> str:  # noqa: ARG001 - one signature for all
    urls = "".join(
        f"<url><loc>{escape(entry.link)}</loc><lastmod>{feed_date(entry.version.at, outlet)}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{feed_date(entry.story.published, outlet)}</news:publication_date>"
        f"<news:title>{escape(entry.version.headline)}</news:title></news:news></url>\n"
        for entry in listed
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


def _json_feed(outlet: Outlet, listed: Sequence[Listed], base: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "feed_url": base + outlet.feed_path,
        "language": outlet.language,
        "items": [
            {
                "id": str(entry.story.number),
                "url": entry.link,
                "title": entry.version.headline,
                "summary": entry.story.summary,
                "date_published": feed_date(entry.story.published, outlet),
                "date_modified": feed_date(entry.version.at, outlet),
                "authors": [{"name": entry.story.author}] if entry.story.author else [],
            }
            for entry in listed
        ],
    }
    return json.dumps(document, ensure_ascii=False).encode()
