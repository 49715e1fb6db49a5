"""Where a store is: a local directory, or a bucket with a working directory beside it."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from pipelines.clock import Clock, system_clock
from pipelines.store.errors import StoreError
from pipelines.store.store import LOCK, Store

_URL = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()=/-]{0,512}))?")
"""Names that S3 allows for buckets, and characters that it calls safe in keys."""


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """A place in a bucket.

    Attributes:
        bucket: its name.
        prefix: what all keys of the store begin with, without a slash at its ends; "" for the whole bucket.
    """

    bucket: str
    prefix: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Reads `s3://bucket/prefix`.

        >>> str(BucketAddress.parse("s3://newsroom/orbit/"))
        's3://newsroom/orbit'

        Raises:
            ValueError: if it is something else.
        """
        match = _URL.fullmatch(url)
        prefix = (match[2] or "").strip("/") if match else ""
        if match is None or (prefix and {"", ".", ".."} & set(prefix.split("/"))):
            msg = f"{url!r} names no place in a bucket; write s3://bucket/prefix"
            raise ValueError(msg)
        return cls(match[1], prefix)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".removesuffix("/")

    def working_directory(self) -> Path:
        """Where this host keeps journal and caches when nobody says otherwise.

        Below the user's state directory (`XDG_STATE_HOME`), not the cache: a cleaner may empty a cache at any time,
        and the journal holds articles that are nowhere else yet. The digest tells apart what reads alike.
        """
        home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{self.bucket}-{self.prefix}")[:80].strip("-.")
        return Path(home, "orbitwatch", f"{name}-{blake2b(str(self).encode(), digest_size=4).hexdigest()}")


def host_directory(data: Path | BucketAddress, work: Path | None = None) -> Path:
    """The directory of this host: of journal, state, caches and, where nobody says otherwise, the catalogue files.

    Args:
        data: a directory, which is it; or a place in a bucket.
        work: for a bucket: the working directory. None for the usual one.
    """
    return data if isinstance(data, Path) else (work or data.working_directory()).absolute()


def open_store(
    data: Path | BucketAddress,
    *,
    work: Path | None = None,
    clock: Clock = system_clock,
    sleep: Callable[[float], None] = time.sleep,
) -> Store:
    """The store at a place. Its `root` is the local directory: the data itself, or the working directory.

    Nothing is read or written yet.

    Args:
        data: a directory, or a place in a bucket.
        work: see `host_directory`.
        clock: see `Store`.
        sleep: see `Store`.

    Raises:
        StoreError: if boto3 is needed and not installed.
    """
    if isinstance(data, Path):
        return Store(data, clock=clock, sleep=sleep)
    if find_spec("boto3") is None:
        raise StoreError('a bucket needs boto3: pip install "orbitwatch[s3]"')
    from pipelines.store.bucket import S3Bucket  # noqa: PLC0415 (a run on a local disk needs none of these)
    from pipelines.store.object_files import ObjectFiles  # noqa: PLC0415
    from pipelines.store.object_lock import ObjectLock  # noqa: PLC0415

    root = host_directory(data, work)
    bucket = S3Bucket(data.bucket, data.prefix)
    lock = ObjectLock(bucket, LOCK, clock=clock, monotonic=time.monotonic, sleep=sleep)
    return Store(root, files=ObjectFiles(root, bucket, lock=lock, url=str(data)), clock=clock, sleep=sleep)
