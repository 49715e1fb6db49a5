"""Many regular expressions at once over bytes, by Hyperscan, for use by any thread."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import hyperscan

CASELESS: int = hyperscan.HS_FLAG_CASELESS
"""Letters of ASCII in either case."""

ONCE: int = hyperscan.HS_FLAG_SINGLEMATCH
"""Report a number only once."""


Match = tuple[int, int]
"""Where an expression matches: the offset behind it, and the number by which it is reported."""


class Scanner:
    """Compiled expressions.

    Args:
        patterns: an expression, the number that it is reported by, and its flags; "." is any byte. May be none.
        kept: file that keeps what was compiled for the next process: ten thousand patterns take 0.2 s. One that is
            missing, damaged, or of other patterns or another machine is written anew where that is possible.
    """

    def __init__(self, patterns: Iterable[tuple[bytes, int, int]], *, kept: Path | None = None) -> None:
        compiled = list(patterns)
        self._database = _database(compiled, kept) if compiled else None
        self._lock = Lock()  # Hyperscan's scratch space serves one scan at a time, which lets other threads run.

    def scan(self, data: bytes, *, most: int) -> list[Match]:
        """What matches, by ascending offsets.

        Args:
            data: the bytes.
            most: matches that are wanted; one more tells that there are more, and ends the scan.
        """
        matches: list[Match] = []

        def seen(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            matches.append((end, number))
            return len(matches) > most

        if self._database is None:
            return matches
        with self._lock, suppress(hyperscan.ScanTerminated):
            self._database.scan(data, match_event_handler=seen)
        return matches


def _database(patterns: list[tuple[bytes, int, int]], kept: Path | None) -> hyperscan.Database:
    if kept is None:
        return _compiled(patterns)
    key = _digest(repr((version("hyperscan"), patterns)).encode())
    with suppress(OSError, hyperscan.error):
        content = kept.read_bytes()
        told, serialized = content[: 2 * len(key)], content[2 * len(key) :]
        if told == key + _digest(serialized):
            return _loaded(serialized)
    database = _compiled(patterns)
    content = hyperscan.dumpb(database)
    with suppress(OSError):
        _publish(kept, key + _digest(content) + content)
    return database


def _compiled(patterns: list[tuple[bytes, int, int]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[expression for expression, _, _ in patterns],
        ids=[number for _, number, _ in patterns],
        elements=len(patterns),
        flags=[flags | hyperscan.HS_FLAG_DOTALL for _, _, flags in patterns],
    )
    return database


def _loaded(content: bytes) -> hyperscan.Database:
    database = hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=32).digest()


def _publish(path: Path, content: bytes) -> None:
    """Writes a file that other processes find whole or not at all; a cache, it need not outlive a power cut."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)
