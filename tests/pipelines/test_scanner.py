from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.scanner import CASELESS, ONCE, Scanner


def test_matches_are_given_in_order_with_one_more_than_wanted() -> None:
    scanner = Scanner([(b"orbit", 7, CASELESS), (b"ISS", 8, 0), (b"film", 9, ONCE)])
    assert scanner.scan(b"film film Orbit iss", most=9) == [(4, 9), (15, 7)]
    assert scanner.scan(b"orbit orbit orbit", most=1) == [(5, 7), (11, 7)]


def test_without_expressions_nothing_matches() -> None:
    assert Scanner([]).scan(b"orbit", most=9) == []


PATTERNS = [(b"orbit", 7, CASELESS), (b"ISS", 8, 0)]


def test_what_was_compiled_is_kept_for_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "gate.hyperscan"
    first = Scanner(PATTERNS, kept=kept).scan(b"Orbit ISS", most=9)
    monkeypatch.setattr("pipelines.scanner._compiled", None)
    assert Scanner(PATTERNS, kept=kept).scan(b"Orbit ISS", most=9) == first == [(5, 7), (9, 8)]
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda c: c[:-1], lambda c: c[:200] + b"\1\2\3" + c[203:], lambda c: c * 2]
)
def test_a_damaged_file_is_written_anew(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    kept = tmp_path / "gate.hyperscan"
    Scanner(PATTERNS, kept=kept)
    sound = kept.read_bytes()
    kept.write_bytes(damage(sound))
    assert Scanner(PATTERNS, kept=kept).scan(b"orbit", most=9) == [(5, 7)]
    assert kept.read_bytes() == sound


def test_a_file_of_other_patterns_is_written_anew(tmp_path: Path) -> None:
    kept = tmp_path / "gate.hyperscan"
    Scanner([(b"film", 1, 0)], kept=kept)
    assert Scanner(PATTERNS, kept=kept).scan(b"film in orbit", most=9) == [(13, 7)]
    assert Scanner(PATTERNS, kept=kept).scan(b"film in orbit", most=9) == [(13, 7)]


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path) -> None:
    assert Scanner(PATTERNS, kept=tmp_path / "no folder" / "gate").scan(b"orbit", most=9) == [(5, 7)]
    assert list(tmp_path.iterdir()) == []


def test_threads_share_a_scanner() -> None:
    scanner = Scanner([(b"orbit", 0, 0)])
    page = b"in orbit. " * 2_000
    with ThreadPoolExecutor(4) as pool:
        assert [len(found) for found in pool.map(lambda _: scanner.scan(page, most=9_999), range(12))] == [2_000] * 12
