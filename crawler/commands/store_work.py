"""What verbs share that work on a store: what can go wrong, told with the exit codes of `orbitwatch --help`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crawler.commands.choosing import require_place
from crawler.commands.options import ConfigurationError
from crawler.summary import INTERRUPTED, LOCKED
from pipelines.clock import Clock, system_clock
from pipelines.store import Store, StoreError, StoreLocked
from pipelines.store.location import BucketAddress, open_store


class LockedError(click.ClickException):
    """Another run holds the lock."""

    exit_code = LOCKED


class StoppedError(click.ClickException):
    """A person, or the machine's shutdown, ended the work."""

    exit_code = INTERRUPTED


def opened_store(data: Path | BucketAddress, work: Path | None, clock: Clock = system_clock) -> Store:
    """The store at a place, whether there is something already or not.

    Args:
        data: the data directory, or a bucket.
        work: for a bucket: the working directory, None for the usual one.
        clock: the time.

    Raises:
        ConfigurationError: when what a bucket needs is not installed.
    """
    try:
        return open_store(data, work=work, clock=clock)
    except StoreError as error:
        raise ConfigurationError(str(error)) from error


@contextmanager
def store_troubles() -> Iterator[None]:
    """Turns what can happen to an open store into errors with the right exit code.

    Raises:
        LockedError: while another run works.
        ClickException: for all that a `StoreError` or the system says; a broken pipe is told by `crawler.cli`.
    """
    try:
        yield
    except StoreLocked as error:
        raise LockedError(str(error)) from error
    except BrokenPipeError:
        raise
    except (StoreError, OSError) as error:  # their texts say what to do
        raise click.ClickException(str(error)) from error


@contextmanager
def store_work(
    data: Path | BucketAddress, work: Path | None = None, *, on_interrupt: str = "interrupted"
) -> Iterator[Store]:
    """Opens a store that is there already, and tells what happens to it as `store_troubles` does.

    Args:
        data: the data directory; it must exist, so that a misspelt one is not taken for a sound store. Or a bucket.
        work: for a bucket: the working directory, None for the usual one.
        on_interrupt: what to tell after Ctrl-C.

    Raises:
        ConfigurationError: when there is no such directory, or what a bucket needs is not installed.
        StoppedError: after Ctrl-C.
    """
    require_place(data)
    store = opened_store(data, work)
    try:
        with store_troubles():
            yield store
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
