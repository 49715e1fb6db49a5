"""One writer at a time, and no lock that outlives its holder; real processes, really killed."""

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pandas as pd
import pytest
from memory_files import dice
from scenarios import CHANGES, NEW, article_ids, commit, stored_for_real, told

from pipelines.store import LocalFiles, Store, StoreLocked, check

SPAWN = multiprocessing.get_context("spawn")
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["pipelines.store.tables", "pandas"])


def hold(root: Path, talk: Connection) -> None:
    """Takes the lock, says so, and keeps it until told otherwise."""
    try:
        with Store(root).lock():
            talk.send("held")
            talk.recv()
        talk.send("free")
    except StoreLocked:
        talk.send("locked")


def start_holder(root: Path) -> tuple[multiprocessing.process.BaseProcess, Connection, str]:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=hold, args=(root, theirs))
    process.start()
    return process, ours, ours.recv()


def test_of_four_overlapping_runs_one_works(tmp_path: Path) -> None:
    holders = [start_holder(tmp_path / "data") for _ in range(4)]
    assert [answer for _, _, answer in holders] == ["held", "locked", "locked", "locked"]
    for process, talk, answer in holders:
        if answer == "held":
            talk.send("enough")
            assert talk.recv() == "free"
        process.join()


def test_the_refused_run_is_told_who_holds_it(tmp_path: Path) -> None:
    process, talk, _ = start_holder(tmp_path / "data")
    store = Store(tmp_path / "data")
    with pytest.raises(StoreLocked, match=f"process {process.pid}") as refused, store.lock():
        pass
    assert refused.value.owner.host == os.uname().nodename
    assert refused.value.owner.started.endswith("+00:00")
    with pytest.raises(StoreLocked):
        store.append(told(1, 1, NEW[0][0][0].date))
    talk.send("enough")
    process.join()
    with store.lock():
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    process, _, _ = start_holder(tmp_path / "data")
    process.kill()
    process.join()
    with Store(tmp_path / "data").lock():
        pass


def test_waiting_ends_when_the_holder_does(tmp_path: Path) -> None:
    process, talk, _ = start_holder(tmp_path / "data")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            talk.send("enough")
            process.join()

    with Store(tmp_path / "data", sleep=sleep).lock(wait=60):
        assert len(slept) == 3


def test_waiting_has_an_end(tmp_path: Path) -> None:
    process, talk, _ = start_holder(tmp_path / "data")
    slept: list[float] = []
    with pytest.raises(StoreLocked), Store(tmp_path / "data", sleep=slept.append).lock(wait=1):
        pass
    assert sum(slept) == 1
    talk.send("enough")
    process.join()


def test_a_forked_worker_does_not_keep_the_lock(tmp_path: Path) -> None:
    """As an extraction worker that outlives a killed crawl would."""
    store = Store(tmp_path / "data")
    ready, done = os.pipe(), os.pipe()
    with store.lock():
        worker = os.fork()
        if worker == 0:
            os.write(ready[1], b"!")
            os.read(done[0], 1)
            os._exit(0)
        os.read(ready[0], 1)
    with Store(tmp_path / "data").lock():
        pass
    os.write(done[1], b"!")
    os.waitpid(worker, 0)


def test_the_lock_may_be_nested(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    with store.lock():
        with store.lock():
            pass
        assert start_holder(tmp_path / "data")[2] == "locked"


class DeadlyFiles(LocalFiles):
    """The real disk; the process kills itself at the n-th call that changes something."""

    def __init__(self, number: int) -> None:
        self._points = itertools.count(1)
        self._number = number

    def __getattribute__(self, name: str) -> object:
        if name in CHANGES and next(self._points) == self._number:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


def run(root: Path, number: int, tell: Connection) -> None:
    """One whole run; says what it has acknowledged as it goes."""

    class Told(set[str]):
        def update(self, *ids: object) -> None:
            tell.send(list(ids[0]))  # type: ignore[call-overload]

    commit(Store(root, files=DeadlyFiles(number)), Told())
    tell.send(None)


def killed_run(root: Path, number: int) -> tuple[set[str], int]:
    """What a run had acknowledged when it was killed at its n-th change, and its exit code."""
    listen, tell = FORKSERVER.Pipe(duplex=False)
    process = FORKSERVER.Process(target=run, args=(root, number, tell))
    process.start()
    tell.close()
    acknowledged: set[str] = set()
    try:
        while (ids := listen.recv()) is not None:
            acknowledged.update(ids)
    except EOFError:
        pass
    process.join()
    return acknowledged, process.exitcode or 0


def test_killed_for_real(tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    """SIGKILL on a real disk, at every change (in the short form at some), until a run is not killed any more."""
    kills = 0
    for number in itertools.count(1, 1 if thorough else 11):
        root = tmp_path / str(number)
        before = stored_for_real(root)
        acknowledged, code = killed_run(root, number)
        if (root / "stories").exists():
            assert pd.read_parquet(root / "stories")["story_id"].is_unique
        store = Store(root)
        store.heal()
        assert set(article_ids(store)) >= acknowledged | before
        assert check(root, read_data=True).sound
        if code == 0:
            break
        assert code == -signal.SIGKILL
        kills += 1
    count("processes killed by SIGKILL", kills)


def work(root: Path, seed: int, tell: Connection) -> None:
    """Runs without end, each with one article more."""
    store = Store(root)
    store.heal()
    for number in itertools.count(seed * 1000):
        article = told(number, number % 7, NEW[0][0][0].date.replace(day=1 + number % 28))
        store.append(article)
        tell.send(article.article_id)
        if number % 3 == 0:
            store.fold()


def test_killed_at_any_time(tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    """The parent kills when so many articles were acknowledged, wherever the child is by then."""
    root, chance = tmp_path / "data", dice(3)
    acknowledged: set[str] = set()
    kills = 100 if thorough else 6
    for seed in range(1, kills + 1):
        listen, tell = FORKSERVER.Pipe(duplex=False)
        process = FORKSERVER.Process(target=work, args=(root, seed, tell))
        process.start()
        tell.close()
        for _ in range(chance.randint(1, 8)):
            acknowledged.add(listen.recv())
        process.kill()
        process.join()
        while listen.poll():
            try:
                acknowledged.add(listen.recv())
            except EOFError:
                break
    store = Store(root)
    store.heal()
    ids = article_ids(store)
    assert set(ids) >= acknowledged
    assert len(set(ids)) == len(ids)
    assert check(root, read_data=True).sound
    count("processes killed at any time", kills)
