"""Which months may hold an article, a claim or a story, so that five new articles need no whole history read.

A hint, not a truth: it never forgets a place (a superfluous month costs one read and nothing else), and it is
checked against every file's fingerprint before use, so it may be deleted, restored from a backup or left
behind by a crash without harm. Kept in SQLite under `.state/`: two integers a row.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import xxhash

from pipelines.schema import ARTICLES, MILESTONES, STORIES, TABLES, Table
from pipelines.store.months import MonthFiles

INDEXED: dict[str, tuple[str, ...]] = {
    ARTICLES.name: ("article_id", "story_id"),
    STORIES.name: ("story_id",),
    MILESTONES.name: ("claim_id",),
}
"""Columns by which the rows of a table can be found."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS places (
    id INTEGER NOT NULL, month INTEGER NOT NULL, PRIMARY KEY (id, month)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (
    file TEXT PRIMARY KEY, fingerprint TEXT NOT NULL
) WITHOUT ROWID;
"""


class Places:
    """Finds the months of given ids.

    A database that cannot be opened, read or written is done without: it is removed, and this process keeps
    its own in memory.

    Args:
        path: the SQLite file; made when missing. None keeps it in memory.
        months: the files it speaks about.
    """

    def __init__(self, path: Path | None, months: MonthFiles) -> None:
        self._path = path
        self._months = months
        self._database: sqlite3.Connection | None = None

    def find(self, table: Table, column: str, ids: Iterable[str]) -> list[str]:
        """The months whose file may hold a row with one of these ids in `column`, oldest first."""
        wanted = [_number(table, column, id_) for id_ in ids]
        try:
            return self._find(wanted)
        except (sqlite3.Error, OSError):
            self._do_without()
            self.catch_up()
            return self._find(wanted)

    def catch_up(self) -> None:
        """Reads the files that have changed behind its back. To be called before each piece of work.

        Raises:
            StoreDamaged: if a changed file cannot be read.
        """
        try:
            self._catch_up()
        except (sqlite3.Error, OSError):
            self._do_without()
            self._catch_up()

    def note(self, table: Table, stem: str, rows: Iterable[tuple[str, ...]]) -> None:
        """Remembers rows just added to a month, without reading its file again.

        Args:
            table: which table.
            stem: which month.
            rows: for each row the values of the table's `INDEXED` columns.
        """
        try:
            fingerprint = self._months.fingerprints(table, stem[:4])[stem]
            self._remember(table, stem, rows, fingerprint)
        except (sqlite3.Error, OSError):
            self._do_without()

    def save(self) -> None:
        """Keeps for the next run what was learnt in this one."""
        try:
            self._open().commit()
        except sqlite3.Error:
            self._do_without()

    def close(self) -> None:
        """Closes the database; the next use opens it again."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _find(self, numbers: list[int]) -> list[str]:
        found: set[int] = set()
        for number in numbers:
            found.update(month for (month,) in self._open().execute("SELECT month FROM places WHERE id = ?", (number,)))
        return [f"{month // 100:04d}-{month % 100:02d}" for month in sorted(found)]

    def _catch_up(self) -> None:
        seen = dict(self._open().execute("SELECT file, fingerprint FROM seen"))
        for name, columns in INDEXED.items():
            table = TABLES[name]
            for year in self._months.years(table):
                for stem, fingerprint in self._months.fingerprints(table, year).items():
                    if seen.get(f"{name}/{stem}") != fingerprint:
                        month = self._months.read(table, stem, columns)
                        rows = zip(*(column.to_pylist() for column in month.columns), strict=True)
                        self._remember(table, stem, rows, fingerprint)

    def _remember(self, table: Table, stem: str, rows: Iterable[tuple[str, ...]], fingerprint: str) -> None:
        month = int(stem[:4]) * 100 + int(stem[5:7])
        names = INDEXED[table.name]
        numbers = ((_number(table, name, id_), month) for row in rows for name, id_ in zip(names, row, strict=True))
        self._open().executemany("INSERT OR IGNORE INTO places VALUES (?, ?)", numbers)
        self._open().execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (f"{table.name}/{stem}", fingerprint))

    def _open(self) -> sqlite3.Connection:
        if self._database is None:
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path or ":memory:")
            self._database.executescript(_SCHEMA)
        return self._database

    def _do_without(self) -> None:
        self.close()
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        self._path = None


def _number(table: Table, column: str, id_: str) -> int:
    """64 bits for an id, signed as SQLite wants them; two ids that share them cost one read too many."""
    return xxhash.xxh3_64_intdigest(f"{table.name}.{column}={id_}".encode("utf-8", "replace")) - (1 << 63)
