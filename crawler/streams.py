"""stdout and its like as they are handed over: closed, full, without a reader, in an encoding of few letters."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

import click


def make_usable() -> None:
    """Puts /dev/null in the place of what is closed, and lets stdout take any letter."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            # It gets the lowest number that is free, the missing one: else the next file that somebody opens would, and
            # with it whatever is printed. Processes that are started expect it to be there as well.
            nowhere = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
            os.set_inheritable(nowhere.fileno(), True)  # noqa: FBT003 - takes no keyword
            setattr(sys, name, nowhere)
    # Headlines are in every script: what a terminal in Latin-1 cannot show is told by its number, as stderr does it.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


@contextmanager
def output_told() -> Iterator[None]:
    """Writes out what the block prints, and tells in a line where that, or anything else, is refused by the system.

    Raises:
        Exit: with code 0, where the reader has seen enough (`orbitwatch timeline | head`).
        ClickException: for every other OSError.
    """
    try:
        try:
            yield
        finally:
            _flush()  # else Python would complain as it ends
    except BrokenPipeError as error:
        if not _reader_has_gone():
            raise click.ClickException(str(error)) from error
        _write_nowhere()
        raise click.exceptions.Exit(0) from error
    except OSError as error:
        raise click.ClickException(str(error)) from error


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _write_nowhere()
        raise click.ClickException(f"stdout cannot be written: {error.strerror}") from error


def _write_nowhere() -> None:
    """Lets Python flush at its end what nobody takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reader_has_gone() -> bool:
    """Whether nobody reads stdout any more: other pipes may break as well."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)  # an error is told unasked
    return bool(poll.poll(0))
