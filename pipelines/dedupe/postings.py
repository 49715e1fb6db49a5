"""Which shingles stand in which stories, and when.

What the table holds depends on *which* articles were put in, never on their order, so that a rebuilt index gives the
same answers as one that grew run by run:

- a posting says that a shingle stands in a story in some period; of the story's articles it names the one with the
  smallest number;
- a shingle in more than `COMMON` stories of a period is boilerplate there, whichever of them are written down, so that
  no more need be.

The same rules keep it small: a hundred copies of a wire story, or the newsletter box below ten thousand articles, add
next to nothing. Postings are ordered by period first, and a period is as long as the window: a document needs its own
period and the two beside it, however long the history.
"""

import json
import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

COMMON = 5
"""A shingle in more different stories than this, within three periods, is boilerplate. Counted in stories and not
in articles, since a wire story with a hundred copies would otherwise switch itself off. With 3 or 10 pair F1 moves
by less than .001 on development data."""

HELD = 250_000
"""Shingles in the working set, found or not, above which it is emptied: some 40 MB. 200 articles need 30,000."""

SCHEMA = """
DROP TABLE IF EXISTS postings;
CREATE TABLE postings (
    period INTEGER NOT NULL, shingle INTEGER NOT NULL, story INTEGER NOT NULL, article INTEGER NOT NULL,
    PRIMARY KEY (period, shingle, story)
) WITHOUT ROWID;
"""
_READ = """
SELECT shingle, story, article FROM postings WHERE period = ? AND shingle IN (SELECT value FROM json_each(?))
"""
_WRITE = """
INSERT INTO postings VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET article = min(article, excluded.article)
"""
_ANY = "SELECT 1 FROM postings WHERE period = ? LIMIT 1"
_FORGET = "DELETE FROM postings WHERE period < (SELECT max(period) FROM postings) - ?"
_NOWHERE: dict[int, int] = {}


@dataclass(frozen=True, slots=True)
class Stories:
    """Where some shingles stand.

    Attributes:
        found: for each shingle that was found, the number of an article by the number of its story.
        saturated: those that stand in more than `COMMON` stories of the one period in the middle.
    """

    found: dict[int, dict[int, int]]
    saturated: frozenset[int]

    @property
    def common(self) -> frozenset[int]:
        """The shingles that are boilerplate: they stand in more than `COMMON` stories."""
        return frozenset([shingle for shingle, stories in self.found.items() if len(stories) > COMMON])

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


class Postings:
    """The table, with a working set in memory: what the documents at hand need of it, and what they add.

    Read for many documents at once, and written for all of them in the order of the key, a page of the file is touched
    once and not for each of them.

    Args:
        database: an open file with the table.
        window_days: length of a period.
    """

    def __init__(self, database: sqlite3.Connection, window_days: int) -> None:
        self._database = database
        self._window_days = window_days
        # By period and shingle, the stories with an article each. A shingle that was looked up in vain has none; of a
        # period that the table lacks only what was added is here. Rows are made of it when they are written: ten
        # thousand tuples that wait would keep the garbage collector busy, a tenth of all work.
        self._held: dict[int, dict[int, dict[int, int]]] = {}
        self._lacking: set[int] = set()
        self._added: dict[int, set[int]] = {}

    def read(self, documents: Iterable[tuple[AbstractSet[int], int]]) -> None:
        """Reads what documents will ask for.

        Args:
            documents: the sampled shingles and the day of each.
        """
        wanted: dict[int, set[int]] = {}
        for shingles, day in documents:
            for period in self._periods(day):
                wanted.setdefault(period, set()).update(shingles)
        for period, shingles in sorted(wanted.items()):
            self._holding(period, shingles)

    def stories_with(self, shingles: AbstractSet[int], day: int) -> Stories:
        """Where shingles stand in the three periods around a day.

        Of a story's articles the one in the same period stands for it, since it may be in the window when one
        of a neighbouring period is not.
        """
        before, within, after = [self._holding(period, shingles) for period in self._periods(day)]
        found = {shingle: stories for shingle in shingles if (stories := within.get(shingle))}
        saturated = frozenset([shingle for shingle, stories in found.items() if len(stories) > COMMON])
        if before or after:
            for shingle in shingles:
                earlier, later = before.get(shingle, _NOWHERE), after.get(shingle, _NOWHERE)
                if earlier or later:
                    beside = earlier | later
                    for story in earlier.keys() & later.keys():
                        beside[story] = min(earlier[story], later[story])
                    found[shingle] = beside | found.get(shingle, _NOWHERE)
        return Stories(found, saturated)

    def common(self, shingles: AbstractSet[int], day: int) -> frozenset[int]:
        """Those of these shingles that are boilerplate in the three periods around a day."""
        around = [held for period in self._periods(day) if (held := self._holding(period, shingles))]
        # Most stand in one story or none; of six stories in three periods, two at least are in one period.
        several = {shingle for held in around for shingle in shingles if len(held.get(shingle, _NOWHERE)) > 1}
        stories = {shingle: set().union(*[held.get(shingle, _NOWHERE) for held in around]) for shingle in several}
        return frozenset([shingle for shingle, distinct in stories.items() if len(distinct) > COMMON])

    def add(self, shingles: AbstractSet[int], day: int, story: int, article: int) -> None:
        """Says that shingles stand in an article of a story.

        Args:
            shingles: looked up before for this day, and not saturated.
            day: proleptic ordinal of the article's date.
            story: its number.
            article: its number.
        """
        period = day // self._window_days
        held, added = self._held[period], self._added.setdefault(period, set())
        alone = {story: article}  # never changed, so that all shingles that stand nowhere else can share it
        for shingle in shingles:
            stories = held.get(shingle)
            if not stories:
                held[shingle] = alone
            elif article < stories.get(story, article + 1):
                held[shingle] = stories | alone
            else:
                continue
            added.add(shingle)

    def write(self) -> None:
        """Writes what was added to the file; lets go of what was read if it has become much."""
        rows = (
            (period, shingle, story, article)
            for period, shingles in sorted(self._added.items())
            for shingle in sorted(shingles)
            for story, article in self._held[period][shingle].items()
        )
        self._database.executemany(_WRITE, rows)
        self._added.clear()
        if sum(map(len, self._held.values())) > HELD:
            self.clear()

    def clear(self) -> None:
        """Lets go of all that was read or added."""
        self._held.clear()
        self._lacking.clear()
        self._added.clear()

    def forget(self, days: int) -> None:
        """Deletes the postings of periods that lie longer than so many days before the newest one."""
        self._database.execute(_FORGET, (-(-days // self._window_days),))

    def _periods(self, day: int) -> tuple[int, int, int]:
        """The period of a day and those beside it, the earliest first."""
        period = day // self._window_days
        return period - 1, period, period + 1

    def _holding(self, period: int, shingles: AbstractSet[int]) -> dict[int, dict[int, int]]:
        """The working set of a period, with all that the table has of these shingles."""
        held = self._held.get(period)
        if held is None:
            held = self._held[period] = {}
            if not self._database.execute(_ANY, (period,)).fetchone():
                self._lacking.add(period)
        if period not in self._lacking:
            missing = [shingle for shingle in shingles if shingle not in held]
            if missing:
                held.update(dict.fromkeys(missing, _NOWHERE))
                for shingle, story, article in self._database.execute(_READ, (period, json.dumps(missing))):
                    held[shingle] = held[shingle] | {story: article}
        return held
