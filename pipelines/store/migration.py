"""From an older schema version to today's.

Each file is replaced whole, so a migration may be cut short anywhere: files already done carry the new
version in their footer and are passed over the next time. The directory's marker is raised last. Oldest
months come first, because a reader of a folder takes its schema from the first file and would not see a new
column that only later files have.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.model import SCHEMA_VERSION
from pipelines.schema import ARTICLES, MILESTONES, TABLES
from pipelines.store.errors import faults_named, require_version
from pipelines.store.files import Files, LocalFiles
from pipelines.store.journal import JOURNAL, decode, encode
from pipelines.store.marker import marked_version, write_marker
from pipelines.store.months import MonthFiles
from pipelines.store.rows import Row, from_json, to_json, to_rows, to_table
from pipelines.store.store import Store

Migration = Callable[[str, Row], Row]
"""Takes a table's name and a row of one version, and gives the row of the next."""

MIGRATIONS: Mapping[int, Migration] = {}
"""By the version they start from. There is one version so far."""


def migrate(root: Path, *, files: Files | None = None, migrations: Mapping[int, Migration] = MIGRATIONS) -> int:
    """Brings every file, the journal and the marker to today's schema version.

    Returns:
        The number of files rewritten; 0 when everything was up to date.

    Raises:
        StoreTooNew: if anything was written by a newer program; nothing is changed then.
        StoreTooOld: if there is no way from a version found to today's; nothing is changed then.
        StoreError: if a file is damaged, the disk refuses, or another run holds the lock.
    """
    disk = files or LocalFiles()
    with Store(root, files=disk).lock(), faults_named(f"cannot migrate {root}"):
        return disk.commit(partial(_migrate, root, disk, migrations), once=True)


def _migrate(root: Path, files: Files, migrations: Mapping[int, Migration]) -> int:
    months = MonthFiles(root, files)
    marked = marked_version(root, files)
    if marked is not None and marked > SCHEMA_VERSION:
        require_version(marked, SCHEMA_VERSION, root)
    older = _older_files(months, migrations)
    for name, stem, version in older:
        _, rows = months.read_any_version(TABLES[name], stem)
        migrated = [_raise(name, row, version, migrations) for row in to_rows(rows)]
        months.write(TABLES[name], stem, to_table(TABLES[name], migrated))
    journal = _migrate_journal(root, files, migrations)
    if marked != SCHEMA_VERSION:
        write_marker(root, files)
    return len(older) + journal


def _older_files(months: MonthFiles, migrations: Mapping[int, Migration]) -> list[tuple[str, str, int]]:
    """Table, month and version of every older file, after making sure that all can be migrated."""
    older = []
    for table in TABLES.values():
        for stem in months.stems(table):
            version = months.version(table, stem)
            if version != SCHEMA_VERSION:
                _require_way(version, migrations, months.path(table, stem))
                older.append((table.name, stem, version))
    return older


def _migrate_journal(root: Path, files: Files, migrations: Mapping[int, Migration]) -> int:
    content = files.read(root / JOURNAL) or b""
    records = decode(content).records
    if all(record["schema_version"] == SCHEMA_VERSION for record in records):
        return 0
    files.publish(root, root / JOURNAL, b"".join(encode(_raise_record(record, root, migrations)) for record in records))
    return 1


def _raise_record(record: Row, root: Path, migrations: Mapping[int, Migration]) -> dict[str, Any]:
    version = record["schema_version"]
    _require_way(version, migrations, root / JOURNAL)
    article = _raise("articles", from_json(ARTICLES, record["article"]), version, migrations)
    claims = [_raise("milestones", from_json(MILESTONES, row), version, migrations) for row in record["milestones"]]
    return {
        **record,
        "schema_version": SCHEMA_VERSION,
        "article": to_json(article),
        "milestones": [to_json(claim) for claim in claims],
    }


def _require_way(version: int, migrations: Mapping[int, Migration], where: Path) -> None:
    if version > SCHEMA_VERSION or any(step not in migrations for step in range(version, SCHEMA_VERSION)):
        require_version(version, SCHEMA_VERSION, where)


def _raise(name: str, row: Row, version: int, migrations: Mapping[int, Migration]) -> Row:
    for step in range(version, SCHEMA_VERSION):
        row = migrations[step](name, row)
    return row
