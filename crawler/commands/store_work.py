"""What verbs share that work on the tables: what can go wrong, told with the exit codes of `orbitwatch --help`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crawler.commands.options import ConfigurationError
from pipelines.store import Store, StoreError, StoreLocked
from pipelines.store.location import BucketAddress, open_store


class LockedError(click.ClickException):
    """Another run holds the lock."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h: try again later


class StoppedError(click.ClickException):
    """A person, or the machine's shutdown, ended the work."""

    exit_code = 130


@contextmanager
def store_work(
    data: Path | BucketAddress, work: Path | None = None, *, on_interrupt: str = "interrupted"
) -> Iterator[Store]:
    """Opens the store at a place, and turns what can happen to it into errors with the right exit code.

    Args:
        data: the data directory; it must exist, so that a misspelt one is not taken for a sound store. Or a bucket.
        work: for a bucket: the working directory, None for the usual one.
        on_interrupt: what to tell after Ctrl-C.

    Raises:
        ConfigurationError: when there is no such directory, or what a bucket needs is not installed.
        LockedError: while another run works.
        StoppedError: after Ctrl-C.
        ClickException: for all that a `StoreError` or the system says.
    """
    if isinstance(data, Path) and not data.is_dir():
        raise ConfigurationError(f"{data} is no directory; name the data directory with --data")
    try:
        store = open_store(data, work=work)
    except StoreError as error:
        raise ConfigurationError(str(error)) from error
    try:
        yield store
    except StoreLocked as error:
        raise LockedError(str(error)) from error
    except (StoreError, OSError) as error:  # their texts say what to do
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt as error:
        raise StoppedError(on_interrupt) from error


@contextmanager
def tables_read() -> Iterator[None]:
    """Turns tables that cannot be read by `pipelines.analysis` into one line and exit code 1.

    Raises:
        ClickException: for a `TableUnreadable`.
    """
    from pipelines.analysis.folders import TableUnreadable

    try:
        yield
    except TableUnreadable as error:
        raise click.ClickException(str(error)) from error
