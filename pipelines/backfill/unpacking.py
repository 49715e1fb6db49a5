"""The lines of a file that may be zipped, gzipped or neither, one at a time and never more than a bound."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import IO

LINE_LIMIT = 2**20
"""Bytes of a line that are kept; a row of GDELT's knowledge graph about a long page has some 300 KB."""

_GZIP_MAGIC, _ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What GDELT uses. The other methods of the format let a small file ask for a dictionary of gigabytes."""

_BROKEN = (
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    OverflowError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
"""All that a file made for the purpose gets zipfile and gzip to raise."""


class CutError(Exception):
    """The file ends before its end: it is broken, no archive after all, or longer than the bound."""


def unpacked_lines(body: bytes, *, limit: int) -> Iterator[bytes]:
    """The lines of a file, without their ends. Memory does not grow with its length.

    Args:
        body: zip (its first member is read), gzip, or the lines themselves; told by the first bytes, since servers and
            clients undo gzip on the way.
        limit: bytes that are read after unpacking.

    Yields:
        At most the first `LINE_LIMIT` bytes of each line.

    Raises:
        CutError: after the lines that could be read, when these are not all.
    """
    with ExitStack() as opened:
        try:
            yield from _lines(_opened(body, opened), limit)
        except _BROKEN as error:
            raise CutError(f"broken: {type(error).__name__}") from None


def _lines(stream: IO[bytes] | gzip.GzipFile, limit: int) -> Iterator[bytes]:
    left = limit + 1
    while line := stream.readline(min(LINE_LIMIT, left)):
        left -= len(line)
        yield line.rstrip(b"\r\n")
        while not line.endswith(b"\n") and left and (line := stream.readline(min(LINE_LIMIT, left))):
            left -= len(line)
        if not left:
            raise CutError(f"more than {limit} bytes after unpacking")


def _opened(body: bytes, opened: ExitStack) -> IO[bytes] | gzip.GzipFile:
    if body.startswith(_GZIP_MAGIC):
        return opened.enter_context(gzip.GzipFile(fileobj=BytesIO(body)))
    if body.startswith(_ZIP_MAGIC):
        archive = opened.enter_context(zipfile.ZipFile(BytesIO(body)))
        member = next((item for item in archive.infolist() if not item.is_dir()), None)
        if member is None or member.compress_type not in _METHODS:
            raise CutError("a zip file without a member that can be read")
        return opened.enter_context(archive.open(member))
    return BytesIO(body)
