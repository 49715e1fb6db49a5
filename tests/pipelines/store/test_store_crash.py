"""The program dies at every point of everything the store does, and the power fails with it."""

import itertools
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from memory_files import Killed, MemoryFiles
from scenarios import PLAYS, Play, article_ids, read_by_pandas, story_ids, tables

from pipelines.store import Store, check

CHANGES = {"open", "write", "fsync", "fsync_dir", "replace", "truncate", "unlink", "mkdir", "rmdir"}


def die_at(disk: MemoryFiles, number: int) -> None:
    """The process ends at the n-th point at which something changes."""
    points = itertools.count(1)

    def trouble(operation: str, phase: str) -> None:
        if operation in CHANGES and next(points) == number:
            raise Killed

    disk.trouble = trouble


def undisturbed(play: Play, root: Path) -> tuple[MemoryFiles, set[str]]:
    disk = play.begin(root)
    acknowledged = set(play.ids)
    play.act(Store(root, files=disk), acknowledged)
    return disk, acknowledged


def play_until(play: Play, begun: MemoryFiles, root: Path, number: int) -> tuple[MemoryFiles, set[str], bool]:
    """The act, cut short at a point; the disk as it was at that moment, what was acknowledged, and whether it was cut."""
    disk = begun.after_kill()
    die_at(disk, number)
    acknowledged = set(play.ids)
    try:
        play.act(Store(root, files=disk), acknowledged)
    except Killed:
        return disk, acknowledged, True
    return disk, acknowledged, False


def assert_recovers(play: Play, disk: MemoryFiles, root: Path, acknowledged: set[str], expected: dict[str, bytes]) -> None:
    """The next run, without a person: nothing acknowledged is lost, nothing is there twice, and all comes out as undisturbed."""
    store = Store(root, files=disk)
    if play.begin.__name__ not in {"of_an_older_version", "broken"}:
        store.heal()
        assert set(article_ids(store)) >= acknowledged
    play.act(store, set())
    ids = article_ids(store)
    assert set(ids) >= acknowledged
    assert len(set(ids)) == len(ids)
    stories = story_ids(store)
    assert len(set(stories)) == len(stories)
    assert tables(disk, root) == expected
    assert not [name for name in disk.contents(root) if name.startswith(".tmp/")]
    before = disk.digest(root)
    play.act(Store(root, files=disk), set())
    assert disk.digest(root) == before
    assert check(root, read_data=True, files=disk).sound or play.begin.__name__ == "broken"


@pytest.mark.parametrize("name", PLAYS)
def test_every_crash_point(name: str, tmp_path: Path, count: Callable[[str, int], None]) -> None:
    play, root = PLAYS[name], tmp_path / "data"
    expected = tables(undisturbed(play, root)[0], root)
    begun = play.begin(root)
    for number in itertools.count(1):
        disk, acknowledged, cut = play_until(play, begun, root, number)
        left = disk.after_kill()
        if play.readable:
            read_by_pandas(left, root, tmp_path / str(number))
        assert_recovers(play, left, root, acknowledged, expected)
        if not cut:
            break
    count(f"crash points: {name}", number - 1)


@pytest.mark.parametrize("name", PLAYS)
def test_power_cuts(name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    play, root = PLAYS[name], tmp_path / "data"
    expected = tables(undisturbed(play, root)[0], root)
    begun = play.begin(root)
    chance = Random(7)
    schedules = 0
    for number in itertools.count(1):
        disk, acknowledged, cut = play_until(play, begun, root, number)
        for _ in range(20 if thorough else 2):
            left = disk.after_power_cut(chance)
            if play.readable and schedules % 10 == 0:
                read_by_pandas(left, root, tmp_path / str(schedules))
            assert_recovers(play, left, root, acknowledged, expected)
            schedules += 1
        if not cut:
            break
    count(f"power-cut schedules: {name}", schedules)
