"""One writer at a time in a bucket, among any number of hosts: an object that says who, and that lapses.

The lock is taken by a PUT that holds only for the object that was read, so of several hosts one succeeds. Its
holder writes it again now and then; when it has not for `LEASE` seconds, by the bucket's clock, it is taken to be
dead. It is given back by writing a free one, not by removing it: a removal could hit another's.

A lock that lapses cannot keep out a holder that only slept. What it writes late fails by the conditions of the
files themselves, see `object_files`.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from pipelines.clock import Clock
from pipelines.store.bucket import Bucket, Found, ObjectChanged
from pipelines.store.errors import StoreError, StoreLocked
from pipelines.store.lock import myself, owner_of

LEASE = 300.0
"""Seconds without a sign of life after which a lock is free. So long a host that died while it published keeps the
others from it; shorter ones were lost during the upload of a large month (300 MB at 10 Mbit/s are four minutes)."""

RENEW = LEASE / 4
"""Seconds after which the holder writes the lock again before it goes on: three quarters of the lease are then left
for the one request it goes on with."""

POLL_SECONDS = 2.0
"""How often a waiting host asks again: a commit takes seconds, and a request costs money."""

_NO_ETAG = '"00000000000000000000000000000000"'


class ObjectLock:
    """The lock of one bucket and prefix; taken and given back any number of times, not nested.

    Args:
        bucket: where it is.
        key: the lock's object.
        clock: for the start time that others are shown.
        monotonic: seconds that only grow, for the age of our own lease.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        bucket: Bucket,
        key: str,
        *,
        clock: Clock,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._bucket = bucket
        self._key = key
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._etag: str | None = None
        self._renewed = 0.0
        self._trusted = False

    @property
    def held(self) -> bool:
        """Whether it was taken and not given back; it may have lapsed all the same."""
        return self._etag is not None

    def acquire(self, wait: float) -> None:
        """Takes the lock, asking again for `wait` seconds.

        Raises:
            StoreLocked: if another host holds it still.
            StoreError: if the bucket does not honour conditions; nothing but the lock has been written then.
            OSError: if the bucket refuses.
        """
        waited = 0.0
        while True:
            found = self._bucket.get(self._key)
            if found is None or _is_free(found):
                # Another host may have been faster; then it is waited for.
                with suppress(ObjectChanged):
                    self._write(found.etag if found else None)
                    break
            if waited >= wait:
                raise StoreLocked(owner_of(found.data if found else b""))
            self._sleep(min(POLL_SECONDS, wait - waited))
            waited += POLL_SECONDS
        try:
            if not self._trusted:
                self._require_conditions()
        except (StoreError, OSError):
            self.release()
            raise

    def renew(self, *, after: float = RENEW) -> None:
        """Shows that the holder lives, when it last did so `after` seconds ago or more.

        Raises:
            ObjectChanged: if the lock has lapsed and another host took it.
            OSError: if the bucket refuses.
        """
        if self._monotonic() - self._renewed >= after:
            self._write(self._etag)

    def release(self) -> None:
        """Gives it back, where it is still ours; a bucket that refuses lets it lapse."""
        etag, self._etag = self._etag, None
        with suppress(OSError):
            self._bucket.put(self._key, json.dumps({"free": True, "token": uuid4().hex}).encode(), etag=etag)

    def _write(self, etag: str | None) -> None:
        asked = self._monotonic()
        self._etag = self._bucket.put(self._key, self._signed(), etag=etag)
        self._renewed = asked

    def _signed(self) -> bytes:
        # The token makes every writing another object: an ETag that comes again would let in two.
        return json.dumps({**myself(self._clock), "lease": LEASE, "token": uuid4().hex}).encode()

    def _require_conditions(self) -> None:
        """Some stores take conditions and ignore them; there, two hosts would overwrite each other unseen."""
        for etag in (None, _NO_ETAG):
            with suppress(ObjectChanged):
                self._bucket.put(self._key, self._signed(), etag=etag)
                raise StoreError(
                    "the bucket ignores the conditions If-None-Match and If-Match of a PUT: it cannot hold a store "
                    "(see docs/object-stores.md)"
                )
        self._trusted = True


def _is_free(found: Found) -> bool:
    said = _said(found.data)
    lease = said.get("lease")
    return said.get("free") is True or found.age > (lease if isinstance(lease, int | float) else LEASE)


def _said(written: bytes) -> dict[str, Any]:
    try:
        said = json.loads(written)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
