"""Reads feeds and sitemaps: ordinary ones at once, large ones in a process of their own.

feedparser needs up to 30 microseconds a tag and 4 to 16 s for 8 MiB of tag soup; on the reactor that would stop every
other download. An ordinary feed of 50 entries has some 500 tags.
"""

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from crawler.worker import Worker

if TYPE_CHECKING:
    from pipelines.model import Feed, Sitemap

#: Bytes, and markup signs, above which a listing is not read on the reactor. What stays below took 0.4 s at worst, of
# four kinds of tag soup.
LARGE_BODY, MANY_TAGS = 2**20, 20_000
#: Seconds for one listing. 8 MiB of entries took 13 s on a busy machine, and no real feed is so large.
TIME_LIMIT = 15.0

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_FORMAT = 16 + zlib.MAX_WBITS  # as zlib names it


class ListingReader:
    """Reads listings for a spider."""

    def __init__(self) -> None:
        self._worker = Worker("listing", _prepare, (), TIME_LIMIT, keep=False)

    async def feed(self, body: bytes, *, url: str, content_type: str, timezone: str) -> "Feed":
        """What `pipelines.feeds.parse_feed` says; raises as `crawler.worker.Worker.ask`."""
        question = "feed", body, url, content_type, timezone
        return cast("Feed", await self._worker.ask(*question) if is_costly(body) else read_listing(*question))

    async def sitemap(self, body: bytes, *, url: str, timezone: str) -> "Sitemap":
        """What `pipelines.sitemaps.parse_sitemap` says; raises as `crawler.worker.Worker.ask`."""
        question = "sitemap", body, url, "", timezone
        return cast("Sitemap", await self._worker.ask(*question) if is_costly(body) else read_listing(*question))

    def close(self) -> None:
        """Ends the process, where one was needed."""
        self._worker.close()


def is_costly(body: bytes) -> bool:
    """Could it take long to read? Of a compressed body as much is unpacked as tells; broken ones could be anything."""
    if body.startswith(_GZIP_MAGIC):
        unpacker = zlib.decompressobj(_GZIP_FORMAT)
        try:
            body = unpacker.decompress(body, LARGE_BODY + 1)
        except zlib.error:
            return True
        if not body or unpacker.unused_data or body.startswith(_GZIP_MAGIC):
            return True
    return len(body) > LARGE_BODY or body.count(b"<") > MANY_TAGS


def read_listing(kind: str, body: bytes, url: str, content_type: str, timezone: str) -> "Feed | Sitemap":
    """Reads a "feed" or a "sitemap", in whatever process this is called."""
    if kind == "sitemap":
        from pipelines.sitemaps import parse_sitemap  # noqa: PLC0415 - most runs need only one of them

        return parse_sitemap(body, url=url, timezone=timezone)
    from pipelines.feeds import parse_feed  # noqa: PLC0415

    return parse_feed(body, url=url, content_type=content_type, timezone=timezone)


def _prepare() -> "Callable[[str, bytes, str, str, str], Feed | Sitemap]":
    return read_listing
