"""Options that verbs share, and the catalogue files read with errors that a person can mend."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from crawler.commands.parameters import DataPlace, Duration, Moment
from crawler.commands.scrapy_setting import ScrapySetting
from crawler.extras import lacking
from pipelines.catalogue.in_force import files_in_force

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.catalogue.sources import Source

F = TypeVar("F", bound=Callable[..., Any])


_FILE = click.Path(dir_okay=False, path_type=Path)
_CATALOGUE = "{}.  [default: {}.toml in the data directory, else that of the program]"


class ConfigurationError(click.ClickException):
    """Something that the operator must mend before anything can run."""

    exit_code = 2


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
    function = projects_option(function)
    return click.option("--sources", "sources_file", type=_FILE, help=_CATALOGUE.format("Outlets to visit", "sources"))(
        function
    )


def projects_option(function: F) -> F:
    """`--projects FILE`."""
    return click.option(
        "--projects", "projects_file", type=_FILE, help=_CATALOGUE.format("Film projects and vocabulary", "projects")
    )(function)


def network_options(function: F) -> F:
    """`--allow-private CIDR` and `-s NAME=VALUE`, for verbs that ask outlets themselves."""
    function = click.option(
        "-s",
        "settings",
        type=ScrapySetting(),
        multiple=True,
        callback=lambda _ctx, _param, pairs: dict(pairs),
        metavar="NAME=VALUE",
        help="Any Scrapy setting, for example DOWNLOAD_DELAY=2; may be repeated.",
    )(function)
    return allow_private_option(function)


def allow_private_option(function: F) -> F:
    """`--allow-private CIDR`."""
    return click.option(
        "--allow-private",
        multiple=True,
        metavar="CIDR",
        help="Dial addresses of this range, such as 127.0.0.0/8, although they are not public; may be repeated.",
    )(function)


def contact_option(function: F) -> F:
    """`--contact ADDRESS`."""
    return click.option(
        "--contact",
        help="Address or mailbox that the user agent names, so that outlets can write to you.  "
        "[default: that of ORBITWATCH_CONTACT]",
    )(function)


def verbose_option(function: F) -> F:
    """`-v`."""
    return click.option("-v", "--verbose", count=True, help="Log to stderr; -vv logs every request, too.")(function)


def wait_option(function: F) -> F:
    """`--wait SECONDS`, for verbs that take the store's lock."""
    return click.option(
        "--wait", type=Duration(), default=0, help="Wait this long for another run to end.  [default: do not wait]"
    )(function)


def raw_option(function: F) -> F:
    """`--keep-raw`."""
    return click.option(
        "--keep-raw",
        is_flag=True,
        callback=require_raw,
        help="Keep the pages of stored articles, as WARC files in the data directory, for `rebuild --from-raw`.",
    )(function)


def require_raw(_ctx: click.Context, param: click.Parameter, wanted: bool) -> bool:
    """The value of an option that works on raw records; they need an extra."""
    if wanted and (problem := lacking(("warcio",), purpose=param.opts[0], extra="raw")):
        raise ConfigurationError(problem)
    return wanted


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
        return load_sources(files_in_force(data, sources_file, None)[0])
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
        return load_projects(files_in_force(data, None, projects_file)[1])
    except CatalogueError as error:
        raise ConfigurationError(f"{error}\nNothing has been fetched.") from error


def check_names(ids: Iterable[str], sources: "Iterable[Source]") -> None:
    """Raises `ConfigurationError` for an id that no source has."""
    known = {source.id for source in sources}
    for wanted in ids:
        if wanted not in known:
            raise no_such("source", wanted, known)


def no_such(kind: str, wanted: str, known: Iterable[str]) -> ConfigurationError:
    """The error for an id that no project or source has, with the one that was meant, where it can be guessed."""
    close = get_close_matches(wanted, sorted(known), n=1)
    guess = f"did you mean {close[0]!r}?" if close else f"see `orbitwatch {kind}s list`"
    return ConfigurationError(f"no {kind} is called {wanted!r}; {guess}")
