"""What reading verbs are asked to choose, checked: a mistyped name must not pass for an absence of news."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.commands.options import ConfigurationError, no_such, read_projects, read_sources

if TYPE_CHECKING:
    from pipelines.store.location import BucketAddress


def require_place(data: "Path | BucketAddress") -> None:
    """For verbs that work on what is there already; an empty directory will do, since the first run is still to come.

    Raises:
        ConfigurationError: when there is no such directory. A bucket is looked at when it is read.
    """
    if isinstance(data, Path) and not data.is_dir():
        raise ConfigurationError(f"{data} is no directory; name the data directory with --data")


def check_project(
    wanted: str | None, data: "Path | BucketAddress", directory: Path, projects_file: Path | None
) -> None:
    """Checks `--project`: an id of projects.toml, or one that has left the file and not the store.

    Args:
        wanted: the id, None for all.
        data: the place of the tables.
        directory: the host's directory, where the file may be.
        projects_file: the file, when it is named.

    Raises:
        ConfigurationError: for an id that neither of them has.
        TableUnreadable: when the stories cannot be read.
    """
    from pipelines.analysis import load_stories

    if wanted is not None:
        listed = [project.id for project in read_projects(directory, projects_file).projects]
        _check("project", wanted, listed, lambda: load_stories(str(data), project=wanted, columns=["date"]).empty)


def check_source(wanted: str | None, data: "Path | BucketAddress", directory: Path, sources_file: Path | None) -> None:
    """Checks `--source`, as `check_project` does: an id of sources.toml, or of an outlet whose articles are stored.

    Raises:
        ConfigurationError: for an id that neither of them has.
        TableUnreadable: when the articles cannot be read.
    """
    from pipelines.analysis import load_articles

    if wanted is not None:
        listed = [source.id for source in read_sources(directory, sources_file)]
        _check("source", wanted, listed, lambda: load_articles(str(data), source=wanted, columns=["date"]).empty)


def _check(kind: str, wanted: str, listed: Iterable[str], is_unknown: Callable[[], bool]) -> None:
    if wanted not in listed and is_unknown():
        raise no_such(kind, wanted, listed)
