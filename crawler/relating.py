"""The events of stories that a run has added."""

from typing import TYPE_CHECKING

from pipelines.store import Store, StoreDamaged, StoreError

if TYPE_CHECKING:
    from pipelines.catalogue.project import Projects


def relate_stories(store: Store, projects: "Projects") -> list[str]:
    """Groups new stories into events, month by month so that few stories are held at a time.

    New are those that this run has added, and those of earlier runs that ended before they came to this. Events follow
    from the stories, so a failure loses nothing; it is told, and the next run tries again.

    Args:
        store: holds the stories; its lock is held.
        projects: the rules.

    Returns:
        What went wrong, in words.
    """
    problems = []
    try:
        wanted = sorted(store.unrelated_months())
        if not wanted:
            return []
        from pipelines.events import update_events  # noqa: PLC0415 - a run that stores nothing never needs it

        for month in wanted:
            try:
                update_events(store, projects, {month})
            except StoreDamaged as error:  # concerns this month; the others need not wait for its repair
                problems.append(_told(error))
    except StoreError as error:
        problems.append(_told(error))
    return problems


def _told(error: StoreError) -> str:
    return f"the events of new stories are not stored, the next run tries again: {error}"
