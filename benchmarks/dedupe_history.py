"""Millions of made-up articles in a story index, without placing them one by one.

Placing ten million articles would take hours. Here the same tables are written in bulk: words are drawn as numbers, so
that nothing need be read or folded; postings are sorted by the key of their table; indexes are made at the end. That
the tables are the same is tried, not believed: `same_as_placed`.

The history holds no copies, so that every article leaves all its postings and no index of so many is larger.
"""

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
from dedupe_texts import Newsroom

from pipelines.dedupe import StoryIndex
from pipelines.dedupe.fingerprint import SHINGLE, number_of, sample_of, shingles_of
from pipelines.dedupe.index import WINDOW_DAYS
from pipelines.dedupe.normalise import words
from pipelines.dedupe.postings import COMMON

LAST_DAY = date(2021, 10, 1)
ARTICLES_A_DAY = 900
LINE = 15
LEAST_LINES, MOST_LINES = 10, 34
"""Lines of an article; in the mean it has 330 words."""
OUTLETS = 400


class History:
    """Articles of many years, each of them a story of its own; the same size and seed make the same.

    Args:
        size: articles; the last of them are of `LAST_DAY`.
        seed: of the texts.
    """

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._seed = seed
        self._first = LAST_DAY.toordinal() - (size - 1) // ARTICLES_A_DAY
        room = Newsroom(seed)
        counted = [index for index, word in enumerate(room.vocabulary) if len(words(word)) == 1]  # units are not
        self._plain = np.array([room.vocabulary[index] for index in counted], dtype=object)
        self._folded = np.array([words(word)[0] for word in self._plain], dtype=object)
        weights = np.array(room.weights)[counted]
        self._limits = np.cumsum(weights) / np.sum(weights)

    def documents(self) -> Iterator[dict[str, str]]:
        """The articles as `StoryIndex.add` takes them, in the order of their days."""
        for day, start, drawn in self._days():
            for number, chosen in enumerate(drawn, start):
                title, text = self._text(chosen)
                yield {
                    "id": article_id(number),
                    "title": title,
                    "text": text,
                    "match_key": match_key(number),
                    "date": date.fromordinal(day).isoformat(),
                }

    def write(self, path: Path) -> None:
        """Makes the index that `StoryIndex.add` would make of `documents`.

        Memory is bounded by the postings of one period, about 500 MB.
        """
        StoryIndex(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA cache_size = -200000")
            indexes = database.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE%INDEX%'").fetchall()
            for name, _ in indexes:
                database.execute(f"DROP INDEX {name}")
            postings: list[np.ndarray] = []
            period = self._first // WINDOW_DAYS
            database.execute("BEGIN")
            for day, start, drawn in self._days():
                if day // WINDOW_DAYS > period:
                    _write_postings(database, period, postings)
                    postings, period = [], day // WINDOW_DAYS
                rows = []
                for number, chosen in enumerate(drawn, start):
                    row, sampled = self._row(number, day, chosen)
                    rows.append(row)
                    story = np.full(len(sampled), number_of(row[2]))
                    postings.append(np.stack([np.array(list(sampled)), story, np.full(len(sampled), row[0])]))
                database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            _write_postings(database, period, postings)
            for _, statement in indexes:
                database.execute(statement)
            database.execute("COMMIT")
            database.execute("PRAGMA journal_mode = WAL")

    def _days(self) -> Iterator[tuple[int, int, list[np.ndarray]]]:
        """For each day its ordinal, the number of its first article, and the words of each of its articles."""
        for index, start in enumerate(range(0, self._size, ARTICLES_A_DAY)):
            chance = np.random.default_rng([self._seed, index])
            lines = chance.integers(
                LEAST_LINES, MOST_LINES, size=min(ARTICLES_A_DAY, self._size - start), endpoint=True
            )
            ends = np.cumsum(lines * LINE)
            drawn = np.searchsorted(self._limits, chance.random(int(ends[-1])))
            yield self._first + index, start, np.split(np.minimum(drawn, len(self._plain) - 1), ends[:-1])

    def _text(self, chosen: np.ndarray) -> tuple[str, str]:
        """Title and body."""
        plain = self._plain[chosen].tolist()
        lines = [" ".join(plain[start : start + LINE]) for start in range(0, len(plain), LINE)]
        return " ".join(plain[:8]).capitalize(), "\n".join(f"{line.capitalize()}." for line in lines)

    def _row(self, number: int, day: int, chosen: np.ndarray) -> tuple[tuple[object, ...], frozenset[int]]:
        """A row of the articles table, and the sampled shingles."""
        name = article_id(number)
        code = number_of(name)
        folded = self._folded[chosen].tolist()
        body = zlib.compress("\0".join(self._text(chosen)).encode(), 1)
        address, text_hash = number_of(match_key(number)), number_of(" ".join(folded))
        row = (code, name, f"s-{code:016x}", "original", None, 1.0, 0, day, address, text_hash, body)
        return row, sample_of(shingles_of(folded, SHINGLE))


def article_id(number: int) -> str:
    """Ids that sort as they are numbered."""
    return f"h{number:09d}"


def match_key(number: int) -> str:
    """The address of an article."""
    return f"outlet{number % OUTLETS}.example/{number}"


def same_as_placed(size: int, seed: int, new: list[dict[str, str]], folder: Path) -> bool:
    """Whether `History.write` makes, row for row, what `StoryIndex.add` makes, and both place new articles alike."""
    written, placed = folder / "written.sqlite", folder / "placed.sqlite"
    history = History(size, seed)
    history.write(written)
    with StoryIndex(placed) as index:
        index.add(list(history.documents()))
    if contents(written) != contents(placed):
        return False
    with StoryIndex(written) as one, StoryIndex(placed) as other:
        return one.place(new) == other.place(new)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, and the tables' definitions."""
    with closing(sqlite3.connect(path)) as database:
        found = {"": database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()}
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[name] = database.execute(f"SELECT * FROM {name}").fetchall()
    return found


def _write_postings(database: sqlite3.Connection, period: int, postings: list[np.ndarray]) -> None:
    """Writes the postings of a period in the order of their key."""
    shingles, stories, articles = np.concatenate(postings, axis=1)
    order = np.lexsort([stories, shingles])
    if np.unique(shingles, return_counts=True)[1].max() > COMMON:
        raise ValueError("a shingle stands in more stories than are written down: draw from more words")
    rows = zip(*(column[order].tolist() for column in (shingles, stories, articles)), strict=True)
    database.executemany(f"INSERT INTO postings VALUES ({period}, ?, ?, ?)", rows)
