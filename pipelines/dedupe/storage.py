"""The index on disk: one SQLite file, a cache that the articles can rebuild.

Articles are appended in the order in which they came, so that the texts that a run reads and writes lie together at the
end of the file; only three narrow indexes are touched all over.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.dedupe import postings
from pipelines.dedupe.normalise import VERSION
from pipelines.dedupe.postings import Postings
from pipelines.model import Match
from pipelines.sqlite_faults import errno_of, is_damage

MEMORY = ":memory:"

_LAYOUT = 2
_SCHEMA = """
DROP TABLE IF EXISTS articles;
DROP TABLE IF EXISTS documents;
CREATE TABLE articles (
    number INTEGER NOT NULL, article_id TEXT NOT NULL, story_id TEXT NOT NULL, role TEXT NOT NULL,
    matched_article_id TEXT, similarity REAL NOT NULL, revision INTEGER NOT NULL, day INTEGER NOT NULL,
    address INTEGER NOT NULL, text_hash INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE UNIQUE INDEX articles_by_number ON articles (number);
CREATE INDEX articles_by_address ON articles (address);
CREATE INDEX articles_by_text ON articles (text_hash);
"""
_KNOWN = """
SELECT number, article_id, story_id, role, matched_article_id, similarity, revision, day, address, text_hash
FROM articles
"""
_ARTICLE = _KNOWN + "WHERE number = ?"
_AT_ADDRESS = _KNOWN + "WHERE address = ? ORDER BY revision DESC, day DESC, number"
_WITH_TEXT = _KNOWN + "WHERE text_hash = ? ORDER BY day, number LIMIT 20"


@dataclass(frozen=True, slots=True)
class Known:
    """An article in the index.

    Attributes:
        number: `number_of` its id.
        article_id: its id.
        match: where it was placed.
        day: proleptic ordinal of its date.
        address: `number_of` its match key.
        text_hash: of its folded words.
    """

    number: int
    article_id: str
    match: Match
    day: int
    address: int
    text_hash: int


class StoryIndexError(OSError):
    """The index cannot be read or written; `errno` says why, see `pipelines.sqlite_faults`."""


@contextmanager
def faults_told(path: str) -> Iterator[None]:
    """Turns what SQLite complains of in the block into a `StoryIndexError` that names the file."""
    try:
        yield
    except sqlite3.Error as error:
        advice = "; `orbitwatch rebuild --index` makes it again" if is_damage(error) else ""
        raise StoryIndexError(errno_of(error), f"story index: {error}{advice}", path) from error


class IndexFile:
    """The tables and their statements; decides nothing.

    Its methods let SQLite's errors through: who calls them puts `faults_told` around.

    Args:
        path: the file, or `MEMORY`. One that is damaged, or was written by other rules, is emptied.
        window_days: length of a period.
        keep_days: postings of periods that lie longer than that before the newest one are deleted; None keeps all.

    Attributes:
        postings: where shingles stand.

    Raises:
        sqlite3.OperationalError: if it cannot be opened, or another process holds it for over five seconds.
    """

    def __init__(self, path: str, window_days: int, keep_days: int | None = None) -> None:
        self._keep_days = keep_days
        rules = f"layout {_LAYOUT}, words {VERSION}, window {window_days}, kept {keep_days or 'all'}"
        try:
            self._database = _opened(path, rules)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                Path(path + suffix).unlink(missing_ok=True)
            self._database = _opened(path, rules)
        self.postings = Postings(self._database, window_days)

    def close(self) -> None:
        """Closes the file; an open transaction is undone."""
        self._database.close()

    def begin(self) -> None:
        """Opens a transaction, waiting for another writer."""
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keeps what was written since `begin`."""
        if self._keep_days is not None:
            self.postings.forget(self._keep_days)
        self._database.execute("COMMIT")
        self.postings.clear()

    def roll_back(self) -> None:
        """Forgets what was written since `begin`."""
        self.postings.clear()
        with suppress(sqlite3.OperationalError):  # after a full disk SQLite has done so already
            self._database.execute("ROLLBACK")

    def count(self) -> int:
        """Articles in the index."""
        # They are numbered from 1 and never deleted; counting them would read an index from end to end.
        return int(self._database.execute("SELECT coalesce(max(rowid), 0) FROM articles").fetchone()[0])

    def article(self, number: int) -> Known | None:
        """The article with this number."""
        return next(map(_known, self._database.execute(_ARTICLE, (number,))), None)

    def at_address(self, address: int) -> list[Known]:
        """All versions that were seen at an address, the newest first."""
        return list(map(_known, self._database.execute(_AT_ADDRESS, (address,))))

    def with_text(self, text_hash: int) -> list[Known]:
        """Up to 20 articles with the same words, the earliest first."""
        return list(map(_known, self._database.execute(_WITH_TEXT, (text_hash,))))

    def document(self, number: int) -> tuple[str, str]:
        """Title and text of an article that is in the index."""
        body = self._database.execute("SELECT body FROM articles WHERE number = ?", (number,)).fetchone()[0]
        title, _, text = zlib.decompress(body).decode("utf-8", "surrogatepass").partition("\0")
        return title, text

    def put(self, known: Known, document: tuple[str, str]) -> None:
        """Adds an article that is not in the index; its shingles go into the postings.

        Args:
            known: what is known of it.
            document: its title and text, as far as they are compared.
        """
        match = known.match
        self._database.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                known.number,
                known.article_id,
                match.story_id,
                match.role,
                match.matched_article_id,
                match.similarity,
                match.revision,
                known.day,
                known.address,
                known.text_hash,
                zlib.compress("\0".join(document).encode("utf-8", "surrogatepass"), 1),
            ),
        )


def _opened(path: str, rules: str) -> sqlite3.Connection:
    """A connection to a file with the tables of these rules, empty where it was written by others."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        # 8 MB for 2: a run then reads a quarter fewer pages twice, since the upper ones of a long history's trees stay.
        database.execute("PRAGMA cache_size = -8000")
        database.execute("CREATE TABLE IF NOT EXISTS rules (name TEXT NOT NULL)")
        if database.execute("SELECT name FROM rules").fetchall() != [(rules,)]:
            database.execute("BEGIN IMMEDIATE")
            for statement in (_SCHEMA + postings.SCHEMA).split(";"):
                database.execute(statement)
            database.execute("DELETE FROM rules")
            database.execute("INSERT INTO rules VALUES (?)", (rules,))
            database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def _known(row: tuple[int, str, str, str, str | None, float, int, int, int, int]) -> Known:
    number, article_id, story_id, role, matched, similarity, revision, day, address, text_hash = row
    return Known(
        number, article_id, Match(story_id, role, matched, similarity, revision), day, address, text_hash  # type: ignore[arg-type]
    )  # fmt: skip
