from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crawler.relating import relate_stories
from pipelines.analysis import load_events
from pipelines.catalogue.projects import load_projects
from pipelines.events import complete_events, rebuild_events, relate, update_events
from pipelines.milestones import ClaimFinder
from pipelines.model import Article, Milestone
from pipelines.store import Store
from tests.pipelines.event_texts import TOLD, Told
from tests.pipelines.rows import article, milestone

PROJECTS = load_projects()
FINDER = ClaimFinder(PROJECTS)

Stored = tuple[Article, list[Milestone]]


def stored(told: Told) -> Stored:
    """An article with its claims, as the intake would hand it to the store."""
    day = told.published.date()
    own = article(
        article_id=f"a-{told.story_id}",
        story_id=told.story_id,
        source=told.outlet,
        language=told.language,
        date=day,
        published_at=told.published,
        projects=tuple(told.projects),
        title=told.title,
        text=told.text,
    )
    claims = FINDER.find(
        title=told.title, text=told.text, published=day, language=told.language, projects=told.projects
    )
    where: dict[str, Any] = {
        "article_id": own.article_id,
        "story_id": own.story_id,
        "source": own.source,
        "published": day,
    }
    return own, [
        milestone(claim_id=f"{own.article_id}-{number}", **where, **asdict(claim))
        for number, claim in enumerate(claims)
    ]


ARTICLES = [stored(told) for told in TOLD]
BY_TIME = [stored(told) for told in sorted(TOLD, key=lambda told: told.published)]
EVENTS = {told.event for told in TOLD}


def a_run(data: Path, batch: list[Stored]) -> int:
    """What a scheduled run does at its end."""
    store = Store(data)
    store.append_many(batch)
    store.fold()
    return update_events(store, PROJECTS, store.unrelated_months())


def table(data: Path) -> dict[str, str]:
    events = load_events(data)
    return dict(zip(events["story_id"], events["event_id"], strict=True))


def files(data: Path) -> dict[str, bytes]:
    return {str(path.relative_to(data)): path.read_bytes() for path in sorted((data / "events").rglob("*.parquet"))}


@pytest.mark.parametrize("size", [1, 3, 5, 100])
def test_runs_one_after_the_other_give_what_a_rebuild_gives(tmp_path: Path, size: int) -> None:
    for start in range(0, len(BY_TIME), size):
        batch = BY_TIME[start : start + size]
        assert a_run(tmp_path, batch) == len(batch)
    grown = files(tmp_path)
    store = Store(tmp_path)
    assert rebuild_events(store, PROJECTS) == len(EVENTS)
    assert files(tmp_path) == grown


def test_the_table_is_read_by_plain_pandas_and_counts_events(tmp_path: Path) -> None:
    a_run(tmp_path, ARTICLES)
    plain = pd.read_parquet(tmp_path / "events")
    assert plain["event_id"].nunique() == len(EVENTS)
    merged = plain.merge(pd.read_parquet(tmp_path / "stories"), on="story_id", suffixes=("", "_of_story"))
    assert (merged["date"] == merged["date_of_story"]).all()
    assert load_events(tmp_path, since="2022")["date"].min() == date(2023, 1, 1)


def test_a_run_without_anything_new_writes_nothing(tmp_path: Path) -> None:
    a_run(tmp_path, ARTICLES)
    before = files(tmp_path)
    assert update_events(Store(tmp_path), PROJECTS, {"2021-10", "2023-04"}) == 0
    assert update_events(Store(tmp_path), PROJECTS, ()) == 0
    assert files(tmp_path) == before


def test_what_a_killed_run_did_not_relate_the_next_one_does(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append_many(BY_TIME[:3])
    store.fold()  # and here the power fails
    assert a_run(tmp_path, BY_TIME[3:4]) == 4
    assert set(table(tmp_path)) == {own.story_id for own, _ in BY_TIME[:4]}


def test_a_run_without_anything_new_relates_what_a_killed_one_has_folded(tmp_path: Path) -> None:
    a_run(tmp_path / "whole", BY_TIME)
    killed = Store(tmp_path / "killed")
    killed.append_many(BY_TIME)
    killed.fold()  # the journal is gone, and no event is there
    next_run = Store(tmp_path / "killed")
    assert next_run.heal() == 0
    assert relate_stories(next_run, PROJECTS) == []
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    assert relate_stories(next_run, PROJECTS) == []
    assert next_run.unrelated_months() == frozenset()


def test_months_stay_unrelated_until_their_events_are_stored(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.append_many(BY_TIME)
    store.fold()
    months = store.unrelated_months()
    damaged = tmp_path / "stories/year=2023/2023-04.parquet"
    content = damaged.read_bytes()
    damaged.write_bytes(b"")
    (problem,) = relate_stories(store, PROJECTS)
    assert "2023-04.parquet is damaged" in problem
    assert store.unrelated_months() == {"2023-04"} < months, "of the others nothing is put off"
    damaged.write_bytes(content)
    assert relate_stories(store, PROJECTS) == []
    assert set(table(tmp_path)) == {own.story_id for own, _ in BY_TIME}


def test_what_no_run_knows_of_is_found_by_looking_through_all(tmp_path: Path) -> None:
    a_run(tmp_path, BY_TIME)
    before = files(tmp_path)
    store = Store(tmp_path)
    (tmp_path / "events/year=2021/2021-10.parquet").unlink()
    complete_events(store, PROJECTS)
    assert files(tmp_path) == before
    rows = [row for month in store.events() for row in month.to_pylist()]
    store.replace_events([*rows, rows[0] | {"story_id": "gone"}])
    complete_events(store, PROJECTS)
    assert files(tmp_path) == before


def test_only_months_with_new_stories_are_written(tmp_path: Path) -> None:
    a_run(tmp_path, [pair for pair in BY_TIME if pair[0].date.year == 2021])
    before = files(tmp_path)
    a_run(tmp_path, [pair for pair in BY_TIME if pair[0].date.year == 2023])
    assert {path: content for path, content in files(tmp_path).items() if "2021" in path} == before


def test_events_reach_over_the_end_of_a_month(tmp_path: Path) -> None:
    title, text = "Film crew returns to Earth", "Yulia Peresild and Klim Shipenko returned to Earth on 31 October."
    one = Told("one", "tribune", "en", datetime(2021, 10, 31, 22, tzinfo=UTC), ["challenge"], title, text)
    title, text = (
        "L'équipe du film est revenue",
        "Ioulia Peressild et Klim Chipenko sont revenus sur Terre le 31 octobre.",
    )
    two = Told("two", "depeche", "fr", datetime(2021, 11, 1, 7, tzinfo=UTC), ["challenge"], title, text)
    for told in (one, two):
        a_run(tmp_path, [stored(told)])
    assert set(table(tmp_path).values()) == {"one/tribune"}
    grown = files(tmp_path)
    assert rebuild_events(Store(tmp_path), PROJECTS) == 1
    assert files(tmp_path) == grown


def test_a_story_whose_earlier_article_turns_up_moves_with_its_day(tmp_path: Path) -> None:
    a_run(tmp_path, BY_TIME)
    moved = next(own for own, _ in BY_TIME if own.story_id == "return/tribune")
    earlier = article(
        article_id="earlier",
        story_id=moved.story_id,
        canonical_url="https://gazette.example/e",
        source="gazette",
        title="A film is to be shot in orbit",
        text="Roscosmos will shoot a film in orbit.",
        date=date(2021, 9, 20),
        published_at=datetime(2021, 9, 20, 8, tzinfo=UTC),
    )
    a_run(tmp_path, [(earlier, [])])
    events = load_events(tmp_path)
    assert events["story_id"].is_unique
    row = events.set_index("story_id").loc[moved.story_id]
    assert (row["date"], row["event_id"]) == (date(2021, 9, 20), moved.story_id)
    rest = {
        event for story, event in table(tmp_path).items() if story.startswith("return/") and story != moved.story_id
    }
    assert rest == {"return/vestnik"}


def test_the_stored_rows_are_those_of_relate(tmp_path: Path) -> None:
    a_run(tmp_path, ARTICLES)
    store = Store(tmp_path)
    stories = [row for month in store.stories() for row in month.to_pylist()]
    claims = [row for month in store.milestones() for row in month.to_pylist()]
    expected = {row["story_id"]: (row["event_id"], row["why"]) for row in relate(stories, claims, PROJECTS)}
    found = load_events(tmp_path)
    assert {row.story_id: (row.event_id, row.why) for row in found.itertuples()} == expected
