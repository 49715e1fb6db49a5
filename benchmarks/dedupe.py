"""How well, how fast and how small is `pipelines.dedupe`?

    python benchmarks/dedupe.py                       everything but ten million, about five minutes
    python benchmarks/dedupe.py --only accuracy,cpu
    python benchmarks/dedupe.py --history 10000000    one size of history; needs 30 GB and over an hour

Prints markdown. All news is made up (`dedupe_texts.py`), so the accuracy shows that nothing is broken, not how good
the thing is on real news. The history is written as rows, not as texts that are placed one by one: what is measured
is the run that comes after it. Linux only.
"""

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from math import comb
from pathlib import Path
from typing import Any

from dedupe_texts import Labelled, Newsroom, labelled_news

from pipelines.dedupe import StoryIndex, cluster_documents
from pipelines.dedupe.fingerprint import number_of
from pipelines.dedupe.index import WINDOW_DAYS

FIRST_DAY = date(2021, 10, 1)
NEW = 200
ARTICLES_A_DAY = 900
POSTINGS = 38
RUN = """
import json, sys
from pipelines.dedupe import StoryIndex
with StoryIndex(sys.argv[1]) as index:
    stories = index.add(json.load(open(sys.argv[2])))
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([stories, int(status["VmHWM"].split()[0])]))
"""
"""What is measured. Linux tells a process its own peak; that which its parent is told would be the parent's."""


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="accuracy,cpu,history", help="of accuracy, cpu, history")
    parser.add_argument("--history", type=int, action="append", help="articles (default 10000, 100000 and 1000000)")
    parser.add_argument("--stories", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=20211005)
    options = parser.parse_args()
    news = labelled_news(options.stories, options.seed)
    if "accuracy" in options.only:
        accuracy(news)
    if "cpu" in options.only:
        cpu(news)
    if "history" in options.only:
        histories(options.history or [10_000, 100_000, 1_000_000], options.seed)


def as_documents(news: list[Labelled], day: date = FIRST_DAY) -> list[dict[str, Any]]:
    """What the index is given of labelled news."""
    return [
        {
            "id": f"d{number:06d}",
            "title": document.title,
            "text": document.text,
            "url": f"https://outlet{number % 40}.example/{number}",
            "date": (day + timedelta(days=document.day)).isoformat(),
            "source": f"outlet{number % 40}.example",
        }
        for number, document in enumerate(news)
    ]


def accuracy(news: list[Labelled]) -> None:
    """Pair and B-cubed scores, recall by edit and false merges by look-alike."""
    found = cluster_documents(as_documents(news))
    both = Counter(zip((document.story for document in news), found, strict=True))
    truth, clusters = Counter(document.story for document in news), Counter(found)
    right, same, joined = (sum(comb(count, 2) for count in counts.values()) for counts in (both, truth, clusters))
    precision, recall = right / joined, right / same
    cubed_precision = sum(count**2 / clusters[key[1]] for key, count in both.items()) / len(news)
    cubed_recall = sum(count**2 / truth[key[0]] for key, count in both.items()) / len(news)
    originals = {
        document.story: cluster for document, cluster in zip(news, found, strict=True) if document.kind == "original"
    }
    hits: dict[str, list[bool]] = defaultdict(list)
    merged: dict[str, list[bool]] = defaultdict(list)
    for document, cluster in zip(news, found, strict=True):
        if document.story not in originals:
            merged[document.kind].append(clusters[cluster] > both[document.story, cluster])
        elif document.kind != "original":
            hits[document.kind].append(cluster == originals[document.story])
    print(f"\n## Accuracy on {len(news):,} made-up documents in {len(truth):,} stories\n")
    table(
        ["pair precision", "recall", "F1", "B-cubed F1"],
        [
            [
                f"{precision:.4f}",
                f"{recall:.4f}",
                f"{harmonic(precision, recall):.4f}",
                f"{harmonic(cubed_precision, cubed_recall):.4f}",
            ]
        ],
    )
    table(["edit", "found", "of"], [[kind, f"{sum(of) / len(of):.3f}", len(of)] for kind, of in sorted(hits.items())])
    table(
        ["look-alike", "merged", "of"],
        [[kind, f"{sum(of) / len(of):.3f}", len(of)] for kind, of in sorted(merged.items())],
    )


def cpu(news: list[Labelled]) -> None:
    """CPU a document beside the usual MinHash libraries, the median of three interleaved rounds."""
    documents = as_documents(news)
    methods: dict[str, Callable[[], object]] = {"pipelines.dedupe": lambda: cluster_documents(documents)}
    missing = []
    for name, method in (("datasketch", datasketch_lsh), ("rensa", rensa_lsh)):
        try:
            __import__(name)
        except ImportError:
            missing.append(name)
        else:
            methods[f"{name} MinHash LSH, 128 permutations"] = lambda method=method: method(documents)  # type: ignore[misc]
    rounds: dict[str, list[float]] = defaultdict(list)
    for _ in range(3):
        for name, run in methods.items():
            started = time.process_time()
            run()
            rounds[name].append(1000 * (time.process_time() - started) / len(documents))
    words = sum(len(document["text"].split()) for document in documents) / len(documents)
    print(f"\n## CPU a document of {words:.0f} words\n")
    table(["method", "ms"], [[name, f"{sorted(times)[1]:.2f}"] for name, times in rounds.items()])
    for name in missing:
        print(f"{name} is not installed, so that it is not compared.")


def datasketch_lsh(documents: list[dict[str, Any]]) -> None:
    """The usual way with datasketch: a signature of each document, a look-up, an insertion."""
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=0.7, num_perm=128)
    for document in documents:
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in set(shingles(document["text"]))])
        lsh.query(sketch)
        lsh.insert(document["id"], sketch)


def rensa_lsh(documents: list[dict[str, Any]]) -> None:
    """The same with rensa."""
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.7, num_perm=128, num_bands=16)
    for number, document in enumerate(documents):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(list(set(shingles(document["text"]))))
        lsh.query(sketch)
        lsh.insert(number, sketch)


def shingles(text: str) -> list[str]:
    """Runs of five words, as the libraries are usually fed."""
    words = text.lower().split()
    return [" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))]


def histories(sizes: list[int], seed: int) -> None:
    """One run with new articles against histories that differ in length only."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stories.sqlite"
            last_day = write_history(path, size, seed)
            batches = write_batches(path, Path(folder), last_day, seed)
            runs = [measured_run(path, batch) for batch in batches]
            disk = sum(file.stat().st_size for file in path.parent.glob("stories.sqlite*"))
            walls, seconds, peaks, joined = zip(*runs, strict=True)
            median_wall, median_cpu = sorted(walls)[1], sorted(seconds)[1]
            figures = [f"{walls[0]:.2f}", f"{median_wall:.2f}", f"{median_cpu:.2f}", f"{max(peaks):.0f}"]
            rows.append([f"{size:,}", *figures, f"{disk / 2**20:,.0f}", f"{joined[0]} of {NEW // 2}"])
    print(f"\n## One run with {NEW} new articles, in a fresh process, imports included\n")
    table(["articles in history", "first run, s", "median, s", "CPU s", "peak MB", "disk MB", "copies found"], rows)
    print(f"{ARTICLES_A_DAY} articles a day; half of the new ones are copies of recent articles, read back from disk.")


def write_history(path: Path, size: int, seed: int) -> date:
    """Fills an index with rows of the shape and number that real articles leave."""
    StoryIndex(path).close()
    chance = random.Random(seed)
    room = Newsroom(seed)
    import zlib

    bodies = [zlib.compress("\0".join(room.story()).encode(), 1) for _ in range(200)]
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    first = FIRST_DAY.toordinal() - size // ARTICLES_A_DAY
    step = ARTICLES_A_DAY * WINDOW_DAYS
    for start in range(0, size, step):
        numbers = [chance.getrandbits(63) for _ in range(min(step, size - start))]
        days = [first + (start + index) // ARTICLES_A_DAY for index in range(len(numbers))]
        articles = (
            (
                number,
                f"h{number}",
                f"s-{number:016x}",
                "original",
                None,
                1.0,
                0,
                day,
                chance.getrandbits(63),
                chance.getrandbits(63),
            )
            for number, day in zip(numbers, days, strict=True)
        )
        database.execute("BEGIN")
        database.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", articles)
        database.executemany(
            "INSERT INTO documents VALUES (?, ?)", ((number, chance.choice(bodies)) for number in numbers)
        )
        database.executemany("INSERT INTO postings VALUES (?, ?, ?, ?)", sorted(postings(numbers, days, chance)))
        database.execute("COMMIT")
    database.close()
    return date.fromordinal(first + size // ARTICLES_A_DAY)


def postings(numbers: list[int], days: list[int], chance: random.Random) -> Iterator[tuple[int, int, int, int]]:
    """Random shingles: what other stories leave in the way of a look-up."""
    for number, day in zip(numbers, days, strict=True):
        for _ in range(POSTINGS):
            yield day // WINDOW_DAYS, chance.getrandbits(63) >> 3, number_of(f"s-{number:016x}"), number


def write_batches(path: Path, folder: Path, today: date, seed: int) -> list[Path]:
    """Puts real texts at the end of the history, and writes three batches of new articles, half of them copies."""
    room, chance = Newsroom(seed + 1), random.Random(seed)
    known = [room.story() for _ in range(3 * NEW // 2)]
    with StoryIndex(path) as index:
        index.add(
            [
                document(f"k{number}", text, today - timedelta(days=chance.randint(0, 5)))
                for number, text in enumerate(known)
            ]
        )
    batches = []
    for batch in range(3):
        copies = [room.edits["10 % rewritten"](text) for text in known[batch * NEW // 2 : (batch + 1) * NEW // 2]]
        fresh = [room.story() for _ in copies]
        texts = [document(f"n{batch}-{number}", text, today) for number, text in enumerate(copies + fresh)]
        batches.append(folder / f"batch{batch}.json")
        batches[-1].write_text(json.dumps(texts))
    return batches


def document(name: str, text: tuple[str, str], day: date) -> dict[str, str]:
    """A document of made-up news."""
    return {
        "id": name,
        "title": text[0],
        "text": text[1],
        "url": f"https://outlet.example/{name}",
        "date": day.isoformat(),
        "source": "outlet",
    }


def measured_run(path: Path, batch: Path) -> tuple[float, float, float, int]:
    """Wall seconds, CPU seconds and peak MB of a process that places a batch, and how many articles it matched."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(path), str(batch)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert process.stdout is not None
    stories, peak = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    names = [f"s-{number_of(text['id']):016x}" for text in json.loads(batch.read_text())]
    joined = sum(story != own for story, own in zip(stories, names, strict=True))
    return wall, usage.ru_utime + usage.ru_stime, peak / 1024, joined


def harmonic(one: float, other: float) -> float:
    """The harmonic mean."""
    return 2 * one * other / (one + other) if one + other else 0.0


def table(head: list[str], rows: list[list[Any]]) -> None:
    """Prints a markdown table."""
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


if __name__ == "__main__":
    main()
