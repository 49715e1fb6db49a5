"""Which parts of a backfill are done: lists of articles that are read once, such as a month's sitemap.

Forgetting them costs a second look at the lists; their articles are known by themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pipelines.polling.listings import digest
from pipelines.state.file import StateFile
from pipelines.state.rows import instant, micros

SCHEMA = """CREATE TABLE units (
    key INTEGER PRIMARY KEY, done_at INTEGER, tries INTEGER NOT NULL, onward TEXT NOT NULL
) WITHOUT ROWID"""
"""A year of GDELT's quarter hours has 35,000 rows, so a key is the 8 bytes of its digest."""

MAX_TRIES = 3
"""Runs that may end with pages of a unit unfetched before it is called done: some pages always time out."""


class Memory(NamedTuple):
    """What is known of a unit.

    Attributes:
        done_at: when all its articles had their fate; None while some have not.
        tries: runs that could not fetch all of them.
        onward: what the list names to go on with, "" for nothing.
    """

    done_at: datetime | None
    tries: int
    onward: str


class Units:
    """The units of all backfills.

    Every method raises `StateError` as those of `State` do.

    Args:
        file: the state file, open.
    """

    def __init__(self, file: StateFile) -> None:
        self._file = file

    def memory(self, key: str) -> Memory | None:
        """What is known of a unit; None for one that no run has finished or failed with."""
        with self._file.reading() as connection:
            row = connection.execute(
                "SELECT done_at, tries, onward FROM units WHERE key = ?", (digest(key),)
            ).fetchone()
        return row and Memory(None if row[0] is None else instant(row[0]), row[1], row[2])

    def mark_done(self, units: Iterable[tuple[str, str]], now: datetime) -> None:
        """Remember units, each a key and what to go on with, as done.

        To be called in the transaction of their articles' fates, or after it.
        """
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO units VALUES (?, ?, 0, ?)",
                [(digest(key), micros(now), onward) for key, onward in units],
            )

    def mark_failed(self, key: str, onward: str, now: datetime) -> bool:
        """Count one more run that could not fetch all articles of a unit.

        Returns:
            Whether it is given up, and so done.
        """
        with self._file.transaction() as connection:
            row = connection.execute("SELECT tries FROM units WHERE key = ?", (digest(key),)).fetchone()
            tries = (row[0] if row else 0) + 1
            given_up = tries >= MAX_TRIES
            connection.execute(
                "INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?)",
                (digest(key), micros(now) if given_up else None, tries, onward),
            )
        return given_up
