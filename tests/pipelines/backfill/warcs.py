"""WARC files made for the tests, byte by byte, so that each can be wrong in its own way."""

import gzip
from datetime import UTC, datetime

from pipelines.backfill.warc_pages import Wanted
from pipelines.catalogue.outlets import Outlets
from pipelines.catalogue.sources import Source
from tests.pipelines.page_texts import page

CAPTURED = datetime(2021, 10, 5, 18, 30, tzinfo=UTC)
SOURCES = (
    Source("tribune", "Tribune", "https://tribune.example/", timezone="Europe/Moscow"),
    Source("tribune-space", "Tribune Space", "https://tribune.example/space/", timezone="Asia/Tokyo"),
    Source("gazette", "Gazette", "https://www.gazette.example/"),
)
WANTED = Wanted(Outlets(SOURCES))
ON_TOPIC = page().encode()
OFF_TOPIC = page("<article><h1>Council mends the bridge</h1><p>The old bridge opens on Monday.</p></article>").encode()


def record(
    url: str = "https://tribune.example/1",
    body: bytes = ON_TOPIC,
    *,
    kind: str = "response",
    at: datetime | str = CAPTURED,
    http: str = "HTTP/1.1 200 OK",
    content_type: str = "text/html; charset=utf-8",
    headers: tuple[tuple[str, str], ...] = (),
    warc_headers: tuple[tuple[str, str], ...] = (),
    length: int | None = None,
) -> bytes:
    """One record, not compressed."""
    answer = [http, *([f"Content-Type: {content_type}"] if content_type else []), *(f"{n}: {v}" for n, v in headers)]
    block = "\r\n".join([*answer, "", ""]).encode() + body
    date = at if isinstance(at, str) else at.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        "WARC-Record-ID: <urn:uuid:9e2f4c1a-0c0f-4a39-9a3f-0d7f8c5b2e11>",
        f"WARC-Date: {date}",
        f"WARC-Target-URI: {url}",
        f"Content-Type: application/http; msgtype={kind}",
        *(f"{name}: {value}" for name, value in warc_headers),
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n"


def packed(*records: bytes) -> bytes:
    """A compressed WARC: a gzip member for each record."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)
