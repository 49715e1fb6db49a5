"""Feeds: bytes in, entries out.

RSS 0.9x, 1.0 and 2.0, Atom and CDF are read by feedparser, whose tolerance is unmatched; JSON Feed by
`pipelines.feeds.json_feed`. Done here is what feedparser leaves: plain text in place of markup, dates with their
precision and zone (`pipelines.feeds.dates`), addresses that are safe to request, bounds
(`pipelines.feeds.guard`), and a verdict whether it is a feed at all.
"""

import re
from collections.abc import Callable
from datetime import tzinfo
from functools import cache
from html import escape
from io import BytesIO
from typing import Any

from pipelines.feeds import guard, json_feed
from pipelines.feeds.dates import PrintedDate, read_date
from pipelines.model import Entry, Feed
from pipelines.text import NAME_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, clean_text, language_tag, plain_text
from pipelines.urls import fetch_url
from pipelines.zone_names import source_zone

ENTRIES_LIMIT = 2_000
"""Entries kept of one feed, the first ones; the longest feeds of news outlets hold 500."""

_VERSIONS = {"rss090": "rdf", "rss10": "rdf"}
"""feedparser's version -> format, where it is not the version without its digits."""

_ROOTS = {b"channel": "cdf", b"rdf": "rdf", b"rss": "rss", b"feed": "atom"}
"""Root element -> format of documents that feedparser reads without naming a version."""

_FEED_ELEMENT = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")

_HARMLESS = frozenset({"CharacterEncodingOverride", "NonXMLContentType"})
"""feedparser's complaints about headers; the document itself was well-formed."""

_LONG_MAIL_ADDRESS = re.compile(rb"(?<=[>\[])\s{0,8}[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z]{5,24}\b")
"""At the start of an element. feedparser's idea of a mail address ends with four letters of the last label,
and it takes the rest of a longer one (`.agency`, `.online`) for the name of the author."""

_PERIOD_SECONDS = {
    "hourly": 3_600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
"""Of the RSS 1.0 syndication module."""

_LONGEST_TTL = _PERIOD_SECONDS["yearly"]
_JUNK_LIMIT = 4_096
"""Bytes of stray output (a PHP notice, blank lines) that are skipped before the first markup sign."""


def parse_feed(body: bytes, *, url: str, content_type: str = "", timezone: str = "UTC") -> Feed:
    """Read a feed.

    Args:
        body: as received, at most 8 MiB of it are read; gzip applied by hand is undone.
        url: the address that answered: relative links are resolved against the xml:base chain, then against
            this.
        content_type: the Content-Type header, for its charset (RFC 7303).
        timezone: IANA name of the source's zone, for dates printed without one.

    Returns:
        The feed with at most 2,000 entries in the document's order. An entry without a usable link has url
        "". `format` is "" where the document is no feed, with the reason in `problems`: "empty", "not_a_feed"
        or "hostile". Other problems: "gzipped", "truncated" (a limit was met), "recovered" (not well-formed,
        read all the same), "naive_dates", "unread_dates", "bad_links".

        No bytes make it raise.

    Raises:
        ValueError: if there is no such `timezone`.
    """
    zone = source_zone(timezone)
    body, problems = guard.bounded(body)
    if not body.strip(b" \t\r\n\0"):
        return Feed("", problems=(*problems, "empty"))
    if json_feed.looks_like_json(body):
        return json_feed.parse(body, url=url, zone=zone, problems=problems, limit=ENTRIES_LIMIT)
    if b"\0" not in body and not _FEED_ELEMENT.search(body):
        return Feed("", problems=(*problems, "not_a_feed"))  # a web page; feedparser takes a second to see it
    try:
        parsed = _feedparser(_LONG_MAIL_ADDRESS.sub(b"", guard.tamed(_without_junk(body))), content_type)
    except guard.HostileFeedError:
        return Feed("", problems=(*problems, "hostile"))
    kind = _kind(parsed, body)
    if not kind:
        return Feed("", problems=(*problems, "not_a_feed"))
    if type(parsed.get("bozo_exception")).__name__ not in _HARMLESS and parsed.get("bozo"):
        problems.append("recovered")
    if len(parsed["entries"]) > ENTRIES_LIMIT:
        problems.append("truncated")
    head = parsed["feed"]
    reader = _EntryReader(kind, language=language_tag(head.get("language")), url=url, zone=zone)
    entries = tuple(reader.entry(item) for item in parsed["entries"][:ENTRIES_LIMIT])
    return Feed(
        kind,
        entries,
        problems=tuple(dict.fromkeys([*problems, *sorted(reader.problems)])),
        title=plain_text(str(head.get("title") or ""), limit=NAME_LIMIT),
        language=reader.language,
        ttl=_ttl(head),
    )


class _EntryReader:
    """Turns feedparser's entries of one feed into ours and notes what is wrong with them."""

    def __init__(self, kind: str, *, language: str, url: str, zone: tzinfo) -> None:
        self.language = language
        self.problems: set[str] = set()
        self._kind = kind
        self._url = url
        self._zone = zone

    def entry(self, item: dict[str, Any]) -> Entry:
        # `dict.get`, because feedparser's own `get` takes `published` for a missing `updated`.
        updated = self._date(dict.get(item, "updated"))
        published = self._date(dict.get(item, "published") or dict.get(item, "created"))
        if published is None and self._kind != "atom":
            # RSS knows no date of change: what feedparser files under `updated` is dc:date, which is that of
            # publication.
            published = updated
        title_detail = item.get("title_detail") or {}
        return Entry(
            url=self._link(item),
            id=clean_text(str(item.get("id") or ""), limit=TITLE_LIMIT),
            title=self._plain(item.get("title"), title_detail, TITLE_LIMIT),
            summary=self._plain(item.get("summary"), item.get("summary_detail") or {}, SUMMARY_LIMIT),
            published=published.instant if published else None,
            updated=updated.instant if updated else None,
            author=_authors(item),
            language=language_tag(title_detail.get("language")) or self.language,
            date_precision=published.precision if published else "none",
            zone_known=published.zone_known if published else True,
        )

    def _link(self, item: dict[str, Any]) -> str:
        links = [link for link in item.get("links") or () if link.get("rel") == "alternate"]
        identifier = str(item.get("id") or "")
        candidates = (
            item.get("feedburner_origlink"),
            item.get("link"),
            *(link.get("href") for link in links),
            identifier if identifier.startswith(("http://", "https://")) else "",
        )
        for candidate in candidates:
            if candidate:
                try:
                    return fetch_url(str(candidate), base=self._url)
                except ValueError:
                    self.problems.add("bad_links")
        return ""

    def _plain(self, value: object, detail: dict[str, Any], limit: int) -> str:
        text = str(value or "")
        if self._kind == "atom" and detail.get("type") == "text/plain":
            text = escape(text, quote=False)  # RFC 4287, section 3.1.1.1: what stands there is no markup
        return plain_text(text, limit=limit)

    def _date(self, printed: object) -> PrintedDate | None:
        if not printed:
            return None
        read = read_date(str(printed), self._zone, self.language)
        if read is None:
            self.problems.add("unread_dates")
        elif read.precision == "minute" and not read.zone_known:
            self.problems.add("naive_dates")
        return read


@cache
def _parser() -> Callable[..., dict[str, Any]]:
    import feedparser.mixin  # noqa: PLC0415  # 0.2 s, and a run in which nothing changed reads no feed

    guard.bound_names(feedparser.mixin._FeedParserMixin)  # noqa: SLF001 - the only place where all names come by
    parse: Callable[..., dict[str, Any]] = feedparser.parse
    return parse


def _feedparser(body: bytes, content_type: str) -> dict[str, Any]:
    # Without the feed's address feedparser resolves against xml:base alone; the rest is `fetch_url`'s. It
    # would resolve identifiers too.
    headers = {"content-type": content_type} if content_type else {}
    parse = _parser()
    try:
        # A stream, because feedparser opens bytes as a file name. Markup is stripped later, so it need not be
        # cleaned first.
        parsed = parse(BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception:  # noqa: BLE001  # its many parts raise what they like (UnicodeError, AssertionError, ...) on broken bytes
        return {"entries": [], "feed": {}}
    return parsed


def _kind(parsed: dict[str, Any], body: bytes) -> str:
    version = str(parsed.get("version") or "")
    if version:
        return _VERSIONS.get(version, version.rstrip("0123456789nu"))
    root = _ROOT.search(body)
    return _ROOTS.get(root[1].lower(), "") if root and parsed["entries"] else ""


def _without_junk(body: bytes) -> bytes:
    """Drop what stands before the first markup sign; an XML declaration must be the very first thing."""
    start = body[:_JUNK_LIMIT].find(b"<")
    # In UTF-16 and UTF-32 the sign's own zero bytes, or the byte order mark that tells the encoding, stand
    # before it.
    if start <= 0 or b"\0" in body[:start] or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body
    return body[start:]


def _authors(item: dict[str, Any]) -> str:
    names = [clean_text(str(author.get("name") or ""), limit=NAME_LIMIT) for author in item.get("authors") or ()]
    names = list(dict.fromkeys(name.strip("() ") for name in names if name))
    return "; ".join(names) or plain_text(str(item.get("author") or ""), limit=NAME_LIMIT).strip("() ")


def _ttl(head: dict[str, Any]) -> int | None:
    """RSS 2.0 gives minutes; the syndication module a period and how often within it."""
    minutes = _whole(head.get("ttl"))
    if minutes:
        return min(minutes * 60, _LONGEST_TTL)
    period = _PERIOD_SECONDS.get(str(head.get("sy_updateperiod") or "").strip().lower())
    return None if period is None else max(1, period // (_whole(head.get("sy_updatefrequency")) or 1))


def _whole(value: object) -> int:
    digits = str(value or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
