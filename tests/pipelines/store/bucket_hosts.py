"""Several hosts at one bucket, with a time that only tests move, and requests at which something happens."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from memory_files import Killed

from pipelines.store import Store
from pipelines.store.bucket import Bucket, Found, S3Bucket
from pipelines.store.object_files import ObjectFiles
from pipelines.store.object_lock import ObjectLock


@dataclass
class Time:
    """Seconds that pass when somebody sleeps, or when a test says so."""

    now: float = 0.0
    written: dict[str, float] = field(default_factory=dict)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def clock(self) -> datetime:
        return datetime(2021, 10, 5, tzinfo=UTC) + timedelta(seconds=self.now)


class Meddled:
    """A real bucket whose objects age by the tests' time. `trouble` is asked around each request, and may raise.

    Attributes:
        trouble: called with the request's name, "before" or "after", and the key.
    """

    def __init__(self, bucket: Bucket, time: Time) -> None:
        self.trouble: Callable[[str, str, str], None] = lambda request, phase, key: None
        self._bucket = bucket
        self._time = time
        self._dead = False

    def _point(self, request: str, phase: str, key: str) -> None:
        if self._dead:
            raise Killed
        try:
            self.trouble(request, phase, key)
        except Killed:
            self._dead = True
            raise

    def get(self, key: str) -> Found | None:
        self._point("get", "before", key)
        found = self._bucket.get(key)
        return found and replace(found, age=self._time.now - self._time.written.get(key, self._time.now))

    def put(self, key: str, data: bytes, *, etag: str | None) -> str:
        self._point("put", "before", key)
        written = self._bucket.put(key, data, etag=etag)
        self._time.written[key] = self._time.now
        self._point("put", "after", key)
        return written

    def list(self, folder: str) -> dict[str, str]:
        self._point("list", "before", folder)
        return self._bucket.list(folder)

    def move(self, source: str, target: str) -> None:
        self._point("move", "before", source)
        self._bucket.move(source, target)
        self._point("move", "after", source)


@dataclass(frozen=True)
class Host:
    """One machine: its store, and the bucket as it sees it."""

    store: Store
    bucket: Meddled


@cache
def client_of(endpoint: str) -> Any:
    """One for all hosts: to make one costs more than most tests."""
    return boto3.client("s3")


def bucket_of(prefix: str) -> S3Bucket:
    """The bucket on the server that the environment names."""
    bucket = S3Bucket("newsroom", prefix)
    bucket._client = client_of(os.environ["AWS_ENDPOINT_URL"])
    return bucket


def host(root: Path, prefix: str, time: Time) -> Host:
    """A host, or the next process of one, with its working directory."""
    root.mkdir(exist_ok=True)
    bucket = Meddled(bucket_of(prefix), time)
    lock = ObjectLock(bucket, ".lock", clock=time.clock, monotonic=lambda: time.now, sleep=time.sleep)
    files = ObjectFiles(root, bucket, lock=lock, url=f"s3://newsroom/{prefix}")
    return Host(Store(root, files=files, clock=time.clock, sleep=time.sleep), bucket)


def at_write(number: int, happens: Callable[[], None], *, phase: str = "before") -> Callable[[str, str, str], None]:
    """Something happens once, around the n-th request that changes a file of the store (the lock is none)."""
    points = itertools.count(1)

    def trouble(request: str, when: str, key: str) -> None:
        if request in {"put", "move"} and when == phase and key != ".lock" and next(points) == number:
            happens()

    return trouble


def at_change(number: int, happens: Callable[[], None]) -> Callable[[str, str, str], None]:
    """Something happens once, at the n-th of the moments before and after each request that changes anything."""
    points = itertools.count(1)

    def trouble(request: str, when: str, key: str) -> None:
        if request in {"put", "move"} and next(points) == number:
            happens()

    return trouble


def die() -> None:
    raise Killed
