"""Options that verbs share, and the catalogue files read with errors that a person can mend."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.cli import data_files

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.catalogue.sources import Source

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


def data_option(function: F) -> F:
    """`--data DIR`."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        show_default=True,
        envvar="ORBITWATCH_DATA",
        help="Data directory.",
    )(function)


def catalogue_options(function: F) -> F:
    """`--sources FILE` and `--projects FILE`."""
    file = click.Path(dir_okay=False, path_type=Path)
    function = click.option(
        "--projects", "projects_file", type=file, help="Projects file [default: projects.toml in the data directory]."
    )(function)
    return click.option(
        "--sources", "sources_file", type=file, help="Sources file [default: sources.toml in the data directory]."
    )(function)


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
