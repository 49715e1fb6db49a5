"""The body of an archived answer, transfer and content coding undone.

CC-NEWS keeps pages plain and says how they came in headers of its own (`X-Crawler-Content-Encoding`), other archives
keep what came over the wire, and some keep the header and not the coding. So a body that is visibly plain already is
left as it is.
"""

import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

from fastwarc.stream_io import BrotliReader, ChunkedReader, ZstdReader

MOST_CODINGS = 3
"""Codings one upon the other that are undone; servers apply one."""

_GZIP = frozenset({"gzip", "x-gzip"})
_READERS: dict[str, Callable[[BytesIO], Any]] = {"br": BrotliReader, "zstd": ZstdReader}
_GZIP_MAGIC, _HEX = b"\x1f\x8b", b"0123456789abcdefABCDEF"
_ANY_HEADER, _NO_HEADER = 47, -15
"""For zlib: a gzip or zlib header, or none. "deflate" means zlib (RFC 9110), and some servers never knew."""


class BodyError(ValueError):
    """A body that cannot be read; the text is the reason word: "bad_coding" or "too_large"."""


def plain_body(body: bytes, *, transfer: str, content: str, limit: int) -> bytes:
    """Undo the codings of an archived body.

    Args:
        body: as archived.
        transfer: the Transfer-Encoding header, "" without one.
        content: the Content-Encoding header, "" without one.
        limit: bytes at most, after each step; a bomb is given up there.

    Raises:
        BodyError: "bad_coding" for a coding that is unknown or was done wrongly, "too_large".
    """
    if "chunked" in transfer.lower() and _is_chunked(body):
        body = _read(ChunkedReader, body, limit)
    codings = [coding for coding in content.lower().replace(" ", "").split(",") if coding not in {"", "identity"}]
    if len(codings) > MOST_CODINGS:
        raise BodyError("bad_coding")
    for coding in reversed(codings):
        if _is_plain(body, coding):
            break
        if coding in _GZIP or coding == "deflate":
            body = _inflated(body, limit)
        elif coding in _READERS:
            body = _read(_READERS[coding], body, limit)
        else:
            raise BodyError("bad_coding")
    return body


def _is_chunked(body: bytes) -> bool:
    size = body[:18].partition(b"\r\n")[0].partition(b";")[0].strip()
    return bool(size) and not size.strip(_HEX)


def _is_plain(body: bytes, coding: str) -> bool:
    if coding in _GZIP:
        return not body.startswith(_GZIP_MAGIC)
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"<", b""}


def _inflated(body: bytes, limit: int) -> bytes:
    for header in (_ANY_HEADER, _NO_HEADER):
        try:
            found = zlib.decompressobj(header).decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(found) > limit:
            raise BodyError("too_large")
        return found
    raise BodyError("bad_coding")


def _read(reader: Callable[[BytesIO], Any], body: bytes, limit: int) -> bytes:
    found = bytearray()
    try:
        stream = reader(BytesIO(body))
        while len(found) <= limit and (part := stream.read(limit + 1 - len(found))):
            found += part
    except OSError:
        raise BodyError("bad_coding") from None
    if len(found) > limit:
        raise BodyError("too_large")
    return bytes(found)
