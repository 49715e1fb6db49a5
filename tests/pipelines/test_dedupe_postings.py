"""Which shingles stand in which stories."""

import sqlite3
from collections import defaultdict
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedupe.postings import COMMON, SCHEMA, Postings

WINDOW = 10

#: Articles: their shingles, day and story; their place in the list is their number.
articles = st.lists(
    st.tuples(st.frozensets(st.integers(0, 6), max_size=4), st.integers(100, 149), st.integers(1, 9)), max_size=30
)


def stories_by_definition(
    added: list[tuple[frozenset[int], int, int]], shingle: int, day: int
) -> tuple[set[int], set[int]]:
    """The stories that a shingle stands in around a day, and in its very period."""
    around: dict[int, set[int]] = defaultdict(set)
    for shingles, other, story in added:
        if shingle in shingles:
            around[other // WINDOW - day // WINDOW].add(story)
    return around[-1] | around[0] | around[1], around[0]


@given(articles, st.integers(1, 5))
def test_what_is_held_and_what_is_written_are_one(added: list[tuple[frozenset[int], int, int]], every: int) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        postings = Postings(database, WINDOW)
        for number, (shingles, day, story) in enumerate(added):
            found = postings.stories_with(shingles, day)
            for shingle in shingles:
                around, within = stories_by_definition(added[:number], shingle, day)
                assert (shingle in found.saturated) == (len(within) > COMMON)
                if len(around) <= COMMON:
                    assert set(found.found.get(shingle, {})) == around
                assert (shingle in found.common) == (len(around) > COMMON)
            assert postings.common(shingles, day) == found.common
            postings.add(shingles - found.saturated, day, story, number)
            if number % every == 0:
                postings.write()
            if number % (2 * every) == 0:
                postings.clear()


def test_a_story_is_named_by_its_smallest_number_in_the_period_or_else_beside_it() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        postings = Postings(database, WINDOW)
        one = frozenset({1})
        for article, day in ((9, 95), (7, 115), (8, 105), (6, 125), (5, 91)):
            postings.read([(one, day)])
            postings.add(one, day, 100, article)
        for _ in range(2):
            assert postings.stories_with(one, 104).found == {1: {100: 8}}
            assert postings.stories_with(one, 109).candidates(1, 8) == [8]
            assert postings.stories_with(one, 85).found == {1: {100: 5}}
            assert postings.stories_with(one, 135).found == {1: {100: 6}}
            assert postings.stories_with(one, 145).found == {}
            postings.write()
            postings.clear()


def test_between_two_periods_that_have_a_story_it_is_named_by_the_smaller_number() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        postings = Postings(database, WINDOW)
        one = frozenset({1})
        for article, day in ((9, 95), (7, 115)):
            postings.read([(one, day)])
            postings.add(one, day, 100, article)
        assert postings.stories_with(one, 105).found == {1: {100: 7}}


@pytest.mark.parametrize(("stories", "common"), [(range(5), False), (range(6), True)])
def test_boilerplate_is_counted_over_three_periods(stories: range, common: bool) -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        postings = Postings(database, WINDOW)
        one = frozenset({1})
        for story in stories:
            day = 95 + WINDOW * (story % 3)
            postings.read([(one, day)])
            postings.add(one, day, story, story)
        assert bool(postings.common(one, 105)) == common
        assert not postings.common(one, 115 + 2 * WINDOW)


def test_old_periods_are_forgotten_by_the_newest() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        postings = Postings(database, WINDOW)
        one = frozenset({1})
        for day in (100, 125):
            postings.read([(one, day)])
            postings.add(one, day, day, day)
        postings.write()
        postings.clear()
        postings.forget(20)
        assert postings.stories_with(one, 100).found == {1: {100: 100}}
        postings.clear()
        postings.forget(10)
        assert postings.stories_with(one, 105).found == {}
