"""What verbs that work on a store share: its errors, told with the exit codes of `orbitwatch --help`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from crawler.commands.options import ConfigurationError
from pipelines.store import StoreError, StoreLocked


class LockedError(click.ClickException):
    """Another run holds the lock."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h: try again later


class StoppedError(click.ClickException):
    """A person, or the machine's shutdown, ended the work."""

    exit_code = 130


@contextmanager
def store_work(data: Path, *, on_interrupt: str = "interrupted") -> Iterator[None]:
    """Turns what can happen to a store into errors with the right exit code.

    Args:
        data: the data directory; it must exist, so that a misspelt one is not taken for a sound store.
        on_interrupt: what to tell after Ctrl-C.

    Raises:
        ConfigurationError: when there is no such directory.
        LockedError: while another run works.
        StoppedError: after Ctrl-C.
        ClickException: for all that a `StoreError` or the system says.
    """
    if not data.is_dir():
        raise ConfigurationError(f"{data} is no directory; name the data directory with --data")
    try:
        yield
    except StoreLocked as error:
        raise LockedError(str(error)) from error
    except (StoreError, OSError) as error:  # their texts say what to do
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt as error:
        raise StoppedError(on_interrupt) from error
