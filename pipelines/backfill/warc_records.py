"""The records of a WARC file, also of one that is broken in places.

A compressed WARC is a row of gzip members, a record in each, so that behind a broken one the next can be read. A record
that lies about its length swallows what it claims, and no more.
"""

import zlib
from collections.abc import Iterator
from typing import Protocol

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.backfill.warc_tally import WarcTally

MOST_BREAKS = 100
"""Broken places after which the rest of a file is left unread: each costs a look at some 500 KB again."""

LONGEST_HEADER = 131_072
"""Bytes of a header line; outlets that set a whole profile as cookies come to 20,000."""

_BUFFER = 2**18
"""Bytes that the reader asks for at a time."""

_AHEAD = 2 * _BUFFER
"""Bytes that it may have asked for beyond the place where it found the damage."""

_WINDOW = 2**20
"""Bytes in which the next record is looked for at a time."""

_NO_RECORD = "no WARC file, since no record can be read in it"

_GZIP_MEMBER, _PLAIN = b"\x1f\x8b\x08", b"WARC/1."
_PROOF = 512
"""Bytes of a member that show whether it holds a record: names and comments in its header are short."""


class NoWarcError(ValueError):
    """A file that has bytes and not one record that can be read: another file under its name, or a server's error."""


class Tape(Protocol):
    """Where the bytes come from. Whatever it raises but OSError ends the reading and reaches the caller."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, b"" at the end."""
        ...

    def tell(self) -> int:
        """The offset of the next byte."""
        ...

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Goes on at another offset."""
        ...

    def seekable(self) -> bool:
        """Whether it can go back."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...


def records(tape: Tape, tally: WarcTally) -> Iterator[WarcRecord]:
    """The records of a file, each valid until the next is asked for.

    Damage is counted ("damaged") and passed over, where the tape can go back; after `MOST_BREAKS` places, or without
    going back, the rest is counted as "unread". Every step leads forward, so that it ends whatever the file holds.

    Args:
        tape: plain, or compressed with gzip, zstd or lz4.
        tally: gets the counts.

    Raises:
        NoWarcError: at the end, when there was no record, not even a broken one. A file without a byte is an empty one.
    """
    beginning = _beginning(tape)
    position = tape.tell()
    met = False
    for _ in range(MOST_BREAKS):
        try:
            for record in ArchiveIterator(
                tape,
                record_types=WarcRecordType.any_type,
                parse_http=False,
                max_header_len=LONGEST_HEADER,
                buffer_size=_BUFFER,
            ):
                position = record.stream_pos
                met = True
                tally.records += 1
                yield record
        except OSError:
            tally.skipped["damaged"] += 1
        else:
            if not met and tape.tell():
                raise NoWarcError(_NO_RECORD)
            return
        found = _next(tape, beginning, max(position + 1, tape.tell() - _AHEAD)) if beginning else None
        if found is None:
            if not met:
                raise NoWarcError(_NO_RECORD)
            if not beginning:
                tally.skipped["unread"] += 1
            return
        met = True  # the beginning of one at least
        position = tape.seek(found)
    tally.skipped["unread"] += 1


def _beginning(tape: Tape) -> bytes:
    """With what every record of the file begins; b"" when that cannot be told or used."""
    if not tape.seekable():
        return b""
    magic = tape.read(len(_GZIP_MEMBER))
    tape.seek(0)
    return _GZIP_MEMBER if magic.startswith(_GZIP_MEMBER[:2]) else _PLAIN


def _next(tape: Tape, beginning: bytes, start: int) -> int | None:
    """The offset of the next record from `start` on; None when there is none."""
    offset = tape.seek(start)
    kept = b""
    while part := tape.read(_WINDOW):
        window = kept + part
        at = window.find(beginning)
        while at >= 0:
            if beginning == _PLAIN or _holds_record(window[at : at + _PROOF]):
                return offset + at
            if at + _PROOF > len(window):
                break  # the proof may lie in the next window
            at = window.find(beginning, at + 1)
        cut = max(0, len(window) - _PROOF) if at < 0 else at
        kept = window[cut:]
        offset += cut
    return None


def _holds_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(member, 5) == b"WARC/"
    except zlib.error:
        return False
