"""Between the dataclasses, the journal's JSON and Arrow tables.

Rows become Arrow through Arrow's own JSON reader and not through `pyarrow.array`: that one imports pandas at
its first call (0.2 to 1.9 CPU seconds, and 60 MB), which no crawl should pay for.
"""

import io
import json
from array import array
from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.json

from pipelines.schema import Table
from pipelines.store.errors import RowRefused

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = dict[str, Any]
"""One row: column name to value, lists for lists, dicts for maps."""

_EPOCH_DAY = date(1970, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def row_of(value: "DataclassInstance") -> Row:
    """The fields of an `Article`, `Milestone` or `SourceRun` as a row."""
    row = {}
    for field in fields(value):
        item = getattr(value, field.name)
        row[field.name] = list(item) if isinstance(item, tuple) else item
    return row


def to_json(row: Row) -> Row:
    """The row with days and instants in ISO 8601, for the journal.

    Raises:
        RowRefused: if an instant has no zone.
    """
    return {name: _iso(name, value) for name, value in row.items()}


def from_json(table: Table, row: Row) -> Row:
    """The inverse of `to_json`, by the types of the table's columns."""
    parsed = dict(row)
    for column in table.columns:
        written = parsed.get(column.name)
        if isinstance(written, str) and pa.types.is_date(column.type):
            parsed[column.name] = date.fromisoformat(written)
        elif isinstance(written, str) and pa.types.is_timestamp(column.type):
            parsed[column.name] = datetime.fromisoformat(written)
    return parsed


def to_table(table: Table, rows: Iterable[Row]) -> pa.Table:
    """The rows in the table's schema, in the order given.

    Raises:
        RowRefused: if a column is missing, unknown, empty where it must not be, or of another type; if a text
            is not valid Unicode.
    """
    schema = table.schema
    lines = []
    for row in rows:
        try:
            plain = {name: _plain(name, value) for name, value in row.items()}
            line = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            lines.append(line.encode("utf-8"))
        except (TypeError, ValueError) as error:
            raise RowRefused(f"{table.name}: {error}") from error
    if not lines:
        return empty_table(table)
    try:
        read = _read_json(lines, pa.schema([pa.field(field.name, _wire_type(field.type)) for field in schema]))
    except pa.ArrowException as error:
        raise RowRefused(f"{table.name}: {error}") from error
    columns = [_cast(read.column(field.name), field.type) for field in schema]
    for field, column in zip(schema, columns, strict=True):
        if column.null_count and not field.nullable:
            raise RowRefused(f"{table.name}: {field.name} may not be empty")
    return pa.Table.from_arrays(columns, schema=schema)


def to_rows(table: pa.Table) -> list[Row]:
    """The inverse of `to_table`."""
    columns = [_values(table.column(name)) for name in table.column_names]
    return [dict(zip(table.column_names, values, strict=True)) for values in zip(*columns, strict=True)]


def _values(column: pa.ChunkedArray) -> list[Any]:
    if not pa.types.is_timestamp(column.type):
        values: list[Any] = column.to_pylist(maps_as_pydicts="strict")
        return values
    # Arrow's own conversion of instants imports pandas.
    counts = column.cast(pa.int64()).to_pylist()
    return [None if count is None else _EPOCH + timedelta(microseconds=count) for count in counts]


def empty_table(table: Table) -> pa.Table:
    """No rows, in the table's schema."""
    return pa.Table.from_batches([], table.schema)


def text_array(values: Iterable[str]) -> pa.Array:
    """The values as an Arrow array of strings. For ids: together they must stay below 2 GiB."""
    texts = [value.encode("utf-8") for value in values]
    ends = array("i", accumulate(map(len, texts), initial=0))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(b"".join(texts)))


def _read_json(lines: list[bytes], schema: pa.Schema) -> pa.Table:
    content = b"\n".join(lines)
    return pyarrow.json.read_json(
        io.BytesIO(content),
        # One block, because the reader refuses a row that is longer than its block.
        read_options=pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )


def _wire_type(type_: pa.DataType) -> pa.DataType:
    """The type as JSON can carry it: days and microseconds since 1970, a map as a list of pairs."""
    if pa.types.is_date(type_):
        return pa.int32()
    if pa.types.is_timestamp(type_):
        return pa.int64()
    if pa.types.is_map(type_):
        return pa.list_(pa.struct([("key", type_.key_type), ("value", type_.item_type)]))
    return type_


def _cast(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    if not pa.types.is_map(type_):
        return column.cast(type_)
    chunks = []
    for chunk in column.chunks:
        keys, values = chunk.values.field("key"), chunk.values.field("value")
        chunks.append(pa.MapArray.from_arrays(chunk.offsets, keys, values).cast(type_))
    return pa.chunked_array(chunks, type=type_)


def _plain(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return (_in_utc(name, value) - _EPOCH) // timedelta(microseconds=1)
    if isinstance(value, date):
        return (value - _EPOCH_DAY).days
    if isinstance(value, dict):
        return [{"key": key, "value": item} for key, item in value.items()]
    return value


def _iso(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return _in_utc(name, value).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _in_utc(name: str, instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise RowRefused(f"{name}: {instant.isoformat()} has no zone")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise RowRefused(f"{name}: {instant.isoformat()} lies outside the calendar") from error
