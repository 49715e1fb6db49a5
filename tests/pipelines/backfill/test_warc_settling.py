"""The second stage: the same rows whatever the order, the interruptions and the number of files."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.backfill.warc_settling import Settlement, settle
from pipelines.backfill.warc_tally import WarcTally
from pipelines.intake import STORY_INDEX, Draft, Intake, Settled, open_index
from pipelines.model import Fetched
from pipelines.raw import RawFile, RawRecord, encode, find_raw, read_raw
from pipelines.store import Store
from tests.pipelines.backfill.drafts import START, draft, output_of, own_text

RUN = "20261125T030000.000000Z-job"
STORY = own_text("the story that everybody tells")


class InterruptedRunError(Exception):
    pass


def run(root: Path, paths: Sequence[Path], *, stop_after: int | None = None, keep_raw: bool = False) -> Settlement:
    """Settles outputs in a data directory as the command does; stops as if killed after so many batches."""
    store = Store(root)
    batches = itertools.count(1)

    def on_batch(done: int, drafts: int) -> None:
        if next(batches) == stop_after:
            raise InterruptedRunError

    with store.lock():
        store.probe()
        store.heal()
        with open_index(store, root / STORY_INDEX) as index:
            raw = RawFile(root, RUN, store.files, lambda: START) if keep_raw else None
            intake = Intake(store, index, run_id=RUN, rules_version="rules-1", raw=raw)
            found = settle(paths, store, intake, run_id=RUN, started_at=START, on_batch=on_batch)
    assert found.ledger.imbalances() == {}
    return found


def rows(root: Path, table: str = "articles") -> list[dict[str, Any]]:
    store = Store(root)
    months: Iterator[Any] = getattr(store, table)()
    return [row for month in months for row in month.to_pylist()]


@pytest.fixture
def drafts() -> list[Draft]:
    """Forty reports of their own, and a story that four outlets tell one after the other."""
    own = [draft(number, source=f"outlet{number % 7}") for number in range(40)]
    copies = [draft(100 + n, hours=10 + n, text=STORY, source=name) for n, name in enumerate(("a", "b", "c", "d"))]
    return [*own, *copies]


def test_the_outlet_that_had_a_story_first_is_its_original_wherever_its_file_stands(
    tmp_path: Path, drafts: list[Draft]
) -> None:
    ways = {
        "one file": [drafts],
        "backwards": [drafts[::-1]],
        "three files": [drafts[2::3], drafts[::3], drafts[1::3]],
        "a file for each": [[one] for one in reversed(drafts)],
    }
    found = {}
    for way, files in ways.items():
        root = tmp_path / way
        root.mkdir()
        paths = [output_of(root / f"output{number}", *file) for number, file in enumerate(files)]
        settlement = run(root / "data", paths)
        found[way] = rows(root / "data"), rows(root / "data", "stories"), settlement.ledger.rows
        assert settlement.ledger.total().stored == settlement.drafts == len(drafts)
    assert all(one == found["one file"] for one in found.values())
    told = {row["source"]: row for row in found["one file"][0] if row["text"] == STORY}
    assert [told[name]["role"] for name in "abcd"] == ["original", "copy", "copy", "copy"]
    assert {row["story_id"] for row in told.values()} == {told["a"]["story_id"]}


@pytest.mark.parametrize("kills", [(1,), (3,), (1, 1, 2), (2, 3, 1, 4)])
def test_killed_and_begun_again_it_comes_to_the_same_rows_and_books(
    tmp_path: Path, drafts: list[Draft], monkeypatch: pytest.MonkeyPatch, kills: tuple[int, ...]
) -> None:
    monkeypatch.setattr("pipelines.backfill.warc_settling.BATCH", 5)
    monkeypatch.setattr("pipelines.backfill.warc_settling.FOLD_EVERY", 12)
    paths = [output_of(tmp_path / f"output{number}", *drafts[number::4]) for number in range(4)]
    whole = run(tmp_path / "whole", paths)
    for stop_after in kills:
        with pytest.raises(InterruptedRunError):
            run(tmp_path / "killed", paths, stop_after=stop_after)
    again = run(tmp_path / "killed", paths)
    for table in ("articles", "stories", "milestones"):
        assert rows(tmp_path / "killed", table) == rows(tmp_path / "whole", table)
    assert again.ledger.rows == whole.ledger.rows


def with_raw(one: Draft) -> Draft:
    """A draft with the raw record of a page that nobody reads here."""
    article = one.article
    page = Fetched(article.source, article.url, article.url, article.text.encode(), "", article.fetched_at, "ccnews")
    return replace(one, raw=encode(RawRecord(article.article_id, page, article.first_seen_at, "UTC")))


@pytest.mark.parametrize("after", ["raw records", "the journal"])
def test_killed_between_page_and_article_it_keeps_one_record_of_each_article(
    tmp_path: Path, drafts: list[Draft], monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    monkeypatch.setattr("pipelines.backfill.warc_settling.BATCH", 10)
    doubled = draft(3, source="outlet3", fetched_at=START.replace(day=9))  # another capture of a page
    paths = [output_of(tmp_path / name, *map(with_raw, part)) for name, part in (("1", drafts), ("2", [doubled]))]
    append = Store.append_many
    for batches in (1, 1):
        count = itertools.count()

        def killed(store: Store, batch: Any, count: Iterator[int] = count, batches: int = batches) -> None:
            last = next(count) == batches
            if not last or after == "the journal":
                append(store, batch)
            if last:
                raise InterruptedRunError

        with monkeypatch.context() as patched:
            patched.setattr(Store, "append_many", killed)
            with pytest.raises(InterruptedRunError):
                run(tmp_path / "data", paths, keep_raw=True)
    assert run(tmp_path / "data", paths, keep_raw=True).ledger.total().stored == len(drafts)
    articles = {row["article_id"]: row for row in rows(tmp_path / "data")}
    archive = find_raw(tmp_path / "data", articles)
    assert (archive.records, len(archive.places), archive.damaged) == (len(drafts), len(drafts), 0)
    for article_id, place in archive.places.items():
        kept = read_raw(place)
        assert kept.fetched.body.decode() == articles[article_id]["text"]
        assert kept.fetched.fetched_at == articles[article_id]["fetched_at"]


def test_large_pages_are_held_in_memory_a_few_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.backfill.warc_settling.BATCH_BYTES", 10_000)
    held: list[int] = []
    store = Intake.store

    def noted(intake: Intake, drafts: Sequence[Draft]) -> list[Settled]:
        held.append(len(drafts))
        return store(intake, drafts)

    monkeypatch.setattr(Intake, "store", noted)
    large = [replace(draft(number), raw=bytes(12_000)) for number in range(3)]
    small = [draft(number) for number in range(3, 9)]
    run(tmp_path / "data", [output_of(tmp_path / "output", *large, *small)])
    assert held == [1, 1, 1, 6]


def test_begun_again_when_all_is_done_it_changes_nothing(tmp_path: Path, drafts: list[Draft]) -> None:
    paths = [output_of(tmp_path / "output", *drafts)]
    first = run(tmp_path / "data", paths)
    before = rows(tmp_path / "data")
    second = run(tmp_path / "data", paths)
    assert rows(tmp_path / "data") == before
    assert second.ledger.rows == first.ledger.rows


def test_a_page_that_two_files_hold_is_stored_once_with_its_first_capture(tmp_path: Path) -> None:
    early, late = draft(1), draft(1, fetched_at=START.replace(day=9), first_seen_at=START.replace(day=9))
    paths = [output_of(tmp_path / "one", late), output_of(tmp_path / "two", early)]
    for _ in range(2):
        settlement = run(tmp_path / "data", paths)
        total = settlement.ledger.total()
        assert (total.pages, total.stored, total.duplicates) == (2, 1, 1)
    (row,) = rows(tmp_path / "data")
    assert row["fetched_at"] == early.article.fetched_at


def test_what_the_crawl_has_stored_before_is_a_duplicate(tmp_path: Path) -> None:
    store = Store(tmp_path / "data")
    with store.lock(), open_index(store, tmp_path / "data" / STORY_INDEX) as index:
        Intake(store, index, run_id="20211005T130000.000000Z", rules_version="rules-1").store([draft(1)])
        store.fold()
    total = run(tmp_path / "data", [output_of(tmp_path / "output", draft(1), draft(2))]).ledger.total()
    assert (total.stored, total.duplicates) == (1, 1)
    assert sorted(row["run_id"] for row in rows(tmp_path / "data")) == ["20211005T130000.000000Z", RUN]


def test_an_original_that_turns_up_late_becomes_the_face_of_its_story(tmp_path: Path) -> None:
    run(tmp_path / "data", [output_of(tmp_path / "one", draft(1, hours=30, text=STORY, source="copyist"))])
    (before,) = rows(tmp_path / "data", "stories")
    paths = [tmp_path / "one", output_of(tmp_path / "two", draft(2, hours=2, text=STORY, source="first"))]
    run(tmp_path / "data", paths)
    (after,) = rows(tmp_path / "data", "stories")
    assert (before["source"], after["source"]) == ("copyist", "first")
    assert after["story_id"] == before["story_id"]
    assert after["articles"] == 2


def test_one_text_at_many_addresses_of_an_outlet_is_no_article(tmp_path: Path) -> None:
    walls = [draft(number, text=STORY) for number in range(5)]
    for _ in range(2):
        total = run(tmp_path / "data", [output_of(tmp_path / "output", *walls)]).ledger.total()
        assert (total.stored, total.dropped) == (2, {"repeated_text": 3})


def test_the_counts_of_the_files_go_into_the_books_of_their_outlets(tmp_path: Path) -> None:
    paths = []
    for name in ("1", "2"):
        tally = WarcTally(records=9, truncated=1)
        tally.skipped["request"] += 4
        counts = tally.of("gazette")
        counts.pages, counts.off_topic, counts.dropped = 5, 3, {"cut": 2}
        paths.append(output_of(tmp_path / name, draft(int(name)), tally=tally))
    settlement = run(tmp_path / "data", paths)
    row = settlement.ledger.of("gazette")
    assert (row.pages, row.off_topic, row.dropped) == (10, 6, {"cut": 4})
    assert settlement.ledger.of("tribune").stored == 2
    assert (settlement.tally.records, settlement.tally.truncated, settlement.tally.skipped["request"]) == (20, 2, 8)
