"""What an answer is, in the terms of this project: read from Scrapy's responses by spiders and commands."""

import re
from typing import TYPE_CHECKING

from crawler.failures import is_answer, reason_of_status
from pipelines.interstitials import interstitial
from pipelines.model import Feed, Sitemap
from pipelines.polling import Answer

if TYPE_CHECKING:
    from scrapy.http import Response

_BLANK = b" \t\r\n\0"
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?\s*([^\s"';,]{1,40})""", re.IGNORECASE)


def poll_answer(
    outcome: str, response: "Response | None", *, body_hash: str = "", ttl: int | None = None, moved_to: str = ""
) -> Answer:
    """For `pipelines.polling.decide`; `outcome` is one of its words."""
    if response is None:
        return Answer(outcome)  # type: ignore[arg-type]
    return Answer(
        outcome,  # type: ignore[arg-type]
        response.status,
        headers(response),
        body_hash=body_hash,
        ttl=ttl,
        moved_to=moved_to,
    )


def headers(response: "Response") -> dict[str, str]:
    """The headers of an answer, names in lower case."""
    return {
        name.decode("latin-1").lower(): (response.headers.get(name) or b"").decode("latin-1")
        for name in response.headers
    }


def content_type(response: "Response") -> str:
    """The Content-Type header in lower case, since nothing in it depends on that (RFC 9110, 8.3); "" without one."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1").lower()


def charset(media_type: str) -> str:
    """The charset that a Content-Type header names, "" when it names none.

    Names of parameters are case-insensitive (RFC 9110, 5.6.6). What the grammar forbids and servers write all the same
    is read as well: blanks around the sign, single quotes, and a comma or nothing in the place of the semicolon.

    >>> charset("text/html; Charset=big5"), charset('text/html; charset = "windows-1251"; x=y'), charset("text/html")
    ('big5', 'windows-1251', '')
    """
    found = _CHARSET.search(media_type)
    return found[1] if found else ""


def wall_of(response: "Response", requested_url: str = "") -> str:
    """What stands in the place of what was asked for, "" where nothing does."""
    return interstitial(
        response.body,
        url=response.url,
        requested_url=requested_url,
        headers=headers(response),
        charset=charset(content_type(response)),
    )


def wall_or(reason: str, response: "Response | None") -> str:
    """The reason of a failed request: a challenge is one whatever its status (mostly 403 and 503)."""
    return "bot_wall" if response is not None and wall_of(response) == "bot_wall" else reason


def is_nothing(read: Feed | Sitemap) -> bool:
    """Whether what was read is no list at all; a feed without entries is one."""
    return not read.format if isinstance(read, Feed) else not read.entries and not read.children


def why_nothing(response: "Response") -> str:
    """Why an answer to a poll holds no list."""
    if not is_answer(response.status):
        return wall_or(reason_of_status(response.status), response)
    return wall_or("not_a_feed" if response.body.strip(_BLANK) else "empty", response)


def moved_to(response: "Response") -> str:
    """Where a feed lives now, when every redirect on the way to it was permanent."""
    reasons = response.meta.get("redirect_reasons", [])
    return response.url if reasons and all(reason in {301, 308} for reason in reasons) else ""


def is_html(media_type: str, body: bytes) -> bool:
    """Pages are known by their first bytes; servers name the wrong type too often to believe it alone."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return b"<?xml" not in body[:100] or b"<html" in body[:2000].lower()
    # UTF-16 begins with a byte order mark, and some pages begin with text.
    return "html" in media_type.lower() and body[:4] not in {b"%PDF", b"\x89PNG"} and not body.startswith(b"\xff\xd8")
