"""What can go wrong with the store, each with a sentence that says what to do."""

# ruff: noqa: N818 (the names say what is the case)

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class StoreError(Exception):
    """Something about the store needs a person, or another moment.

    What was acknowledged is safe all the same.
    """


class StoreFault(StoreError):
    """The operating system refused: disk full, read-only, no rights, too many open files, a dying disk.

    Attributes:
        errno: the system's own number, for example `errno.ENOSPC`.
    """

    def __init__(self, doing: str, cause: OSError) -> None:
        self.errno = cause.errno or 0
        name = errno.errorcode.get(self.errno, "OSError")
        reason = os.strerror(self.errno) if self.errno else str(cause)
        super().__init__(
            f"{doing}: {reason} ({name}). What was stored before is unharmed, and what the journal holds is "
            f"stored by the next run."
        )


class StoreForeign(StoreError):
    """The directory is not a store, or holds files of something else where the tables belong."""


class StoreTooOld(StoreError):
    """Written under an older schema version; `orbitwatch migrate` brings it up to date."""


class StoreTooNew(StoreError):
    """Written by a newer version of the program, which this one must not touch."""


class StoreDamaged(StoreError):
    """A file of the store cannot be read; `orbitwatch check --repair` mends what can be mended.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, why: str) -> None:
        self.path = path
        super().__init__(f"{path} is damaged ({why}): run `orbitwatch check --repair`")


class RowRefused(StoreError, ValueError):
    """A row that the table's schema does not allow, refused before it is acknowledged."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds the lock. Every field is "" or 0 when the holder has not written it yet."""

    pid: int = 0
    host: str = ""
    started: str = ""
    command: str = ""

    def __str__(self) -> str:
        if not self.pid:
            return "another run"
        return f"{self.command or 'another run'} (process {self.pid} on {self.host}, since {self.started})"


class StoreLocked(StoreError):
    """Another process holds the lock.

    Attributes:
        owner: who it is, as written in the lock file.
    """

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        super().__init__(f"the store is in use by {owner}")


@contextmanager
def faults_named(doing: str) -> Iterator[None]:
    """Turns an `OSError` of the block into a `StoreFault` that says what was being done."""
    try:
        yield
    except OSError as error:
        raise StoreFault(doing, error) from error


def require_version(found: int, wanted: int, where: Path) -> None:
    """Refuses another schema version than `wanted`.

    Raises:
        StoreTooOld: if `found` is smaller.
        StoreTooNew: if `found` is greater.
    """
    if found < wanted:
        raise StoreTooOld(f"{where} has schema version {found}, this program writes {wanted}: run `orbitwatch migrate`")
    if found > wanted:
        raise StoreTooNew(
            f"{where} has schema version {found} and was written by a newer version; this one knows {wanted}"
        )
