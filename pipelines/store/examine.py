"""Finding what is wrong with a store, without changing anything."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.schema import ARTICLES, STORIES, TABLES, Table
from pipelines.store.errors import StoreDamaged, StoreTooNew, StoreTooOld, faults_named
from pipelines.store.files import Files
from pipelines.store.journal import JOURNAL, decode
from pipelines.store.months import FILE_NAME, YEAR_NAME, stem_of
from pipelines.store.rows import to_rows
from pipelines.store.tables import Tables
from pipelines.store.unrelated import UNRELATED, Unrelated

Kind = Literal[
    "foreign",  # not one of the store's names, where readers would trip over it
    "damaged",  # cannot be read
    "schema_version",  # written by another version of the program
    "wrong_month",  # rows whose date belongs to another file
    "unsorted",  # rows out of order
    "duplicate",  # one key twice in a table
    "article_without_story",
    "story_without_articles",
    "story_outdated",  # not what its articles say
    "milestone_without_article",
    "event_without_story",
    "event_waiting",  # stories whose event the next run makes
    "story_without_event",  # stories without one that no run knows of
    "journal_waiting",  # records that the next run will store
    "journal_damaged",  # records that fail their checksum
]

IDENTITY: dict[str, tuple[str, ...]] = {
    "articles": ("article_id", "story_id"),
    "stories": ("story_id",),
    "milestones": ("claim_id", "article_id"),
    "events": ("story_id",),
    "runs": ("run_id", "source"),
}
"""The columns that identify a row and say what it belongs to; read of every table."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it should be.

    Attributes:
        kind: what kind of thing.
        path: the file or folder.
        detail: what exactly, in words.
        repaired: what was done about it; "" when nothing was.
    """

    kind: Kind
    path: Path
    detail: str
    repaired: str = ""


class Examination:
    """One pass over a store.

    Args:
        root: the data directory.
        files: the file system.
        read_data: whether to read every page and to compare every story with its articles.

    Attributes:
        months_read: month files looked at.
        rows: readable rows by table.
        broken: table and month of every file that cannot be read.
    """

    def __init__(self, root: Path, files: Files, *, read_data: bool) -> None:
        self.months_read = 0
        self.rows = dict.fromkeys(TABLES, 0)
        self.broken: list[tuple[Table, str]] = []
        self._root = root
        self._files = files
        self._read_data = read_data
        # Without a cache: an examination believes the files only.
        self._tables = Tables(root, files, cache=None)
        self._ids: dict[str, list[tuple[str, ...]]] = {name: [] for name in TABLES}
        self._on_topic: set[str] = set()  # ids of the stories that the table must have
        self._story_months: dict[str, str] = {}

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong; to be exhausted before the attributes are read."""
        yield from self._journal()
        for table in TABLES.values():
            yield from self._strangers(table)
            for stem in self._tables.months.stems(table):
                yield from self._month(table, stem)
            yield from self._duplicates(table)
        yield from self._references()
        if self._read_data and not self.broken:
            yield from self._outdated()

    def _journal(self) -> Iterator[Problem]:
        path = self._root / JOURNAL
        with faults_named(f"cannot read {path}"):
            journalled = decode(self._files.read(path) or b"")
        if journalled.records:
            yield Problem("journal_waiting", path, f"{len(journalled.records)} records wait for the next run")
        if journalled.damaged:
            yield Problem("journal_damaged", path, f"{len(journalled.damaged)} records fail their checksum")

    def _strangers(self, table: Table) -> Iterator[Problem]:
        """Names in a table's folder that are not the store's: readers take them for a part of it."""
        folder = self._root / table.name
        with faults_named(f"cannot list {folder}"):
            years = self._files.listdir(folder)
            names = [(year, name) for year in years for name in self._files.listdir(folder / year)]
        for year in years:
            if YEAR_NAME.fullmatch(year) is None or not self._files.is_dir(folder / year):
                yield Problem("foreign", folder / year, "is not a year of the table")
        for year, name in names:
            named = FILE_NAME.fullmatch(name)
            if YEAR_NAME.fullmatch(year) and (named is None or f"year={named[1]}" != year):
                yield Problem("foreign", folder / year / name, "is not a month of the table")

    def _month(self, table: Table, stem: str) -> Iterator[Problem]:
        path = self._tables.months.path(table, stem)
        needed = dict.fromkeys([*IDENTITY[table.name], table.month_of, *table.sorted_by])
        if table is ARTICLES:
            needed["projects"] = None
        self.months_read += 1
        try:
            rows = self._tables.months.read(table, stem, None if self._read_data else needed)
        except StoreDamaged as error:
            self.broken.append((table, stem))
            yield Problem("damaged", path, str(error))
            return
        except (StoreTooOld, StoreTooNew) as error:
            yield Problem("schema_version", path, str(error))
            return
        self.rows[table.name] += rows.num_rows
        ids = to_rows(rows.select([*IDENTITY[table.name], table.month_of]))
        self._ids[table.name] += [tuple(row[name] for name in IDENTITY[table.name]) for row in ids]
        if table is ARTICLES:
            told = zip(ids, rows.column("projects").to_pylist(), strict=True)
            self._on_topic.update(row["story_id"] for row, projects in told if projects)
        if table is STORIES:
            self._story_months.update((row["story_id"], stem) for row in ids)
        strayed = sum(stem_of(table, row[table.month_of]) != stem for row in ids)
        if strayed:
            yield Problem("wrong_month", path, f"{strayed} rows belong to another month")
        if not _is_sorted(table, rows):
            yield Problem("unsorted", path, f"its rows are not in the order of {', '.join(table.sorted_by)}")

    def _duplicates(self, table: Table) -> Iterator[Problem]:
        keys = Counter(ids[: len(table.key)] for ids in self._ids[table.name])
        twice = [key for key, count in keys.items() if count > 1]
        if twice:
            detail = f"{len(twice)} keys stand there more than once, for example {', '.join(twice[0])}"
            yield Problem("duplicate", self._root / table.name, detail)

    def _references(self) -> Iterator[Problem]:
        articles = {article for article, _ in self._ids["articles"]}
        told = {story for _, story in self._ids["articles"]}
        stories = {story for (story,) in self._ids["stories"]}
        claimed = {article for _, article in self._ids["milestones"]}
        events = {story for (story,) in self._ids["events"]}
        lacking = stories - events
        with faults_named(f"cannot read {self._root / UNRELATED}"):
            unrelated = Unrelated(self._root, self._files).months()
        waiting = {story for story in lacking if self._story_months[story] in unrelated}
        checks: list[tuple[Kind, str, set[str], str]] = [
            ("article_without_story", "articles", self._on_topic - stories, "stories of articles are missing"),
            ("story_without_articles", "stories", stories - told, "stories have no articles"),
            ("milestone_without_article", "milestones", claimed - articles, "articles of claims are missing"),
            ("event_without_story", "events", events - stories, "stories of events are missing"),
            ("event_waiting", "events", waiting, "stories get their event by the next run"),
            ("story_without_event", "events", lacking - waiting, "stories have no event"),
        ]
        for kind, name, missing, detail in checks:
            if missing:
                example = f"{len(missing)} {detail}, for example {min(missing)}"
                yield Problem(kind, self._root / name, example)

    def _outdated(self) -> Iterator[Problem]:
        path = self._root / "stories"
        stories = {story for (story,) in self._ids["stories"]}
        outdated = sorted(set(self._tables.outdated()) & stories)
        if outdated:
            detail = f"{len(outdated)} stories are not what their articles say, for example {outdated[0]}"
            yield Problem("story_outdated", path, detail)


def _is_sorted(table: Table, rows: pa.Table) -> bool:
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in table.sorted_by])
    values: list[int] = order.to_pylist()
    return values == list(range(rows.num_rows))
