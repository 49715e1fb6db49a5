from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.projects import load_projects
from pipelines.events import grouping, relate
from pipelines.events.candidates import MOST, Candidates
from pipelines.events.likeness import compare
from pipelines.events.telling import Telling
from tests.pipelines.test_events import CLAIMS, READER, STORIES, Row

DAY = date(2021, 10, 5)
TOLD = [
    READER.read(row, [claim for claim in CLAIMS if claim["story_id"] == row["story_id"]])
    for row in sorted(STORIES, key=lambda row: str(row["story_id"]))
]
FAMILIES = ["ascent", "return", "filming", "cast"]


def some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


tellings = st.builds(
    Telling,
    story_id=st.uuids().map(str),
    day=st.integers(0, 5).map(lambda days: DAY + timedelta(days=days)),
    moment=st.just(("", "")),
    language=st.just("en"),
    project=st.sampled_from(["challenge", "see1"]),
    projects=st.sampled_from([frozenset({"challenge"}), frozenset({"challenge", "see1"})]),
    headline=some(FAMILIES),
    lead=some(FAMILIES),
    recent=st.frozensets(st.tuples(st.sampled_from(FAMILIES), st.just(DAY)), max_size=2),
    ahead=st.frozensets(st.tuples(st.sampled_from(FAMILIES), st.just(DAY)), max_size=2),
    people=some(["Peresild", "Shipenko", "Cruise"]),
    ships=some(["ms-19", "ms-18"]),
    places=some(["Baikonur", "Houston"]),
    figures=some(["57", "120", "3500"]),
    names=some(["prsld", "shpnk", "nvtsk", "brdnstn"]),
)


def found(one: Telling, others: list[Telling]) -> list[str]:
    candidates: Candidates[str] = Candidates()
    for other in others:
        candidates.add(other.story_id, other)
    return candidates.of(one)


@settings(max_examples=300)
@given(tellings, tellings)
def test_no_event_is_passed_over_that_a_story_could_join(one: Telling, other: Telling) -> None:
    if compare(one, other).odds > 0:
        assert found(one, [other]) == [other.story_id]


@pytest.mark.parametrize("one", TOLD, ids=lambda one: one.story_id)
def test_stories_that_share_little_are_not_compared(one: Telling) -> None:
    others = [other for other in TOLD if other is not one]
    near = found(one, others)
    assert {other.story_id for other in others if compare(one, other).odds > 0} <= set(near)
    assert len(near) < len(others) / 2


def test_of_very_many_those_that_share_most_are_compared() -> None:
    one = max(TOLD, key=lambda telling: len(telling.people) + len(telling.names))
    many = [replace(one, story_id=f"{number:03}", people=frozenset(), places=frozenset()) for number in range(2 * MOST)]
    many[-1] = replace(one, story_id="the same")
    near = found(one, many)
    assert len(near) == MOST
    assert near[0] == "the same"


def test_unlike_stories_of_one_day_are_not_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(grouping, "compare", lambda *pair: compared.append(pair) or compare(*pair))
    stories: list[Row] = [
        STORIES[0] | {"story_id": f"{number:03}", "date": DAY, "title": "A word", "text": f"Written {number} times."}
        for number in range(100, 200)
    ]
    assert len(relate(stories, [], load_projects())) == 100
    assert compared == []
