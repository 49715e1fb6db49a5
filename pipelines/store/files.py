"""The file system as the store sees it: few operations, so that tests can make each of them fail.

Everything durable goes through `Files`. `LocalFiles` is the real one; tests put in one that dies, lies or
fails at the n-th call, and one that forgets whatever was not synced. `object_files.ObjectFiles` keeps the tables
in a bucket.

Temporary files live in one dot-named folder beside the tables, never inside them: pandas skips dot names
there, but DuckDB and Polars read `.tmp-x.parquet` as if it belonged to the table (tried with DuckDB 2.0 and
Polars 2.1).
"""

import abc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

STAGING = ".tmp"
"""Folder below the root in which files are made before they are renamed into place."""


class Files(abc.ABC):
    """The primitives, and the two compositions that the store is built from. All raise `OSError`."""

    @abc.abstractmethod
    def open(self, path: Path, *, append: bool = False) -> int:
        """Opens for writing, creating the file; empties it unless `append`.

        Returns a handle for `write`, `fsync`, `close`.
        """

    @abc.abstractmethod
    def write(self, handle: int, data: bytes | memoryview) -> int:
        """Writes a part of `data`, possibly all; returns how many bytes."""

    @abc.abstractmethod
    def fsync(self, handle: int) -> None:
        """Returns when the file's bytes are on the disk."""

    @abc.abstractmethod
    def close(self, handle: int) -> None:
        """Gives the handle back."""

    @abc.abstractmethod
    def fsync_dir(self, path: Path) -> None:
        """Returns when the folder's entries (names made, replaced and removed) are on the disk."""

    @abc.abstractmethod
    def replace(self, source: Path, target: Path) -> None:
        """Renames a file or folder, atomically taking the place of a file at `target`."""

    @abc.abstractmethod
    def truncate(self, path: Path, length: int) -> None:
        """Cuts a file to `length` bytes."""

    @abc.abstractmethod
    def unlink(self, path: Path) -> None:
        """Removes a file; no error when there is none."""

    @abc.abstractmethod
    def mkdir(self, path: Path) -> None:
        """Makes one folder; no error when it is there."""

    @abc.abstractmethod
    def rmdir(self, path: Path) -> None:
        """Removes an empty folder."""

    @abc.abstractmethod
    def read(self, path: Path) -> bytes | None:
        """The whole file; None when there is none."""

    @abc.abstractmethod
    def listdir(self, path: Path) -> list[str]:
        """Names in a folder, sorted; [] when there is no such folder."""

    @abc.abstractmethod
    def is_dir(self, path: Path) -> bool:
        """Whether there is such a folder."""

    @abc.abstractmethod
    def fingerprints(self, path: Path) -> dict[str, str]:
        """For each name in a folder a text that changes whenever the file does. Cheap: nothing is read.

        {} when there is no such folder.
        """

    def commit(self, work: Callable[[], T], *, once: bool = False) -> T:  # noqa: ARG002 (for where hosts meet)
        """Does work that publishes files, and returns what it returns.

        On a local disk the store's lock keeps others out. Where other hosts write as well, they are kept out here,
        and the work may be done again from its start: it must come to the same.

        Args:
            work: what is to be done.
            once: never do it again: its answer says what it changed, and a second one would not say all.
        """
        return work()

    def write_durably(self, path: Path, data: bytes | memoryview) -> None:
        """Creates or overwrites `path`; its bytes are on the disk afterwards, its name not yet."""
        handle = self.open(path)
        try:
            self.write_all(handle, data)
            self.fsync(handle)
        finally:
            self.close(handle)

    def write_all(self, handle: int, data: bytes | memoryview) -> None:
        """Writes every byte, however many calls it takes."""
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(handle, rest) :]

    def publish(
        self,
        root: Path,
        target: Path,
        data: bytes | memoryview,
        *,
        verify: Callable[[bytes], object] = lambda _: None,
    ) -> None:
        """Puts a whole file in the place of `target`: a reader sees the old one or the new one.

        When it returns, the new one survives a power cut. Folders that are still missing come into being
        together with the file by one rename, so that no reader ever finds an empty table.

        Args:
            root: the store; holds the staging folder.
            target: a path below `root`.
            data: the new content.
            verify: is given the bytes as read back before they are published; raises if they are not what
                they should be.
        """
        staging = root / STAGING
        staged = staging / target.name
        self.mkdir(staging)
        try:
            # Never overwritten: a power cut may leave the staged name as a second one of a file already published.
            self.unlink(staged)
            self.write_durably(staged, data)
            verify(self.read(staged) or b"")
            missing = [p for p in (target, *target.parents) if root in p.parents and not self.is_dir(p)][1:]
            if missing:
                self._publish_with_folders(staging / "new", staged, target, missing)
            else:
                self.replace(staged, target)
                self.fsync_dir(target.parent)
        except OSError:
            self._forget(staged)
            raise

    def _publish_with_folders(self, new: Path, staged: Path, target: Path, missing: list[Path]) -> None:
        """Builds the folders that `target` lacks at `new` (`missing`: innermost first), then renames them."""
        top = missing[-1]
        self.remove_tree(new)
        for folder in reversed(missing):
            self.mkdir(new / folder.relative_to(top))
        self.replace(staged, new / target.relative_to(top))
        for folder in missing:
            self.fsync_dir(new / folder.relative_to(top))
        self.replace(new, top)
        self.fsync_dir(top.parent)

    def _forget(self, staged: Path) -> None:
        """Makes room again on a full disk; failing at that too is left to the next run."""
        try:
            self.unlink(staged)
        except OSError:
            return

    def remove_tree(self, path: Path) -> None:
        """Removes a folder and all below it; no error when there is none.

        Only for what was never published.
        """
        if not self.is_dir(path):
            return
        for name in self.listdir(path):
            if self.is_dir(path / name):
                self.remove_tree(path / name)
            else:
                self.unlink(path / name)
        self.rmdir(path)


class LocalFiles(Files):
    """The files of a local disk, by the system calls of the same names."""

    def open(self, path: Path, *, append: bool = False) -> int:
        """See `Files.open`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if append else os.O_TRUNC)
        return os.open(path, flags, 0o644)

    def write(self, handle: int, data: bytes | memoryview) -> int:
        """See `Files.write`."""
        return os.write(handle, data)

    def fsync(self, handle: int) -> None:
        """See `Files.fsync`."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """See `Files.close`."""
        os.close(handle)

    def fsync_dir(self, path: Path) -> None:
        """See `Files.fsync_dir`."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """See `Files.replace`."""
        source.replace(target)

    def truncate(self, path: Path, length: int) -> None:
        """See `Files.truncate`."""
        os.truncate(path, length)

    def unlink(self, path: Path) -> None:
        """See `Files.unlink`."""
        path.unlink(missing_ok=True)

    def mkdir(self, path: Path) -> None:
        """See `Files.mkdir`."""
        path.mkdir(exist_ok=True)

    def rmdir(self, path: Path) -> None:
        """See `Files.rmdir`."""
        path.rmdir()

    def read(self, path: Path) -> bytes | None:
        """See `Files.read`."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def listdir(self, path: Path) -> list[str]:
        """See `Files.listdir`."""
        try:
            return sorted(os.listdir(path))  # noqa: PTH208 (names, not paths)
        except (FileNotFoundError, NotADirectoryError):
            return []

    def is_dir(self, path: Path) -> bool:
        """See `Files.is_dir`."""
        return path.is_dir()

    def fingerprints(self, path: Path) -> dict[str, str]:
        """See `Files.fingerprints`."""
        try:
            with os.scandir(path) as entries:
                stats = {entry.name: entry.stat() for entry in entries}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        return {name: f"{stat.st_size}-{stat.st_mtime_ns}-{stat.st_ino}" for name, stat in stats.items()}
