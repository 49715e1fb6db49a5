from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from pipelines.analysis import load_articles, revisions
from pipelines.store import Store
from tests.pipelines.rows import article

LIFT_OFF = "An actress and a director left Baikonur at 11.55 Moscow time. They are to film for 12 days."
DOCKED = LIFT_OFF + " The commander docked the ship by hand."
CORRECTED = DOCKED.replace("12 days", "twelve days")


def at(hour: int) -> datetime:
    return datetime(2021, 10, 5, hour, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One address with three versions, the second under another spelling of it; and one that never changed."""
    store = Store(tmp_path)
    address = "https://tribune.example/film-crew"
    update = {"story_id": "s1", "role": "update"}
    store.append(article(1, canonical_url=address, title="Film crew lifts off", text=LIFT_OFF, fetched_at=at(10)))
    store.append(
        article(
            3, canonical_url=address, title="Film crew docks", text=CORRECTED, fetched_at=at(19), revision=2, **update
        )
    )
    store.append(
        article(
            2,
            canonical_url=f"http://m.{address[8:]}/?utm_source=rss",
            title="Film crew docks",
            text=DOCKED,
            fetched_at=at(14),
            revision=1,
            **update,
        )
    )
    store.append(article(9, canonical_url="https://gazette.example/film-crew", source="gazette"))
    store.fold()
    return tmp_path


def test_each_update_says_what_stood_there_before(data: Path) -> None:
    found = revisions(load_articles(data))
    assert list(found["revision"]) == [1, 2]
    first, second = found.to_dict("records")
    assert (first["title_before"], first["title"], first["title_changed"]) == (
        "Film crew lifts off",
        "Film crew docks",
        True,
    )
    assert (first["seen_before"], first["seen"]) == (pd.Timestamp(at(10)), pd.Timestamp(at(14)))
    assert (first["source"], first["story_id"]) == ("tribune", "s1")
    assert not second["title_changed"]


def test_the_share_of_changed_text_is_that_of_words(data: Path) -> None:
    added, corrected = revisions(load_articles(data)).to_dict("records")
    assert added["words"] - added["words_before"] == 7  # "The commander docked the ship by hand"
    assert added["text_changed"] == pytest.approx(7 / added["words"])
    assert corrected["text_changed"] == pytest.approx(1 / corrected["words"])


def test_words_that_only_moved_are_no_change_and_chinese_counts_by_the_character(data: Path) -> None:
    articles = load_articles(data).head(1)
    moved = articles.assign(text=" ".join(reversed(LIFT_OFF.split())), revision=1, fetched_at=at(20))
    assert revisions(pd.concat([articles, moved]))["text_changed"].item() == 0
    chinese = [articles.assign(text=text, revision=n) for n, text in enumerate(["女演员升空", "女演员返回"])]
    assert revisions(pd.concat(chinese))["text_changed"].item() == pytest.approx(2 / 5)


def test_words_are_counted_as_articles_count_them(data: Path) -> None:
    articles = load_articles(data).head(1)
    hindi = [articles.assign(text=text, revision=n) for n, text in enumerate(["फिल्म दल लौटा", "रूसी फिल्म दल लौटा"])]
    change = revisions(pd.concat(hindi)).iloc[0]
    assert (change["words_before"], change["words"], change["text_changed"]) == (3, 4, pytest.approx(1 / 4))


def test_without_updates_there_are_no_rows_but_all_columns(tmp_path: Path) -> None:
    found = revisions(load_articles(tmp_path))
    assert found.empty
    assert {"title_before", "title", "text_changed", "seen"} <= set(found.columns)
