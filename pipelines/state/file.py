"""A SQLite file that may be deleted without loss: opened, versioned, set aside when it cannot be used."""

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipelines.sqlite_faults import errno_of, is_damage

# Seconds to wait for another connection's write. The store's lock keeps runs apart; `status` and the like
# only read, and in WAL mode readers block nobody.
_BUSY_SECONDS = 10.0


class StateError(OSError):
    """The state file cannot be read or written; `errno` says why (ENOSPC, EROFS, EACCES, EBUSY, else EIO)."""


class StateFile:
    """A SQLite file with one version of one schema, in WAL mode.

    A file that is damaged, of another program or of another version is moved to `.<name>.set-aside` beside it
    (in place of an earlier one) and a fresh one is made: what it knew costs second fetches, never a story.
    After a power cut the last commits may be missing (synchronous=NORMAL), which costs the same.

    Args:
        path: the file; its folder is made at need.
        application: PRAGMA application_id of our files.
        version: PRAGMA user_version of this schema.
        schema: statements that turn an empty file into one of ours, both pragmas among them.

    Attributes:
        set_aside: what was wrong with an earlier file and where it is now; "" when nothing was.

    Raises:
        StateError: when the file can be neither opened nor made.
    """

    def __init__(self, path: Path, *, application: int, version: int, schema: Sequence[str]) -> None:
        self.path = path
        self.set_aside = ""
        self._application = application
        self._version = version
        self._schema = schema
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateError(error.errno, f"no folder for the state file: {error.strerror}", str(path)) from error
        with self._alone():
            self._open()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A block that reads.

        Raises:
            StateError: in place of any error of SQLite.
        """
        with self._errors():
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A block whose writes all happen or none does. Inside another such block it is a part of that one.

        Raises:
            StateError: in place of any error of SQLite.
        """
        with self._errors():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # after a full disk SQLite has rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps other processes from opening the file meanwhile.

        SQLite does not wait to turn a fresh file to WAL: where two runs began at once, one failed as soon as the other
        had looked at it.
        """
        with ExitStack() as stack:
            try:
                folder = os.open(self.path.parent, os.O_RDONLY)
                stack.callback(os.close, folder)  # which ends the lock too
                fcntl.flock(folder, fcntl.LOCK_EX)
            except OSError as error:
                raise StateError(error.errno, f"the state file's folder: {error.strerror}", str(self.path)) from error
            yield

    def _open(self) -> None:
        try:
            wrong = self._connect()
        except sqlite3.Error as error:
            if not is_damage(error):
                raise self._state_error(error) from error
            wrong = "damaged"
        if wrong:
            self._put_aside(wrong)
            with self._errors():
                again = self._connect()
            if again:
                self.close()
                raise StateError(errno.EIO, f"another program put a file {again} in its place", str(self.path))

    def _connect(self) -> str:
        """Open the file and make it one of ours, or leave it untouched and return what is wrong with it."""
        # The module is used by one thread; transactions are begun and ended by hand.
        self._connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        if not self._is_empty():
            if self._number("PRAGMA application_id") != self._application:
                return "not a state file"
            version = self._number("PRAGMA user_version")
            if version != self._version:
                return f"of version {version}, not {self._version}"
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # Pages of 4 KiB: marking a thousand articles touches a page for each; the usual 2 MB would spill.
        self._connection.execute("PRAGMA cache_size = 4000")
        with self.transaction() as connection:
            if self._is_empty():  # asked again under the lock: another process may have been first
                for statement in self._schema:
                    connection.execute(statement)
        return ""

    def _is_empty(self) -> bool:
        return self._number("SELECT count(*) FROM sqlite_master") == 0

    def _number(self, statement: str) -> int:
        return int(self._connection.execute(statement).fetchone()[0])

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if is_damage(error):
                self._put_aside("damaged")
            raise self._state_error(error) from error

    def _put_aside(self, wrong: str) -> None:
        self._connection.close()
        aside = self.path.with_name(f".{self.path.name}.set-aside")
        try:
            # The log first: one left beside a fresh file would be played into it.
            for suffix in ("-wal", "-shm", ""):
                target = Path(f"{aside}{suffix}")
                target.unlink(missing_ok=True)
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{suffix}").replace(target)
        except OSError as error:
            raise StateError(
                error.errno, f"is {wrong} and cannot be moved: {error.strerror}", str(self.path)
            ) from error
        self.set_aside = f"{self.path} was {wrong}; it is now {aside}, and a fresh one takes its place"

    def _state_error(self, error: sqlite3.Error) -> StateError:
        message = f"{error}; {self.set_aside}" if self.set_aside else str(error)
        return StateError(errno_of(error), f"state file: {message}", str(self.path))
