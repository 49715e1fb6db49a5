"""The store's files in a bucket: the tables there, what belongs to one host in a directory beside.

`ObjectFiles` gives the paths of the tables and the marker to the bucket and leaves all others (journal, caches,
staging) on the local disk. A file is built and verified in memory, then published by one PUT that holds only if
the object is still the one that was read. So of two hosts that change a month at once, one is refused; it reads
again, merges and tries again. The lock of the bucket makes that rare, and makes the several files of a fold one
commit among hosts; that no row is lost in a file does not depend on it.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pipelines.store.bucket import Bucket, ObjectChanged
from pipelines.store.errors import StoreError, StoreForeign, faults_named
from pipelines.store.files import LocalFiles
from pipelines.store.marker import MARKER, TABLE_NAMES
from pipelines.store.object_lock import LEASE, RENEW, ObjectLock

T = TypeVar("T")

IN_BUCKET = frozenset({*TABLE_NAMES, MARKER, ".quarantine"})
"""First parts of the paths that are in the bucket. The last is `quarantine.QUARANTINE`, said again because
importing it loads pyarrow; a test keeps the two equal."""

ATTEMPTS = 5
"""Tries of a commit. The second succeeds unless the lock has lapsed again, so the fifth failure has a cause that a
sixth would meet as well; the journal keeps everything for the next run."""

WAIT = LEASE + 60
"""Seconds to wait for the lock of the bucket: longer than a dead holder keeps it."""


class StoreConflict(StoreError):  # noqa: N818 (the name says what is the case)
    """Another host changed a file that this one was changing; nothing of it was overwritten. Running again helps."""


class ObjectFiles(LocalFiles):
    """The tables below `root` in a bucket, all else below `root` on the local disk.

    Args:
        root: the store's root: the working directory of this host.
        bucket: where the tables are.
        lock: keeps other hosts out of a commit.
        url: the bucket's name for messages, and for the working directory to remember.
    """

    def __init__(self, root: Path, bucket: Bucket, *, lock: ObjectLock, url: str) -> None:
        self._root = root
        self._bucket = bucket
        self._lock = lock
        self._url = url
        self._read: dict[Path, str | None] = {}  # what a later PUT must find: the ETag of the last reading

    def commit(self, work: Callable[[], T], *, once: bool = False) -> T:
        """See `Files.commit`. The work is done while no other host commits, and again when one did all the same.

        Within one commit every file is read in one version; another host's change in between begins it again.

        Raises:
            StoreLocked: if another host holds the lock for too long.
            StoreConflict: if it was in vain `ATTEMPTS` times, or `once`.
            StoreFault: if the bucket refuses the lock.
        """
        if self._lock.held:
            return work()
        self._require_own_directory()
        for _ in range(0 if once else ATTEMPTS - 1):
            with suppress(StoreConflict):
                return self._commit_once(work)
        return self._commit_once(work)

    def publish(
        self,
        root: Path,
        target: Path,
        data: bytes | memoryview,
        *,
        verify: Callable[[bytes], object] = lambda _: None,
    ) -> None:
        """See `Files.publish`. In the bucket: one PUT, in the place of what was last read there.

        Raises:
            StoreConflict: if it is not there any more.
        """
        key = self._key(target)
        if key is None:
            super().publish(root, target, data, verify=verify)
            return
        content = bytes(data)
        verify(content)
        self._stay_locked()
        try:
            self._read[target] = self._bucket.put(key, content, etag=self._read.get(target))
        except ObjectChanged as error:
            raise self._conflict(key) from error

    def read(self, path: Path) -> bytes | None:
        """See `Files.read`."""
        key = self._key(path)
        if key is None:
            return super().read(path)
        self._stay_locked()
        found = self._bucket.get(key)
        etag = found.etag if found else None
        if self._lock.held and self._read.get(path, etag) != etag:
            raise self._conflict(key)
        self._read[path] = etag
        return found.data if found else None

    def listdir(self, path: Path) -> list[str]:
        """See `Files.listdir`. The root has the names of both places."""
        key = self._key(path)
        local = super().listdir(path) if key is None else []
        far = IN_BUCKET & self._bucket.list("").keys() if path == self._root else self._names(key)
        return sorted({*local, *far})

    def is_dir(self, path: Path) -> bool:
        """See `Files.is_dir`. In a bucket a folder is what has something in it."""
        return super().is_dir(path) if self._key(path) is None else bool(self._names(self._key(path)))

    def fingerprints(self, path: Path) -> dict[str, str]:
        """See `Files.fingerprints`: the ETags.

        Within a commit they are those of what was read or written, though another host may have been there since:
        it is that version whose rows the caller knows.
        """
        key = self._key(path)
        if key is None:
            return super().fingerprints(path)
        known = {read.name: etag for read, etag in self._read.items() if read.parent == path and self._lock.held}
        return {name: known.get(name) or etag for name, etag in self._names(key).items() if etag}

    def replace(self, source: Path, target: Path) -> None:
        """See `Files.replace`. In the bucket, where only strangers are moved, a folder goes object by object."""
        key, aside = self._key(source), self._key(target)
        if key is None or aside is None:
            super().replace(source, target)
            return
        inside = self._names(key)
        for name in inside:
            self.replace(source / name, target / name)
        if not inside:
            self._stay_locked()
            self._bucket.move(key, aside)

    def mkdir(self, path: Path) -> None:
        """See `Files.mkdir`. A bucket has no folders to make."""
        if self._key(path) is None:
            super().mkdir(path)

    def fsync_dir(self, path: Path) -> None:
        """See `Files.fsync_dir`. An object is durable when its PUT is answered."""
        if self._key(path) is None:
            super().fsync_dir(path)

    def _key(self, path: Path) -> str | None:
        """The key of a path that is in the bucket, None for one on the local disk."""
        if self._root not in path.parents:
            return None
        parts = path.relative_to(self._root).parts
        return "/".join(parts) if parts[0] in IN_BUCKET else None

    def _names(self, key: str | None) -> dict[str, str]:
        return {} if key is None else self._bucket.list(key)

    def _commit_once(self, work: Callable[[], T]) -> T:
        with faults_named(f"cannot lock {self._url}"):
            self._lock.acquire(WAIT)
        try:
            self._read.clear()
            result = work()
            # Whoever took a lapsed lock may have read what was only half there: then all is done again.
            with faults_named(f"cannot lock {self._url}"):
                self._stay_locked(after=0)
            return result
        finally:
            self._lock.release()

    def _stay_locked(self, *, after: float = RENEW) -> None:
        if not self._lock.held:
            return
        try:
            self._lock.renew(after=after)
        except ObjectChanged as error:
            raise StoreConflict(f"another host took the lock of {self._url} while this one was slow") from error

    def _conflict(self, key: str) -> StoreConflict:
        return StoreConflict(f"another host changed {self._url}/{key} at the same time: run again")

    def _require_own_directory(self) -> None:
        """One working directory serves one bucket: a journal must not be folded into another.

        The note has the marker's name, so that the directory is not taken for a local store either.
        """
        note, disk = self._root / MARKER, LocalFiles()
        mine = json.dumps({"format": "orbitwatch working directory", "bucket": self._url}).encode() + b"\n"
        with faults_named(f"cannot write to {self._root}"):
            there = disk.read(note)
            if there is None:
                disk.publish(self._root, note, mine)
        if there not in {None, mine}:
            raise StoreForeign(f"{self._root} is not the working directory of {self._url}: choose another (--work)")
