"""Memory of a process and all that it has started, from /proc."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks.
_EVERY = 0.05


@dataclass
class Peak:
    """The most memory that a tree of processes had at any look.

    Attributes:
        megabytes: resident memory; pages that several processes use count in each.
        looks: how often it was looked at.
    """

    megabytes: float = 0.0
    looks: int = 0


@contextmanager
def watched(root: int) -> Iterator[Peak]:
    """Looks at the tree below process `root` while the block runs."""
    peak, ended = Peak(), threading.Event()

    def look() -> None:
        while not ended.wait(_EVERY):
            peak.megabytes = max(peak.megabytes, sum(map(_resident, tree(root))) / 1024)
            peak.looks += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def tree(root: int) -> Iterator[int]:
    """A process and all that it has started and are there."""
    yield root
    with suppress(OSError):  # it has ended meanwhile
        for children in Path(f"/proc/{root}/task").glob("*/children"):
            for child in children.read_text().split():
                yield from tree(int(child))


def _resident(process: int) -> int:
    """KiB."""
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{process}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])
    return 0
