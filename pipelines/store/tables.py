"""What the store does with Parquet: apart, so that a run which stores nothing never loads pyarrow."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.model import SCHEMA_VERSION, Article, Milestone, SourceRun
from pipelines.schema import ARTICLES, EVENTS, MILESTONES, RUNS, TABLES, Table
from pipelines.store.amend import with_claims, with_verdicts
from pipelines.store.errors import RowRefused, require_version
from pipelines.store.files import Files
from pipelines.store.fold import Changed, Fold
from pipelines.store.journal import JOURNAL
from pipelines.store.months import MonthFiles, stem_of
from pipelines.store.places import Places
from pipelines.store.rows import Row, from_json, row_of, to_json, to_table

AMENDS = "amends"
"""Key of a journal record whose article takes the place of the stored one with its id; others are only added."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of journal records.

    Attributes:
        articles: what was added to them.
        milestones: likewise.
        stories: what was added and changed.
        months: months of the articles, and so of the stories that are new or have moved.
    """

    articles: Changed
    milestones: Changed
    stories: Changed
    months: frozenset[str]


class Tables:
    """The tables of one store. Whoever calls a writing method holds the lock.

    Args:
        root: the data directory.
        files: the file system.
        cache: file that remembers where ids are; may be deleted without loss. None remembers nothing.
    """

    def __init__(self, root: Path, files: Files, *, cache: Path | None) -> None:
        self.months = MonthFiles(root, files)
        self._journal = root / JOURNAL
        self._places = Places(cache, self.months)

    def close(self) -> None:
        """Closes the cache; the next use opens it again."""
        self._places.close()

    def take(self, records: Sequence[Mapping[str, Any]]) -> Taken:
        """Puts journal records where they belong, and derives their stories."""
        for record in records:
            require_version(record["schema_version"], SCHEMA_VERSION, self._journal)
        new, new_claims = _rows(record for record in records if not record.get(AMENDS))
        amended, amended_claims = _rows(record for record in records if record.get(AMENDS))
        fold = self._fold()
        articles, milestones = fold.add(ARTICLES, new), fold.add(MILESTONES, new_claims)
        if amended:
            fold.amend(amended, amended_claims)
        taken = Taken(
            articles,
            milestones,
            # Of all articles, not only new ones: a fold that was cut short may have added them and no more.
            fold.derive(article["story_id"] for article in (*new, *amended)),
            frozenset(stem_of(ARTICLES, article["date"]) for article in (*new, *amended)),
        )
        self._places.save()
        return taken

    def put_runs(self, runs: Iterable[SourceRun]) -> None:
        """Adds the runs, or puts them in the place of those with the same run and source."""
        Fold(self.months, self._places).put(RUNS, [row_of(run) for run in runs])

    def replace(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Makes these the only rows of a derived table."""
        self._fold().replace_all(TABLES[name], map(dict, rows))
        self._places.save()

    def put_events(self, rows: Iterable[Mapping[str, Any]], stems: Iterable[str]) -> None:
        """Adds rows of the events table, or puts them in the place of those of the same stories in these months."""
        Fold(self.months, self._places).settle(EVENTS, map(dict, rows), sorted(stems))

    def derive(self, story_ids: Iterable[str]) -> Changed:
        """Derives these stories again from their articles."""
        changed = self._fold().derive(story_ids)
        self._places.save()
        return changed

    def replace_verdicts(self, stem: str, verdicts: Mapping[str, Row]) -> bool:
        """Puts verdicts (by article id) in the place of those of a month's articles."""
        before = self.months.read(ARTICLES, stem)
        return self._replace_month(ARTICLES, stem, before, with_verdicts(before, verdicts))

    def replace_claims(self, stem: str, article_ids: Iterable[str], claims: Iterable[Row]) -> bool:
        """Makes these the only claims of a month's articles."""
        before = self.months.read(MILESTONES, stem)
        return self._replace_month(MILESTONES, stem, before, with_claims(before, stem, article_ids, claims))

    def _replace_month(self, table: Table, stem: str, before: pa.Table, after: pa.Table) -> bool:
        if after.equals(before):
            return False
        self.months.write(table, stem, after)
        return True

    def outdated(self) -> list[str]:
        """The ids of all stories whose row is missing, superfluous or not what their articles say."""
        fold = self._fold()
        return [id_ for ids in self.story_batches() for id_ in fold.outdated(ids)]

    def story_batches(self) -> Iterator[set[str]]:
        """The ids of all stories that have articles, each once, in batches that share their months."""
        done: set[str] = set()
        for month in self.scan("articles", ["story_id"]):
            ids = set(month.column("story_id").to_pylist()) - done
            done |= ids
            yield ids

    def scan(
        self, name: str, columns: Sequence[str] | None, months: Container[str] | None = None
    ) -> Iterator[pa.Table]:
        """The rows of a table, month by month; of all months, or of these."""
        table = TABLES[name]
        for stem in self.months.stems(table):
            if months is None or stem in months:
                yield self.months.read(table, stem, columns)

    def _fold(self) -> Fold:
        self._places.catch_up()
        return Fold(self.months, self._places)


def journal_records(batch: Iterable[tuple[Article, Sequence[Milestone]]]) -> list[dict[str, Any]]:
    """Articles with their claims, as the journal keeps them.

    Raises:
        RowRefused: if the schema would not take a row later, when it is too late to refuse.
    """
    return _records([(row_of(article), [row_of(claim) for claim in claims]) for article, claims in batch])


def amendments(batch: Iterable[tuple[Mapping[str, Any], Sequence[Milestone]]]) -> list[dict[str, Any]]:
    """Rows of articles that take the place of stored ones, with their claims, as the journal keeps them.

    Raises:
        RowRefused: as `journal_records` does, and if an article names a claim that is not of its month.
    """
    rows = [(dict(article), [row_of(claim) for claim in claims]) for article, claims in batch]
    for article, claims in rows:
        if any(claim["published"] != article["date"] for claim in claims):
            raise RowRefused(f"a claim of article {article['article_id']} has another day than the article")
    return [record | {AMENDS: True} for record in _records(rows)]


def _records(rows: list[tuple[Row, list[Row]]]) -> list[dict[str, Any]]:
    to_table(ARTICLES, [article for article, _ in rows])
    to_table(MILESTONES, [claim for _, claims in rows for claim in claims])
    return [
        {
            "schema_version": SCHEMA_VERSION,
            "article": to_json(article),
            "milestones": [to_json(claim) for claim in claims],
        }
        for article, claims in rows
    ]


def _rows(records: Iterable[Mapping[str, Any]]) -> tuple[list[Row], list[Row]]:
    """The articles and the claims of journal records."""
    articles, claims = [], []
    for record in records:
        articles.append(from_json(ARTICLES, record["article"]))
        claims += [from_json(MILESTONES, claim) for claim in record["milestones"]]
    return articles, claims
