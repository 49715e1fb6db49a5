"""A bucket in memory: what `Bucket` promises and nothing more, fast enough to be tried at every request."""

from collections.abc import Callable
from hashlib import md5

from pipelines.store.bucket import Found, ObjectChanged


class MemoryBucket:
    """Objects by key. `trouble` is asked around each request, and may raise.

    Attributes:
        objects: what is there.
        now: seconds, by the bucket's own clock.
        trouble: called with the request's name, "before" or "after", and the key.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.now = 0.0
        self.trouble: Callable[[str, str, str], None] = lambda request, phase, key: None
        self._written: dict[str, float] = {}

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def get(self, key: str) -> Found | None:
        self.trouble("get", "before", key)
        data = self.objects.get(key)
        found = None if data is None else Found(data, _etag(data), self.now - self._written[key])
        self.trouble("get", "after", key)
        return found

    def put(self, key: str, data: bytes, *, etag: str | None) -> str:
        self.trouble("put", "before", key)
        there = self.objects.get(key)
        expected = there is None if etag is None else there is not None and _etag(there) == etag
        if not expected and there != data:  # else it is our own, of a request whose answer was lost
            raise ObjectChanged(key)
        self.objects[key], self._written[key] = bytes(data), self.now
        self.trouble("put", "after", key)
        return _etag(data)

    def list(self, folder: str) -> dict[str, str]:
        self.trouble("list", "before", folder)
        start = f"{folder}/" if folder else ""
        found = {}
        for key, data in self.objects.items():
            if key.startswith(start):
                name, _, below = key.removeprefix(start).partition("/")
                found[name] = "" if below else _etag(data)
        self.trouble("list", "after", folder)
        return found

    def move(self, source: str, target: str) -> None:
        self.trouble("move", "before", source)
        if source not in self.objects:
            raise ObjectChanged(source)
        self.objects[target], self._written[target] = self.objects.pop(source), self.now
        self.trouble("move", "after", source)


def refused(key: str) -> OSError:
    """As `S3Bucket` says that a request was denied, failed or had no answer: it has no number of the system's."""
    return OSError(f"s3://newsroom/orbit/{key}: Access Denied (AccessDenied)")


def _etag(data: bytes) -> str:
    return f'"{md5(data).hexdigest()}"'  # noqa: S324 (as S3 does)
