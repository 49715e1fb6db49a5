"""Options that verbs share, and the catalogue files read with errors that a person can mend."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.cli import data_files

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.catalogue.sources import Source
    from pipelines.store.location import BucketAddress

F = TypeVar("F", bound=Callable[..., Any])

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class ConfigurationError(click.ClickException):
    """Something that the operator must mend before anything can run."""

    exit_code = 2


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
        return float(match[1]) * _UNITS[match[2]]


class DataPlace(click.ParamType["Path | BucketAddress"]):
    """A directory, or `s3://bucket/prefix` for the verbs that work on the tables."""

    name = "directory"

    def __init__(self, *, buckets: bool) -> None:
        self._buckets = buckets

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Path | BucketAddress":
        """The place; nothing is looked at but whether a file is in its way."""
        if not isinstance(value, str) or not re.match(r"[a-z0-9]+:/", value):
            return click.Path(file_okay=False, path_type=Path).convert(value, param, ctx)
        if not self._buckets:
            self.fail("this verb works on a directory; which take a bucket: docs/object-stores.md", param, ctx)
        from pipelines.store.location import BucketAddress

        try:
            return BucketAddress.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


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


def now_option(function: F) -> F:
    """`--now INSTANT`, for the demo and the tests."""
    return click.option("--now", type=Moment(), hidden=True, help="Pretend that it is this time.")(function)


def data_option(function: F) -> F:
    """`--data DIR`."""
    return _data_option("Data directory.", buckets=False)(function)


def store_option(function: F) -> F:
    """`--data DIR` or `--data s3://bucket/prefix`, and `--work DIR`, for `pipelines.store.location.open_store`."""
    function = click.option(
        "--work",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="ORBITWATCH_WORK",
        help="With a bucket: directory of this host for what is not published yet, and for caches; to be kept.  "
        "[default: in the user's state directory]",
    )(function)
    return _data_option("Data directory, or s3://bucket/prefix.", buckets=True)(function)


def _data_option(text: str, *, buckets: bool) -> Callable[[F], F]:
    return click.option(
        "--data",
        type=DataPlace(buckets=buckets),
        default=Path("data"),
        show_default=True,
        envvar="ORBITWATCH_DATA",
        help=text,
    )


def catalogue_options(function: F) -> F:
    """`--sources FILE` and `--projects FILE`."""
    file = click.Path(dir_okay=False, path_type=Path)
    function = click.option(
        "--projects", "projects_file", type=file, help="Projects file [default: projects.toml in the data directory]."
    )(function)
    return click.option(
        "--sources", "sources_file", type=file, help="Sources file [default: sources.toml in the data directory]."
    )(function)


def network_options(function: F) -> F:
    """`--allow-private CIDR` and `-s NAME=VALUE`, for verbs that ask outlets themselves."""
    function = click.option(
        "-s",
        "settings",
        multiple=True,
        callback=parse_setting,
        metavar="NAME=VALUE",
        help="Any Scrapy setting; may be repeated.",
    )(function)
    return click.option(
        "--allow-private",
        multiple=True,
        metavar="CIDR",
        help="Dial addresses of this range although they are not public.",
    )(function)


def raw_option(function: F) -> F:
    """`--keep-raw`."""
    return click.option(
        "--keep-raw",
        is_flag=True,
        callback=require_raw,
        help="Keep the pages of stored articles, as WARC files in the data directory, for `rebuild --from-raw`.",
    )(function)


def require_raw(_ctx: click.Context, _param: click.Parameter, wanted: bool) -> bool:
    """The value of an option that works on raw records; they need an extra."""
    if wanted and find_spec("warcio") is None:
        raise ConfigurationError('raw records need warcio: pip install "orbitwatch[raw]"')
    return wanted


def parse_setting(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """`NAME=VALUE` pairs."""
    pairs = [value.partition("=") for value in values]
    for name, equals, _ in pairs:
        if not equals or not name.isupper():
            raise click.BadParameter(f"{name!r}: write NAME=VALUE, for example DOWNLOAD_DELAY=2")
    return {name: value for name, _, value in pairs}


def json_option(function: F) -> F:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def read_sources(data: Path, sources_file: Path | None) -> "tuple[Source, ...]":
    """The sources in force.

    Raises:
        ConfigurationError: naming every mistake in the file.
    """
    from pipelines.catalogue.problems import CatalogueError
    from pipelines.catalogue.sources import load_sources

    try:
        return load_sources(data_files(data, sources_file, None)[0])
    except CatalogueError as error:
        raise ConfigurationError(f"{error}\nNothing has been fetched.") from error


def read_projects(data: Path, projects_file: Path | None) -> "Projects":
    """The projects in force.

    Raises:
        ConfigurationError: naming every mistake in the file.
    """
    from pipelines.catalogue.problems import CatalogueError
    from pipelines.catalogue.projects import load_projects

    try:
        return load_projects(data_files(data, None, projects_file)[1])
    except CatalogueError as error:
        raise ConfigurationError(f"{error}\nNothing has been fetched.") from error
