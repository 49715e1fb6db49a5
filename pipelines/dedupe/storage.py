"""The index on disk: one SQLite file, a cache that the articles can rebuild.

What it holds depends on *which* articles were put in, never on their order, so that a rebuilt index gives the
same answers as one that grew run by run:

- a posting says that a shingle stands in a story in some period; of the story's articles it names the one
with
  the smallest number;
- a shingle in more than `COMMON` stories of a period is boilerplate there, whichever of them are written
down,
  so that no more need be.

The same rules keep it small: a hundred copies of a wire story, or the newsletter box below ten thousand
articles, add next to nothing. Postings are ordered by period first, and a period is as long as the window: a
document needs its own period and the two beside it, however long the history.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.dedupe.normalise import VERSION
from pipelines.model import Match

COMMON = 5
"""A shingle in more different stories than this, within three periods, is boilerplate. Counted in stories and not
in articles, since a wire story with a hundred copies would otherwise switch itself off. With 3 or 10 pair F1 moves
by less than .001 on development data."""

MEMORY = ":memory:"

_LAYOUT = 1
_SCHEMA = """
DROP TABLE IF EXISTS articles;
DROP TABLE IF EXISTS documents;
DROP TABLE IF EXISTS postings;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL, story_id TEXT NOT NULL, role TEXT NOT NULL,
    matched_article_id TEXT, similarity REAL NOT NULL, revision INTEGER NOT NULL, day INTEGER NOT NULL,
    address INTEGER NOT NULL, text_hash INTEGER NOT NULL
);
CREATE INDEX articles_by_address ON articles (address);
CREATE INDEX articles_by_text ON articles (text_hash);
CREATE TABLE documents (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE postings (
    period INTEGER NOT NULL, shingle INTEGER NOT NULL, story INTEGER NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (period, shingle, story)
) WITHOUT ROWID;
"""
_POSTINGS = """
SELECT period, shingle, story, article FROM postings
WHERE period IN (?, ?, ?) AND shingle IN (SELECT value FROM json_each(?))
"""
_COMMON = """
SELECT shingle FROM postings
WHERE period IN (?, ?, ?) AND shingle IN (SELECT value FROM json_each(?))
GROUP BY shingle HAVING count(DISTINCT story) > ?
"""
_POST = """
INSERT INTO postings VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET article = min(article, excluded.article)
"""
_FORGET = "DELETE FROM postings WHERE period < (SELECT max(period) FROM postings) - ?"


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


@dataclass(frozen=True, slots=True)
class Stories:
    """Where some shingles stand.

    Attributes:
        found: for each shingle that was found, the number of an article by the number of its story.
        saturated: those that stand in more than `COMMON` stories of the one period in the middle.
    """

    found: dict[int, dict[int, int]]
    saturated: frozenset[int]

    def common(self) -> set[int]:
        """The shingles that are boilerplate: they stand in more than `COMMON` stories."""
        return {shingle for shingle, stories in self.found.items() if len(stories) > COMMON}

    def candidates(self, least: int, most: int) -> list[int]:
        """The stories with most shingles that are no boilerplate, each by its article that has most of them.

        Args:
            least: shingles that a story must have.
            most: stories.

        Returns:
            Numbers of articles, the best first; ties go by number, so that answers repeat.
        """
        shared: dict[int, dict[int, int]] = {}
        for stories in self.found.values():
            if len(stories) <= COMMON:
                for story, article in stories.items():
                    articles = shared.setdefault(story, {})
                    articles[article] = articles.get(article, 0) + 1
        ranked = sorted((-sum(articles.values()), story) for story, articles in shared.items())
        return [
            max(shared[story].items(), key=lambda found: (found[1], -found[0]))[0]
            for count, story in ranked[:most]
            if -count >= least
        ]


class IndexFile:
    """The tables and their statements; decides nothing.

    Args:
        path: the file, or `MEMORY`. One that is damaged, or was written by other rules, is emptied.
        window_days: length of a period.
        keep_days: postings of periods that lie longer than that before the newest one are deleted; None keeps all.

    Raises:
        sqlite3.OperationalError: if it cannot be opened, or another process holds it for over five seconds.
    """

    def __init__(self, path: str, window_days: int, keep_days: int | None = None) -> None:
        self._window_days = window_days
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

    def close(self) -> None:
        """Closes the file; an open transaction is undone."""
        self._database.close()

    def begin(self) -> None:
        """Opens a transaction, waiting for another writer."""
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Keeps what was written since `begin`."""
        if self._keep_days is not None:
            self._database.execute(_FORGET, (-(-self._keep_days // self._window_days),))
        self._database.execute("COMMIT")

    def roll_back(self) -> None:
        """Forgets what was written since `begin`."""
        with suppress(sqlite3.OperationalError):  # after a full disk SQLite has done so already
            self._database.execute("ROLLBACK")

    def count(self) -> int:
        """Articles in the index."""
        return int(self._database.execute("SELECT count(*) FROM articles").fetchone()[0])

    def article(self, number: int) -> Known | None:
        """The article with this number."""
        rows = self._database.execute("SELECT * FROM articles WHERE number = ?", (number,))
        return next(map(_known, rows), None)

    def at_address(self, address: int) -> list[Known]:
        """All versions that were seen at an address, the newest first."""
        rows = self._database.execute(
            "SELECT * FROM articles WHERE address = ? ORDER BY revision DESC, day DESC, number", (address,)
        )
        return list(map(_known, rows))

    def with_text(self, text_hash: int) -> list[Known]:
        """Up to 20 articles with the same words, the earliest first."""
        rows = self._database.execute(
            "SELECT * FROM articles WHERE text_hash = ? ORDER BY day, number LIMIT 20", (text_hash,)
        )
        return list(map(_known, rows))

    def document(self, number: int) -> tuple[str, str]:
        """Title and text of an article that is in the index."""
        body = self._database.execute("SELECT body FROM documents WHERE number = ?", (number,)).fetchone()[0]
        title, _, text = zlib.decompress(body).decode("utf-8", "surrogatepass").partition("\0")
        return title, text

    def stories_with(self, shingles: Iterable[int], day: int) -> Stories:
        """Where shingles stand in the three periods around a day.

        Of a story's articles the one in the same period stands for it, since it may be in the window when one
        of a neighbouring period is not.
        """
        period = day // self._window_days
        within: dict[int, dict[int, int]] = {}
        beside: dict[int, dict[int, int]] = {}
        rows = self._database.execute(_POSTINGS, (period - 1, period, period + 1, json.dumps(list(shingles))))
        for at, shingle, story, article in rows:
            side = within if at == period else beside
            stories = side.get(shingle)
            if stories is None:
                side[shingle] = {story: article}
            else:
                stories[story] = min(article, stories.get(story, article))
        found = {shingle: beside.get(shingle, {}) | stories for shingle, stories in within.items()}
        return Stories(
            found=beside | found,
            saturated=frozenset(shingle for shingle, stories in within.items() if len(stories) > COMMON),
        )

    def common(self, shingles: Iterable[int], day: int) -> set[int]:
        """Those of these shingles that are boilerplate in the three periods around a day."""
        period = day // self._window_days
        rows = self._database.execute(_COMMON, (period - 1, period, period + 1, json.dumps(list(shingles)), COMMON))
        return {shingle for (shingle,) in rows}

    def put(self, known: Known, story: int, document: tuple[str, str], shingles: Iterable[int]) -> None:
        """Adds an article that is not in the index.

        Args:
            known: what is known of it.
            story: `number_of` its story id.
            document: its title and text, as far as they are compared.
            shingles: its sampled shingles, without those that are saturated on its day.
        """
        match = known.match
        self._database.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
            ),
        )
        body = zlib.compress("\0".join(document).encode("utf-8", "surrogatepass"), 1)
        self._database.execute("INSERT INTO documents VALUES (?, ?)", (known.number, body))
        period = known.day // self._window_days
        self._database.executemany(_POST, [(period, shingle, story, known.number) for shingle in sorted(shingles)])


def _opened(path: str, rules: str) -> sqlite3.Connection:
    """A connection to a file with the tables of these rules, empty where it was written by others."""
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("CREATE TABLE IF NOT EXISTS rules (name TEXT NOT NULL)")
        if database.execute("SELECT name FROM rules").fetchall() != [(rules,)]:
            database.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
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
