"""The journal: what has been acknowledged and not yet folded into the month files.

One line a record: eight hex digits of CRC-32, a space, compact JSON. A record is acknowledged when its line
and the file's name are on the disk. A last line without its end is a write that a crash cut short, and was
never acknowledged; any other line whose checksum fails is damage, kept aside for a person, and the records
around it are kept.
"""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.store.files import Files

JOURNAL = ".journal.jsonl"
"""Its name below the root."""


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a journal holds.

    Attributes:
        records: the whole ones, in the order of their writing.
        damaged: lines that fail their checksum, as found.
        torn: True when the last line was cut short.
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    damaged: list[bytes] = field(default_factory=list)
    torn: bool = False


class Journal:
    """Appends records to one file, and reads them back.

    Args:
        path: the file; made by the first append.
        files: the file system.
    """

    def __init__(self, path: Path, files: Files) -> None:
        self._path = path
        self._files = files
        self._handle: int | None = None
        self._length = 0

    def append(self, records: Iterable[dict[str, Any]]) -> None:
        """Writes the records and returns when they are on the disk; all of them wait for one sync.

        Raises:
            OSError: if they are not; the journal then ends where it ended before.
        """
        lines = b"".join(map(encode, records))
        try:
            first = self._handle is None
            handle = self._open()
            self._files.write_all(handle, lines)
            self._files.fsync(handle)
            if first:
                self._files.fsync_dir(self._path.parent)
        except OSError:
            self._cut_back()
            raise
        self._length += len(lines)

    def read(self) -> Journalled:
        """Everything that is written, whole or not."""
        return decode(self._files.read(self._path) or b"")

    def exists(self) -> bool:
        """Whether there is a journal to fold."""
        return self._path.name in self._files.listdir(self._path.parent)

    def remove(self) -> None:
        """Forgets all records; only after they are folded."""
        self.close()
        self._files.unlink(self._path)
        self._files.fsync_dir(self._path.parent)

    def close(self) -> None:
        """Gives the open file back; the next append opens it again."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._files.close(handle)

    def _open(self) -> int:
        if self._handle is None:
            before = self._files.read(self._path) or b""
            self._length = len(before)
            self._handle = self._files.open(self._path, append=True)
            if before and not before.endswith(b"\n"):
                # Left by a run that was cut short: the next record must not become a part of it.
                self._files.write_all(self._handle, b"\n")
                self._length += 1
        return self._handle

    def _cut_back(self) -> None:
        """Takes away a half-written record.

        Where even that fails, the next `_open` ends its line, and its checksum betrays it.
        """
        try:
            opened = self._handle is not None
            self.close()
            if opened:
                self._files.truncate(self._path, self._length)
        except OSError:
            return


def encode(record: dict[str, Any]) -> bytes:
    """One record as its line.

    Raises:
        ValueError: if it holds what JSON or UTF-8 cannot carry.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def decode(content: bytes) -> Journalled:
    """The records of a journal; never raises on damage.

    >>> decode(encode({"a": 1}) + b"00000000 {}" + bytes([10]) + b"12ab").records
    [{'a': 1}]
    """
    found = Journalled()
    lines = content.split(b"\n")
    tail = lines.pop()
    for line in lines:
        record = _record(line)
        if record is not None:
            found.records.append(record)
        elif line:
            found.damaged.append(line)
    last = _record(tail)
    if last is None:
        return Journalled(found.records, found.damaged, torn=bool(tail))
    found.records.append(last)
    return found


def _record(line: bytes) -> dict[str, Any] | None:
    """The record of one line, None when the checksum or the JSON is wrong."""
    checksum, _, text = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(text):
        return None
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
