"""How files are handed to a cluster whose workers come and go."""

import os
import signal
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import distributed
import pytest

from crawler.backfill import warc_cluster
from crawler.backfill.warc_cluster import _interrupts_heard, _interrupts_put_off, read_all
from crawler.backfill.warc_task import WarcOrder
from pipelines.backfill.warc_job import WarcFile

dask_distributed: Any = distributed  # half typed
ORDER = WarcOrder(b"", "", ())
FILES = [WarcFile(f"https://archive.example/{number}") for number in range(12)]


class Local:
    """A cluster in this process, and what its tasks share; tasks are pickled, and this class by its name only."""

    cluster: Any = None
    together = Barrier(4)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(warc_cluster, "_LOOK", 0.05)
    Local.together = Barrier(4)
    with (
        dask_distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None
        ) as local,
        dask_distributed.Client(local) as client,
    ):
        Local.cluster = local
        yield client


def met_three_others(_address: str, _order: WarcOrder, _start: int) -> str:
    """Has more workers join, and waits until four files are read at once."""
    Local.cluster.scale(4)
    try:
        Local.together.wait(timeout=20)
    except BrokenBarrierError:
        return "alone"
    return "met"


def test_workers_that_join_get_files_at_once(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_cluster, "read_warc", met_three_others)
    read: dict[WarcFile, Any] = dict(read_all(client, FILES, ORDER))
    assert read == dict.fromkeys(FILES, "met")


def test_a_signal_that_comes_while_workers_start_ends_the_work_before_it_begins() -> None:
    begun, before = [], signal.getsignal(signal.SIGTERM)
    with suppress(KeyboardInterrupt), _interrupts_put_off() as came:
        os.kill(os.getpid(), signal.SIGTERM)
        begun.append("workers")
        with _interrupts_heard(came):
            begun.append("work")
    assert begun == ["workers"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_ends_the_work_and_the_workers_after_it() -> None:
    ended = []
    with suppress(KeyboardInterrupt), _interrupts_put_off() as came:
        try:
            with _interrupts_heard(came):
                os.kill(os.getpid(), signal.SIGTERM)
                ended.append("work goes on")
        finally:
            ended.append("workers")
    assert ended == ["workers"]
