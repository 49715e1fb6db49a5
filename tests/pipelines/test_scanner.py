from concurrent.futures import ThreadPoolExecutor

from pipelines.topic.scanner import CASELESS, ONCE, Scanner


def test_matches_are_given_in_order_with_one_more_than_wanted() -> None:
    scanner = Scanner([(b"orbit", 7, CASELESS), (b"ISS", 8, 0), (b"film", 9, ONCE)])
    assert scanner.scan(b"film film Orbit iss", most=9) == [(4, 9), (15, 7)]
    assert scanner.scan(b"orbit orbit orbit", most=1) == [(5, 7), (11, 7)]


def test_without_expressions_nothing_matches() -> None:
    assert Scanner([]).scan(b"orbit", most=9) == []


def test_threads_share_a_scanner() -> None:
    scanner = Scanner([(b"orbit", 0, 0)])
    page = b"in orbit. " * 2_000
    with ThreadPoolExecutor(4) as pool:
        assert [len(found) for found in pool.map(lambda _: scanner.scan(page, most=9_999), range(12))] == [2_000] * 12
