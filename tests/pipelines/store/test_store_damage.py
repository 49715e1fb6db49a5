"""Bad disks and clumsy hands: flipped bits, cut files, strangers in the folders."""

import multiprocessing
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from memory_files import dice
from scenarios import BEFORE, EVENTS, NEW, RUN, article_ids, story_ids, told

from pipelines.schema import ARTICLES, STORIES, TABLES
from pipelines.store import Store, StoreDamaged, StoreError, check, rebuild_stories
from pipelines.store.journal import JOURNAL
from pipelines.store.months import to_parquet
from pipelines.store.rows import row_of, to_rows, to_table


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "data")
    store.append_many(BEFORE)
    for batch in NEW:
        store.append_many(batch)
    store.fold()
    store.write_runs([RUN])
    store.replace_events(EVENTS)
    return store


def kinds(store: Store, **options: bool) -> list[str]:
    """What is wrong, apart from the events, which here nobody makes."""
    found = check(store.root, **options).problems
    return [problem.kind for problem in found if problem.kind != "event_waiting"]


def test_a_sound_store(store: Store) -> None:
    report = check(store.root, read_data=True)
    assert [problem.kind for problem in report.problems] == ["event_waiting"]
    assert report.sound
    assert report.rows == {"articles": 8, "stories": 5, "milestones": 3, "events": 1, "runs": 1}
    assert report.files == 12


def misread(root: Path, name: str, content: bytes, flips: int, report: Path) -> None:
    """Flips one bit at a time; writes down those after which the file was read without complaint and gave other rows."""
    store, path = Store(root), root / name
    table, stem = TABLES[name.split("/", maxsplit=1)[0]], path.stem
    right = store.months.read(table, stem)
    chance, wrong = dice(11), []
    for _ in range(flips):
        at, bit = chance.randrange(len(content)), chance.randrange(8)
        broken = bytearray(content)
        broken[at] ^= 1 << bit
        path.write_bytes(broken)
        try:
            if not store.months.read(table, stem).equals(right):
                wrong.append((at, bit))
        except StoreError:
            continue
    path.write_bytes(content)
    report.write_text(repr(wrong))


@pytest.mark.parametrize("name", ["articles/year=2021/2021-10.parquet", "stories/year=2020/2020-09.parquet"])
def test_a_flipped_bit_is_noticed_or_harmless(
    store: Store, name: str, tmp_path: Path, thorough: bool, count: Callable[[str, int], None]
) -> None:
    """In a process of its own, since what a broken footer does to a reader is not ours to say."""
    content, flips = (store.root / name).read_bytes(), 5000 if thorough else 300
    process = multiprocessing.get_context("spawn").Process(
        target=misread, args=(store.root, name, content, flips, tmp_path / "report")
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    assert (tmp_path / "report").read_text() == "[]"
    count(f"flipped bits: {name.partition('/')[0]}", flips)


def test_a_cut_file_is_noticed(store: Store, thorough: bool, count: Callable[[str, int], None]) -> None:
    path = store.months.path(ARTICLES, "2021-10")
    content = path.read_bytes()
    lengths = range(0, len(content), 7 if thorough else len(content) // 40)
    for length in lengths:
        path.write_bytes(content[:length])
        with pytest.raises(StoreDamaged, match="orbitwatch check --repair"):
            store.months.read(ARTICLES, "2021-10")
    count("files cut short", len(lengths))


def test_damage_stops_a_fold_and_the_journal_keeps_the_rows(store: Store) -> None:
    path = store.months.path(ARTICLES, "2021-10")
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    store.append(told(20, 20, date(2021, 10, 20)))
    with pytest.raises(StoreDamaged):
        store.fold()
    path.write_bytes(content)
    assert store.heal() == 1
    assert "a20" in article_ids(store)


def test_repair_keeps_what_can_be_read_and_the_stories_of_what_cannot(store: Store) -> None:
    path = store.months.path(ARTICLES, "2021-10")
    path.write_bytes(b"PAR1" + bytes(500) + b"PAR1")
    before = sorted(story_ids(store))
    report = check(store.root, repair=True)
    assert [(problem.kind, bool(problem.repaired)) for problem in report.problems] == [
        ("damaged", True),
        ("story_without_articles", False),
        ("milestone_without_article", False),
        ("event_waiting", False),
    ]
    assert len(report.quarantined) == 1
    assert report.quarantined[0].startswith("articles-2021-10-")
    assert sorted(story_ids(store)) == before
    assert pd.read_parquet(store.root / "articles")["article_id"].is_unique
    assert rebuild_stories(store).without_articles == 1


def test_salvage_takes_the_sound_row_groups(store: Store) -> None:
    day = date(2021, 10, 1)
    rows = to_table(ARTICLES, [row_of(told(number, number, day, text=f"Text {number}")) for number in range(12_000)])
    path = store.months.path(ARTICLES, "2021-10")
    data = bytearray(to_parquet(ARTICLES, rows).to_pybytes())
    data[60] ^= 0xFF
    path.write_bytes(data)
    check(store.root, repair=True)
    assert store.months.read(ARTICLES, "2021-10").num_rows == 2_000


def test_strangers_are_named_and_moved_out(store: Store) -> None:
    strangers = [
        store.root / "stories/README.md",
        store.root / "stories/year=2021/.DS_Store",
        store.root / "stories/year=2021/2020-01.parquet",
        store.root / "articles/backup/2021-10.parquet",
    ]
    for path in strangers:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"anything")
    assert kinds(store) == ["foreign"] * 4
    report = check(store.root, repair=True)
    assert report.sound
    assert len(report.quarantined) == 4
    assert kinds(store, read_data=True) == []


def test_stories_that_disagree_with_their_articles_are_derived_again(store: Store) -> None:
    months = store.months
    november = to_rows(months.read(STORIES, "2021-11"))
    changed = [november[0] | {"title": "By hand"}]
    months.write(STORIES, "2021-11", to_table(STORIES, changed))
    months.write(STORIES, "2020-09", to_table(STORIES, [*to_rows(months.read(STORIES, "2020-09")), *november]))
    assert set(kinds(store, read_data=True)) == {"wrong_month", "duplicate", "story_outdated"}
    assert check(store.root, read_data=True, repair=True).sound
    assert kinds(store, read_data=True) == []


def test_what_does_not_fit_together_is_named(store: Store) -> None:
    months = store.months
    october = to_rows(months.read(ARTICLES, "2021-10"))
    months.write(ARTICLES, "2021-10", to_table(ARTICLES, [october[0], *october[:-1]]))
    store.replace_events([EVENTS[0] | {"story_id": "s99"}])
    found = kinds(store)
    assert "duplicate" in found
    assert "event_without_story" in found


def test_an_unsorted_month_is_named(store: Store) -> None:
    by_title = replace(STORIES, sorted_by=("title",))
    rows = [row | {"title": f"{9 - n}"} for n, row in enumerate(to_rows(store.months.read(STORIES, "2021-11")))]
    assert len(rows) == 2
    store.months.path(STORIES, "2021-11").write_bytes(to_parquet(by_title, to_table(STORIES, rows)).to_pybytes())
    assert "unsorted" in kinds(store)


def test_a_waiting_and_a_damaged_journal(store: Store) -> None:
    store.append(told(30, 30, date(2021, 10, 30)))
    journal = store.root / JOURNAL
    journal.write_bytes(b"00000000 {}\n" + journal.read_bytes() + b"cut sho")
    assert kinds(store) == ["journal_waiting", "journal_damaged"]
    report = check(store.root, repair=True)
    assert report.sound
    assert "a30" in article_ids(store)
    assert [path.read_bytes() for path in (store.root / ".damaged").iterdir()] == [b"00000000 {}\n"]


def test_a_read_only_copy_can_be_checked(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the refusal is played: the lock file cannot be opened."""

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    shutil.rmtree(store.root / ".state")
    monkeypatch.setattr("os.open", refuse)
    assert check(store.root, read_data=True).sound
    with pytest.raises(StoreError, match="Permission denied"):
        check(store.root, repair=True)


def test_stories_without_events_are_named_and_need_a_person_where_no_run_knows_of_them(store: Store) -> None:
    waiting = check(store.root)
    assert [(problem.kind, problem.detail) for problem in waiting.problems] == [
        ("event_waiting", "4 stories get their event by the next run, for example s2")
    ]
    assert waiting.sound
    store.mark_related({"2021-10", "2021-11"})
    assert [(problem.kind, problem.detail[:9]) for problem in check(store.root).problems] == [
        ("event_waiting", "1 stories"),
        ("story_without_event", "3 stories"),
    ]
    assert not check(store.root).sound


def test_a_repair_has_made_what_follows_from_the_tables(store: Store) -> None:
    store.mark_related(store.unrelated_months())
    store.months.path(STORIES, "2021-11").write_bytes(b"")
    given = []

    def derive(mended: Store, problems: object) -> None:
        given.append((problems, sorted(story_ids(mended))))
        mended.replace_events([EVENTS[0] | {"story_id": id_} for id_ in story_ids(mended)])

    report = check(store.root, repair=True, derive=derive)
    assert given == [([replace(problem, repaired="") for problem in report.problems], ["s1", "s2", "s3", "s4", "s5"])]
    assert report.sound
    assert {problem.kind: problem.repaired for problem in report.problems}[
        "story_without_event"
    ] == "derived again from the stories"
    assert check(store.root, read_data=True).problems == ()
