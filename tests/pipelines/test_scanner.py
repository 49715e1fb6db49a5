from concurrent.futures import ThreadPoolExecutor

from pipelines.topic.scanner import CASELESS, ONCE, Scanner


def test_matches_are_reported_in_order_until_told_to_stop() -> None:
    scanner = Scanner([(b"orbit", 7, CASELESS), (b"ISS", 8, 0), (b"film", 9, ONCE)])
    seen: list[tuple[int, int]] = []

    def note(number: int, end: int) -> bool:
        seen.append((number, end))
        return number == 8

    assert not scanner.scan(b"film film Orbit iss", note)
    assert seen == [(9, 4), (7, 15)]
    seen.clear()
    assert scanner.scan(b"ISS orbit", note)
    assert seen == [(8, 3)]


def test_threads_share_a_scanner() -> None:
    scanner = Scanner([(b"orbit", 0, 0)])

    def count(_: int) -> int:
        ends: list[int] = []
        scanner.scan(b"in orbit. " * 2_000, lambda _number, end: bool(ends.append(end)))  # type: ignore[func-returns-value]
        return len(ends)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(count, range(12))) == [2_000] * 12
