"""The disk refuses: at every call, once and for good, with every error a disk can give."""

import errno
import itertools
import multiprocessing
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memory_files import MemoryFiles
from scenarios import BEFORE, NEW, PLAYS, Play, article_ids, story_ids, tables, told

from pipelines.store import Store, StoreError, StoreFault

ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EMFILE, errno.EDQUOT)


def fail_from(disk: MemoryFiles, number: int, code: int, *, lasting: bool) -> None:
    """The n-th call of any kind fails, and with `lasting` all that follow."""
    points = itertools.count(1)

    def trouble(operation: str, phase: str) -> None:
        if phase != "after":
            point = next(points)
            if point == number or (lasting and point > number):
                raise OSError(code, os.strerror(code))

    disk.trouble = trouble


def calls(play: Play, begun: MemoryFiles, root: Path) -> int:
    """How many calls the undisturbed play makes that could fail."""
    disk, made = begun.after_kill(), itertools.count()
    disk.trouble = lambda operation, phase: None if phase == "after" else next(made) and None
    play.act(Store(root, files=disk), set())
    return next(made)


def faults(number_of_calls: int, *, thorough: bool) -> Iterator[tuple[int, int, bool]]:
    """Which call fails, with which error, and whether all later ones do as well.

    Thorough: every call with every error once, and with one of them for good. Short: ten calls, all errors both ways.
    """
    if thorough:
        for number in range(1, number_of_calls + 1):
            yield from ((number, code, False) for code in ERRORS)
            yield number, ERRORS[number % len(ERRORS)], True
    else:
        for turn in range(10):
            yield 1 + turn * (number_of_calls - 1) // 9, ERRORS[turn % len(ERRORS)], turn >= len(ERRORS)


@pytest.mark.parametrize("name", PLAYS)
def test_every_call_that_can_fail(name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    """Each file is then the old one or the new one, what was acknowledged is still there, and a second try succeeds."""
    play, root = PLAYS[name], tmp_path / "data"
    begun = play.begin(root)
    done = begun.after_kill()
    play.act(Store(root, files=done), set())
    expected = tables(done, root)
    tried = 0
    for number, code, lasting in faults(calls(play, begun, root), thorough=thorough):
        disk, acknowledged = begun.after_kill(), set(play.ids)
        fail_from(disk, number, code, lasting=lasting)
        store = Store(root, files=disk)
        refusal = act_and_be_refused(play, store, acknowledged)
        assert not isinstance(refusal, StoreFault) or errno.errorcode[code] in str(refusal)
        disk.trouble = lambda operation, phase: None
        assert_old_or_new(tables(disk, root), tables(begun, root))
        if play.heals:
            assert_nothing_twice(store)
            store.heal()
            assert set(article_ids(store)) >= acknowledged
        play.act(store, set())  # the same process goes on
        assert tables(disk, root) == expected
        assert_nothing_twice(store)
        assert set(article_ids(store)) >= acknowledged
        tried += 1
    count(f"I/O errors: {name}", tried)


def act_and_be_refused(play: Play, store: Store, acknowledged: set[str]) -> StoreError | None:
    """The complaint; None when the fault was one that the store can do without."""
    try:
        play.act(store, acknowledged)
    except StoreError as error:
        return error
    return None


def assert_old_or_new(now: dict[str, bytes], before: dict[str, bytes]) -> None:
    """No file is half-written: each is as it was, or whole. Only strangers leave their place."""
    for name, data in now.items():
        if before.get(name) != data:
            assert data.startswith(b"PAR1")
            assert data.endswith(b"PAR1")
    assert set(now) >= {name for name in before if name.endswith(".parquet")}


def assert_nothing_twice(store: Store) -> None:
    for ids in (article_ids(store), story_ids(store)):
        assert len(set(ids)) == len(ids)


def test_a_refused_append_is_not_acknowledged_and_leaves_no_trace(tmp_path: Path) -> None:
    root = tmp_path / "data"
    disk = MemoryFiles()
    disk.make_root(root)
    store = Store(root, files=disk)
    with store.lock():
        store.append_many(BEFORE)
        before = disk.contents(root)
        disk.trouble = lambda operation, phase: (
            _raise(errno.ENOSPC) if (operation, phase) == ("write", "within") else None
        )
        with pytest.raises(StoreFault, match="No space left on device") as refused:
            store.append_many(NEW[0])
        assert refused.value.errno == errno.ENOSPC
        disk.trouble = lambda operation, phase: None
        assert disk.contents(root) == before
        store.append_many(NEW[1])
        store.fold()
    assert set(article_ids(store)) == {"a1", "a2", "a3", "a4", "a6", "a7"}


def test_a_half_written_record_that_cannot_be_cut_back_harms_no_other(tmp_path: Path) -> None:
    root = tmp_path / "data"
    disk = MemoryFiles()
    disk.make_root(root)
    store = Store(root, files=disk)
    refused = {("write", "within"), ("truncate", "before")}
    with store.lock():
        store.append_many(BEFORE)
        disk.trouble = lambda operation, phase: _raise(errno.EIO) if (operation, phase) in refused else None
        with pytest.raises(StoreFault):
            store.append_many(NEW[0])
        disk.trouble = lambda operation, phase: None
        store.append_many(NEW[1])
        assert store.fold().damaged == 1
    assert set(article_ids(store)) == {"a1", "a2", "a3", "a4", "a6", "a7"}
    assert [name for name in disk.contents(root) if name.startswith(".damaged/journal-")]


def _raise(code: int) -> None:
    raise OSError(code, os.strerror(code))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A real disk of one megabyte, or None where this machine does not let us make one."""
    where = tmp_path / "small"
    where.mkdir()
    made = os.geteuid() == 0 and not subprocess.call(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", where], stderr=subprocess.DEVNULL
    )
    yield where if made else None
    if made:
        subprocess.check_call(["umount", where])


def test_a_full_disk(small_disk: Path | None, tmp_path: Path) -> None:
    """Rows are added until the disk is full; whatever was acknowledged is there once there is room again."""
    process = multiprocessing.get_context("spawn").Process(target=fill, args=(small_disk, tmp_path / "data"))
    process.start()
    process.join()
    assert process.exitcode == 0


def fill(small_disk: Path | None, elsewhere: Path) -> None:
    """Runs in a process of its own, whose files may not grow beyond a limit where there is no small disk."""
    root = small_disk / "data" if small_disk else elsewhere
    if not small_disk:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    store = Store(root)
    acknowledged: set[str] = set()

    def add_without_end() -> None:
        for number in itertools.count():
            text = " ".join(str(hash((number, word))) for word in range(400))
            store.append(told(number, number, BEFORE[0][0].date, text=text))
            acknowledged.add(f"a{number}")
            if number % 20 == 19:
                store.fold()

    with pytest.raises(StoreFault) as refused, store.lock():
        add_without_end()
    assert refused.value.errno in {errno.ENOSPC, errno.EFBIG}
    if small_disk:
        subprocess.check_call(["mount", "-o", "remount,size=64m", small_disk])
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert acknowledged
    store.heal()
    assert set(article_ids(store)) == acknowledged
