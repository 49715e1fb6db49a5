"""A story is what its articles say, whichever came first."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scenarios import told

from pipelines.schema import STORIES
from pipelines.store.rows import row_of, to_table
from pipelines.store.stories import derive_story

NOON = datetime(2021, 10, 5, 12, tzinfo=UTC)


def row(number: int, **said: Any) -> dict[str, Any]:
    return row_of(told(number, 1, date(2021, 10, 5), **said))


def test_the_earliest_article_speaks() -> None:
    story = derive_story([row(2, published_at=NOON.replace(hour=14), title="Later"), row(1, title="Earlier")])
    assert story["title"] == "Earlier"
    assert story["url"] == "https://tribune.example/1"
    assert story["published_at"] == NOON
    assert story["last_published_at"] == NOON.replace(hour=14)


def test_every_column_is_there_and_of_its_type() -> None:
    assert to_table(STORIES, [derive_story([row(1)])]).num_rows == 1


def test_who_proves_the_minute_comes_before_who_gives_the_day() -> None:
    by_day = row(1, date_precision="day", published_at=NOON.replace(hour=0), source="gazette")
    assert derive_story([by_day, row(2)])["source"] == "tribune"
    next_day = row(2, date=date(2021, 10, 6), published_at=NOON.replace(day=6, hour=0, minute=1))
    assert derive_story([by_day, next_day])["source"] == "gazette"


def test_an_article_without_a_date_stands_where_it_was_first_seen() -> None:
    undated = row(1, date_precision="none", published_at=None, first_seen_at=NOON.replace(hour=18), source="gazette")
    story = derive_story([undated, row(2)])
    assert story["source"] == "tribune"
    assert derive_story([undated])["published_at"] is None
    assert derive_story([undated])["last_published_at"] is None


def test_the_first_version_speaks_and_corrections_do_not_predate_themselves() -> None:
    first = row(1, text="The launch is on 5 October.")
    corrected = row(
        2, revision=1, canonical_url=first["canonical_url"], text="The launch is on 6 October.", published_at=NOON
    )
    story = derive_story([corrected, first])
    assert story["text"] == "The launch is on 5 October."
    assert story["articles"] == 1


def test_counts_and_unions() -> None:
    story = derive_story(
        [
            row(1, projects=("challenge",), relevance=0.5),
            row(2, projects=("see1", "challenge"), relevance=0.9, language="ru", source="gazette", published_at=NOON.replace(hour=13)),
            row(3, projects=("cruise-liman",), language="en", source="gazette", first_seen_at=NOON.replace(hour=1), published_at=NOON.replace(hour=15)),
        ]
    )  # fmt: skip
    assert story["projects"] == ["challenge", "see1", "cruise-liman"]
    assert (story["articles"], story["sources"], story["languages"]) == (3, 2, 2)
    assert story["relevance"] == 0.9
    assert story["first_seen_at"] == NOON.replace(hour=1)


@given(
    st.lists(
        st.builds(
            row,
            st.integers(1, 9),
            revision=st.integers(0, 3),
            date_precision=st.sampled_from(["minute", "day", "none"]),
            published_at=st.none() | st.datetimes(datetime(2021, 10, 4), datetime(2021, 10, 7), timezones=st.just(UTC)),  # noqa: DTZ001
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda article: article["article_id"],
    )
)
def test_the_order_of_arrival_does_not_matter(articles: list[dict[str, Any]]) -> None:
    stories = [derive_story(list(order)) for order in itertools.permutations(articles)]
    assert all(story == stories[0] for story in stories)
