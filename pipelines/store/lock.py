"""One writer at a time, held by the kernel: a lock that cannot go stale.

`flock` belongs to the open file, so it ends with the process whatever kills it; the file itself stays and
only says who holds it. It does not reach across machines on every network file system: the store is for a
local disk, or for a bucket, which has a lock of its own (`object_lock`).
"""

import fcntl
import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipelines.clock import Clock
from pipelines.store.errors import Owner, StoreLocked, faults_named

POLL_SECONDS = 0.25
"""How often a waiting run asks again: soon enough for a person, too seldom to be seen in a process list."""


class FileLock:
    """The lock on one file; taken and given back any number of times, and nested within one holder.

    Args:
        path: the lock file; its folder is made when missing.
        clock: for the start time that others are shown.
        sleep: waits so many seconds.
    """

    def __init__(self, path: Path, *, clock: Clock, sleep: Callable[[float], None]) -> None:
        self._path = path
        self._clock = clock
        self._sleep = sleep
        self._handle = -1
        self._depth = 0
        self._guarded = False

    def acquire(self, wait: float) -> None:
        """Takes the lock, asking again for `wait` seconds.

        Raises:
            StoreLocked: if another holds it still.
            StoreFault: if the lock file cannot be made.
        """
        if self._depth:
            self._depth += 1
            return
        with faults_named(f"cannot lock {self._path.parent}"):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take(handle, wait)
        except BaseException:
            os.close(handle)
            raise
        self._handle, self._depth = handle, 1
        if not self._guarded:
            # A forked worker shares the open file and would keep the lock after this process has died.
            os.register_at_fork(after_in_child=self._drop)
            self._guarded = True

    @property
    def outermost(self) -> bool:
        """Whether the next `release` really gives the lock back."""
        return self._depth == 1

    def release(self) -> None:
        """Gives back what `acquire` took."""
        self._depth -= 1
        if self._depth == 0:
            with suppress(OSError):  # who held it is a courtesy
                os.ftruncate(self._handle, 0)
            self._drop()

    def _take(self, handle: int, wait: float) -> None:
        waited = 0.0
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if waited >= wait:
                    raise StoreLocked(owner_of(os.pread(handle, 4096, 0))) from error
            self._sleep(min(POLL_SECONDS, wait - waited))
            waited += POLL_SECONDS
        with faults_named(f"cannot write {self._path}"):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(myself(self._clock)).encode(), 0)

    def _drop(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle, self._depth = -1, 0


def myself(clock: Clock) -> dict[str, Any]:
    """What a lock says about this process as its holder."""
    # The first argument is the verb; later ones may carry addresses with secrets in them.
    command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]]).strip()
    started = clock().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": os.uname().nodename, "started": started, "command": command}


def owner_of(written: bytes) -> Owner:
    """The holder that a lock names; an empty `Owner` when it has not come to writing that."""
    try:
        said = json.loads(written)
        return Owner(int(said["pid"]), str(said["host"]), str(said["started"]), str(said["command"]))
    except (ValueError, KeyError, TypeError):
        return Owner()
