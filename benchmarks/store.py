"""What does the store cost once years are in it?

    python benchmarks/store.py                    100,000 articles of eight years, two minutes
    python benchmarks/store.py --articles 5000    a quick look

Fills a data directory through the store itself, then measures the CPU seconds of this process, imports left out: adding
five articles of today with a journal, a fold and the stories derived; reading one month with all its columns, by this
program and by plain pandas; reading four columns of a million stories (a month of 10,417 under 96 names).
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pandas as pd
import pyarrow as pa
from measuring import spread, table, verdict

from pipelines.analysis import load_stories
from pipelines.model import Article
from pipelines.schema import STORIES
from pipelines.store import LocalFiles, Store
from pipelines.store.months import MonthFiles

_YEARS = 8
_BATCH = 10_000
_MANY = 1_000_000
_FOUR = ["date", "source", "language", "word_count"]


def main() -> None:
    """Fills, measures, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000, help="in the archive (default 100,000)")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        data = Path(made) / "data"
        store = Store(data)
        for first in range(0, options.articles, _BATCH):
            numbers = range(first, min(first + _BATCH, options.articles))
            store.append_many((article(number, options.articles), ()) for number in numbers)
            store.fold()
        size = sum(file.stat().st_size for file in data.rglob("*.parquet")) / 2**20
        many = many_stories(data, Path(made) / "many")
        fresh = iter(range(options.articles, 2 * options.articles))
        month = store.months.stems(STORIES)[-2]
        adding: list[float] = []
        ours: list[float] = []
        plain: list[float] = []
        four: list[float] = []
        for _ in range(options.rounds + 1):
            adding.append(cpu_of(lambda: add_five(data, options.articles, fresh)))
            ours.append(cpu_of(lambda: load_stories(data, since=month, until=month)))
            plain.append(cpu_of(lambda: pd.read_parquet(data / "stories" / f"year={month[:4]}" / f"{month}.parquet")))
            four.append(cpu_of(lambda: load_stories(many, columns=_FOUR)))
    print(
        f"\n{options.articles:,} articles in {_YEARS} years, {size:.0f} MB; {options.rounds} rounds, medians (range)\n"
    )
    bars = (
        ("five articles more, in the tables", adding, 0.1),
        (f"one month of the stories ({options.articles // (_YEARS * 12):,} rows), load_stories", ours, 0.05),
        ("the same, pd.read_parquet", plain, 0.05),
        (f"four columns of {_MANY:,} stories, load_stories", four, 0.6),
    )
    # The first round warms up: what it loads, a process loads once.
    rows = [[name, spread(took[1:], 3), f"<= {bar}", verdict(median(took[1:]), bar)] for name, took, bar in bars]
    table(["", "CPU s", "bar", "met"], rows)


def cpu_of(work: Callable[[], object]) -> float:
    """CPU seconds of this process, all its threads."""
    started = time.process_time()
    work()
    return time.process_time() - started


def add_five(data: Path, articles: int, numbers: Iterator[int]) -> None:
    """What a run does that has found five articles of the last day: a store of its own, as in a process of its own."""
    store = Store(data)
    with store.lock():
        store.heal()
        # Their day is that of the last article of the archive, whatever their number.
        store.append_many((article(next(numbers), articles, day=articles - 1), ()) for _ in range(5))
        store.fold()


def many_stories(data: Path, many: Path) -> Path:
    """A directory with a million stories in as many months as the archive has, all of them the same file."""
    rows = -(-_MANY // (_YEARS * 12))
    stories = pa.concat_tables(Store(data).stories())
    times = -(-rows // stories.num_rows)
    months = MonthFiles(many, LocalFiles())
    many.mkdir()
    first, *others = [f"{2018 + year}-{month:02d}" for year in range(_YEARS) for month in range(1, 13)]
    months.write(STORIES, first, pa.concat_tables([stories] * times).slice(0, rows))
    for stem in others:
        target = months.path(STORIES, stem)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.hardlink_to(months.path(STORIES, first))
    return many


def article(number: int, articles: int, *, day: int | None = None) -> Article:
    """The n-th article of the archive, of some 3 kB, on its day or on that of another one."""
    chance = random.Random(number)
    at = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=_YEARS * 365) * (number if day is None else day) / articles
    words = " ".join(_WORDS[int(chance.paretovariate(0.6)) % len(_WORDS)] for _ in range(450))
    source = f"outlet{chance.randrange(60)}"
    url = f"https://{source}.example/{at:%Y/%m/%d}/{number}"
    return Article(
        article_id=f"{chance.getrandbits(96):024x}",
        story_id=f"{number:024x}",
        role="original",
        matched_article_id=None,
        similarity=1.0,
        revision=0,
        url=url,
        canonical_url=url,
        source=source,
        domain=f"{source}.example",
        title=words[:80],
        summary=words[80:240],
        text=words,
        authors=(f"Author {chance.randrange(400)}",),
        language=chance.choice(("en", "ru", "zh", "de", "fr")),
        date=at.date(),
        published_at=at,
        date_precision="minute",
        date_source="jsonld",
        date_conflict=False,
        projects=("challenge",),
        relevance=0.9,
        matched_terms=("film crew", "space station"),
        word_count=450,
        paywalled=False,
        discovered_via="feed",
        first_seen_at=at,
        fetched_at=at,
        content_hash=f"{chance.getrandbits(96):024x}",
        run_id="run",
        extractor="benchmark",
        rules_version="r1",
    )


_WORDS = [
    f"{a}{b}{c}" for a in "bdfgklmnprstvz" for b in ("a", "ei", "o", "u", "ia") for c in ("n", "rt", "s", "l", "nd")
]


if __name__ == "__main__":
    main()
