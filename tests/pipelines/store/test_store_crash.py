"""The program dies at every point of everything the store does, and the power fails with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from memory_files import MemoryFiles, dice
from scenarios import CHANGES, PLAYS, Play, article_ids, read_by_pandas, story_ids, tables

from pipelines.store import Store, check


@dataclass(frozen=True)
class Moment:
    """The disk at one point of a play, and what had been acknowledged by then."""

    disk: MemoryFiles
    acknowledged: frozenset[str]


def moments(play: Play, root: Path) -> tuple[list[Moment], dict[str, bytes]]:
    """One for each point at which the process could have died: before, within and after each call that changes something.

    Also gives the tables as the undisturbed play leaves them.
    """
    disk = play.begin(root)
    acknowledged = set(play.ids)
    found: list[Moment] = []

    def look(operation: str, phase: str) -> None:
        if operation in CHANGES:
            found.append(Moment(disk.after_kill(), frozenset(acknowledged)))

    disk.trouble = look
    play.act(Store(root, files=disk), acknowledged)
    found.append(Moment(disk.after_kill(), frozenset(acknowledged)))
    return found, tables(disk, root)


def some(found: list[Moment], number: int) -> list[Moment]:
    """So many of them, evenly spread, the last one always among them."""
    return found[:: -max(1, len(found) // number)]


def different(found: list[Moment], root: Path) -> list[Moment]:
    """One for each state: between two changes many points leave one and the same disk."""
    return list({(moment.disk.digest(root), moment.acknowledged): moment for moment in found}.values())


def assert_recovers(
    play: Play, disk: MemoryFiles, root: Path, acknowledged: frozenset[str], expected: dict[str, bytes]
) -> None:
    """The next run, without a person: nothing acknowledged is lost, nothing is there twice, all is as if undisturbed."""
    store = Store(root, files=disk)
    if play.heals:
        store.heal()
        assert set(article_ids(store)) >= acknowledged
    play.act(store, set())
    ids, stories = article_ids(store), story_ids(store)
    assert set(ids) >= acknowledged
    assert len(set(ids)) == len(ids)
    assert len(set(stories)) == len(stories)
    assert tables(disk, root) == expected
    before = disk.contents(root)
    assert not [name for name in before if name.startswith(".tmp/")]
    play.act(Store(root, files=disk), set())
    assert disk.contents(root) == before
    assert check(root, read_data=True, files=disk).sound or not play.heals


@pytest.mark.parametrize("name", PLAYS)
def test_every_crash_point(name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    """Of each point plain readers are asked, and recovery is tried; in the short form, of a few."""
    play, root = PLAYS[name], tmp_path / "data"
    found, expected = moments(play, root)
    states = different(found, root)
    tried = states if thorough else some(states, 6)
    for number, moment in enumerate(tried):
        if play.readable:
            read_by_pandas(moment.disk, root, tmp_path / str(number))
        assert_recovers(play, moment.disk.after_kill(), root, moment.acknowledged, expected)
    count(f"crash points: {name} ({len(states)} different states)", len(found) if thorough else len(tried))


@pytest.mark.parametrize("name", PLAYS)
def test_power_cuts(name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    """At each point the power fails, and a random part of what was not synced is lost; in the short form, at some."""
    play, root = PLAYS[name], tmp_path / "data"
    found, expected = moments(play, root)
    chance = dice(7)
    cuts = [
        Moment(moment.disk.after_power_cut(chance), moment.acknowledged)
        for moment in (found if thorough else some(found, 6))
        for _ in range(10 if thorough else 1)
    ]
    for number, moment in enumerate(different(cuts, root)):
        if play.readable and number % 10 == 0:
            read_by_pandas(moment.disk, root, tmp_path / str(number))
        assert_recovers(play, moment.disk, root, moment.acknowledged, expected)
    count(f"power-cut schedules: {name}", len(cuts))
