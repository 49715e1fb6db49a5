"""The events of stories that a run has added."""

from collections.abc import Iterable
from pathlib import Path

from pipelines.store import Store, StoreError


def relate_stories(store: Store, projects_file: Path | None, months: Iterable[str]) -> list[str]:
    """Groups new stories into events, month by month so that few stories are held at a time.

    Events follow from the stories, so a failure loses nothing; it is told.

    Args:
        store: holds the stories; its lock is held.
        projects_file: None for the project's own.
        months: where stories are new ("2021-10").

    Returns:
        What went wrong, in words.
    """
    wanted = sorted(set(months))
    if not wanted:
        return []
    from pipelines.catalogue.projects import load_projects  # noqa: PLC0415 - a run that stores nothing needs neither
    from pipelines.events import update_events  # noqa: PLC0415

    try:
        projects = load_projects(projects_file)
        for month in wanted:
            update_events(store, projects, {month})
    except StoreError as error:
        return [f"the events of the new stories are not stored, see `orbitwatch rebuild`: {error}"]
    return []
