"""What the store does in a day, as small plays: a beginning, an act that trouble may strike, and what must hold afterwards."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from memory_files import Killed, MemoryFiles
from rows import article, milestone

from pipelines.model import Article, Milestone, SourceRun
from pipelines.schema import TABLES
from pipelines.store import Store, check, migrate, rebuild_stories
from pipelines.store.journal import JOURNAL, decode, encode
from pipelines.store.rows import row_of, to_rows, to_table

Batch = list[tuple[Article, list[Milestone]]]


def told(number: int, story: int, day: date, **said: object) -> Article:
    """An article of a story, published at noon of a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    said = {"story_id": f"s{story}", "date": day, "published_at": noon, "first_seen_at": noon} | said
    return article(number, **said)


def claim(number: int, day: date) -> Milestone:
    return milestone(number, published=day)


# The race: a launch in October 2021, told again and again, and first announced long before.
BEFORE: Batch = [
    (told(1, 1, date(2021, 10, 5)), [claim(1, date(2021, 10, 5))]),
    (told(2, 1, date(2021, 10, 6), source="gazette"), []),
    (told(3, 2, date(2021, 10, 17)), []),
    (told(4, 3, date(2021, 11, 3)), [claim(4, date(2021, 11, 3))]),
]
# A copy; an older article, by which story 1 moves to September; a new month; a new year; a late claim.
NEW: list[Batch] = [
    [(told(5, 2, date(2021, 10, 18), source="gazette"), [])],
    [(told(6, 1, date(2021, 9, 30)), []), (told(7, 4, date(2021, 11, 4)), [claim(7, date(2021, 11, 4))])],
    [(told(8, 5, date(2020, 9, 22)), []), (told(3, 2, date(2021, 10, 17)), [])],
]
RUN = SourceRun("r1", datetime(2021, 10, 5, 4, tzinfo=UTC), "tribune", outcome="ok", dropped={"no_date": 2})
EVENTS = [{"event_id": "s1", "story_id": "s1", "date": date(2021, 9, 30), "confidence": 0.5, "why": "launch"}]


@dataclass
class Play:
    """One scenario.

    Attributes:
        begin: makes what is there before.
        act: does the work with a store; adds to the set what has been acknowledged.
        readable: whether plain readers must succeed before, during and after.
        heals: whether `heal` alone, at any moment, must be enough to have everything acknowledged in the tables.
        ids: articles that are acknowledged before.
    """

    begin: Callable[[Path], MemoryFiles]
    act: Callable[[Store, set[str]], None]
    readable: bool = True
    heals: bool = True
    ids: set[str] = field(default_factory=set)


CHANGES = {"open", "write", "fsync", "fsync_dir", "replace", "truncate", "unlink", "mkdir", "rmdir"}
"""Calls after which the disk may be another; at each of them the process may die."""


def die_at(disk: MemoryFiles, number: int) -> None:
    """The process ends at the n-th point at which something changes."""
    points = itertools.count(1)

    def trouble(operation: str, phase: str) -> None:
        if operation in CHANGES and next(points) == number:
            raise Killed

    disk.trouble = trouble


def new_disk(root: Path) -> MemoryFiles:
    disk = MemoryFiles()
    disk.make_root(root)
    return disk


def stored(root: Path) -> MemoryFiles:
    """A store with the first articles."""
    disk = new_disk(root)
    store = Store(root, files=disk)
    store.append_many(BEFORE)
    store.fold()
    return disk


def stored_for_real(root: Path) -> set[str]:
    """The same on a real disk; gives the ids of its articles."""
    store = Store(root)
    store.append_many(BEFORE)
    store.fold()
    return {article.article_id for article, _ in BEFORE}


def fresh(root: Path) -> MemoryFiles:
    return new_disk(root)


def commit(store: Store, acknowledged: set[str]) -> None:
    """A whole run: heal, take in, fold."""
    with store.lock():
        store.heal()
        for batch in NEW:
            store.append_many(batch)
            acknowledged.update(article.article_id for article, _ in batch)
        store.fold()


def left_by_a_kill(root: Path) -> MemoryFiles:
    """A journal that was never folded and ends in the middle of a record, and rubbish in the staging folder."""
    disk = stored(root)
    store = Store(root, files=disk)
    for batch in NEW:
        store.append_many(batch)
    journal = disk.contents(root)[JOURNAL]
    disk.put(root / JOURNAL, journal + journal[: len(journal) // 7])
    disk.put(root / ".tmp/new/year=1999/1999-01.parquet", b"PAR1")
    return disk


def heal(store: Store, acknowledged: set[str]) -> None:
    store.heal()


def with_wrong_stories(root: Path) -> MemoryFiles:
    """Stories that are not what the articles say: one changed, one in a wrong month, one missing."""
    disk = left_by_a_kill(root)
    store = Store(root, files=disk)
    store.heal()
    table = TABLES["stories"]
    october = store.months.read(table, "2021-10")
    store.months.write(table, "2021-10", october.slice(0, 0))
    store.months.write(table, "2020-09", october)
    november = to_rows(store.months.read(table, "2021-11"))
    store.months.write(table, "2021-11", to_table(table, [november[0] | {"title": "Changed by hand"}]))
    return disk


def rebuild(store: Store, acknowledged: set[str]) -> None:
    rebuild_stories(store)


def of_an_older_version(root: Path) -> MemoryFiles:
    """A store of version 0, in which articles had no `paywalled` yet; a journal record of that version waits."""
    disk = left_by_a_kill(root)
    for name, data in disk.contents(root).items():
        if name.endswith(".parquet") and not name.startswith("."):
            disk.put(root / name, as_version_0(data))
    disk.put(root / ".orbitwatch.json", b'{"format": "orbitwatch store", "schema_version": 0}\n')
    records = decode(disk.contents(root)[JOURNAL]).records
    for record in records:
        record["schema_version"] = 0
        del record["article"]["paywalled"]
    disk.put(root / JOURNAL, b"".join(map(encode, records)))
    return disk


def as_version_0(data: bytes) -> bytes:
    table = pq.read_table(pa.BufferReader(data))
    if "paywalled" in table.column_names:
        table = table.drop_columns(["paywalled"])
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {b"schema_version": b"0"}), sink)
    return sink.getvalue().to_pybytes()


def to_version_1(table: str, row: dict[str, object]) -> dict[str, object]:
    return row | {"paywalled": False} if table == "articles" else row


def migration(store: Store, acknowledged: set[str]) -> None:
    migrate(store.root, files=store.files, migrations={0: to_version_1})
    store.heal()


def broken(root: Path) -> MemoryFiles:
    """A month of stories cut short, a month of articles with a bad page, a stranger, and a waiting journal."""
    disk = left_by_a_kill(root)
    contents = disk.contents(root)
    stories = contents["stories/year=2021/2021-11.parquet"]
    disk.put(root / "stories/year=2021/2021-11.parquet", stories[: len(stories) // 2])
    articles = bytearray(contents["articles/year=2021/2021-11.parquet"])
    articles[60] ^= 0xFF
    disk.put(root / "articles/year=2021/2021-11.parquet", bytes(articles))
    disk.put(root / "stories/README.md", b"not a table")
    return disk


def repair(store: Store, acknowledged: set[str]) -> None:
    check(store.root, read_data=True, repair=True, files=store.files)


def verdict(rules: str, *projects: str) -> dict[str, object]:
    return {"projects": list(projects), "relevance": 0.6, "matched_terms": ["crew"], "rules_version": rules}


def judge_again(store: Store, acknowledged: set[str]) -> None:
    """By newer rules story 3 is off topic, story 2 has another project, and article 1 makes another claim."""
    said = {"a3": verdict("r2", "see1"), "a4": verdict("r2"), "a5": verdict("r2", "see1")}
    with store.lock():
        store.heal()
        for month in ("2020-09", "2021-09", "2021-10", "2021-11"):
            store.replace_verdicts(month, said)
        store.replace_claims(
            "2021-10", ["a1", "a2", "a3"], [milestone(11, article_id="a1", published=date(2021, 10, 5))]
        )
        store.replace_claims("2021-11", ["a4"], [])
        store.derive_stories()


def amended(batch: Batch, number: int, day: date, **said: object) -> Article:
    """An article of a batch as a newer extractor reads it."""
    before = next(article for article, _ in batch if article.article_id == f"a{number}")
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return replace(before, date=day, published_at=noon, extractor="test 2", **said)


# Article 1 was published in another month, and claims something else; 2 follows it there; 4 has another text, and claims nothing.
AMENDED: Batch = [
    (amended(BEFORE, 1, date(2021, 9, 28)), [milestone(12, article_id="a1", published=date(2021, 9, 28))]),
    (amended(BEFORE, 2, date(2021, 9, 29), title="Film crew in orbit, read again"), []),
    (amended(BEFORE, 4, date(2021, 11, 3), text="A film crew works aboard."), []),
]


def read_again(store: Store, acknowledged: set[str]) -> None:
    with store.lock():
        store.heal()
        store.amend([(row_of(article), claims) for article, claims in AMENDED])


def bookkeeping(store: Store, acknowledged: set[str]) -> None:
    """Runs and events, which are replaced and not folded."""
    with store.lock():
        store.write_runs([RUN])
        store.write_runs([replace(RUN, requests=3), replace(RUN, source="gazette")])
        store.replace_events(EVENTS)
        store.replace_events([EVENTS[0] | {"date": date(2021, 10, 5)}])


_BEFORE = {article.article_id for article, _ in BEFORE}
_ALL = _BEFORE | {article.article_id for batch in NEW for article, _ in batch}

PLAYS: dict[str, Play] = {
    "first commit": Play(fresh, commit),
    "commit": Play(stored, commit, ids=_BEFORE),
    "heal": Play(left_by_a_kill, heal, ids=_ALL),
    "rebuild": Play(with_wrong_stories, rebuild, ids=_ALL),
    "judge again": Play(left_by_a_kill, judge_again, ids=_ALL),
    "read again": Play(left_by_a_kill, read_again, ids=_ALL),
    "migrate": Play(of_an_older_version, migration, heals=False, ids=_ALL),
    "repair": Play(broken, repair, readable=False, heals=False, ids=_ALL - {"a4"}),
    "runs and events": Play(stored, bookkeeping, ids=_BEFORE),
}


def article_ids(store: Store) -> list[str]:
    return [id_ for month in store.articles(["article_id"]) for id_ in month.column("article_id").to_pylist()]


def story_ids(store: Store) -> list[str]:
    return [id_ for month in store.stories(["story_id"]) for id_ in month.column("story_id").to_pylist()]


def read_by_pandas(disk: MemoryFiles, root: Path, target: Path) -> None:
    """What an analyst does at this instant works, and shows no id twice."""
    disk.dump(root, target)
    for name in ("stories", "articles"):
        if (target / name).exists():
            frame = pd.read_parquet(target / name)
            key = TABLES[name].key[0]
            assert key in frame.columns
            assert frame[key].is_unique, name


def tables(disk: MemoryFiles, root: Path) -> dict[str, bytes]:
    """The files that readers see."""
    return {name: data for name, data in disk.contents(root).items() if not name.startswith(".")}
