"""Kinds of values that options take, each with a message that shows how one is written."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from crawler.ping import Ping
    from pipelines.polling.shards import Shard
    from pipelines.store.location import BucketAddress

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 36_525 * 86400.0
"""Seconds: a hundred years, so that the calendar always has the day before which something was."""


class Duration(click.ParamType[float]):
    """Seconds, written as 90, 90s, 10m, 2h or 1d."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smhd]?)", value.strip().lower())
        if match is None:
            self.fail(f"{value!r} is no duration; write for example 90s, 10m or 2h", param, ctx)
        seconds = float(match[1]) * _UNITS[match[2]]
        if seconds > _LONGEST:
            self.fail(f"{value!r} is more than a hundred years", param, ctx)
        return seconds


class Day(click.ParamType[date]):
    """A day, or the first or last one of a month or a year.

    Args:
        last: whether a month stands for its last day.
    """

    name = "day"

    def __init__(self, *, last: bool) -> None:
        self._last = last

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day."""
        if isinstance(value, date):
            return value
        parts = value.strip().split("-")
        try:
            year, month, *day = map(int, [*parts, 12 if self._last else 1][: max(len(parts), 2)])
            return date(year, month, *(day or [monthrange(year, month)[1] if self._last else 1]))
        except (ValueError, TypeError):
            self.fail(f"{value!r} is no day; write 2021-10-05, 2021-10 or 2021", param, ctx)


class Month(click.ParamType["tuple[int, int]"]):
    """A month, as 2021-10."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Year and month."""
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(value))
        if match is None:
            self.fail(f"{value!r} is no month; write for example 2021-10", param, ctx)
        return int(match[1]), int(match[2])


class Moment(click.ParamType[datetime]):
    """An instant in ISO form; without a zone it is in UTC."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """An aware datetime."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write for example 2021-10-05T09:00", param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class Address(click.ParamType[str]):
    """The address of a service."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The address, safe to request."""
        from pipelines.urls import fetch_url

        try:
            return fetch_url(value)
        except ValueError as error:
            self.fail(f"{value!r}: {error}", param, ctx)


class DataPlace(click.ParamType["Path | BucketAddress"]):
    """A directory, or `s3://bucket/prefix` for the verbs that work on the tables."""

    name = "directory"

    def __init__(self, *, buckets: bool) -> None:
        self._buckets = buckets

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Path | BucketAddress":
        """The place; nothing is looked at but whether a file is in its way."""
        if value == "":
            self.fail("it is empty; name a directory, . for the one you are in", param, ctx)
        if not isinstance(value, str) or not re.match(r"[a-z0-9]+:/", value):
            return click.Path(file_okay=False, path_type=Path).convert(value, param, ctx)
        if not self._buckets:
            self.fail("this verb works on a directory; which take a bucket: docs/object-stores.md", param, ctx)
        from pipelines.store.location import BucketAddress

        try:
            return BucketAddress.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ShardNumber(click.ParamType["Shard"]):
    """One part of the sources."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Shard":
        """The part."""
        from pipelines.polling.shards import Shard

        try:
            return Shard.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class PingAddress(click.ParamType["Ping"]):
    """The address of a check that is told of runs."""

    name = "url"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Ping":
        """The check; a message never repeats the address, which is a secret."""
        from crawler.ping import Ping

        try:
            return Ping(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
