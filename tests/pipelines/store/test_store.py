"""What a store does when nothing goes wrong, and what it refuses."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from scenarios import BEFORE, EVENTS, RUN, article_ids, claim, story_ids, told

from pipelines.model import SCHEMA_VERSION, Article
from pipelines.schema import ARTICLES, RUNS, STORIES, TABLES
from pipelines.store import (
    Folded,
    RowRefused,
    Store,
    StoreDamaged,
    StoreFault,
    StoreForeign,
    StoreTooNew,
    StoreTooOld,
    check,
)
from pipelines.store.marker import MARKER, TABLE_NAMES
from pipelines.store.rows import to_rows

LAUNCH, LANDING = date(2021, 10, 5), date(2021, 10, 17)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def contents(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(root.rglob("*.parquet"))}


def test_a_run_from_journal_to_stories(store: Store) -> None:
    with store.lock():
        store.probe()
        assert store.heal() == 0
        store.append(told(1, 1, LAUNCH), [claim(1, LAUNCH)])
        store.append_many([(told(2, 1, LANDING, source="gazette"), []), (told(3, 2, LANDING), [])])
        assert store.fold() == Folded(articles=3, milestones=1, stories=2, files=3)
    frame = pd.read_parquet(store.root / "stories")
    assert list(frame["story_id"]) == ["s1", "s2"]
    assert list(frame["articles"]) == [2, 1]
    assert list(frame["sources"]) == [2, 1]
    assert not (store.root / ".journal.jsonl").exists()


def test_what_was_appended_comes_back_as_it_was(store: Store) -> None:
    article = told(
        1, 1, LAUNCH, text="Съёмки 挑战\x00 \u2028 “quoted” \\ \n" * 3, authors=(), projects=("challenge", "x"), summary="",
        published_at=datetime(2021, 10, 5, 8, 55, 2, 123456, UTC), matched_article_id="a0", revision=32767,
    )  # fmt: skip
    store.append(article)
    store.fold()
    [row] = to_rows(next(store.articles()))
    back = Article(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
    assert replace(back, similarity=1.0, relevance=0.9) == article
    assert back.relevance == pytest.approx(0.9)


def test_a_very_long_text(store: Store) -> None:
    store.append(told(1, 1, LAUNCH, text="слово " * 500_000))
    store.fold()
    assert len(next(store.articles(["text"])).column("text")[0].as_py()) == 3_000_000


def test_the_same_again_changes_no_byte(store: Store) -> None:
    store.append_many(BEFORE)
    store.fold()
    before = contents(store.root)
    later = [
        (replace(article, fetched_at=article.fetched_at + timedelta(days=1)), claims) for article, claims in BEFORE
    ]
    store.append_many(later)
    assert store.fold() == Folded()
    assert Store(store.root).heal() == 0
    assert contents(store.root) == before


def test_the_bytes_do_not_depend_on_the_order(tmp_path: Path) -> None:
    one, other = Store(tmp_path / "one"), Store(tmp_path / "other")
    one.append_many(BEFORE)
    one.fold()
    for article, claims in reversed(BEFORE):
        other.append(article, claims)
        other.fold()
    assert list(contents(one.root).values()) == list(contents(other.root).values())


def test_an_earlier_article_moves_its_story_to_another_month(store: Store) -> None:
    store.append_many([(told(1, 1, LAUNCH, title="Launched"), []), (told(2, 2, LAUNCH), [])])
    store.fold()
    store.append(told(3, 1, date(2020, 9, 22), title="Announced"))
    assert store.fold() == Folded(articles=1, stories=1, files=3)
    frame = pd.read_parquet(store.root / "stories").set_index("story_id")
    assert frame.loc["s1", "title"] == "Announced"
    assert frame.loc["s1", "articles"] == 2
    assert len(frame) == 2


def test_a_month_that_loses_its_last_row_stays_readable(store: Store) -> None:
    store.append(told(1, 1, LAUNCH))
    store.fold()
    store.append(told(2, 1, date(2020, 9, 22)))
    store.fold()
    assert store.months.read(STORIES, "2021-10").num_rows == 0
    assert len(pd.read_parquet(store.root / "stories")) == 1
    assert check(store.root).sound


def test_the_stored_version_of_an_article_is_never_overwritten(store: Store) -> None:
    store.append(told(1, 1, LAUNCH, title="First"))
    store.fold()
    store.append(told(1, 1, date(2021, 11, 5), title="Second"))
    store.fold()
    assert list(pd.read_parquet(store.root / "articles")["title"]) == ["First"]


def test_files_carry_their_schema_order_and_checksums(store: Store) -> None:
    store.append_many(BEFORE)
    store.fold()
    path = store.root / "articles" / "year=2021" / "2021-10.parquet"
    file = pq.ParquetFile(path)
    assert file.schema_arrow.metadata[b"schema_version"] == str(SCHEMA_VERSION).encode()
    assert file.schema_arrow.field("date").metadata[b"description"].startswith(b"Day of publication")
    column = file.metadata.row_group(0).column(ARTICLES.schema.get_field_index("text"))
    assert column.compression == "ZSTD"
    assert column.has_column_index
    names = [
        file.schema_arrow.names[sorted_by.column_index] for sorted_by in file.metadata.row_group(0).sorting_columns
    ]
    assert names == list(ARTICLES.sorted_by)


def test_runs_are_kept_by_day_and_a_later_record_takes_the_earlier_ones_place(store: Store) -> None:
    store.write_runs([RUN, replace(RUN, source="gazette")])
    store.write_runs(
        [replace(RUN, requests=7), replace(RUN, run_id="r2", started_at=RUN.started_at + timedelta(days=1))]
    )
    assert store.months.stems(RUNS) == ["2021-10-05", "2021-10-06"]
    rows = to_rows(store.months.read(RUNS, "2021-10-05"))
    assert [(row["source"], row["requests"], row["dropped"]) for row in rows] == [
        ("gazette", 0, {"no_date": 2}),
        ("tribune", 7, {"no_date": 2}),
    ]
    store.write_runs([])


def test_derived_tables_are_replaced_as_a_whole(store: Store) -> None:
    store.replace_events([*EVENTS, EVENTS[0] | {"story_id": "s2"}])
    before = contents(store.root)
    store.replace_events([*EVENTS, EVENTS[0] | {"story_id": "s2"}])
    assert contents(store.root) == before
    store.replace_events(EVENTS)
    assert list(pd.read_parquet(store.root / "events")["story_id"]) == ["s1"]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"text": "half a pair \ud800"}, "surrogates not allowed"),
        ({"title": None}, "title may not be empty"),
        ({"first_seen_at": datetime(2021, 10, 5)}, "has no zone"),  # noqa: DTZ001 (the fault under test)
        ({"revision": 40_000}, "int16"),
        ({"relevance": float("nan")}, "JSON compliant"),
        ({"word_count": "many"}, "word_count"),
        ({"authors": (1, 2)}, "authors"),
        ({"date": None}, "date may not be empty"),
    ],
)
def test_a_row_that_could_not_be_stored_later_is_refused_now(
    store: Store, said: dict[str, object], complaint: str
) -> None:
    with pytest.raises(RowRefused, match=complaint):
        store.append(replace(told(1, 1, LAUNCH), **said))
    assert store.fold() == Folded()


def test_nothing_is_written_before_there_is_something(store: Store) -> None:
    store.probe()
    store.append_many([])
    assert store.fold() == Folded()
    assert {path.name for path in store.root.iterdir()} == {".lock", ".orbitwatch.json", ".tmp"}
    assert list(store.stories()) == []


def test_the_cache_may_be_deleted_damaged_or_left_behind(store: Store) -> None:
    store.append_many(BEFORE)
    store.fold()
    cache = store.root / ".state" / "places.sqlite"
    old = cache.read_bytes()
    for number, spoil in enumerate(
        [
            cache.unlink,
            lambda: cache.write_bytes(b"no database" * 999),
            lambda: cache.write_bytes(old),
            lambda: cache.write_bytes(old[:5000]),
        ]
    ):
        spoil()
        store = Store(store.root)
        store.append_many([(told(50 + number, 1, date(2021, 8, 30) - timedelta(days=40 * number)), []), BEFORE[0]])
        store.fold()
        assert len(set(article_ids(store))) == len(article_ids(store)) == 5 + number
        assert len(set(story_ids(store))) == len(story_ids(store)) == 3
    assert check(store.root, read_data=True).sound


def test_a_directory_that_cannot_be_written_is_noticed_before_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the directory should be")
    with pytest.raises(StoreFault, match="cannot lock"):
        Store(tmp_path / "data").probe()


@pytest.mark.parametrize("name", ["notes.txt", "year=2021/2021-10.parquet"])
def test_a_foreign_directory_is_refused(store: Store, name: str) -> None:
    path = store.root / "stories" / name
    path.parent.mkdir(parents=True)
    path.write_text("someone else's")
    with pytest.raises(StoreForeign):
        store.probe()
    assert not (store.root / MARKER).exists()


def test_a_copy_without_its_dot_files_is_still_a_store(store: Store) -> None:
    store.append_many(BEFORE)
    store.fold()
    (store.root / MARKER).unlink()
    Store(store.root).probe()
    assert json.loads((store.root / MARKER).read_text())["schema_version"] == SCHEMA_VERSION


@pytest.mark.parametrize(
    ("marker", "error", "advice"),
    [
        (b'{"schema_version": 0}', StoreTooOld, "run `orbitwatch migrate`"),
        (b'{"schema_version": 2}', StoreTooNew, "newer version"),
        (b"[]", StoreForeign, "does not mark a store"),
        (b"\xff", StoreForeign, "does not mark a store"),
    ],
)
def test_another_version_is_refused_before_anything_is_written(
    store: Store, marker: bytes, error: type[Exception], advice: str
) -> None:
    store.root.mkdir()
    (store.root / MARKER).write_bytes(marker)
    for attempt in (store.probe, store.heal, store.fold, lambda: store.append(told(1, 1, LAUNCH))):
        with pytest.raises(error, match=advice):
            attempt()
    assert {path.name for path in store.root.iterdir()} == {".lock", MARKER}


def test_a_file_of_another_version_is_never_touched(store: Store) -> None:
    store.append_many(BEFORE)
    store.fold()
    path = store.months.path(ARTICLES, "2021-10")
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.replace_schema_metadata({b"schema_version": b"2"}), path)
    before = path.read_bytes()
    store.append(told(9, 1, LAUNCH))
    with pytest.raises(StoreTooNew):
        store.fold()
    pq.write_table(table.replace_schema_metadata({}), path)
    with pytest.raises(StoreDamaged, match="names no schema version"):
        store.fold()
    path.write_bytes(before)


def test_the_marker_knows_what_the_schema_says() -> None:
    assert sorted(TABLES) == list(TABLE_NAMES)


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("s.probe(); s.heal(); s.fold()", {"pyarrow", "pandas"}),
        (
            "s.append(told(1, 1, date(2021, 10, 5))); s.fold(); s.append(told(2, 1, date(2020, 9, 22))); s.fold()",
            {"pandas"},
        ),
    ],
)
def test_nothing_heavy_is_loaded_for_nothing(tmp_path: Path, code: str, absent: set[str]) -> None:
    told_here = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from dataclasses import replace; from datetime import date; from pathlib import Path\n"
        "from pipelines.store import Store\n"
        "from rows import article\n"
        "told = lambda number, story, day: replace(article(number), story_id=f's{story}', date=day)\n"
        f"s = Store(Path({str(tmp_path / 'data')!r}))\n{code}\n"
        f"assert not {absent!r} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", told_here], check=True)
