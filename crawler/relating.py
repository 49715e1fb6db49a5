"""The events of stories that a run has added."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.store import Store, StoreError

if TYPE_CHECKING:
    from pipelines.catalogue.project import Projects


def relate_stories(store: Store, projects: "Projects", months: Iterable[str]) -> list[str]:
    """Groups new stories into events, month by month so that few stories are held at a time.

    Events follow from the stories, so a failure loses nothing; it is told.

    Args:
        store: holds the stories; its lock is held.
        projects: the rules.
        months: where stories are new ("2021-10").

    Returns:
        What went wrong, in words.
    """
    wanted = sorted(set(months))
    if not wanted:
        return []
    from pipelines.events import update_events  # noqa: PLC0415 - a run that stores nothing never needs it

    try:
        for month in wanted:
            update_events(store, projects, {month})
    except StoreError as error:
        return [f"the events of the new stories are not stored, see `orbitwatch rebuild`: {error}"]
    return []
