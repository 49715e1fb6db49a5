"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

import json
from datetime import tzinfo
from html import escape
from typing import Any

from pipelines.feeds.dates import read_date
from pipelines.model import Entry, Feed
from pipelines.text import NAME_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, clean_text, language_tag, plain_text
from pipelines.urls import fetch_url


def looks_like_json(body: bytes) -> bool:
    """Is the first character a brace (after a byte order mark and white space)?"""
    return body[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"{")


def parse(body: bytes, *, url: str, zone: tzinfo, problems: list[str], limit: int) -> Feed:
    """Read a JSON Feed.

    Args:
        body: bounded by the caller; UTF-8, or UTF-16 and UTF-32 with their zero bytes.
        url: address of the feed, for relative links.
        zone: for dates without one.
        problems: reason codes that stand already.
        limit: entries kept, the first ones.

    Returns:
        The feed; `format` is "" with the problem "not_a_feed" for other JSON. Members of a wrong type are
        passed over. Never raises.
    """
    try:
        # `json` recurses: a few thousand brackets raise RecursionError.
        document = json.loads(body.decode(json.detect_encoding(body), "replace"))
    except (ValueError, RecursionError):
        document = None
    items = document.get("items") if isinstance(document, dict) else None
    if (
        not isinstance(document, dict)
        or not isinstance(items, list)
        or "jsonfeed.org" not in _text(document, "version")
    ):
        return Feed("", problems=(*problems, "not_a_feed"))
    language = language_tag(document.get("language"))
    found: set[str] = set()
    entries = tuple(_entry(item, language, url, zone, found) for item in items[:limit] if isinstance(item, dict))
    if len(items) > limit:
        found.add("truncated")
    return Feed(
        "json",
        entries,
        problems=tuple(dict.fromkeys([*problems, *sorted(found)])),
        title=clean_text(_text(document, "title"), limit=NAME_LIMIT),
        language=language,
    )


def _entry(item: dict[str, Any], language: str, url: str, zone: tzinfo, problems: set[str]) -> Entry:
    published = read_date(_text(item, "date_published"), zone, language)
    updated = read_date(_text(item, "date_modified"), zone, language)
    if published and published.precision == "minute" and not published.zone_known:
        problems.add("naive_dates")
    identifier = _text(item, "id")
    return Entry(
        url=_link(item, identifier, url, problems),
        id=clean_text(identifier, limit=TITLE_LIMIT),
        title=plain_text(escape(_text(item, "title"), quote=False), limit=TITLE_LIMIT),
        summary=_summary(item),
        published=published.instant if published else None,
        updated=updated.instant if updated else None,
        author=_authors(item),
        language=language_tag(item.get("language")) or language,
        date_precision=published.precision if published else "none",
        zone_known=published.zone_known if published else True,
    )


def _link(item: dict[str, Any], identifier: str, url: str, problems: set[str]) -> str:
    # The specification's advice: an id is often the address. `external_url` is what a link post points to,
    # another outlet's page.
    for candidate in (
        _text(item, "url"),
        identifier if "://" in identifier else "",
        _text(item, "external_url"),
    ):
        if candidate:
            try:
                return fetch_url(candidate, base=url)
            except ValueError:
                problems.add("bad_links")
    return ""


def _summary(item: dict[str, Any]) -> str:
    for member in ("summary", "content_text"):
        if text := _text(item, member):
            return plain_text(escape(text, quote=False), limit=SUMMARY_LIMIT)
    return plain_text(_text(item, "content_html"), limit=SUMMARY_LIMIT)


def _authors(item: dict[str, Any]) -> str:
    listed = item.get("authors") or [item.get("author")]
    authors = listed if isinstance(listed, list) else [listed]
    names = [clean_text(_text(author, "name"), limit=NAME_LIMIT) for author in authors if isinstance(author, dict)]
    return "; ".join(dict.fromkeys(name for name in names if name))


def _text(members: dict[str, Any], name: str) -> str:
    """A member as text; version 1.1 allows numbers as id."""
    value = members.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
