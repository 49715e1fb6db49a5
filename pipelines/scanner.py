"""Many regular expressions at once over bytes, by Hyperscan, for use by any thread."""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import hyperscan

from pipelines.whole_files import replacing

CASELESS: int = hyperscan.HS_FLAG_CASELESS
"""Letters of ASCII in either case."""

ONCE: int = hyperscan.HS_FLAG_SINGLEMATCH
"""Report a number only once."""

MOST_KEPT = 4
"""Files of a folder that are kept, of 4 MB each: one for each set of rules that is in use."""

_SUFFIX = ".hyperscan"
_DIGEST = 32  # bytes

Match = tuple[int, int]
"""Where an expression matches: the offset behind it, and the number by which it is reported."""


class Scanner:
    """Compiled expressions.

    Args:
        patterns: an expression, the number that it is reported by, and its flags; "." is any byte. May be none.
        kept: folder that keeps what was compiled for the next process: twenty thousand patterns take 0.4 s. A file
            that is missing, damaged, or of another machine is written anew where that is possible.
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
    path = kept / f"{_digest(repr((version('hyperscan'), patterns)).encode()).hex()}{_SUFFIX}"
    with suppress(OSError, hyperscan.error):
        content = path.read_bytes()
        serialized = content[_DIGEST:]
        if content[:_DIGEST] == _digest(serialized):
            database = _loaded(serialized)
            with suppress(OSError):
                os.utime(path)  # so that it is in use, and another goes
            return database
    database = _compiled(patterns)
    content = hyperscan.dumpb(database)
    with suppress(OSError):
        with replacing(path) as file:
            file.write(_digest(content) + content)
        # With those goes what a killed process left of one, whose name has this suffix inside.
        for old in sorted(kept.glob(f"*{_SUFFIX}*"), key=_used_at)[:-MOST_KEPT]:
            old.unlink(missing_ok=True)
    return database


def _used_at(path: Path) -> float:
    return path.stat().st_mtime


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
    return hashlib.blake2b(content, digest_size=_DIGEST).digest()
