"""How well, how fast and how small is `pipelines.dedupe`?

    python benchmarks/dedupe.py                       everything but ten million, about ten minutes
    python benchmarks/dedupe.py --only accuracy,cpu
    python benchmarks/dedupe.py --only history --history 10000000 --folder DIR

The last needs 31 GB in DIR and 40 minutes of CPU to write the history. A history that is already in DIR is used as it
is, and grows by the articles of each measurement; without --folder it is temporary.

Prints markdown. All news is made up (`dedupe_texts.py`), so the accuracy shows that nothing is broken, not how good
the thing is on real news. The history is written in bulk (`dedupe_history.py`): what is measured is the run that comes
after it. Linux only.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb
from pathlib import Path
from statistics import median
from typing import Any

from dedupe_history import ARTICLES_A_DAY, LAST_DAY, History, same_as_placed
from dedupe_texts import Labelled, Newsroom, labelled_news

from pipelines.dedupe import StoryIndex, cluster_documents
from pipelines.dedupe.fingerprint import number_of

FIRST_DAY = date(2021, 10, 1)
NEW = 200
RUNS = 7
RUN = """
import json, sys
from pipelines.dedupe import StoryIndex
with StoryIndex(sys.argv[1]) as index:
    stories = index.add(json.load(open(sys.argv[2])))
status, disk = (dict(line.split(":", 1) for line in open("/proc/self/" + name)) for name in ("status", "io"))
print(json.dumps([stories, int(status["VmHWM"].split()[0]), int(disk["read_bytes"])]))
"""
"""What is measured. Linux tells a process its own peak, which it does not tell a parent, and what it read from disk."""


def main() -> None:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="accuracy,cpu,history", help="of accuracy, cpu, history")
    parser.add_argument("--history", type=int, action="append", help="articles (default 10000, 100000 and 1000000)")
    parser.add_argument("--folder", type=Path, help="where the histories are kept (default: nowhere)")
    parser.add_argument("--stories", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=20211005)
    options = parser.parse_args()
    news = labelled_news(options.stories, options.seed)
    if "accuracy" in options.only:
        accuracy(news)
    if "cpu" in options.only:
        cpu(news)
    if "history" in options.only:
        histories(options.history or [10_000, 100_000, 1_000_000], options.seed, options.folder)


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


def histories(sizes: list[int], seed: int, kept: Path | None) -> None:
    """One run with new articles against histories that differ in length only, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        known, batches = new_articles(1, seed)
        same = same_as_placed(10_000, seed, known + batches[0], Path(folder))
    print(f"\n## One run with {NEW} new articles, in a fresh process, imports included\n")
    print(f"A history of 10,000 written in bulk is, row for row, that of StoryIndex.add: {'yes' if same else 'NO'}.\n")
    with tempfile.TemporaryDirectory() as folder:
        paths = [(kept or Path(folder)) / f"history-{size}.sqlite" for size in sizes]
        ready = [with_new_articles(path, size, seed, Path(folder)) for path, size in zip(paths, sizes, strict=True)]
        cold: dict[Path, list[Run]] = defaultdict(list)
        warm: dict[Path, list[Run]] = defaultdict(list)
        for turn in range(RUNS):
            for path, files in zip(paths, ready, strict=True):
                drop_from_cache(path)
                cold[path].append(measured_run(path, files[2 * turn]))
                warm[path].append(measured_run(path, files[2 * turn + 1]))
        rows = [
            [
                f"{size:,}",
                *(spread([run.wall for run in runs[path]]) for runs in (warm, cold)),
                *(spread([run.cpu for run in runs[path]]) for runs in (warm, cold)),
                *(f"{median(run.read for run in runs[path]):.0f}" for runs in (warm, cold)),
                f"{max(run.peak for run in warm[path] + cold[path]):.0f}",
                f"{path.stat().st_size / 2**20:,.0f}",
                f"{min(run.copies for run in warm[path] + cold[path])} of {NEW // 2}",
            ]
            for path, size in zip(paths, sizes, strict=True)
        ]
    table(
        [
            "articles in history",
            "warm, s",
            "cold, s",
            "CPU s, warm",
            "cold",
            "MB from disk, warm",
            "cold",
            "peak MB",
            "disk MB",
            "copies found",
        ],
        rows,
    )
    print(
        f"{ARTICLES_A_DAY} articles a day; half of the new ones are copies of recent articles, read back from disk. "
        f"Medians of {RUNS} runs of each, in turn, lowest and highest in brackets. Cold: nothing of the index is in "
        "the kernel's cache. Warm: only what the cold run before it needed is."
    )


@dataclass(frozen=True, slots=True)
class Run:
    """Wall and CPU seconds, MB read from disk, peak MB, and how many copies were found."""

    wall: float
    cpu: float
    read: float
    peak: float
    copies: int


def spread(values: list[float]) -> str:
    """Median, lowest and highest."""
    return f"{median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def with_new_articles(path: Path, size: int, seed: int, folder: Path) -> list[Path]:
    """Writes a history where there is none, puts real texts at its end, and writes batches of new articles to files."""
    if not path.exists():
        History(size, seed).write(path)
    fresh = seed + path.stat().st_size  # no article is new twice, where a history is used again
    known, batches = new_articles(2 * RUNS, fresh)
    with StoryIndex(path) as index:
        index.add(known)
    files = [folder / f"{size}-{number}.json" for number in range(len(batches))]
    for file, batch in zip(files, batches, strict=True):
        file.write_text(json.dumps(batch))
    return files


def drop_from_cache(path: Path) -> None:
    """Makes the kernel forget the pages of an index."""
    for file in path.parent.glob(f"{path.name}*"):
        opened = os.open(file, os.O_RDWR)
        os.fsync(opened)  # it keeps pages that are not on disk yet
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(opened)


def new_articles(count: int, seed: int) -> tuple[list[dict[str, str]], list[list[dict[str, str]]]]:
    """Articles for the last days of the history, and batches of newer ones, of which half are copies of those."""
    room, chance = Newsroom(seed), random.Random(seed)
    known = [room.story() for _ in range(count * NEW // 2)]
    batches = []
    for batch in range(count):
        copies = [room.edits["10 % rewritten"](text) for text in known[batch * NEW // 2 : (batch + 1) * NEW // 2]]
        fresh = [room.story() for _ in copies]
        batches.append(
            [document(f"n{seed}-{batch}-{number}", text, LAST_DAY) for number, text in enumerate(copies + fresh)]
        )
    days = [LAST_DAY - timedelta(days=chance.randint(0, 5)) for _ in known]
    placed = zip(known, days, strict=True)
    return [document(f"k{seed}-{number}", text, day) for number, (text, day) in enumerate(placed)], batches


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


def measured_run(path: Path, batch: Path) -> Run:
    """A process that places a batch."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(path), str(batch)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert process.stdout is not None
    stories, peak, read = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    names = [f"s-{number_of(text['id']):016x}" for text in json.loads(batch.read_text())]
    joined = sum(story != own for story, own in zip(stories, names, strict=True))
    return Run(wall, usage.ru_utime + usage.ru_stime, read / 2**20, peak / 1024, joined)


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
