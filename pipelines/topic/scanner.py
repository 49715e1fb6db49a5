"""Many regular expressions at once over bytes, by Hyperscan, for use by any thread."""

from collections.abc import Callable, Iterable
from threading import Lock

import hyperscan

CASELESS: int = hyperscan.HS_FLAG_CASELESS
"""Letters of ASCII in either case."""

ONCE: int = hyperscan.HS_FLAG_SINGLEMATCH
"""Report a number only once."""


class Scanner:
    """Compiled expressions.

    Args:
        patterns: an expression, the number that it is reported by, and its flags; "." is any byte.
    """

    def __init__(self, patterns: Iterable[tuple[bytes, int, int]]) -> None:
        expressions, numbers, flags = zip(*patterns, strict=True)
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=expressions,
            ids=numbers,
            elements=len(expressions),
            flags=[flag | hyperscan.HS_FLAG_DOTALL for flag in flags],
        )
        self._lock = Lock()  # Hyperscan's scratch space serves one scan at a time, which lets other threads run.

    def scan(self, data: bytes, seen: Callable[[int, int], bool]) -> bool:
        """Report what matches.

        Args:
            data: the bytes.
            seen: called with the number of an expression and the offset behind a match, in the order of the offsets;
                True ends the scan. It must not scan with the same scanner.

        Returns:
            Whether `seen` ended the scan.
        """
        with self._lock:
            try:
                self._database.scan(data, match_event_handler=lambda number, _start, end, *_: seen(number, end))
            except hyperscan.ScanTerminated:
                return True
        return False
