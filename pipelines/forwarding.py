"""Pages that send a reader on at once, by `<meta http-equiv="refresh">`: what they hold is not what was asked for."""

from w3lib.html import get_meta_refresh

from pipelines.encoding import decode
from pipelines.urls import fetch_url

_HEAD = 16_384
"""Bytes that are looked at: a page that only forwards is small, and others are not worth the search."""

_AT_ONCE = 1.0
"""Seconds before which nobody has read a page. Live blogs renew themselves after some minutes."""

_UNREAD = ("script", "noscript", "style", "template", "textarea", "title")
"""Elements whose content is no markup to a browser that runs scripts; pages that want one say so in a noscript."""


def forwarded_to(body: bytes, *, url: str, charset: str = "") -> str:
    """Where a page sends its reader within a second.

    Args:
        body: a web page.
        url: its address.
        charset: of the Content-Type header, "" when it names none.

    Returns:
        An address as of `fetch_url`, never that of the page itself; "" when the reader stays. Never raises.

    >>> forwarded_to(b"<meta http-equiv=refresh content='0; url=/new#top'>", url="http://example.org/old")
    'http://example.org/new'
    """
    head = body[:_HEAD]
    if b"refresh" not in head.lower():
        return ""
    try:
        seconds, target = get_meta_refresh(decode(head, charset=charset)[0], url, ignore_tags=_UNREAD)
        if seconds is None or target is None or seconds > _AT_ONCE:
            return ""
        target = fetch_url(target)
        return "" if target == fetch_url(url) else target
    except ValueError:  # no address that could be asked for
        return ""
