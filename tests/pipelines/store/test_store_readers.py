"""Analysts read while the store writes: pandas, DuckDB and Polars, in another process, without a failed read."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
from scenarios import BEFORE, told

from pipelines.store import Store

READERS: dict[str, Callable[[Path], list[str]]] = {
    "pandas": lambda folder: list(pd.read_parquet(folder)["story_id"]),
    "duckdb": lambda folder: [
        row[0] for row in duckdb.read_parquet(f"{folder}/**/*.parquet").project("story_id").fetchall()
    ],
    "polars": lambda folder: pl.read_parquet(folder)["story_id"].to_list(),
}


def write(root: Path, commits: int, told_by: Connection) -> None:
    """Commits without end in sight: known months, new months, new years; says so after each."""
    store = Store(root)
    for number in range(10, 10 + commits):
        day = date(1997 + number * 7 % 29, 1 + number % 12, 1 + number % 28)
        with store.lock():
            store.append(told(number, number, day))
            store.fold()
        told_by.send(number)
    told_by.send(None)


@contextmanager
def writer(root: Path, commits: int) -> Iterator[Connection]:
    listen, tell = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=write, args=(root, commits, tell))
    process.start()
    tell.close()
    yield listen
    process.join()
    assert process.exitcode == 0


def test_no_read_fails_while_commits_go_on(tmp_path: Path, thorough: bool, count: Callable[[str, int], None]) -> None:
    root = tmp_path / "data"
    store = Store(root)
    store.append_many(BEFORE)
    store.fold()
    commits = 400 if thorough else 60
    reads, committed = 0, {"s1", "s2", "s3"}
    with writer(root, commits) as listen:
        going = True
        while going:
            for name, read in READERS.items():
                stories = read(root / "stories")
                assert len(set(stories)) == len(stories), name
                assert committed <= set(stories), name
                reads += 1
            while going and listen.poll():
                number = listen.recv()
                going = number is not None
                committed |= {f"s{number}"} if going else set()
    assert len(committed) == commits + 3
    count(f"reads during {commits} commits, all good", reads)


def test_no_table_is_ever_found_empty(tmp_path: Path) -> None:
    """From before the first commit on: a table is not there at all, or it can be read."""
    for name, read in READERS.items():
        root = tmp_path / name
        with writer(root, 3) as listen:
            going, found = True, 0
            while going:
                if (root / "stories").exists():
                    assert read(root / "stories")
                    found += 1
                while going and listen.poll():
                    going = listen.recv() is not None
        assert len(read(root / "stories")) == 3
