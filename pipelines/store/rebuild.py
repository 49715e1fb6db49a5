"""Stories again from the articles."""

from dataclasses import dataclass

from pipelines.store.store import Store


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found.

    Attributes:
        stories: stories that have articles.
        changed: those of them whose row came out differently and was written.
        without_articles: stories that have none, because a file of articles was damaged; they stay.
    """

    stories: int
    changed: int
    without_articles: int


def rebuild_stories(store: Store) -> Rebuilt:
    """Derives every story from its articles; writes only the files in which one came out differently.

    May be cut short and repeated. Needs memory for the ids of all stories, and for the articles of a month.

    Raises:
        StoreError: as `Store.fold` does.
    """
    with store.lock():
        store.heal()
        stories, changed = store.derive_stories()
        stored = sum(month.num_rows for month in store.stories(["story_id"]))
        return Rebuilt(stories, changed, stored - stories)
