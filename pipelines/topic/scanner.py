"""Many regular expressions at once over bytes, by Hyperscan, for use by any thread."""

from collections.abc import Iterable
from contextlib import suppress
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
    """

    def __init__(self, patterns: Iterable[tuple[bytes, int, int]]) -> None:
        compiled = list(patterns)
        self._database = hyperscan.Database() if compiled else None
        if self._database is not None:
            self._database.compile(
                expressions=[expression for expression, _, _ in compiled],
                ids=[number for _, number, _ in compiled],
                elements=len(compiled),
                flags=[flags | hyperscan.HS_FLAG_DOTALL for _, _, flags in compiled],
            )
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
