"""Stories again from the articles."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from pipelines.store.store import Store


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found.

    Attributes:
        stories: stories in the table, that have articles.
        changed: those of them whose row came out differently and was written.
        withdrawn: stories that left the table, since none of their articles is on topic any more.
        without_articles: stories that have none, because a file of articles was damaged; they stay.
    """

    stories: int
    changed: int
    withdrawn: int
    without_articles: int


def rebuild_stories(store: Store) -> Rebuilt:
    """Derives every story from its articles; writes only the files in which one came out differently.

    May be cut short and repeated. Needs memory for the ids of all stories, and for the articles of a month.

    Raises:
        StoreError: as `Store.fold` does.
    """
    with store.lock():
        store.heal()
        changed, withdrawn = store.derive_stories()
        told = _story_ids(store.articles(["story_id"]))
        stored = _story_ids(store.stories(["story_id"]))
        return Rebuilt(len(stored & told), changed, withdrawn, len(stored - told))


def _story_ids(months: Iterator[pa.Table]) -> set[str]:
    return {id_ for month in months for id_ in month.column("story_id").to_pylist()}
