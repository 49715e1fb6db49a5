"""Lists of sources from and for other programs (OPML), and single entries as text for `sources.toml`."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

from pipelines.catalogue.sources import Source
from pipelines.catalogue.sources_check import url_mend
from pipelines.safe_xml import SAFE_XML

_MAX_FEEDS = 10_000
"""More than any person reads; a list of a million is an attack or a mistake."""
_MAX_BYTES = 16 * 2**20
"""Ten thousand outlines have some 3 MB."""
_MAX_TITLE = 300


class OpmlError(ValueError):
    """A file that is no OPML, or too large."""


class OpmlFeed(NamedTuple):
    """A subscription.

    Attributes:
        title: as written, "" without one.
        feed: address of the feed.
        home: address of the outlet's front page, "" without a usable one.
    """

    title: str
    feed: str
    home: str


def read_opml(body: bytes) -> list[OpmlFeed]:
    """The feeds of an OPML file, in its order and without repetition, whatever folders they are in.

    Outlines without an address that `sources.toml` could hold are left out; a file with small faults is read
    as far as it goes.

    Raises:
        OpmlError: when it is no OPML, holds no feed, or is larger than any real list.
    """
    if len(body) > _MAX_BYTES:
        raise OpmlError(f"an OPML file of more than {_MAX_BYTES // 2**20} MiB")
    parser = etree.XMLParser(**SAFE_XML)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or not isinstance(root.tag, str) or etree.QName(root).localname.lower() != "opml":
        raise OpmlError("not an OPML file: its first element is not <opml>")
    feeds: dict[str, OpmlFeed] = {}
    for outline in root.iter("{*}outline"):
        # Names of attributes are written in many ways: xmlUrl, xmlurl, XMLURL.
        values = {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}
        url, home = values.get("xmlurl", ""), values.get("htmlurl", "")
        if url not in feeds and not url_mend(url):
            if len(feeds) == _MAX_FEEDS:
                raise OpmlError(f"more than {_MAX_FEEDS} feeds")
            title = _plain(values.get("title") or values.get("text", ""))
            feeds[url] = OpmlFeed(title, url, "" if url_mend(home) else home)
    if not feeds:
        raise OpmlError("holds no feed: no outline has an xmlUrl that begins with http")
    return list(feeds.values())


def write_opml(sources: Iterable[Source]) -> bytes:
    """An OPML 2.0 file with an outline for each feed of the sources, for a feed reader."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Orbitwatch sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        for url in source.feeds:
            outline = etree.SubElement(body, "outline", type="rss", text=source.name, title=source.name)
            outline.set("xmlUrl", url)
            outline.set("htmlUrl", source.home)
            if source.language:
                outline.set("language", source.language)
            outline.set("category", source.kind)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def source_toml(source: Source) -> str:
    """One [[source]] entry as text, such that `load_sources` reads it back as `source`."""
    lines = ["[[source]]"]
    for key in ("id", "name", "home", "country", "language", "timezone", "kind"):
        value = getattr(source, key)
        if value:
            lines.append(f"{key} = {_quoted(value)}")
    for key in ("feeds", "news_sitemaps", "sitemaps"):
        urls = getattr(source, key)
        if len(urls) == 1:
            lines.append(f"{key} = [{_quoted(urls[0])}]")
        elif urls:
            lines += [f"{key} = [", *(f"    {_quoted(url)}," for url in urls), "]"]
    lines += [f"fetch = {_quoted(source.fetch)}", f"max_silence_days = {source.max_silence_days}"]
    if not source.enabled:
        lines.append("enabled = false")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """One line that can be a source's name: without marks that nobody sees or that turn the writing round."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())[:_MAX_TITLE]


def _quoted(text: str) -> str:
    """A basic string of TOML, which takes JSON's escapes and wants DEL escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
