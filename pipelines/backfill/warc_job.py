"""A job: which WARC files are read, how, and what is done of it.

It lives in a folder of its own below the data directory. A file's output is its marker: it is put there by one rename,
so that whatever kills the program, a job that is started again goes on with the files that have none.
"""

import json
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.store.files import STAGING, LocalFiles
from pipelines.store.lock import FileLock

log = logging.getLogger(__name__)

JOBS = ".state/backfill"
"""Folder of all jobs, below the data directory."""

_RECORD, _OUTPUTS = "job.json", "outputs"


@dataclass(frozen=True, slots=True)
class WarcFile:
    """A file to read.

    Attributes:
        address: absolute path, or http, https or s3 address.
        size: bytes; 0 when it is not known before it is read.
    """

    address: str
    size: int = 0

    @property
    def key(self) -> str:
        """Names its output. A file that has grown is another."""
        return blake2b(f"{self.address}\0{self.size}".encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What a job was asked. Equal questions are one job, and anything else is another.

    Attributes:
        files: the files to read, in any order.
        since: first day of capture in ISO form, "" for no bound.
        until: last day of capture, likewise.
        sources: ids of the sources that are asked for, () for all outlets.
        rules_version: version of projects.toml and the rules.
        program: version of the program, since another one may read a page otherwise.
        keep_raw: whether the pages of stored articles are kept. Outputs that were made without them have none.
    """

    files: tuple[WarcFile, ...]
    since: str
    until: str
    sources: tuple[str, ...]
    rules_version: str
    program: str
    keep_raw: bool = False

    def to_json(self) -> dict[str, Any]:
        """In a form that does not depend on the order in which things were named."""
        return {
            "files": sorted([file.address, file.size] for file in set(self.files)),
            "since": self.since,
            "until": self.until,
            "sources": sorted(set(self.sources)),
            "rules_version": self.rules_version,
            "program": self.program,
            "keep_raw": self.keep_raw,
        }

    @property
    def id(self) -> str:
        """16 hexadecimal digits."""
        return blake2b(json.dumps(self.to_json()).encode(), digest_size=8).hexdigest()


class Job:
    """A job and its folder.

    Args:
        root: the data directory.
        spec: what is asked.
        sources: the catalogue. A job keeps that of its beginning, so that all its rows name outlets alike, and an
            outlet that is added does not make it begin again.
        clock: for the time of a new job's beginning.

    Attributes:
        run_id: goes into every row.
        started_at: when the job first began.
        sources: the catalogue that holds; only ids, front pages and zones.

    Raises:
        OSError: if the folder cannot be made.
    """

    def __init__(self, root: Path, spec: JobSpec, sources: Iterable[Source], clock: Clock) -> None:
        self.spec = spec
        self.folder = root / JOBS / spec.id
        self.folder.mkdir(parents=True, exist_ok=True)
        self._files = LocalFiles()
        self._clock = clock
        if (self.folder / _RECORD).exists():
            try:
                self._read_record()
            except (ValueError, LookupError, TypeError) as error:
                # Its outputs stay and are settled; what it has stored already counts as a duplicate.
                log.warning("%s is damaged and begun anew: %s", self.folder / _RECORD, error)
            else:
                return
        self._write_record(sources)
        self._read_record()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keeps other runs of this job out while the block runs.

        Raises:
            StoreLocked: with the owner, when another one works on it.
        """
        lock = FileLock(self.folder / ".lock", clock=self._clock, sleep=time.sleep)
        lock.acquire(0)
        try:
            yield
        finally:
            lock.release()

    def output(self, file: WarcFile) -> Path:
        """Where the output of a file is, or will be."""
        return self.folder / _OUTPUTS / f"{file.key}.jsonl.gz"

    def waiting(self) -> list[WarcFile]:
        """The files without an output, in the order in which they were named."""
        return [file for file in dict.fromkeys(self.spec.files) if not self.output(file).exists()]

    def outputs(self) -> list[Path]:
        """The outputs that there are, in an order of their own."""
        return sorted(path for file in set(self.spec.files) if (path := self.output(file)).exists())

    def keep(self, file: WarcFile, part: bytes, *, first: bool = True, last: bool = True) -> None:
        """Keeps a part of what a file gave. When it returns from the last, the file is done, whatever happens then.

        Until then the parts stand where no run looks for an output, and the next first part takes their place.

        Args:
            file: that was read.
            part: of its output.
            first: whether nothing of the file was kept before.
            last: whether nothing of the file follows.

        Raises:
            OSError: if the disk refuses; the file is not done.
        """
        target = self.output(file)
        staged = self.folder / STAGING / target.name
        files = self._files
        files.mkdir(staged.parent)
        if first:
            files.unlink(staged)  # a power cut may leave it as a second name of an output
        try:
            handle = files.open(staged, append=True)
            try:
                files.write_all(handle, part)
                files.fsync(handle)
            finally:
                files.close(handle)
            if last:
                files.mkdir(target.parent)
                files.fsync_dir(self.folder)
                files.replace(staged, target)
                files.fsync_dir(target.parent)
        except OSError:
            with suppress(OSError):
                files.unlink(staged)  # room on a full disk
            raise

    def _write_record(self, sources: Iterable[Source]) -> None:
        started = self._clock()
        record = {
            "run_id": f"{started:%Y%m%dT%H%M%S.%f}Z-{self.spec.id}",
            "started_at": started.isoformat(),
            "asked": self.spec.to_json(),
            "sources": [[source.id, source.home, source.timezone] for source in sources],
        }
        self._files.publish(self.folder, self.folder / _RECORD, json.dumps(record, indent=1).encode())

    def _read_record(self) -> None:
        """Sets the attributes. Raises `ValueError`, `LookupError` or `TypeError` when it says something else."""
        record = json.loads((self.folder / _RECORD).read_bytes())
        self.run_id = str(record["run_id"])
        self.started_at = datetime.fromisoformat(record["started_at"])
        self.sources = [Source(id_, id_, home, timezone=zone) for id_, home, zone in record["sources"]]
