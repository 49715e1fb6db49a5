"""Dask hands WARC files to processes, on this machine or many, and takes back what they gave.

A task is one file. A worker that dies costs its file a new try elsewhere; a file that kills every worker it meets is
given up. What comes back is kept at once, so that no more than a few outputs are ever in flight.
"""

import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any

import dask
import distributed
from distributed import Client, KilledWorker

from crawler.backfill.warc_files import SourceUnreadableError
from crawler.backfill.warc_task import WarcOrder, WarcRead, read_warc
from pipelines.backfill.warc_job import WarcFile
from pipelines.backfill.warc_records import NoWarcError

#: Half of its functions have types, which is no use to a strict checker.
_distributed: Any = distributed

DEATHS = 3
"""Workers that may die with a file in hand before it is given up."""

_AHEAD = 2
"""Files handed out for each worker: one is read, and one waits so that the next begins at once."""

_LOOK = 5.0
"""Seconds after which workers are counted again although no file has ended: those that have joined get theirs."""

_START_LIMIT = "120s"
"""For a worker to start: imports take seconds on a busy machine."""


class ClusterError(Exception):
    """The scheduler cannot be reached or has gone, or the workers do not start."""


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Client]:
    """A client of the scheduler at an address; without one, of processes of this machine that end with the block.

    Args:
        scheduler: "tcp://host:8786" or the like, "" for this machine.
        workers: processes of this machine.

    Raises:
        ClusterError: if nobody answers at the address, or a worker of this machine ends before it has begun.
    """
    limits = {
        "distributed.scheduler.allowed-failures": DEATHS,
        "distributed.comm.timeouts.connect": _START_LIMIT if not scheduler else "30s",
        # A task reads for minutes, and warns nobody by it.
        "distributed.admin.tick.limit": "1h",
    }
    with dask.config.set(limits):
        if scheduler:
            try:
                client = _distributed.Client(scheduler, timeout="30s")
            except (OSError, ValueError) as error:
                raise ClusterError(f"no scheduler answers at {scheduler}: {error}") from error
            with client:
                yield client
            return
        with (
            _interrupts_put_off() as came,
            _local(workers) as local,
            _distributed.Client(local) as client,
            _interrupts_heard(came),
        ):
            yield client


def _local(workers: int) -> Any:
    """A cluster of processes of this machine."""
    try:
        # Encrypted with keys of its own: other users of this machine must not be able to hand it work.
        return _distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",  # any free port, since another cluster may have the usual one
            security=True,
            silence_logs="CRITICAL",
        )
    except (RuntimeError, OSError) as error:  # a worker was killed, or took too long; no port, no memory
        raise ClusterError(f"the workers did not start: {str(error).rstrip('.')}") from error


def read_all(client: Client, files: Sequence[WarcFile], order: WarcOrder) -> Iterator[tuple[WarcFile, WarcRead | str]]:
    """Reads files on a cluster.

    Args:
        client: of the cluster.
        files: the files, in the order in which they are begun.
        order: how they are read.

    Yields:
        Each file once, as it ends: what it gave, or why it could not be read. One that comes in parts is there once for
        each of them, in their order.

    Raises:
        ClusterError: if the scheduler has gone; what was not given yet is lost.
    """
    dask_client: Any = client  # half typed as well
    waiting = iter(files)
    running: dict[Any, WarcFile] = {}  # by future

    def hand_out(file: WarcFile, start: int = 0) -> None:
        # Pure tasks are found again by their key in a cluster that still has the result; these are kept here.
        key = f"read_warc-{file.key}-{start}"
        running[dask_client.submit(read_warc, file.address, order, start, key=key, pure=False)] = file

    def top_up() -> None:
        for file in islice(waiting, max(0, _AHEAD * max(1, _count_workers(client)) - len(running))):
            hand_out(file)

    try:
        while True:
            top_up()
            if not running:
                return
            with suppress(TimeoutError, CancelledError):  # the futures themselves say more
                _distributed.wait(list(running), timeout=_LOOK, return_when="FIRST_COMPLETED")
            future = next((each for each in running if each.done()), None)
            if future is None:
                continue
            file = running.pop(future)
            found = _outcome(future)
            yield file, found
            future.release()
            if isinstance(found, WarcRead) and found.further is not None:
                hand_out(file, found.further)
    finally:
        for future in running:
            future.cancel()


def _count_workers(client: Any) -> int:
    """Those of now: a cluster may grow and shrink while it works."""
    try:
        return len(client.ncores())
    except OSError as error:
        raise ClusterError(f"the scheduler answers no more: {error}") from error


def _outcome(future: Any) -> WarcRead | str:
    try:
        read: WarcRead = future.result()
    except KilledWorker:
        return f"{DEATHS} workers died with it"
    except (SourceUnreadableError, NoWarcError) as error:
        return str(error)
    except Exception as error:  # whatever a task raises is the affair of its file
        if future.status in {"lost", "cancelled"}:
            raise ClusterError(f"the cluster has gone: {error}") from error
        return f"{type(error).__name__}: {error}"
    return read


@contextmanager
def _interrupts_put_off() -> Iterator[list[int]]:
    """Lets the block start and end processes undisturbed, outside of `_interrupts_heard`.

    Ctrl-C in a terminal reaches all processes of a command: those that start now leave it to this one. SIGTERM they
    must hear, since it is how they are ended; here it has its effect later.

    Yields:
        The signals that came.

    Raises:
        KeyboardInterrupt: at the end, when one came.
    """
    came: list[int] = []
    on_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    on_termination = signal.signal(signal.SIGTERM, lambda number, _: came.append(number))
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, on_interrupt)
        signal.signal(signal.SIGTERM, on_termination)
        if came:
            raise KeyboardInterrupt


@contextmanager
def _interrupts_heard(came: list[int]) -> Iterator[None]:
    """Lets a signal end the block, or what came before it."""
    before = [(number, signal.signal(number, signal.default_int_handler)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        if came:
            raise KeyboardInterrupt
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
