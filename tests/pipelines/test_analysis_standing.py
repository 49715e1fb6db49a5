"""Where each project stands."""

from datetime import date
from typing import Any

import pytest

from pipelines.analysis import standings
from pipelines.analysis.frames import records
from tests.pipelines.frames import milestones, noon, project, stories
from tests.pipelines.rows import article, milestone

CHALLENGE = project(
    "challenge",
    ("announced", date(2020, 9, 22), "day", "happened"),
    ("launch", date(2021, 10, 5), "day", "happened"),
    ("release", date(2023, 4, 20), "day", "happened"),
    name="The Challenge",
)
CRUISE = project(
    "cruise-liman",
    ("announced", date(2020, 5, 4), "day", "happened"),
    ("launch", date(2021, 10, 1), "month", "delayed"),
    ("cancellation", date(2025, 12, 11), "day", "cancelled"),
)
SEE = project(
    "see1",
    ("announced", date(2022, 1, 20), "day", "happened"),
    ("studio_launch", date(2024, 12, 1), "month", "planned"),
)
TOLD = stories(
    article(1),
    article(2, date=date(2021, 10, 17), title="Back on Earth", language="de"),
    article(3, date=date(2021, 10, 18), projects=("cruise-liman", "challenge")),
    article(4, date=date(2021, 9, 1), projects=("see1",)),
    article(5, date=date(2021, 9, 1), projects=("unlisted",)),
)


def state(as_of: date, *claims: Any, projects: Any = (CHALLENGE, CRUISE, SEE)) -> dict[str, dict[str, Any]]:
    table = standings(TOLD, milestones(*claims), projects, as_of)
    return {row["project"]: row for row in records(table)}


@pytest.mark.parametrize(
    ("as_of", "word", "since"),
    [
        (date(2021, 10, 4), "announced", date(2020, 9, 22)),
        (date(2021, 10, 5), "launched", date(2021, 10, 5)),
        (date(2024, 1, 1), "released", date(2023, 4, 20)),
    ],
)
def test_the_record_says_how_far_a_project_is(as_of: date, word: str, since: date) -> None:
    told = stories(article(1, date=date(2020, 10, 1)))
    row = standings(told, milestones(), [CHALLENGE], as_of).iloc[0]
    assert (row["state"], row["since"], row["basis"]) == (word, since, "record")
    assert row["evidence"].startswith("https://record.example/")


def test_the_evidence_is_the_story_that_told_it_first() -> None:
    told = stories(*(article(number, projects=("unlisted",)) for number in (1, 2)))
    day = {"project": "unlisted", "published": date(2021, 10, 5), "status": "happened"}
    printed = {"a1": noon(2021, 10, 5, 11), "a2": noon(2021, 10, 5, 9)}
    frame = milestones(milestone(1, **day), milestone(2, **day), printed_at=printed)
    row = standings(told, frame[::-1], [], date(2021, 10, 6)).iloc[0]
    assert (row["state"], row["evidence"]) == ("launched", "https://tribune.example/2")


def test_a_project_that_was_dropped_is_cancelled_from_that_day() -> None:
    assert state(date(2025, 12, 10))["cruise-liman"]["state"] == "announced"
    dropped = state(date(2025, 12, 12))["cruise-liman"]
    assert (dropped["state"], dropped["since"], dropped["next_milestone"]) == ("cancelled", date(2025, 12, 11), None)


def test_the_furthest_stands_first() -> None:
    table = standings(TOLD, milestones(), [CHALLENGE, CRUISE, SEE], date(2026, 1, 1))
    assert table["project"].tolist() == ["challenge", "see1", "cruise-liman", "unlisted"]


def test_a_plan_whose_time_is_over_is_overdue() -> None:
    assert not state(date(2024, 12, 31))["see1"]["overdue"]
    late = state(date(2025, 1, 1))["see1"]
    assert (late["next_milestone"], late["next_date"], late["overdue"]) == ("studio_launch", date(2024, 12, 1), True)


def test_without_a_record_two_independent_stories_are_needed() -> None:
    said = {"status": "happened", "published": date(2021, 10, 5)}
    alone = [milestone(1, **said), milestone(2, source="gazette", story_id="s1", **said)]  # a copy is the same story
    assert state(date(2021, 11, 1), *alone, projects=())["challenge"]["state"] == "in the news"
    found = state(date(2021, 11, 1), *alone, milestone(3, story_id="s2", **said), projects=())["challenge"]
    assert (found["state"], found["basis"], found["name"]) == ("launched", "press", "challenge")
    assert found["evidence"] == "https://tribune.example/1"


def test_the_press_names_the_next_step_where_the_record_does_not() -> None:
    plans = [milestone(1), milestone(2, source="gazette")]
    found = state(date(2021, 10, 20), *plans, projects=())["challenge"]
    assert (found["next_milestone"], found["next_date"]) == ("launch", date(2021, 10, 5))


def test_the_latest_story_is_one_that_is_mainly_about_it() -> None:
    found = state(date(2022, 1, 1))
    latest = found["challenge"]
    assert (latest["latest_title"], latest["latest_language"], latest["stories"]) == ("Back on Earth", "de", 3)
    assert state(date(2021, 10, 10))["challenge"]["stories"] == 1


def test_nothing_stored_yet() -> None:
    assert standings(stories(), milestones(), [CHALLENGE], date(2022, 1, 1)).empty
