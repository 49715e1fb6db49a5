"""Folding: rows go to their month files, and the stories they belong to are derived again.

Everything here may be cut short at any point and run again from the start with the same rows: what is already
there is recognised by its key and left alone, and a file in which nothing changes is not written.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.schema import ARTICLES, MILESTONES, STORIES, Table
from pipelines.store.months import MonthFiles, stem_of
from pipelines.store.places import INDEXED, Places
from pipelines.store.rows import Row, text_array, to_rows, to_table
from pipelines.store.stories import derive_story, is_on_topic

RECENT = 4
"""Month tables kept while folding.

A run adds to one or two months; without these each would be read three times.
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What one step changed.

    Attributes:
        rows: added or changed.
        files: month files written.
        gone: taken out of the table.
    """

    rows: int = 0
    files: int = 0
    gone: int = 0


class Fold:
    """The steps of folding. The caller holds the lock.

    Args:
        months: the tables' files.
        places: knows where ids are.
    """

    def __init__(self, months: MonthFiles, places: Places) -> None:
        self._months = months
        self._places = places
        self._recent: OrderedDict[tuple[str, str], pa.Table] = OrderedDict()

    def add(self, table: Table, rows: Iterable[Row]) -> Changed:
        """Adds the rows whose key no month holds yet; what is stored is never overwritten.

        Args:
            table: one whose key is a single column.
            rows: in any order; of several with one key the first counts.
        """
        key = table.key[0]
        wanted: dict[str, Row] = {}
        for row in rows:
            wanted.setdefault(row[key], row)
        for stem in self._places.find(table, key, wanted):
            for known in self._months.read(table, stem, [key]).column(key).to_pylist():
                wanted.pop(known, None)
        return Changed(len(wanted), self._apply(table, {}, _by_month(table, wanted.values())))

    def put(self, table: Table, rows: Iterable[Row]) -> Changed:
        """Adds the rows to their files; one with the key of a stored row takes its place.

        Args:
            table: one whose rows never move to another file.
            rows: in any order; of several with one key the last counts.
        """
        changed = Changed()
        for stem, fresh in sorted(_by_month(table, rows).items()):
            before = {_key(table, row): row for row in to_rows(self._months.read(table, stem))}
            after = before | {_key(table, row): row for row in to_rows(to_table(table, fresh))}
            new = [key for key, row in after.items() if before.get(key) != row]
            if new:
                self._months.write(table, stem, to_table(table, after.values()))
                changed = Changed(changed.rows + len(new), changed.files + 1)
        return changed

    def replace_all(self, table: Table, rows: Iterable[Row]) -> Changed:
        """Makes these the only rows of a derived table."""
        new = {row[table.key[0]]: row for row in to_rows(to_table(table, rows))}
        stored = ((stem, row) for stem, month in self._months.scan(table) for row in to_rows(month))
        return self._settle(table, new, stored)

    def settle(self, table: Table, rows: Iterable[Row], stems: Iterable[str]) -> Changed:
        """Adds rows of a derived table; one with the key of a row in these months takes its place, also in another."""
        key = table.key[0]
        new = {row[key]: row for row in to_rows(to_table(table, rows))}
        return self._settle(table, new, self._having(table, key, new, stems))

    def amend(self, articles: Iterable[Row], claims: Iterable[Row]) -> Changed:
        """Puts articles in the place of those with their ids, in whatever months these are, and their claims likewise.

        Claims go first: where they were is known from where their articles still are. An article that is in no month
        is added: a fold that was cut short had taken it out of one.

        Args:
            articles: rows, each id once.
            claims: all claims of these articles; of several with one id the first counts.

        Returns:
            What became of the articles.
        """
        new = {row["article_id"]: row for row in to_rows(to_table(ARTICLES, articles))}
        found: dict[str, Row] = {}
        for claim in to_rows(to_table(MILESTONES, claims)):
            found.setdefault(claim["claim_id"], claim)
        stored = list(self._having(ARTICLES, "article_id", new, self._places.find(ARTICLES, "article_id", new)))
        stems = {stem for stem, _ in stored} | {stem_of(ARTICLES, row["date"]) for row in new.values()}
        self._settle(MILESTONES, found, self._having(MILESTONES, "article_id", new, sorted(stems)))
        return self._settle(ARTICLES, new, stored)

    def derive(self, story_ids: Iterable[str]) -> Changed:
        """Derives these stories from all their articles, and writes those that came out differently.

        A story without articles stays as it is: it is the last witness of articles that were damaged. One whose
        articles are all off topic by today's rules leaves the table, and comes back when the rules do.
        """
        articles = self._by_story(story_ids)
        return self._settle(STORIES, _derived(articles), self._stories(STORIES, articles))

    def outdated(self, story_ids: Iterable[str]) -> list[str]:
        """The ids of the stories that `derive` would write or take out."""
        articles = self._by_story(story_ids)
        new = _derived(articles)
        stored = {row["story_id"]: row for _, row in self._stories(STORIES, articles)}
        return [id_ for id_ in articles if stored.get(id_) != new.get(id_)]

    def _by_story(self, story_ids: Iterable[str]) -> dict[str, list[Row]]:
        articles: dict[str, list[Row]] = defaultdict(list)
        for _, article in self._stories(ARTICLES, story_ids):
            articles[article["story_id"]].append(article)
        return articles

    def _settle(self, table: Table, new: dict[str, Row], stored: Iterable[tuple[str, Row]]) -> Changed:
        """Brings stored rows (with their months) into agreement with the new ones (by key)."""
        key = table.key[0]
        stale: dict[str, list[str]] = defaultdict(list)
        found: dict[str, list[Row]] = defaultdict(list)
        for stem, row in stored:
            wanted = new.get(row[key])
            if wanted is None or stem_of(table, wanted[table.month_of]) != stem:
                stale[stem].append(row[key])
            else:
                found[row[key]].append(row)
        fresh = [row for id_, row in new.items() if found.get(id_) != [row]]
        gone = {id_ for ids in stale.values() for id_ in ids} - new.keys()
        return Changed(len(fresh), self._apply(table, stale, _by_month(table, fresh)), len(gone))

    def _apply(self, table: Table, stale: Mapping[str, list[str]], fresh: Mapping[str, list[Row]]) -> int:
        """Takes rows out of months (by key), then puts rows into months. Returns the number of files written.

        In this order, because a row that moves to another month must never be seen in both.
        """
        key = table.key[0]
        for stem, gone in sorted(stale.items()):
            self._write(table, stem, without(self._read(table, stem), key, gone), [])
        for stem, rows in sorted(fresh.items()):
            others = without(self._read(table, stem), key, [row[key] for row in rows])
            self._write(table, stem, others, rows)
        return len(stale) + len(fresh)

    def _stories(self, table: Table, story_ids: Iterable[str]) -> Iterator[tuple[str, Row]]:
        """The rows of a table with one of these story ids, each with the month it stands in."""
        ids = sorted(set(story_ids))
        return self._having(table, "story_id", ids, self._places.find(table, "story_id", ids))

    def _having(
        self, table: Table, column: str, values: Iterable[str], stems: Iterable[str]
    ) -> Iterator[tuple[str, Row]]:
        """The rows of some months whose `column` is one of `values`, each with its month."""
        for stem in stems:
            for row in to_rows(only(self._read(table, stem), column, values)):
                yield stem, row

    def _read(self, table: Table, stem: str) -> pa.Table:
        month = self._recent.get((table.name, stem))
        return self._keep(table, stem, self._months.read(table, stem) if month is None else month)

    def _write(self, table: Table, stem: str, others: pa.Table, rows: list[Row]) -> None:
        month = pa.concat_tables([others, to_table(table, rows)])
        self._recent.pop((table.name, stem), None)
        self._months.write(table, stem, month)
        if table.name in INDEXED:
            self._places.note(table, stem, [tuple(row[name] for name in INDEXED[table.name]) for row in rows])
        self._keep(table, stem, month)

    def _keep(self, table: Table, stem: str, month: pa.Table) -> pa.Table:
        self._recent[table.name, stem] = month
        self._recent.move_to_end((table.name, stem))
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        return month


def only(table: pa.Table, column: str, values: Iterable[str]) -> pa.Table:
    """The rows whose `column` is one of `values`."""
    return table.filter(pc.is_in(table.column(column), value_set=text_array(values)))


def without(table: pa.Table, column: str, values: Iterable[str]) -> pa.Table:
    """The rows whose `column` is none of `values`."""
    return table.filter(pc.invert(pc.is_in(table.column(column), value_set=text_array(values))))


def _derived(articles: Mapping[str, list[Row]]) -> dict[str, Row]:
    return {id_: derive_story(rows) for id_, rows in articles.items() if is_on_topic(rows)}


def _key(table: Table, row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in table.key)


def _by_month(table: Table, rows: Iterable[Row]) -> dict[str, list[Row]]:
    by_month: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_month[stem_of(table, row[table.month_of])].append(row)
    return by_month
