"""The Parquet files of the tables: one a month (one a day for `runs`), read whole and replaced whole.

Layout `stories/year=2021/2021-10.parquet`. Readers need nothing but a Parquet library: at every instant each
file is complete, has the table's one schema and is sorted. A file that has lost its last row stays, empty:
removing a file that a reader has listed but not yet opened makes that read fail (54 of 1,095 plain pandas
reads did, while compaction ran).
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.model import SCHEMA_VERSION
from pipelines.schema import RUNS, Table
from pipelines.store.errors import StoreDamaged, faults_named, require_version
from pipelines.store.files import Files
from pipelines.store.rows import empty_table

COMPRESSION_LEVEL = 2
"""Of zstd. Against level 3: 5 % more bytes on news text, 20 % less time to rewrite a month, which is most of
what a run with new articles costs; level 1 would take 12 % more bytes, level 9 save 15 % at three times the
time."""

ROW_GROUP = 10_000
"""Rows: below 5,000 reading slows, above 20,000 a filter on the date skips too little."""

FILE_NAME = re.compile(r"(\d{4})-\d{2}(-\d{2})?\.parquet")
YEAR_NAME = re.compile(r"year=\d{4}")

_ONE_OF_A_KIND = frozenset(
    {
        "article_id",
        "matched_article_id",
        "claim_id",
        "url",
        "canonical_url",
        "title",
        "summary",
        "text",
        "content_hash",
        "sentence",
    }
)
"""Columns whose values hardly repeat: a dictionary of them costs time and saves nothing."""


def stem_of(table: Table, day: date | datetime) -> str:
    """The file that a row of that day lives in, without suffix: "2021-10"; "2021-10-05" for runs."""
    return day.isoformat()[: 10 if table is RUNS else 7]


class MonthFiles:
    """Reads and replaces the files of all tables below one root.

    Args:
        root: the data directory.
        files: the file system.
    """

    def __init__(self, root: Path, files: Files) -> None:
        self._root = root
        self._files = files

    def path(self, table: Table, stem: str) -> Path:
        """Where the file of that month is, or would be."""
        return self._root / table.name / f"year={stem[:4]}" / f"{stem}.parquet"

    def stems(self, table: Table) -> list[str]:
        """The months that have a file, oldest first. Names that are not the store's own are passed over."""
        return [stem for year in self.years(table) for stem in self.fingerprints(table, year)]

    def fingerprints(self, table: Table, year: str) -> dict[str, str]:
        """For each month of a year that has a file a text that changes whenever the file does."""
        folder = self._root / table.name / f"year={year}"
        with faults_named(f"cannot list {folder}"):
            found = self._files.fingerprints(folder)
        return {name.removesuffix(".parquet"): found[name] for name in sorted(found) if FILE_NAME.fullmatch(name)}

    def years(self, table: Table) -> list[str]:
        """The years that have a folder, oldest first."""
        folder = self._root / table.name
        with faults_named(f"cannot list {folder}"):
            names = self._files.listdir(folder)
        return [name.removeprefix("year=") for name in names if YEAR_NAME.fullmatch(name)]

    def read(self, table: Table, stem: str, columns: Iterable[str] | None = None) -> pa.Table:
        """The rows of one month, every page's checksum verified; no rows when there is no file.

        Args:
            table: which table.
            stem: which month.
            columns: names to read; None for all.

        Raises:
            StoreDamaged: if the file cannot be read.
            StoreTooOld: if it has an older schema version.
            StoreTooNew: if it has a newer one.
        """
        names = table.schema.names if columns is None else list(columns)
        path = self.path(table, stem)
        content = self._content(path)
        if content is None:
            return empty_table(table).select(names)
        with _damage_named(path):
            file = _open(content)
            require_version(_version(path, file), SCHEMA_VERSION, path)
            if not file.schema_arrow.equals(table.schema):
                raise StoreDamaged(path, f"its columns are not those of {table.name}")
            return file.read(columns=names, use_threads=False)

    def read_any_version(self, table: Table, stem: str) -> tuple[int, pa.Table]:
        """The schema version of a month's file and its rows with the columns of that version.

        Raises:
            StoreDamaged: if there is no such file, or it cannot be read.
        """
        path = self.path(table, stem)
        with _damage_named(path):
            file = _open(self._content(path) or b"")
            return _version(path, file), file.read(use_threads=False)

    def version(self, table: Table, stem: str) -> int:
        """The schema version in a month's footer. Raises `StoreDamaged` as `read_any_version` does."""
        path = self.path(table, stem)
        with _damage_named(path):
            return _version(path, _open(self._content(path) or b""))

    def salvage(self, table: Table, stem: str) -> pa.Table:
        """What can still be read of a damaged file: the row groups whose pages are all sound."""
        kept = [empty_table(table)]
        with suppress(StoreDamaged), _damage_named(path := self.path(table, stem)):
            file = _open(self._content(path) or b"")
            if file.schema_arrow.equals(table.schema):
                for group in range(file.num_row_groups):
                    with suppress(StoreDamaged), _damage_named(path):
                        kept.append(file.read_row_group(group, use_threads=False))
        return pa.concat_tables(kept)

    def write(self, table: Table, stem: str, rows: pa.Table) -> None:
        """Puts these rows, sorted, in the place of the month's file.

        Raises:
            StoreFault: if the disk refuses; the old file is then as it was.
        """
        path = self.path(table, stem)
        data = to_parquet(table, rows)
        with faults_named(f"cannot write {path}"):
            self._files.publish(self._root, path, data, verify=lambda read: _verify(path, read, rows.num_rows))

    def scan(self, table: Table, columns: Iterable[str] | None = None) -> Iterator[tuple[str, pa.Table]]:
        """Every month with its rows, oldest first."""
        names = None if columns is None else list(columns)
        for stem in self.stems(table):
            yield stem, self.read(table, stem, names)

    def _content(self, path: Path) -> bytes | None:
        with faults_named(f"cannot read {path}"):
            return self._files.read(path)


def to_parquet(table: Table, rows: pa.Table) -> pa.Buffer:
    """The rows as a Parquet file: sorted, compressed, with page checksums and page index.

    The same rows give the same bytes, in whatever order and pieces they come.
    """
    order = pc.sort_indices(rows, sort_keys=[(name, "ascending") for name in table.sorted_by])
    names = rows.schema.names
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows.take(order).cast(table.schema).combine_chunks(),
        sink,
        row_group_size=ROW_GROUP,
        compression="zstd",
        compression_level=COMPRESSION_LEVEL,
        use_dictionary=[path for path in _leaves(rows.schema) if path.partition(".")[0] not in _ONE_OF_A_KIND],
        write_page_checksum=True,
        write_page_index=True,
        sorting_columns=[pq.SortingColumn(names.index(name)) for name in table.sorted_by],
    )
    return sink.getvalue()


def _version(path: Path, file: pq.ParquetFile) -> int:
    written = (file.schema_arrow.metadata or {}).get(b"schema_version", b"")
    if re.fullmatch(rb"\d{1,9}", written) is None:
        raise StoreDamaged(path, "it names no schema version")
    return int(written)


def _leaves(schema: pa.Schema) -> list[str]:
    """Parquet's names of the leaf columns, as the writer wants them for nested types."""
    leaves = []
    for field in schema:
        if pa.types.is_map(field.type):
            leaves += [f"{field.name}.key_value.key", f"{field.name}.key_value.value"]
        elif pa.types.is_list(field.type):
            leaves.append(f"{field.name}.list.element")
        elif not pa.types.is_boolean(field.type):
            leaves.append(field.name)
    return leaves


def _open(content: bytes) -> pq.ParquetFile:
    # Checksums are verified, since rows read wrongly would be written back with a fresh and valid checksum.
    return pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)


def _verify(path: Path, content: bytes, rows: int) -> None:
    """The file that is about to be published has a readable footer and all its rows."""
    with _damage_named(path):
        found = pq.read_metadata(pa.BufferReader(content)).num_rows
    if found != rows:
        raise StoreDamaged(path, f"written with {rows} rows, read back with {found}")


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turns what Arrow and its Python shell raise on broken files into `StoreDamaged`."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, LookupError, ArithmeticError) as error:
        raise StoreDamaged(path, str(error).partition("\n")[0][:200]) from error
