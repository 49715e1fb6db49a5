"""Sitemaps, news sitemaps, sitemap indexes and the sitemaps that a robots.txt names: bytes in, entries out.

Own code, because Scrapy's reader loses what the Google News extension says (title, date, language) and the
others download for themselves. The document streams through callbacks, so memory does not grow with its size.
"""

import re
from collections.abc import Sized
from datetime import datetime, tzinfo

from lxml import etree

from pipelines.feeds.dates import PrintedDate, read_date
from pipelines.feeds.guard import gunzip
from pipelines.model import Entry, Sitemap
from pipelines.safe_xml import SAFE_XML, with_sound_references
from pipelines.text import TITLE_LIMIT, language_tag, plain_text
from pipelines.urls import URL_LIMIT, fetch_url
from pipelines.zone_names import source_zone

BODY_LIMIT = 50 * 2**20
"""Bytes after decompression, the limit of the sitemap protocol (sitemaps.org)."""

ENTRIES_LIMIT = 50_000
"""Addresses in one sitemap, the limit of the protocol."""

ROBOTS_LIMIT = 512_000
"""Bytes of a robots.txt that are read; RFC 9309, section 2.5, asks for at least 500 KiB."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_ROUNDS = 2
_CHUNK = 65_536
_SPACE = b" \t\r\n\0"
_TAGS_LIMIT = 2_000_000
"""Elements that are read: 50,000 pages with the news extension and a few images hold 1,000,000. It bounds the
time to about 2 s."""

_TEXT_LIMIT = 4 * URL_LIMIT
"""Characters collected of one element; only addresses, dates and titles are read."""

_ROBOTS_LINE = re.compile(r"^[ \t]*site-?map[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def parse_sitemap(body: bytes, *, url: str, timezone: str = "UTC") -> Sitemap:
    """Read a sitemap: urlset with or without the news extension, sitemap index, or one address a line.

    Args:
        body: as received, gzipped or not; at most 50 MiB are read after decompression.
        url: the address that answered; relative addresses are resolved against it, though the protocol
            forbids them.
        timezone: IANA name of the source's zone, for dates printed without one.

    Returns:
        The entries of a urlset (at most 50,000, in order; `published` and `title` from the news extension,
        `updated` from a lastmod that states a day) and the children of an index with their lastmods. Entries without a
        usable address are left out.
        Problems: "empty", "not_a_sitemap", "gzipped", "truncated" (cut off, or a limit was met), "recovered"
        (broken XML, read as far as it went), "hostile" (defines entities; not read), "bad_links",
        "naive_dates", "unread_dates".

        No bytes make it raise.

    Raises:
        ValueError: if there is no such `timezone`.
    """
    reader = _SitemapReader(url, source_zone(timezone))
    for _ in range(_GZIP_ROUNDS):
        if body.startswith(_GZIP_MAGIC):
            body = gunzip(body, BODY_LIMIT + 1)
            reader.problem("gzipped")
    if len(body) > BODY_LIMIT:
        body = body[:BODY_LIMIT]
        reader.problem("truncated")
    if not body.strip(_SPACE):
        return Sitemap(problems=(*reader.problems, "empty"))
    if b"<" not in body[:_CHUNK]:
        _read_lines(body, reader)
    else:
        _read_xml(body, reader)
    return Sitemap(
        tuple(reader.entries), tuple(reader.children), tuple(reader.problems), lastmods=tuple(reader.lastmods)
    )


def robots_sitemaps(body: bytes, *, url: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, whichever group of rules they stand in (RFC 9309, section 2.2.4).

    Args:
        body: the file; its first 512,000 bytes are read.
        url: its address, for relative ones.

    Returns:
        Addresses that can be requested, in order, without repetition. Never raises.
    """
    text = body[:ROBOTS_LIMIT].decode("utf-8-sig", "replace").replace("\r", "\n")
    found: dict[str, None] = {}
    for address in _ROBOTS_LINE.findall(text):
        try:
            found[fetch_url(address, base=url)] = None
        except ValueError:
            continue
    return tuple(found)


class _SitemapReader:
    """Target of an lxml parser (`start`, `data`, `end`, `close`): collects what is read, element by element.

    Names are compared without prefix, and by their parent, since a page's images and videos have a loc and a
    title as well.
    """

    def __init__(self, url: str, zone: tzinfo) -> None:
        self.entries: list[Entry] = []
        self.children: list[str] = []
        self.lastmods: list[datetime | None] = []
        self.problems: list[str] = []
        self.root = ""
        self._too_many = False
        self._tags = 0
        self._url = url
        self._zone = zone
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._size = 0
        self._fields: dict[str, str] = {}

    @property
    def full(self) -> bool:
        """Is there more than a limit allows, so that nothing more need be read?"""
        return self._too_many or self._tags >= _TAGS_LIMIT

    def problem(self, code: str) -> None:
        if code not in self.problems:
            self.problems.append(code)

    def start(self, tag: str | bytes, _attributes: object) -> None:
        name = _local(tag)
        self._tags += 1
        self.root = self.root or name
        self._path.append(name)
        self._pieces.clear()
        self._size = 0
        if name in {"url", "sitemap"}:
            self._fields = {}

    def data(self, data: str | bytes) -> None:
        if self._size < _TEXT_LIMIT:
            self._pieces.append(_text(data))
            self._size += len(data)

    def end(self, tag: str | bytes) -> None:
        name = _local(tag)
        parent = self._path[-2] if len(self._path) > 1 else ""
        if self._path:
            self._path.pop()
        if name == "url" and self.root == "urlset":
            self.add(self._fields)
        elif name == "sitemap" and self.root == "sitemapindex":
            self._add_child(
                self._fields.get("url/loc") or self._fields.get("sitemap/loc", ""),
                self._fields.get("sitemap/lastmod", ""),
            )
        elif self._pieces:
            self._fields.setdefault(f"{parent}/{name}", "".join(self._pieces))
        self._pieces.clear()

    def comment(self, text: str | bytes) -> None:
        """Part of lxml's target protocol; comments say nothing here."""

    def close(self) -> None:
        """Part of lxml's target protocol; everything is collected by then."""

    def add(self, fields: dict[str, str]) -> None:
        """Add one page; `fields` maps "parent/name" to the text of that element."""
        address = self._address(fields.get("url/loc", ""))
        if not address or not self._room(self.entries):
            return
        published = self._date(fields.get("news/publication_date", ""))
        self.entries.append(
            Entry(
                url=address,
                title=plain_text(fields.get("news/title", ""), limit=TITLE_LIMIT),
                published=published.instant if published else None,
                updated=self._changed(fields.get("url/lastmod", "")),
                language=language_tag(fields.get("publication/language")),
                date_precision=published.precision if published else "none",
                zone_known=published.zone_known if published else True,
            )
        )

    def _add_child(self, text: str, lastmod: str) -> None:
        address = self._address(text)
        if address and self._room(self.children):
            self.children.append(address)
            self.lastmods.append(self._changed(lastmod))

    def _room(self, found: Sized) -> bool:
        """Is there room for one more?"""
        self._too_many = self._too_many or len(found) >= ENTRIES_LIMIT
        return not self._too_many

    def _address(self, text: str) -> str:
        try:
            return fetch_url(text, base=self._url)
        except ValueError:
            self.problem("bad_links")
            return ""

    def _changed(self, lastmod: str) -> datetime | None:
        """When something was changed; None also where only a month or a year is printed, at whose end it may be."""
        read = self._date(lastmod)
        return read.instant if read and read.precision != "none" else None

    def _date(self, printed: str) -> PrintedDate | None:
        if not printed.strip():
            return None
        read = read_date(printed, self._zone)
        if read is None:
            self.problem("unread_dates")
        elif read.precision == "minute" and not read.zone_known:
            self.problem("naive_dates")
        return read


def _read_xml(body: bytes, reader: _SitemapReader) -> None:
    body = (
        body[body.find(b"<") :] if b"\0" not in body[:4] and not body.startswith((b"\xff\xfe", b"\xfe\xff")) else body
    )
    if not body.rstrip(_SPACE).endswith(b">"):
        # An address that was cut off in the middle is another page's, or nobody's.
        body = body[: body.rfind(b">") + 1]
        reader.problem("truncated")
    if b"<!ENTITY" in body:
        # Nothing in a sitemap needs one; left unresolved, it would leave a hole in an address.
        reader.problem("hostile")
        return
    body = with_sound_references(body)
    parser = etree.XMLParser(target=reader, **SAFE_XML)
    try:
        for start in range(0, len(body), _CHUNK):
            parser.feed(body[start : start + _CHUNK])
            if reader.full:
                reader.problem("truncated")
                return
        parser.close()
    except (etree.LxmlError, UnicodeError):  # the latter when libxml2 lets something pass that is no text
        reader.problem("recovered")
    if len(parser.feed_error_log):
        reader.problem("recovered")
    if reader.root not in {"urlset", "sitemapindex"}:
        reader.problem("not_a_sitemap")


def _read_lines(body: bytes, reader: _SitemapReader) -> None:
    """A text sitemap: UTF-8, one address a line and nothing else."""
    lines = body.decode("utf-8-sig", "replace").split()
    if not lines or not lines[0].startswith(("http://", "https://")):
        reader.problem("not_a_sitemap")
        return
    for line in lines:
        reader.add({"url/loc": line})
        if reader.full:
            reader.problem("truncated")
            break


def _text(value: str | bytes) -> str:
    """Text as it is; the protocol also allows bytes, which lxml never hands over."""
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def _local(tag: str | bytes) -> str:
    """Name without namespace or prefix; without, because many news sitemaps forget to declare theirs."""
    return _text(tag).rpartition("}")[2].rpartition(":")[2].lower()
