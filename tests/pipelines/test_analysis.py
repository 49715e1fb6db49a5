from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from pipelines.analysis import (
    claims,
    coverage,
    known_milestones,
    load_articles,
    load_milestones,
    load_runs,
    load_stories,
    syndication,
)
from pipelines.catalogue.projects import load_projects
from pipelines.model import Milestone, SourceRun
from pipelines.schema import STORIES
from pipelines.store import Store
from tests.pipelines.rows import article, milestone


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = Store(tmp_path)
    copied = {"story_id": "s1", "role": "copy", "matched_article_id": "a1", "similarity": 0.9}
    store.append(article(1), [milestone(1), milestone(2, claimed_date=None, claimed_precision="none")])
    store.append(
        article(2, source="gazette", published_at=datetime(2021, 10, 5, 18, tzinfo=UTC), **copied),
        [milestone(3, source="gazette", published=date(2021, 5, 14))],
    )
    store.append(
        article(
            3,
            date=date(2022, 1, 20),
            published_at=datetime(2022, 1, 20, 9, tzinfo=UTC),
            projects=("see1", "cruise-liman"),
        )
    )
    store.fold()
    store.write_runs(
        [
            SourceRun(
                run_id="r",
                started_at=datetime(2021, 10, 5, 13, tzinfo=UTC),
                source="tribune",
                outcome="ok",
                pages=3,
                stored=3,
            )
        ]
    )
    return tmp_path


def test_loading_equals_plain_pandas(data: Path) -> None:
    plain = pd.read_parquet(data / "stories").drop(columns="year").sort_values("date", ignore_index=True)
    pd.testing.assert_frame_equal(load_stories(data), plain)


def test_columns_are_those_of_the_schema_even_before_the_first_story(tmp_path: Path) -> None:
    for frame in (load_stories(tmp_path), load_stories(tmp_path, columns=["title", "date"])):
        assert frame.empty
    assert list(load_stories(tmp_path).columns) == [column.name for column in STORIES.columns]


@pytest.mark.parametrize(
    ("said", "titles"),
    [
        ({"since": "2022"}, ["Film crew in orbit 3"]),
        ({"until": "2021"}, ["Film crew in orbit 1"]),
        ({"since": "2021-10", "until": "2021-10"}, ["Film crew in orbit 1"]),
        ({"since": "2021-10-06", "until": date(2021, 12, 31)}, []),
        ({"project": "see1"}, ["Film crew in orbit 3"]),
        ({"source": "tribune"}, ["Film crew in orbit 1", "Film crew in orbit 3"]),
        ({"project": "nobody"}, []),
        ({"project": "see1", "since": "2030"}, []),  # one filter leaves the other nothing
    ],
)
def test_filters(data: Path, said: dict[str, object], titles: list[str]) -> None:
    assert list(load_stories(data, columns=["title"], **said)["title"]) == titles  # type: ignore[arg-type]


def test_bad_arguments_say_what_would_do(data: Path) -> None:
    with pytest.raises(ValueError, match="2021-10-05, 2021-10 or 2021"):
        load_stories(data, since="October")
    with pytest.raises(ValueError, match="from 2022-01-01 to 2021-12-31"):
        load_runs(data, since=date(2022, 1, 1), until="2021")
    with pytest.raises(ValueError, match="story_id"):
        load_stories(data, columns=["headline"])


def test_runs_can_be_cut_by_day(data: Path) -> None:
    assert len(load_runs(data, since="2021-10-05", until="2021-10-05")) == 1
    assert load_runs(data, since="2021-10-06").empty


def test_coverage_counts_a_story_for_each_of_its_projects(data: Path) -> None:
    table = coverage(load_stories(data), "Y").set_index(["project", "period"])
    assert table.loc[("challenge", "2021"), ["stories", "articles", "sources"]].tolist() == [1, 2, 2]
    assert {("see1", "2022"), ("cruise-liman", "2022")} <= set(table.index)


def test_a_syndication_chain_runs_from_the_first_to_the_last(data: Path) -> None:
    chain = syndication(load_articles(data), "s1")
    assert list(chain["source"]) == ["tribune", "gazette"]
    assert list(chain["hours_after"]) == [0.0, 6.0]
    assert syndication(load_articles(data), "nobody").empty


def test_equal_claims_are_one_row_with_their_outlets(data: Path) -> None:
    table = claims(load_milestones(data))
    dated = table.iloc[0]
    assert (str(dated["claimed_date"]), dated["sources"], dated["stories"], dated["first_source"]) == (
        "2021-10-05",
        2,
        2,
        "tribune",
    )
    assert table.iloc[-1]["claimed_precision"] == "none"


def test_claims_are_loaded_in_the_order_of_their_articles(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append(article(1, published_at=datetime(2021, 10, 5, 11, tzinfo=UTC)), [on_the_day(1)])
    store.append(article(2, published_at=datetime(2021, 10, 5, 9, tzinfo=UTC)), [on_the_day(2)])
    store.append(
        article(3, published_at=None, date_precision="none", first_seen_at=datetime(2021, 10, 5, 10, tzinfo=UTC)),
        [on_the_day(3)],
    )
    store.fold()
    table = load_milestones(tmp_path, since="2021-10-05", until="2021-10-05", source="tribune")
    assert list(table["claim_id"]) == ["c2", "c3", "c1"]
    assert [instant.hour for instant in table["published_at"]] == [9, 10, 11]
    assert list(load_milestones(tmp_path, columns=["sentence", "published_at"]).columns) == ["sentence", "published_at"]
    assert list(load_milestones(tmp_path, columns=["claim_id"])["claim_id"]) == ["c2", "c3", "c1"]


def on_the_day(number: int) -> Milestone:
    return milestone(number, published=date(2021, 10, 5), status="happened")


def test_known_milestones_are_in_the_order_of_their_dates() -> None:
    known = known_milestones(load_projects().projects)
    launch = known[(known["project"] == "challenge") & (known["milestone"] == "launch")]
    assert date(2021, 10, 5) in set(launch["date"])
    assert known["date"].is_monotonic_increasing
