import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.scanner import CASELESS, MOST_KEPT, ONCE, Scanner


def test_matches_are_given_in_order_with_one_more_than_wanted() -> None:
    scanner = Scanner([(b"orbit", 7, CASELESS), (b"ISS", 8, 0), (b"film", 9, ONCE)])
    assert scanner.scan(b"film film Orbit iss", most=9) == [(4, 9), (15, 7)]
    assert scanner.scan(b"orbit orbit orbit", most=1) == [(5, 7), (11, 7)]


def test_without_expressions_nothing_matches() -> None:
    assert Scanner([]).scan(b"orbit", most=9) == []


PATTERNS = [(b"orbit", 7, CASELESS), (b"ISS", 8, 0)]


def test_what_was_compiled_is_kept_for_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Scanner(PATTERNS, kept=tmp_path).scan(b"Orbit ISS", most=9)
    monkeypatch.setattr("pipelines.scanner._compiled", None)
    assert Scanner(PATTERNS, kept=tmp_path).scan(b"Orbit ISS", most=9) == first == [(5, 7), (9, 8)]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda c: c[:-1], lambda c: c[:200] + b"\1\2\3" + c[203:], lambda c: c * 2]
)
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    Scanner(PATTERNS, kept=tmp_path)
    (kept,) = tmp_path.iterdir()
    sound = kept.read_bytes()
    kept.write_bytes(damage(sound))
    assert Scanner(PATTERNS, kept=tmp_path).scan(b"orbit", most=9) == [(5, 7)]
    assert kept.read_bytes() == sound


def test_each_set_of_patterns_has_a_file_and_the_latest_stay(tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 2):
        assert Scanner([(b"film%d" % number, 1, 0)], kept=tmp_path).scan(b"film%d" % number, most=9) == [(5, 1)]
        for file in tmp_path.iterdir():
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 1))
    assert len(list(tmp_path.iterdir())) == MOST_KEPT


def test_a_file_that_is_read_is_in_use_and_another_goes(tmp_path: Path) -> None:
    sets = [[(b"film%d" % number, 1, 0)] for number in range(MOST_KEPT + 1)]
    for age, patterns in enumerate(reversed(sets[:-1])):
        Scanner(patterns, kept=tmp_path)
        for file in tmp_path.iterdir():
            os.utime(file, (file.stat().st_atime, file.stat().st_mtime - 100 - age))
    before = set(tmp_path.iterdir())
    (oldest,) = [file for file in before if file.stat().st_mtime == min(each.stat().st_mtime for each in before)]
    Scanner(sets[MOST_KEPT - 1], kept=tmp_path)
    Scanner(sets[-1], kept=tmp_path)
    assert oldest in set(tmp_path.iterdir())


def test_what_a_killed_process_left_goes_with_the_old_ones(tmp_path: Path) -> None:
    half = tmp_path / ".tmp-0a1b.hyperscan-x1"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    for number in range(MOST_KEPT):
        Scanner([(b"film%d" % number, 1, 0)], kept=tmp_path)
    assert not half.exists()
    assert len(list(tmp_path.iterdir())) == MOST_KEPT


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    assert Scanner(PATTERNS, kept=tmp_path / "no folder").scan(b"orbit", most=9) == [(5, 7)]
    assert list(tmp_path.iterdir()) == []


def test_threads_share_a_scanner() -> None:
    scanner = Scanner([(b"orbit", 0, 0)])
    page = b"in orbit. " * 2_000
    with ThreadPoolExecutor(4) as pool:
        assert [len(found) for found in pool.map(lambda _: scanner.scan(page, most=9_999), range(12))] == [2_000] * 12
