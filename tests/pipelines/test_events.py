from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.projects import load_projects
from pipelines.events import relate
from pipelines.events.likeness import NONE, WINDOW_DAYS, compare
from pipelines.events.names import capitalised_names, skeleton
from pipelines.events.telling import Reader, figures
from pipelines.milestones import ClaimFinder
from pipelines.schema import EVENTS
from pipelines.store.rows import to_table
from tests.pipelines.event_texts import TOLD, Told

PROJECTS = load_projects()
READER = Reader(PROJECTS)
FINDER = ClaimFinder(PROJECTS)

Row = dict[str, Any]


def story(told: Told, **said: Any) -> Row:
    """The row of the stories table."""
    usual = {
        "story_id": told.story_id,
        "date": told.published.date(),
        "published_at": told.published,
        "date_precision": "minute",
        "language": told.language,
        "title": told.title,
        "text": told.text,
        "projects": told.projects,
    }
    return usual | said


def claims_of(story: Row) -> list[Row]:
    found = FINDER.find(
        title=story["title"],
        text=story["text"],
        published=story["date"],
        language=story["language"],
        projects=story["projects"],
    )
    names = ("project", "milestone", "status", "claimed_date", "claimed_precision")
    return [{name: getattr(claim, name) for name in names} | {"story_id": story["story_id"]} for claim in found]


TRUTH = {told.story_id: told.event for told in TOLD}
STORIES = [story(told) for told in TOLD]
CLAIMS = [claim for row in STORIES for claim in claims_of(row)]


def grouped(rows: list[Row]) -> set[frozenset[str]]:
    events: dict[str, set[str]] = {}
    for row in rows:
        events.setdefault(row["event_id"], set()).add(row["story_id"])
    return {frozenset(stories) for stories in events.values()}


ROWS = relate(STORIES, CLAIMS, PROJECTS)


def test_one_event_told_in_many_languages_is_one_and_others_stay_apart() -> None:
    true = {frozenset(name for name, event in TRUTH.items() if event == wanted) for wanted in TRUTH.values()}
    assert grouped(ROWS) == true


def test_each_story_has_a_row_that_the_schema_takes_and_the_earliest_names_the_event() -> None:
    assert [row["story_id"] for row in ROWS] == sorted(TRUTH)
    assert to_table(EVENTS, ROWS).num_rows == len(STORIES)
    dates = {row["story_id"]: row["published_at"] for row in STORIES}
    for event in grouped(ROWS):
        named = {row["event_id"] for row in ROWS if row["story_id"] in event}
        assert named == {min(event, key=lambda name: dates[name])}


def test_it_says_why_and_how_surely() -> None:
    rows = {row["story_id"]: row for row in ROWS}
    assert rows["launch/tribune"]["confidence"] == 1
    french = rows["launch/courrier"]
    assert 0.5 < french["confidence"] < 1
    for shared in ("project challenge", "ascent", "one day apart", "Yulia Peresild", "baikonur"):
        assert shared in french["why"]


def test_the_order_of_the_rows_does_not_matter() -> None:
    assert relate(STORIES[::-1], CLAIMS[::-1], PROJECTS) == ROWS


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, len(STORIES)), max_size=5))
def test_stories_that_come_run_by_run_get_the_events_of_one_pass(cuts: list[int]) -> None:
    ordered = sorted(STORIES, key=lambda row: row["published_at"])
    known: list[Row] = []
    for end in [*sorted(cuts), len(ordered)]:
        known = relate(ordered[:end], CLAIMS, PROJECTS, known)
    assert known == ROWS


def test_an_earlier_story_that_turns_up_late_names_the_event_and_the_rest_stay_together() -> None:
    first = next(row for row in STORIES if row["story_id"] == "launch/tribune")
    late = [row for row in STORIES if row is not first]
    before = relate(late, CLAIMS, PROJECTS)
    after = relate(STORIES, CLAIMS, PROJECTS, before)
    assert grouped(after) == grouped(ROWS)
    assert {row["event_id"] for row in after if row["story_id"].startswith("launch/")} == {first["story_id"]}


def test_stories_keep_their_company_whatever_todays_rules_say() -> None:
    odd = [row | {"event_id": "return/vestnik"} if row["story_id"].startswith("trailer") else row for row in ROWS]
    again = relate(STORIES, CLAIMS, PROJECTS, odd)
    assert {row["event_id"] for row in again if row["story_id"].startswith("trailer")} == {"return/vestnik"}


def test_rows_of_an_event_whose_first_story_is_not_at_hand_stay_as_they_are() -> None:
    rest = [row for row in STORIES if row["story_id"] != "launch/tribune"]
    again = {row["story_id"]: row for row in relate(rest, CLAIMS, PROJECTS, ROWS)}
    assert again["launch/courrier"]["event_id"] == "launch/tribune"


CREW = "The company's crew of four, with two film-makers who document the flight, "
UP = story(
    Told(
        "up",
        "tribune",
        "en",
        datetime(2022, 4, 8, 16, tzinfo=UTC),
        ["maezawa-iss"],
        "Crew lifts off from Florida",
        CREW + "lifted off on 8 April.",
    )
)
IN = story(
    Told(
        "in",
        "tribune",
        "en",
        datetime(2022, 4, 10, 13, tzinfo=UTC),
        ["maezawa-iss"],
        "Crew docks with space station",
        CREW + "docked with the space station on 10 April.",
    )
)


def test_a_docking_of_another_day_than_the_launch_is_another_event() -> None:
    rows = relate([UP, IN], [*claims_of(UP), *claims_of(IN)], PROJECTS)
    assert len(grouped(rows)) == 2


def test_the_same_words_a_week_later_are_another_event() -> None:
    later = UP | {"story_id": "later", "date": UP["date"] + timedelta(days=WINDOW_DAYS + 1)}
    assert compare(READER.read(UP, []), READER.read(later, [])) is NONE


def test_evidence_is_the_same_either_way_round() -> None:
    tellings = [READER.read(row, claims_of(row)) for row in STORIES]
    for one in tellings:
        for other in tellings:
            assert compare(one, other) == compare(other, one)


@pytest.mark.parametrize(
    "said",
    [
        {"language": "xx"},
        {"language": ""},
        {"title": "", "text": ""},
        {"projects": []},
        {"published_at": None, "date_precision": "none"},
        {"text": "\udcff \u0000 " + "A" * 50_000 + " 9" * 50_000},
        {"date": date.min + timedelta(days=30)},
    ],
)
def test_odd_stories_are_events_of_their_own(said: Row) -> None:
    odd = UP | {"story_id": "odd"} | said
    rows = relate([odd, IN], claims_of(IN), PROJECTS)
    assert {row["event_id"] for row in rows} == {"odd", "in/tribune"}


def test_figures_are_the_same_in_all_digits_and_hold_no_days_or_years() -> None:
    assert figures("20,000 seats, 57 degrees, 5 October 2021 at 15:23") == {"20000", "57"}
    assert figures("20 000 мест, 57 градусов") == {"20000", "57"}
    assert figures("٥٧ درجة") == {"57"}


@pytest.mark.parametrize(
    "spellings",
    [
        ("Peresild", "Peressild", "Пересильд"),
        ("Shipenko", "Chipenko", "Schipenko", "Шипенко"),
        ("Bridenstine", "Брайденстайн"),
        ("Baikonur", "Baïkonour", "Bajkonur", "Байконур"),
        ("Langley", "Лэнгли"),
    ],
)
def test_a_name_has_one_skeleton_in_all_alphabets(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(name) for name in spellings}) == 1


def test_names_are_capitalised_words_inside_sentences() -> None:
    text = "They left Baikonur. Then Peresild spoke of «Gagarin» and of Ada."
    assert capitalised_names(text) == {skeleton("Baikonur"), skeleton("Peresild"), skeleton("Gagarin")}
