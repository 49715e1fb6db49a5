"""WARC files behind a network that fails, and lists that lead to them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.backfill import warc_files
from crawler.backfill.warc_files import SourceUnreadableError, WarcTape, find_files
from pipelines.backfill.warc_job import WarcFile
from tests.crawler.loopback import Answer, Asked, Web

CONTENT = bytes(range(256)) * 400


def ranged(content: bytes, *, failures: int = 0) -> Callable[[Asked], Answer]:
    """A file as a server gives it; so many requests for its second half fail before one does not."""
    left = [failures]

    def answer(asked: Asked) -> Answer:
        wanted = asked.headers.get("range", "").removeprefix("bytes=")
        if not wanted:
            return 200, {"Accept-Ranges": "bytes"}, content
        start, end = (int(part) for part in wanted.split("-"))
        if start >= len(content) // 2 and left[0]:
            left[0] -= 1
            return 500, {}, b""
        end = min(end, len(content) - 1)
        return 206, {"Content-Range": f"bytes {start}-{end}/{len(content)}"}, content[start : end + 1]

    return answer


@pytest.fixture
def serve(web: Web, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setattr(warc_files, "BLOCK", 10_000)

    def route(answer: Answer | Callable[[Asked], Answer], path: str = "/one.warc.gz") -> str:
        web.routes[f"127.0.0.1:{web.port}", path] = answer
        return f"http://127.0.0.1:{web.port}{path}"

    return route


def read(tape: WarcTape) -> bytes:
    parts = []
    while part := tape.read(7_000):
        parts.append(part)
    return b"".join(parts)


def test_a_block_that_fails_is_tried_again_where_it_was(serve: Callable[..., str]) -> None:
    waited: list[float] = []
    with WarcTape(serve(ranged(CONTENT, failures=2)), retries=6, sleep=waited.append) as tape:
        assert read(tape) == CONTENT
        assert tape.bytes_read == len(CONTENT)
    # The next block is read ahead: both requests that fail may be for one block, or one for each of two.
    assert waited in ([2.0], [2.0, 4.0], [2.0, 2.0])


def test_a_block_that_goes_on_failing_is_no_damage_of_the_file(serve: Callable[..., str]) -> None:
    waited: list[float] = []
    address = serve(ranged(CONTENT, failures=1000))
    with WarcTape(address, retries=2, sleep=waited.append) as tape, pytest.raises(SourceUnreadableError, match=address):
        read(tape)
    assert waited == [2.0, 4.0]


def test_a_server_without_ranges_is_read_from_one_end_to_the_other(serve: Callable[..., str]) -> None:
    with WarcTape(serve((200, {"Accept-Ranges": "none"}, CONTENT)), retries=0) as tape:
        assert not tape.seekable()
        assert read(tape) == CONTENT


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/one.warc.gz", "/nowhere/one.warc.gz"])
def test_what_is_not_there_is_told_by_its_address(address: str) -> None:
    with pytest.raises(SourceUnreadableError, match=r"one\.warc\.gz"):
        WarcTape(address, retries=0)


def test_a_sample_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "one.warc.gz"
    path.write_bytes(CONTENT)
    with WarcTape(str(path), retries=0, limit=20_000) as tape:
        assert read(tape) == CONTENT[:21_000]


def test_files_and_lists_are_found_in_their_order(serve: Callable[..., str], tmp_path: Path) -> None:
    local = tmp_path / "local.warc.gz"
    local.write_bytes(b"12345")
    paths = tmp_path / "more.paths"
    paths.write_text("crawl/a.warc.gz\n/crawl/b.warc.gz\ns3://elsewhere/c.warc.gz\n")
    listed = serve((200, {}, b"crawl/d.warc.gz\ncrawl/a.warc.gz\n"), "/warc.paths")
    found = find_files([str(local), str(paths), listed], base="https://archive.example/", window=None, retries=0)
    assert found == [
        WarcFile(str(local.resolve()), 5),
        WarcFile("https://archive.example/crawl/a.warc.gz"),
        WarcFile("https://archive.example/crawl/b.warc.gz"),
        WarcFile("s3://elsewhere/c.warc.gz"),
        WarcFile("https://archive.example/crawl/d.warc.gz"),
    ]


def test_a_line_of_a_list_cannot_name_a_file_of_this_machine(tmp_path: Path) -> None:
    paths = tmp_path / "paths"
    paths.write_text("/etc/passwd\n../../etc/passwd\n")
    found = find_files([str(paths)], base="https://archive.example", window=None, retries=0)
    assert [file.address for file in found] == [
        "https://archive.example/etc/passwd",
        "https://archive.example/../../etc/passwd",
    ]
