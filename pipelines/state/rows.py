"""The state's values as rows of its tables, and back. Instants are microseconds since 1970, waits seconds."""

import json
from dataclasses import asdict, astuple, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.model import Entry
from pipelines.polling import PollState
from pipelines.polling.listings import Failure

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Row = tuple[Any, ...]

_POLL_FIELDS = tuple(field.name for field in fields(PollState))
_FAILURE_FIELDS = tuple(field.name for field in fields(Failure))
_POLL_INSTANTS = ("last_checked", "last_success", "last_new", "next_due", "not_before", "failing_since")


def micros(moment: datetime) -> int:
    """An instant as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> datetime:
    """The instant of `micros`."""
    return EPOCH + timedelta(microseconds=value)


def poll_row(state: PollState) -> Row:
    """A row of `polls`: the fields of PollState in their order."""
    return tuple(_stored(value) for value in astuple(state))


def read_poll(row: Row) -> PollState:
    """The state of `poll_row`."""
    values = dict(zip(_POLL_FIELDS, row, strict=True))
    values["interval"] = timedelta(seconds=values["interval"])
    values["gone"] = bool(values["gone"])
    for name in _POLL_INSTANTS:
        values[name] = None if values[name] is None else instant(values[name])
    return PollState(**values)


def failure_row(failure: Failure) -> Row:
    """A row of `failures`, less its last column: the fields of Failure in their order, the entry as JSON."""
    listed = failure.listed and json.dumps(asdict(failure.listed), default=datetime.isoformat)
    return (*astuple(replace(failure, listed=None))[:-2], listed, failure.tries)


def read_failure(row: Row) -> Failure:
    """The failure of `failure_row`."""
    values = dict(zip(_FAILURE_FIELDS, row, strict=True))
    values["listed"] = values["listed"] and _entry(json.loads(values["listed"]))
    return Failure(**values)


def _entry(values: dict[str, Any]) -> Entry:
    for key in ("published", "updated"):
        values[key] = values[key] and datetime.fromisoformat(values[key])
    return Entry(**values)


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return micros(value)
    return value.total_seconds() if isinstance(value, timedelta) else value
