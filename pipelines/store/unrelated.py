"""Which months have stories that may lack their event: written before the journal goes, gone when the events are there.

Events are made after the fold, by rules that the store does not know. A run that is killed in between leaves this note,
and the next one finds in it what is still to be done; without a note nothing has to be looked through.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from pipelines.store.files import Files

UNRELATED = ".unrelated"
"""Its name below the root: a month ("2021-10") a line. On this host's disk also where the tables are in a bucket."""

_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)


class Unrelated:
    """The note.

    Args:
        root: the store.
        files: the file system. All methods raise `OSError` when it refuses.
    """

    def __init__(self, root: Path, files: Files) -> None:
        self._root = root
        self._path = root / UNRELATED
        self._files = files

    def months(self) -> frozenset[str]:
        """The months that are noted; lines that name none are passed over."""
        lines = (self._files.read(self._path) or b"").decode("utf-8", "replace").split("\n")
        return frozenset(line for line in lines if _MONTH.fullmatch(line))

    def add(self, months: Iterable[str]) -> None:
        """Notes months; when it returns, a power cut does not forget them."""
        before = self.months()
        self._write(before, before.union(months))

    def remove(self, months: Iterable[str]) -> None:
        """Strikes months out. One that a power cut brings back is looked through once more, and nothing is found."""
        before = self.months()
        self._write(before, before.difference(months))

    def _write(self, before: frozenset[str], after: frozenset[str]) -> None:
        if after == before:
            return
        if after:
            self._files.publish(self._root, self._path, "".join(f"{month}\n" for month in sorted(after)).encode())
        else:
            self._files.unlink(self._path)
