"""How fast are WARC files read, and what does it come to with the gate and with extraction?

    python benchmarks/warc.py                       1,600 pages made for the purpose, two minutes
    python benchmarks/warc.py --bodies FOLDER       HTML files of a folder as the pages off topic
    python benchmarks/warc.py --file CC-NEWS.warc.gz
    python benchmarks/warc.py --peers               news-please too, in a virtual environment that is thrown away

Made files are like those of CC-NEWS: a gzip member for each record, a request before each response; 1.5 % of the pages
are on topic, 3 % look alike. Readers run in turn in this process; what needs several processes runs in fresh ones.
MB are millions of bytes of the bodies of pages, and CPU is that of all processes. Linux only.
"""

import argparse
import gzip
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
import venv
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from fastwarc.warc import WarcRecordType
from measuring import measured, spread, table, verdict
from world import Plan, World

from crawler.memory import collect_rarely
from pipelines.backfill.warc_pages import BODY_LIMIT, Wanted, passed_pages
from pipelines.backfill.warc_records import records
from pipelines.backfill.warc_tally import WarcTally
from pipelines.catalogue.outlets import Outlets
from pipelines.catalogue.projects import load_projects
from pipelines.catalogue.sources import load_sources
from pipelines.topic import Judge

HOSTS, PAGES = 20, 80
ON_TOPIC, LOOK_ALIKE = 0.015, 0.03
FILES = 4
PEER_PAGES = 100
CAPTURED = "2021-10-05T18:30:00Z"

_TASK = """
import pickle, sys
from crawler.backfill.warc_task import WarcOrder, read_warc
from pipelines.catalogue.projects import load_projects
from pipelines.catalogue.sources import load_sources
projects = load_projects()
read = read_warc(sys.argv[1], WarcOrder(pickle.dumps(projects), projects.version, load_sources(), retries=0))
print(read.passed, read.drafts)
"""
_NEWS_PLEASE = """
import json, socket, sys, time
def refused(*_, **__):
    raise OSError("no network here")
socket.socket.connect = socket.getaddrinfo = refused  # it asks outlets for the pictures of every page
from warcio.archiveiterator import ArchiveIterator
from newsplease import NewsPlease
pages = failed = 0
began = time.process_time()
with open(sys.argv[1], "rb") as file:
    for record in ArchiveIterator(file):
        if record.rec_type == "response" and pages < int(sys.argv[2]):
            pages += 1
            try:
                NewsPlease.from_warc(record)
            except Exception:
                failed += 1
print(json.dumps([pages, failed, time.process_time() - began]))
"""


@dataclass(frozen=True, slots=True)
class Size:
    """What a file holds: pages, and bytes in them."""

    pages: int
    bytes: int


def main() -> None:
    """Measures, and prints three tables, or four with a peer."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", type=Path, help="measure on this WARC file")
    parser.add_argument("--bodies", default="", help="folder of HTML files for the pages off topic")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", action="store_true", help="install news-please for comparison")
    options = parser.parse_args()
    collect_rarely()  # as the processes of a backfill do
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or made(Path(folder) / "made.warc.gz", options.bodies)
        size = size_of(path)
        print(f"\n{size.pages:,} pages, {size.bytes / 1e6:,.0f} MB, {path.stat().st_size / 1e6:,.0f} MB packed\n")
        reading(path, size, options.rounds)
        rounds = max(1, options.rounds // 2)
        rate = extracting(path, size, rounds)
        if options.peers:
            news_please(path, Path(folder) / "venv", rounds, rate)
        scaling(path, size, Path(folder))


def made(path: Path, bodies: str) -> Path:
    """Writes a file like one of CC-NEWS."""
    world = World(Plan(HOSTS, PAGES, ON_TOPIC, LOOK_ALIKE, bodies=bodies))
    with path.open("wb") as file:
        for article in world.articles:
            base = f"https://outlet{article.host}.example"
            page = world.page(article, base)
            url = base + article.path
            request = f"GET {article.path} HTTP/1.1\r\nHost: {base[8:]}\r\nUser-Agent: archive\r\n\r\n".encode()
            answer = (
                f"HTTP/1.1 200 OK\r\nContent-Type: {world.content_type(article)}\r\nServer: nginx\r\n"
                f"X-Crawler-Content-Encoding: gzip\r\nContent-Length: {len(page)}\r\nCache-Control: max-age=60\r\n\r\n"
            ).encode()
            file.write(record(url, "request", request))
            file.write(record(url, "response", answer + page))
    return path


def record(url: str, kind: str, block: bytes) -> bytes:
    """A record in a gzip member."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{zlib.crc32(block):032x}>\r\n"
        f"WARC-Date: {CAPTURED}\r\nWARC-Target-URI: {url}\r\nWARC-IP-Address: 192.0.2.1\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n", 6)


def size_of(path: Path) -> Size:
    """Counts the pages of a file."""
    tally = gate_fastwarc(path, _Closed())  # type: ignore[arg-type]
    return Size(tally.pages, tally.page_bytes)


class _Closed:
    """A gate that lets nothing pass and costs nothing."""

    def may_be_relevant(self, body: bytes, *, charset: str = "") -> bool:  # noqa: ARG002
        return False


WANTED = Wanted(Outlets(load_sources()))


# --- one process


def reading(path: Path, size: Size, rounds: int) -> None:
    """Inflating, reading and the gate, in turn."""
    judge = Judge(load_projects())
    judge.may_be_relevant(b"<p>ready</p>")
    ways: dict[str, Callable[[Path], object]] = {"inflate only, zlib": inflate_zlib}
    if find_spec("isal"):
        ways["inflate only, isal"] = inflate_isal
    ways["fastwarc: read"] = read_fastwarc
    ways["fastwarc: all but the gate"] = lambda path: gate_fastwarc(path, _Closed())  # type: ignore[arg-type]
    ways["**fastwarc: read + gate**"] = lambda path: gate_fastwarc(path, judge)
    if find_spec("warcio"):
        ways["warcio: read"] = read_warcio
        ways["warcio: read + gate"] = lambda path: gate_warcio(path, judge)
    costs: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began = time.process_time()
            way(path)
            costs[name].append(time.process_time() - began)
    rate = {name: size.bytes / 1e6 / median(seconds) for name, seconds in costs.items()}
    rows = [
        [
            name,
            f"{rate[name]:,.0f}",
            f"{size.pages / median(seconds):,.0f}",
            spread([1000 * s / size.pages for s in seconds], 2),
        ]
        for name, seconds in costs.items()
    ]
    print("## One process\n")
    table(["way", "MB/s", "pages/s", "CPU ms a page"], rows)
    gate, limit = rate["**fastwarc: read + gate**"], rate.get("inflate only, isal", rate["inflate only, zlib"])
    before = rate["fastwarc: all but the gate"] / limit
    print(f"all but the gate >= 85 % of inflating alone: {verdict(before, 0.85, at_least=True)} ({before:.0%})")
    print(f"read + gate >= 420 MB/s a core: {verdict(gate, 420, at_least=True)}")
    print(
        f"read + gate >= 65 % of inflating alone: {verdict(gate / limit, 0.65, at_least=True)} ({gate / limit:.0%})\n"
    )


def inflate_zlib(path: Path) -> None:
    """Python's own."""
    _members(path, zlib.decompressobj)


def inflate_isal(path: Path) -> None:
    """Intel's library, the fastest there is."""
    from isal import isal_zlib

    _members(path, isal_zlib.decompressobj)


def _members(path: Path, opened: Callable[[int], Any]) -> None:
    with path.open("rb") as file:
        unpacking, left = opened(31), b""
        while part := left or file.read(2**18):
            unpacking.decompress(part)
            left = unpacking.unused_data
            if unpacking.eof:
                unpacking = opened(31)


def read_fastwarc(path: Path) -> None:
    """Bodies of responses, damage passed over."""
    with path.open("rb") as file:
        for one in records(file, WarcTally()):
            if one.record_type == WarcRecordType.response:
                one.parse_http(auto_decode="none")
                one.reader.read(BODY_LIMIT)


def gate_fastwarc(path: Path, judge: Judge) -> WarcTally:
    """What a task does up to extraction."""
    tally = WarcTally()
    with path.open("rb") as file:
        for _ in passed_pages(file, WANTED, judge, tally):
            pass
    return tally


def read_warcio(path: Path) -> None:
    """The usual reader."""
    for _ in _warcio(path):
        pass


def gate_warcio(path: Path, judge: Judge) -> None:
    """The usual reader with our gate."""
    for body in _warcio(path):
        judge.may_be_relevant(body)


def _warcio(path: Path) -> Iterator[bytes]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        for one in ArchiveIterator(file):
            if one.rec_type == "response":
                yield one.content_stream().read()


# --- several processes


def extracting(path: Path, size: Size, rounds: int) -> float:
    """A whole task, start and imports of both its processes taken off. Returns its pages a second of CPU."""
    environment = {"PYTHONPATH": str(Path(__file__).parents[1])}
    with tempfile.TemporaryDirectory() as folder:
        small = tiny(Path(folder) / "start.warc.gz")
        starts, tasks = [], []
        for _ in range(rounds):
            starts.append(measured([sys.executable, "-c", _TASK, str(small)], environment=environment).cpu)
            tasks.append(measured([sys.executable, "-c", _TASK, str(path)], environment=environment))
    seconds = [task.cpu - start for task, start in zip(tasks, starts, strict=True)]
    passed, drafts = map(int, tasks[0].output.split())
    rate = size.pages / median(seconds)
    print("## A whole task: read + gate + extract\n")
    table(
        ["pages passing", "on topic", "MB/s", "pages/s", "CPU ms a page", "start, CPU s"],
        [
            [
                f"{passed} ({passed / size.pages:.1%})",
                drafts,
                f"{size.bytes / 1e6 / median(seconds):,.0f}",
                f"{rate:,.0f}",
                spread([1000 * s / size.pages for s in seconds], 2),
                f"{median(starts):.1f}",
            ]
        ],
    )
    print(f"read + gate + extract >= 500 pages/s a core: {verdict(rate, 500, at_least=True)}\n")
    return rate


def tiny(path: Path) -> Path:
    """Writes a file with one page on topic: all that reading it costs is the start of the processes."""
    page = b"<html><body><article><h1>Film crew in orbit</h1>" + b"<p>They film The Challenge in orbit.</p>" * 9
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    path.write_bytes(record("https://outlet.example/1", "response", answer + page))
    return path


def scaling(path: Path, size: Size, folder: Path) -> None:
    """Some files by one process and by two, without the start; this needs two quiet cores."""
    from crawler.backfill.warc_cluster import cluster, read_all
    from crawler.backfill.warc_task import WarcOrder
    from pipelines.backfill.warc_job import WarcFile

    projects = load_projects()
    order = WarcOrder(pickle.dumps(projects), projects.version, load_sources(), retries=0)
    start = str(tiny(folder / "start.warc.gz"))
    walls, costs = {}, {}
    for workers in (1, 2):
        before = children_cpu()
        with cluster("", workers) as client:
            list(read_all(client, [WarcFile(start, number) for number in range(4 * workers)], order))
            began = time.perf_counter()
            list(read_all(client, [WarcFile(str(path), number) for number in range(FILES)], order))
            walls[workers] = time.perf_counter() - began
        costs[workers] = children_cpu() - before
    print("## Processes\n")
    table(
        ["processes", f"wall s for {FILES} files", "pages/s", "CPU s, start included"],
        [
            [workers, f"{wall:.1f}", f"{FILES * size.pages / wall:,.0f}", f"{costs[workers]:.1f}"]
            for workers, wall in walls.items()
        ],
    )
    gain, load = walls[1] / walls[2], os.getloadavg()[0]
    print(f"2 processes >= 1.8 times one: {verdict(gain, 1.8, at_least=True)} ({gain:.2f}; load {load:.1f})")
    print(f"by the CPU that they take, on cores of their own: {2 * costs[1] / costs[2]:.2f}\n")


def children_cpu() -> float:
    """CPU seconds of all processes that have ended, those that these had waited for among them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def news_please(path: Path, folder: Path, rounds: int, rate: float) -> None:
    """The best known news extractor for CC-NEWS, on the first pages; its imports and requests for pictures left out."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run(
        [python, "-m", "pip", "install", "-qq", "news-please", "warcio", "lxml_html_clean", "setuptools<81"], check=True
    )
    runs = [measured([python, "-c", _NEWS_PLEASE, str(path), str(PEER_PAGES)]) for _ in range(rounds)]
    found = [json.loads(run.output.splitlines()[-1]) for run in runs]
    pages, failed, _ = found[0]
    seconds = [each[2] for each in found]
    theirs = pages / median(seconds)
    print("## news-please: every page is extracted\n")
    table(
        ["pages", "failed", "pages/s", "CPU ms a page", "pages/s of a task of ours", "times as many"],
        [
            [
                pages,
                failed,
                f"{theirs:.1f}",
                spread([1000 * s / pages for s in seconds], 0),
                f"{rate:,.0f}",
                f"{rate / theirs:.0f}",
            ]
        ],
    )


if __name__ == "__main__":
    main()
