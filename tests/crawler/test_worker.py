"""The process beside the reactor: whatever happens in it costs one answer."""

import asyncio
import gc
import gzip
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path

import pytest

from crawler.listing_reader import ListingReader, is_costly
from crawler.worker import Worker, WorkerDiedError, WorkerTimeoutError
from pipelines.feeds import parse_feed
from pipelines.sitemaps import parse_sitemap
from tests.crawler.process_memory import tree


def prepare(factor: int) -> Callable[[str], int]:
    """Runs in the worker: answers a word with what it asks for."""

    def answer(word: str) -> int:
        if word == "hang":
            while True:
                pass
        if word == "die":
            os._exit(3)
        if word == "swell":
            return len(bytearray(4 * 2**30))  # more than the worker's address space
        return factor * int(word)

    return answer


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("test", prepare, (7,), time_limit=1.0)
    yield made
    made.close()


def test_a_worker_answers_and_survives_everything(worker: Worker) -> None:
    async def ask_all() -> None:
        assert await worker.ask("6") == 42
        with pytest.raises(WorkerDiedError, match="ValueError"):
            await worker.ask("no number")
        with pytest.raises(WorkerDiedError, match="MemoryError"):
            await worker.ask("swell")
        assert await worker.ask("1") == 7
        with pytest.raises(WorkerTimeoutError, match="within 1 s"):
            await worker.ask("hang")
        assert await worker.ask("2") == 14
        with pytest.raises(WorkerDiedError, match="ended"):
            await worker.ask("die")
        assert await asyncio.gather(worker.ask("3"), worker.ask("4")) == [21, 28]

    asyncio.run(ask_all())


def prepare_collected() -> Callable[[], tuple[int, int]]:
    """Runs in the worker: answers with what the collector looks at, and how often."""
    return lambda: (gc.get_threshold()[0], gc.get_freeze_count())


def test_the_collector_does_not_look_at_a_workers_rules() -> None:
    worker = Worker("test", prepare_collected, (), time_limit=5.0)
    try:
        threshold, kept = worker.ask_and_wait()
    finally:
        worker.close()
    assert threshold > 700  # Python's own
    assert kept > 1_000


def processes() -> set[int]:
    """This process and those that it has started."""
    return {*tree(os.getpid())}


def test_a_package_of_the_same_name_in_the_working_directory_is_not_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worker: Worker
) -> None:
    (tmp_path / "crawler").mkdir()
    (tmp_path / "crawler" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    root = str(Path(__file__).parents[2])
    monkeypatch.setattr(sys, "path", [root, *(path for path in sys.path if path)])
    monkeypatch.chdir(tmp_path)
    assert worker.ask_and_wait("6") == 42


class Riddle:
    """What cannot be made again at the other end."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return int, ("no number",)


def prepare_unruly() -> Callable[[str], object]:
    """Runs in the worker: does what a word says, and answers with its process."""

    def answer(word: str) -> object:
        if word == "riddle":
            return Riddle()
        if word == "orphan":
            os.kill(os.getppid(), signal.SIGKILL)
            while True:
                pass
        if word == "end everybody":
            for request in (signal.SIGTERM, signal.SIGINT):
                os.killpg(0, request)
        return os.getpid()

    return answer


def test_an_answer_that_cannot_be_read_costs_that_answer() -> None:
    worker = Worker("test", prepare_unruly, (), time_limit=5.0)
    try:
        first = worker.ask_and_wait("")
        with pytest.raises(WorkerDiedError, match=r"cannot be read: ValueError: .*no number"):
            worker.ask_and_wait("riddle")
        assert worker.ask_and_wait("") == first
    finally:
        worker.close()


PROGRAM = """
import os, signal
from crawler.worker import Worker
from tests.crawler.test_worker import prepare_unruly
for request in (signal.SIGTERM, signal.SIGINT):
    signal.signal(request, lambda *_: None)
worker = Worker('test', prepare_unruly, (), time_limit=1.0)
print(worker.ask_and_wait(''), flush=True)
"""


def played(then: str) -> tuple[int, str, str]:
    """Exit code, output and errors of a program that has asked a worker something, when both of them have ended."""
    pipe, program = subprocess.PIPE, [sys.executable, "-c", PROGRAM + then]
    process = subprocess.Popen(program, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
    try:
        out, err = process.communicate(timeout=30)  # until the worker lets go of the pipes, too
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, out, err


@pytest.mark.parametrize("last", ["os.kill(os.getpid(), signal.SIGKILL)", "worker.ask_and_wait('orphan')"])
def test_a_worker_ends_with_whoever_started_it(last: str) -> None:
    code, _, err = played(last)
    assert (code, err) == (-signal.SIGKILL, "")


def test_a_request_to_end_that_everybody_gets_lets_the_work_in_hand_be_finished() -> None:
    code, out, err = played("print(worker.ask_and_wait('end everybody'))")
    assert (code, err) == (0, "")
    first, second = out.split()
    assert first == second


@pytest.mark.parametrize("prepared", [False, True])
def test_a_worker_whose_master_ends_in_the_middle_of_a_message_ends_quietly(prepared: bool) -> None:
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler.worker_process", str(theirs.fileno()), "test"],
            pass_fds=[theirs.fileno()],
            stderr=subprocess.PIPE,
        )
    if prepared:
        ours.send((prepare, (7,), 5.0))
        assert ours.recv() is None
    os.write(ours.fileno(), (1_000).to_bytes(4, "big") + b"the first words")
    ours.close()
    assert process.communicate(timeout=60)[1] == b""


SMALL = (
    b"<rss version='2.0'><channel><item><title>Crew docks</title><link>http://t.example/a</link></item></channel></rss>"
)
LARGE = SMALL.replace(
    b"</channel>", b"<item><title>x</title><link>http://t.example/b</link></item>" * 4_000 + b"</channel>"
)
SITEMAP = b"<urlset>" + b"<url><loc>http://t.example/a</loc></url>" * 12_000 + b"</urlset>"


@pytest.mark.parametrize(
    ("body", "costly"),
    [
        (SMALL, False),
        (LARGE, True),
        (SITEMAP, True),
        (b" " * 2**21, True),
        (gzip.compress(SMALL), False),
        (gzip.compress(SITEMAP), True),
        (gzip.compress(b" " * 2**21), True),
        (gzip.compress(SMALL)[:-20], False),
        (gzip.compress(gzip.compress(SMALL)), True),
        (gzip.compress(SMALL) + gzip.compress(SITEMAP), True),
        (b"\x1f\x8b", True),
        (b"\x1f\x8b" + SMALL, True),
    ],
)
def test_a_listing_is_costly_for_what_is_in_it(body: bytes, costly: bool) -> None:
    assert is_costly(body) is costly


def test_large_listings_are_read_elsewhere_with_the_same_result() -> None:
    before = processes()

    async def read() -> None:
        reader = ListingReader()
        try:
            for body in (SMALL, LARGE):
                read = await reader.feed(body, url="http://t.example/", content_type="", timezone="UTC")
                assert read == parse_feed(body, url="http://t.example/")
            sitemap = await reader.sitemap(SITEMAP, url="http://t.example/", timezone="UTC")
            assert sitemap == parse_sitemap(SITEMAP, url="http://t.example/")
            assert processes() == before, "no process is kept for the next one"
        finally:
            reader.close()

    asyncio.run(read())
