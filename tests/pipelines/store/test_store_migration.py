"""Older versions are brought up to date, newer ones are left alone."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from memory_files import MemoryFiles
from scenarios import BEFORE, NEW, article_ids, of_an_older_version, stored, tables, to_version_1

from pipelines.schema import ARTICLES
from pipelines.store import Store, StoreTooNew, StoreTooOld, check, migrate
from pipelines.store.migration import MIGRATIONS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_an_older_store_becomes_what_a_new_one_would_be(root: Path) -> None:
    disk = of_an_older_version(root)
    store = Store(root, files=disk)
    with pytest.raises(StoreTooOld, match="run `orbitwatch migrate`"):
        store.heal()
    assert migrate(root, files=disk, migrations={0: to_version_1}) == 7
    store.heal()
    new = Store(root.with_name("new"), files=disk)
    disk.make_root(new.root)
    new.append_many(BEFORE)
    for batch in NEW:
        new.append_many(batch)
    new.fold()
    assert tables(disk, root) == tables(disk, new.root)
    assert check(root, read_data=True, files=disk).sound


def test_a_second_migration_changes_nothing(root: Path) -> None:
    disk = of_an_older_version(root)
    migrate(root, files=disk, migrations={0: to_version_1})
    before = disk.contents(root)
    assert migrate(root, files=disk, migrations={0: to_version_1}) == 0
    assert disk.contents(root) == before


def test_without_a_way_nothing_is_changed(root: Path) -> None:
    disk = of_an_older_version(root)
    before = disk.contents(root)
    with pytest.raises(StoreTooOld):
        migrate(root, files=disk)
    assert disk.contents(root) == before


@pytest.mark.parametrize("where", ["marker", "file"])
def test_a_newer_version_is_refused_before_anything_is_changed(root: Path, where: str) -> None:
    disk = of_an_older_version(root)
    if where == "marker":
        disk.put(root / ".orbitwatch.json", b'{"schema_version": 2}')
    else:
        make_newer(disk, root / "stories/year=2021/2021-11.parquet")
    before = disk.contents(root)
    with pytest.raises(StoreTooNew):
        migrate(root, files=disk, migrations={0: to_version_1})
    assert disk.contents(root) == before


def make_newer(disk: MemoryFiles, path: Path) -> None:
    sink = pa.BufferOutputStream()
    table = pq.read_table(pa.BufferReader(disk.read(path)))
    pq.write_table(table.replace_schema_metadata({b"schema_version": b"2"}), sink)
    disk.put(path, sink.getvalue().to_pybytes())


def test_a_file_of_another_version_is_named_and_repair_keeps_off(root: Path) -> None:
    disk = stored(root)
    make_newer(disk, root / "stories/year=2021/2021-11.parquet")
    before = disk.contents(root)
    report = check(root, repair=True, files=disk)
    assert "schema_version" in {problem.kind for problem in report.problems}
    assert not report.sound
    assert disk.contents(root) == before


def test_a_store_of_today_has_nothing_to_migrate(root: Path) -> None:
    disk = stored(root)
    assert migrate(root, files=disk) == 0
    assert article_ids(Store(root, files=disk)) == ["a1", "a2", "a3", "a4"]


def test_there_is_a_way_from_every_version_to_the_next() -> None:
    assert sorted(MIGRATIONS) == list(range(1, int(ARTICLES.schema.metadata[b"schema_version"])))
