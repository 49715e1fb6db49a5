"""Keeps the events table in step with the stories: what is new at the end of a run, or all of it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from pipelines.catalogue.projects import Projects
from pipelines.events.grouping import relate
from pipelines.events.likeness import WINDOW_DAYS
from pipelines.store import Store
from pipelines.store.rows import to_rows

Row = dict[str, Any]

REACH = timedelta(days=2 * WINDOW_DAYS)
"""How far from a story another one may stand in its way: it can join an event whose first story is a window away, and
the rest of that event lies within a window more."""

MONTHS = 2
"""Months on either side that are read: when an earlier article of a story turns up, the story moves by no more than
`pipelines.dedupe.index.WINDOW_DAYS`, and leaves company behind."""

_STORY = ["story_id", "date", "published_at", "date_precision", "language", "title", "text", "projects"]
_CLAIM = ["story_id", "project", "milestone", "status", "claimed_date", "claimed_precision"]


def update_events(store: Store, projects: Projects, months: Iterable[str]) -> int:
    """Gives the stories of some months that have no event yet an event, and leaves the others where they are.

    Reads these months and `MONTHS` on either side, whatever the length of the history. May be cut short and repeated;
    also mends what an earlier run did not get to. At its end the months are marked as related.

    Args:
        store: its lock is held by the caller, or taken for the writing.
        projects: the catalogue.
        months: where stories are new ("2021-10"), as `Store.unrelated_months` has them.

    Returns:
        How many stories got an event.

    Raises:
        StoreError: as `Store.fold` does.
    """
    touched = set(months)
    if not touched:
        return 0
    related = _relate_new(store, projects, touched)
    store.mark_related(touched)
    return related


def complete_events(store: Store, projects: Projects) -> None:
    """Gives every story that has no event one, in whatever month it is, and leaves the others where they are.

    Looks through the whole table, so that it also finds what no run has noted: events of a damaged file, stories that
    came back into the table. Where stories have left that table, all are grouped anew. Needs memory for the ids of all
    stories, and for the months around one.

    Raises:
        StoreError: as `Store.fold` does.
    """
    related = _days_by_story(store.events(["story_id", "date"]))
    days = _days_by_story(store.stories(["story_id", "date"]))
    if related.keys() - days.keys():
        rebuild_events(store, projects)
        return
    lacking = {f"{day:%Y-%m}" for story, day in days.items() if related.get(story) != day}
    for month in sorted(lacking | store.unrelated_months()):
        update_events(store, projects, {month})


def rebuild_events(store: Store, projects: Projects) -> int:
    """Groups all stories anew by today's rules.

    Goes through the months in their order and holds three of them at a time.

    Returns:
        How many events there are.

    Raises:
        StoreError: as `Store.fold` does.
    """
    rows: dict[str, Row] = {}
    before: list[Row] = []
    for month in _months_of(store):
        around = {_beside(month, -1), month, _beside(month, 1)}
        stories = _stories(store, {month})
        kept = [rows[row["story_id"]] for row in before]
        rows |= {row["story_id"]: row for row in relate([*before, *stories], _claims(store, around), projects, kept)}
        last = max((row["date"] for row in stories), default=date.min)
        before = [row for row in stories if last - row["date"] <= REACH]
    store.replace_events(rows.values())
    store.mark_related(store.unrelated_months())
    return len({row["event_id"] for row in rows.values()})


def _days_by_story(months: Iterable[pa.Table]) -> dict[str, date]:
    return {row["story_id"]: row["date"] for month in months for row in month.to_pylist()}


def _relate_new(store: Store, projects: Projects, touched: set[str]) -> int:
    around = {_beside(month, by) for month in touched for by in range(-MONTHS, MONTHS + 1)}
    known = {row["story_id"]: row for table in store.events(months=around) for row in table.to_pylist()}
    stories = [row for table in store.stories(["story_id", "date"], months=touched) for row in table.to_pylist()]
    # A story whose earliest article turned up late has moved to another day, and may belong elsewhere.
    new = {
        row["story_id"]: row["date"]
        for row in stories
        if row["story_id"] not in known or known[row["story_id"]]["date"] != row["date"]
    }
    if not new:
        return 0
    moved = {known[story]["date"] for story in new if story in known}
    days = {day + timedelta(days=n) for day in moved.union(new.values()) for n in range(-REACH.days, REACH.days + 1)}
    near = [row for row in _stories(store, around) if row["date"] in days]
    kept = [known[row["story_id"]] for row in near if row["story_id"] in known and row["story_id"] not in new]
    rows = relate(near, _claims(store, around), projects, kept)
    store.put_events([row for row in rows if row != known.get(row["story_id"])], around)
    return len(new)


def _months_of(store: Store) -> list[str]:
    days = (day for table in store.stories(["date"]) for day in table.column("date").unique().to_pylist())
    return sorted({day.isoformat()[:7] for day in days})


def _stories(store: Store, months: set[str]) -> list[Row]:
    return [row for table in store.stories(_STORY, months=months) for row in to_rows(table)]


def _claims(store: Store, months: set[str]) -> Iterator[Row]:
    return (row for table in store.milestones(_CLAIM, months=months) for row in table.to_pylist())


def _beside(month: str, by: int) -> str:
    """The month so many after another; negative for before."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{year:04d}-{number + 1:02d}"
