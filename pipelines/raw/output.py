"""The raw records that a run keeps: one WARC file, to which records are only added."""

import re
import uuid
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from pipelines.clock import Clock
from pipelines.raw.members import read_members
from pipelines.raw.records import is_response, member
from pipelines.store.errors import faults_named
from pipelines.store.files import Files

RAW = "raw"
"""Folder of the raw records below the data directory; in it one of each year, by the time of the run."""

_DESCRIPTION = (
    "Pages of stored articles. Bodies are as they were read: transfer and content coding are undone; of the headers "
    "the charset is kept. The metadata record behind each response says how the page was found, and names its article."
)


class RawFile:
    """Appends records to `raw/<year>/<run id>.warc.gz`, or to the first of `<run id>_002`, `_003`, ... that is free.

    A file is written by one process, and never again after an error: only its end can be torn. A run that goes on after
    it was killed finds there what it had kept and not acknowledged, and does not keep that again.

    Args:
        root: the data directory.
        run_id: begins with the year.
        files: the file system.
        clock: dates the file.
    """

    def __init__(self, root: Path, run_id: str, files: Files, clock: Clock) -> None:
        self._root = root
        self._run_id = run_id
        self._files = files
        self._clock = clock
        self._path: Path | None = None
        self._kept: set[bytes] | None = None  # digests of what earlier processes have kept of this run

    def append(self, records: Iterable[bytes]) -> None:
        """Writes records (see `records.encode`); when it returns, they are on the disk. All of them wait for one sync.

        Raises:
            StoreFault: if the disk refuses; some of them may be there all the same.
        """
        folder = self._root / RAW / self._run_id[:4]
        with faults_named(f"cannot keep raw records in {folder}"):
            content = b"".join(self._not_kept(folder, filter(None, records)))
            if not content:
                return
            path, self._path = self._path, None
            if path is None:
                path = self._new(folder)
                content = self._information(path.name) + content
            first = path.name not in self._files.listdir(folder)
            handle = self._files.open(path, append=True)
            try:
                self._files.write_all(handle, content)
                self._files.fsync(handle)
            finally:
                self._files.close(handle)
            if first:
                self._files.fsync_dir(folder)
        self._path = path

    def _not_kept(self, folder: Path, records: Iterable[bytes]) -> Iterator[bytes]:
        """The records that no earlier process has kept of this run."""
        for record in records:
            if self._kept is None:
                self._kept = self._kept_before(folder)
            if _digest(record) not in self._kept:
                yield record

    def _kept_before(self, folder: Path) -> set[bytes]:
        """Digests of the records in this run's files, which are on the disk afterwards."""
        kept: set[bytes] = set()
        mine = re.compile(rf"{re.escape(self._run_id)}(_\d+)?\.warc\.gz")
        for name in filter(mine.fullmatch, self._files.listdir(folder)):
            kept |= _digests(folder / name)
            # Its last process may have been killed between writing and syncing.
            handle = self._files.open(folder / name, append=True)
            try:
                self._files.fsync(handle)
            finally:
                self._files.close(handle)
        if kept:
            self._files.fsync_dir(folder)
        return kept

    def _new(self, folder: Path) -> Path:
        for missing in (folder.parent, folder):
            self._files.mkdir(missing)
            self._files.fsync_dir(missing.parent)
        taken = set(self._files.listdir(folder))
        names = [f"{self._run_id}.warc.gz", *(f"{self._run_id}_{n:03}.warc.gz" for n in range(2, len(taken) + 3))]
        return folder / next(name for name in names if name not in taken)

    def _information(self, name: str) -> bytes:
        fields = {
            "software": f"orbitwatch {version('orbitwatch')}",
            "format": "WARC File Format 1.1",
            "description": _DESCRIPTION,
        }
        payload = "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode()
        headers = {
            "WARC-Record-ID": f"<{uuid.uuid5(uuid.NAMESPACE_OID, name).urn}>",
            "WARC-Date": f"{self._clock():%Y-%m-%dT%H:%M:%S.%f}Z",
            "WARC-Filename": name,
        }
        return member("warcinfo", payload, headers)


def _digests(path: Path) -> set[bytes]:
    """Of the whole records in a file, as they were appended: a response, and the member behind it."""
    found: set[bytes] = set()
    response: int | None = None  # where the one before begins
    with path.open("rb") as file:
        for one in read_members(file):
            if response is not None and one.content is not None:
                file.seek(response)
                found.add(_digest(file.read(one.end - response)))
            response = one.offset if one.content is not None and is_response(one.content) else None
    return found


def _digest(record: bytes) -> bytes:
    return blake2b(record, digest_size=16).digest()
