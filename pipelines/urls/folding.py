"""The parts of an address that tell spellings of one article apart from addresses of different articles.

Pure functions over a host, a path or a query; what they go by stands in `pipelines.urls.rules`.
"""

import re

from pipelines.urls import rules

_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_WRAPPERS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in rules.WRAPPERS)
_HOST_VALUE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}\Z")
_MAX_WRAPPERS = 3
"""Wrappers opened around one address; an archived copy of an AMP page is two deep."""

_SLUG_LENGTH = 25
"""Letters from which a single word is an article's name; the longest section names are shorter
("entertainment-and-arts")."""


def unwrapped(url: str) -> str:
    """The article's own address inside an AMP cache's or an archive's, else `url`."""
    for _ in range(_MAX_WRAPPERS):
        found = next((m for wrapper in _WRAPPERS if (m := wrapper.match(url.strip()))), None)
        if found is None:
            break
        groups = found.groupdict()
        url = next(
            (f"{scheme}://{groups[scheme]}" for scheme in ("https", "http") if groups.get(scheme)),
            groups.get("url") or "",
        )
    return url


def site_host(host: str, domain: str) -> str:
    """`host` without the labels that name a view (`m.`, `amp.`); `domain` is its registered domain."""
    if not host.endswith(f".{domain}"):
        return host
    labels = host.removesuffix(f".{domain}").split(".")
    return ".".join([label for label in labels if label not in rules.SAME_SITE_LABELS] + [domain])


def article_path(path: str) -> str:
    """`path` without index page, session id, trailing slash and the segments that name a view."""
    segments = [segment for segment in _SESSION_IN_PATH.sub("", path).split("/") if segment]
    if segments and segments[-1].lower() in rules.INDEX_PAGES:
        del segments[-1]
    while (
        len(segments) > 1
        and segments[-1].lower().removesuffix(".html") in rules.VIEW_SEGMENTS
        and is_slug(segments[-2])
    ):
        del segments[-1]
    if len(segments) > 1 and is_slug(segments[-1]):
        if segments[0].lower() in rules.VIEW_SEGMENTS:
            del segments[0]
        # The BBC puts it in the middle (`/news/amp/world-123`).
        segments = [segment for segment in segments[:-1] if segment.lower() != "amp"] + segments[-1:]
    if segments:
        segments[-1] = _without_view_suffix(segments[-1])
    return "/" + "/".join(segments)


def is_slug(segment: str) -> bool:
    """Does a path segment look like one article's name? Sections are short single words."""
    return (
        any(c.isdigit() for c in segment)
        or "-" in segment
        or "_" in segment
        or "." in segment
        or len(segment) >= _SLUG_LENGTH
    )


def without_trackers(query: str, domain: str) -> str:
    """`query` without the parameters that say how a reader came to this site."""
    dropped_here = rules.DROPPED_ON.get(domain, frozenset())
    kept = []
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        name, value = name.lower(), value.lower()
        if pair and name not in dropped_here and not _is_tracker(name, value):
            kept.append(pair)
    return "&".join(kept)


def _without_view_suffix(segment: str) -> str:
    for suffix in rules.VIEW_SUFFIXES:
        if segment.lower().endswith(suffix) and len(segment) > len(suffix):
            return segment[: -len(suffix)] + (".html" if suffix.endswith(".html") else "")
    return segment


def _is_tracker(name: str, value: str) -> bool:
    if name in rules.TRACKERS or name.startswith(tuple(rules.TRACKER_PREFIXES)):
        return True
    if name in rules.VIEW_NAMES:
        return value in rules.VIEW_VALUES
    return name in rules.CHANNEL_NAMES and (value in rules.CHANNELS or _HOST_VALUE.match(value) is not None)
