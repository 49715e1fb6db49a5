"""Articles judged again: their verdicts and claims change, and nothing else of them ever does."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from rows import milestone
from scenarios import (
    AMENDED,
    NEW,
    Batch,
    article_ids,
    of_an_older_version,
    stored_for_real,
    story_ids,
    to_version_1,
    told,
    verdict,
)

from pipelines.schema import ARTICLES
from pipelines.store import RowRefused, Store, check, migrate, rebuild_stories
from pipelines.store.amend import VERDICT
from pipelines.store.journal import JOURNAL, encode
from pipelines.store.rows import row_of, to_rows
from pipelines.store.tables import amendments


@pytest.fixture
def store(tmp_path: Path) -> Store:
    stored_for_real(tmp_path / "data")
    return Store(tmp_path / "data")


def articles(store: Store) -> pd.DataFrame:
    return pd.read_parquet(store.root / "articles").set_index("article_id").sort_index()


def claims(store: Store) -> list[tuple[str, str]]:
    rows = (row for month in store.milestones(["claim_id", "article_id"]) for row in month.to_pylist())
    return sorted((row["claim_id"], row["article_id"]) for row in rows)


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.glob("*/year=*/*.parquet"))}


def test_another_verdict_changes_four_columns_and_leaves_the_rest(store: Store) -> None:
    before = articles(store)
    assert store.replace_verdicts("2021-10", {"a1": verdict("r2", "see1", "challenge"), "a4": verdict("r2")})
    after = articles(store)
    pd.testing.assert_frame_equal(after.drop(columns=list(VERDICT)), before.drop(columns=list(VERDICT)))
    assert list(after.loc["a1", "projects"]) == ["see1", "challenge"]
    assert after.loc["a1", "rules_version"] == "r2"
    assert list(after.loc["a4", "projects"]) == ["challenge"]  # it is of November
    assert {name for name in ARTICLES.schema.names if name in VERDICT} == set(VERDICT)


def test_the_same_verdict_again_changes_no_byte(store: Store) -> None:
    store.replace_verdicts("2021-10", {"a1": verdict("r2", "see1")})
    before = contents(store.root)
    assert not store.replace_verdicts("2021-10", {"a1": verdict("r2", "see1")})
    assert contents(store.root) == before


@pytest.mark.parametrize(
    "refused",
    [{"title": "Another headline"}, {"story_id": "s9"}, {"relevance": None}, {"projects": "challenge"}],
    ids=str,
)
def test_a_verdict_cannot_touch_what_was_read(store: Store, refused: dict[str, object]) -> None:
    before = contents(store.root)
    with pytest.raises(RowRefused):
        store.replace_verdicts("2021-10", {"a1": verdict("r2") | refused})
    assert contents(store.root) == before


def test_a_story_leaves_when_its_last_article_goes_off_topic_and_returns(store: Store) -> None:
    store.replace_verdicts("2021-10", {"a1": verdict("r2"), "a3": verdict("r2")})
    rebuilt = rebuild_stories(store)
    assert (rebuilt.stories, rebuilt.withdrawn, rebuilt.without_articles) == (2, 1, 0)
    assert sorted(story_ids(store)) == ["s1", "s3"]  # a2, a copy of a1, keeps s1
    assert sorted(article_ids(store)) == ["a1", "a2", "a3", "a4"]
    assert check(store.root, read_data=True).sound
    store.replace_verdicts("2021-10", {"a3": verdict("r3", "challenge")})
    assert rebuild_stories(store).changed == 1
    assert sorted(story_ids(store)) == ["s1", "s2", "s3"]


def test_a_story_that_should_have_left_is_found_and_repaired(store: Store) -> None:
    store.replace_verdicts("2021-10", {"a3": verdict("r2")})
    kinds = [problem.kind for problem in check(store.root, read_data=True).problems]
    assert kinds == ["event_waiting", "story_outdated"]
    assert store.outdated_stories() == ["s2"]
    assert check(store.root, read_data=True, repair=True).sound
    assert sorted(story_ids(store)) == ["s1", "s3"]


def test_a_copy_that_arrives_later_brings_its_story_back(store: Store) -> None:
    store.replace_verdicts("2021-10", {"a3": verdict("r2")})
    store.derive_stories()
    store.append_many(NEW[0])  # a copy of a3
    store.fold()
    assert "s2" in story_ids(store)


def test_claims_are_replaced_for_the_named_articles_only(store: Store) -> None:
    day = date(2021, 10, 5)
    store.append(told(9, 1, day), [milestone(9, published=day)])
    store.fold()
    assert claims(store) == [("c1", "a1"), ("c4", "a4"), ("c9", "a9")]
    found = [milestone(number, article_id="a1", published=day) for number in (12, 11, 11)]
    assert store.replace_claims("2021-10", ["a1"], found)
    assert claims(store) == [("c11", "a1"), ("c12", "a1"), ("c4", "a4"), ("c9", "a9")]
    before = contents(store.root)
    assert not store.replace_claims("2021-10", ["a1"], found)
    assert contents(store.root) == before


def test_a_claim_of_another_month_is_refused(store: Store) -> None:
    with pytest.raises(RowRefused, match="does not belong to 2021-10"):
        store.replace_claims("2021-10", ["a4"], [milestone(4, published=date(2021, 11, 3))])


def amend(store: Store, batch: Batch) -> None:
    store.amend([(row_of(article), claims) for article, claims in batch])


def test_an_amended_article_moves_to_its_month_with_its_claims_and_its_story(store: Store) -> None:
    amend(store, AMENDED)
    after = articles(store)
    assert sorted(after.index) == ["a1", "a2", "a3", "a4"]
    assert after.loc["a1", "date"] == date(2021, 9, 28)
    assert after.loc["a2", "title"] == "Film crew in orbit, read again"
    assert set(after["extractor"]) == {"test 1", "test 2"}
    assert claims(store) == [("c12", "a1")]
    september = store.months.read(ARTICLES, "2021-09").column("article_id").to_pylist()
    assert september == ["a1", "a2"]
    assert sorted(story_ids(store)) == ["s1", "s2", "s3"]
    assert check(store.root, read_data=True).sound


def test_the_same_amendment_again_changes_no_byte(store: Store) -> None:
    amend(store, AMENDED)
    before = contents(store.root)
    amend(store, AMENDED)
    assert contents(store.root) == before


def test_an_amendment_with_a_claim_of_another_day_is_refused(store: Store) -> None:
    before = contents(store.root)
    with pytest.raises(RowRefused, match="another day"):
        amend(store, [(AMENDED[0][0], [milestone(1, published=date(2021, 10, 5))])])
    assert contents(store.root) == before
    assert store.heal() == 0


def test_an_amendment_that_waits_is_one_after_a_migration(tmp_path: Path) -> None:
    root = tmp_path / "old"
    disk = of_an_older_version(root)
    (record,) = amendments([(row_of(AMENDED[1][0]), [])])
    del record["article"]["paywalled"]
    waiting = disk.contents(root)[JOURNAL].rpartition(b"\n")[0]  # without the torn record at its end
    disk.put(root / JOURNAL, waiting + b"\n" + encode(record | {"schema_version": 0}))
    migrate(root, files=disk, migrations={0: to_version_1})
    store = Store(root, files=disk)
    store.heal()
    titles = {row["article_id"]: row["title"] for month in store.articles() for row in to_rows(month)}
    assert titles["a2"] == "Film crew in orbit, read again"


def test_an_append_overwrites_nothing_where_an_amendment_does(store: Store) -> None:
    store.append_many(AMENDED)
    store.fold()
    assert set(articles(store)["extractor"]) == {"test 1"}


def test_nothing_is_written_where_there_is_nothing(store: Store) -> None:
    assert not store.replace_claims("2021-10", [], [])
    assert not store.replace_claims("1999-01", ["a1"], [])
    assert not store.replace_verdicts("1999-01", {"a1": verdict("r2")})
    assert not (store.root / "milestones" / "year=1999").exists()
