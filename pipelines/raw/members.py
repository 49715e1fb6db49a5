"""The gzip members of a file, whatever has become of the file: what is whole is given, and the rest is passed over."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MAGIC = b"\x1f\x8b\x08"
"""How a member begins (RFC 1952). In other bytes it stands once in 16 MB."""

LIMIT = 64 * 2**20
"""Bytes of an inflated member that are believed; pages have at most 8 MiB."""

_CHUNK = 2**16


@dataclass(frozen=True, slots=True)
class Member:
    """A whole member, or a stretch between two that is damaged.

    Attributes:
        offset: where it begins.
        end: where it ends.
        content: inflated, its checksum right; None where it is damaged.
    """

    offset: int
    end: int
    content: bytes | None


def read_members(file: BinaryIO) -> Iterator[Member]:
    """All members in their order. A file that ends in the middle of one ends with a damaged stretch.

    Args:
        file: can be sought.
    """
    offset = 0
    damaged: int | None = None
    while True:
        content, end = _inflate(file, offset)
        if end is None:
            damaged = offset if damaged is None else damaged
            following = _find_magic(file, offset + 1)
            if following is None:
                size = file.seek(0, 2)
                if damaged < size:
                    yield Member(damaged, size, None)
                return
            offset = following
            continue
        if damaged is not None:
            yield Member(damaged, offset, None)
            damaged = None
        yield Member(offset, end, content)
        offset = end


def _inflate(file: BinaryIO, offset: int) -> tuple[bytes, int | None]:
    """The member that begins there, and its end; None for the end when no whole member does."""
    engine = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    left = LIMIT
    file.seek(offset)
    try:
        while not engine.eof:
            chunk = file.read(_CHUNK)
            if not chunk or left <= 0:
                return b"", None
            part = engine.decompress(chunk, left)
            left -= len(part)
            parts.append(part)
            if engine.unconsumed_tail:
                return b"", None
            offset += len(chunk)
    except zlib.error:
        return b"", None
    return b"".join(parts), offset - len(engine.unused_data)


def _find_magic(file: BinaryIO, offset: int) -> int | None:
    file.seek(offset)
    before = b""
    while chunk := file.read(_CHUNK):
        window = before + chunk
        at = window.find(MAGIC)
        if at >= 0:
            return offset - len(before) + at
        before = window[-(len(MAGIC) - 1) :]
        offset += len(chunk)
    return None
