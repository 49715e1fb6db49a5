"""The tables: one truth about columns, in step with the values that flow."""

from dataclasses import fields

import pyarrow as pa
import pytest

from pipelines.model import SCHEMA_VERSION, Article, Milestone, SourceRun
from pipelines.schema import TABLES, Table, data_dictionary

TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@pytest.mark.parametrize(("name", "value"), [("articles", Article), ("milestones", Milestone), ("runs", SourceRun)])
def test_a_table_has_the_columns_of_its_dataclass(name: str, value: type) -> None:
    assert {column.name for column in TABLES[name].columns} == {field.name for field in fields(value)}


@TABLE
def test_every_column_is_described_and_none_is_named_twice(table: Table) -> None:
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert all(column.description.endswith(".") for column in table.columns)
    assert table.description.endswith(".")


@TABLE
def test_what_files_are_made_by_is_never_empty(table: Table) -> None:
    """A row without its key or its day could not be found again."""
    nullable = {column.name: column.nullable for column in table.columns}
    assert not any(nullable[name] for name in (*table.key, table.month_of))
    assert set(table.sorted_by) <= set(nullable)
    assert table.sorted_by[0] == table.month_of


@TABLE
def test_the_order_of_a_file_is_total(table: Table) -> None:
    """Otherwise the same rows could give different files."""
    assert set(table.key) & set(table.sorted_by)


@TABLE
def test_no_column_is_of_a_type_that_breaks_a_folder_read(table: Table) -> None:
    assert not any(pa.types.is_null(field.type) for field in table.schema)
    instants = [field for field in table.schema if pa.types.is_timestamp(field.type)]
    assert all(field.type == pa.timestamp("us", tz="UTC") for field in instants)


@TABLE
def test_the_schema_says_what_it_is(table: Table) -> None:
    assert table.schema.metadata[b"schema_version"] == str(SCHEMA_VERSION).encode()
    assert table.schema.metadata[b"table"] == table.name.encode()
    assert all(field.metadata[b"description"] for field in table.schema)


def test_the_dictionary_names_every_column() -> None:
    text = data_dictionary()
    for table in TABLES.values():
        assert f"## {table.name}" in text
        assert all(f"| {column.name} | {column.type} |" in text for column in table.columns)
