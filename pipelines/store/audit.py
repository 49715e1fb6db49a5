"""Is the store sound? And if not: mend what can be mended, and lose nothing by it."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipelines.store.errors import StoreFault, faults_named
from pipelines.store.examine import Examination, Problem
from pipelines.store.files import Files, LocalFiles
from pipelines.store.quarantine import QUARANTINE, quarantine_file, quarantine_stranger
from pipelines.store.rebuild import rebuild_stories
from pipelines.store.store import Store

_MENDED_BY_REBUILD = frozenset({"article_without_story", "story_outdated"})
_MENDED_IN_STORIES = frozenset({"wrong_month", "duplicate"})
_MENDED_BY_RELATING = frozenset({"event_waiting", "event_without_story", "story_without_event"})
_MENDED_BY_ITSELF = frozenset({"journal_waiting", "event_waiting"})

Deriving = Callable[[Store, Sequence[Problem]], None]
"""Makes what follows from the tables and is not made by the store."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    Attributes:
        files: month files looked at.
        rows: readable rows by table.
        problems: in the order in which they were found.
        quarantined: names under `.quarantine/`, of this repair and of earlier ones.
    """

    files: int
    rows: dict[str, int]
    problems: tuple[Problem, ...]
    quarantined: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """True when nothing needs a person: what waits is safe, and the next run stores or makes it."""
        return all(problem.repaired or problem.kind in _MENDED_BY_ITSELF for problem in self.problems)


def check(
    root: Path,
    *,
    read_data: bool = False,
    repair: bool = False,
    derive: Deriving | None = None,
    wait: float = 0,
    files: Files | None = None,
) -> Report:
    """Examines a store.

    Args:
        root: the data directory.
        read_data: read every page of every file, verifying checksums, and compare every story with its
            articles. Without it only footers and the columns that identify rows are read.
        repair: set broken and foreign files aside under `.quarantine/`, keep what can still be read of them,
            fold the journal and derive the stories again. Nothing is repaired in a store of another version.
        derive: after a repair, is given the store and what was wrong with it; brings the events into agreement with
            the stories (`pipelines.events.complete_events`). None leaves that to the next run.
        wait: seconds to wait for another run to end.
        files: the file system.

    Raises:
        StoreLocked: if another run holds the lock.
        StoreFault: if the disk refuses to be read, or refuses a repair.
    """
    disk = files or LocalFiles()
    store = Store(root, files=disk)
    with ExitStack() as stack:
        try:
            stack.enter_context(store.lock(wait=wait))
        except StoreFault:
            if repair:
                raise  # without it: a read-only copy can be looked at without a lock
        stack.enter_context(faults_named(f"cannot check {root}"))
        look = partial(_check, store, read_data=read_data, repair=repair, derive=derive)
        try:
            # As one commit, since between the files of another host's commit things do not fit together.
            return disk.commit(look, once=repair)
        except StoreFault:
            if repair:
                raise
            return look()  # who may only read a bucket can look at it without its lock


def _check(store: Store, *, read_data: bool, repair: bool, derive: Deriving | None) -> Report:
    examination = Examination(store.root, store.files, read_data=read_data)
    problems = list(examination.problems())
    if repair and not any(problem.kind == "schema_version" for problem in problems):
        problems = _repair(store, examination, problems, derive)
    quarantined = tuple(store.files.listdir(store.root / QUARANTINE))
    return Report(examination.months_read, examination.rows, tuple(problems), quarantined)


def _repair(store: Store, examination: Examination, problems: list[Problem], derive: Deriving | None) -> list[Problem]:
    """Mends in an order that may be cut short and begun again: what is broken first, what is derived last."""
    done: dict[Path, str] = {}
    for problem in problems:
        if problem.kind == "foreign":
            done[problem.path] = quarantine_stranger(store.root, store.files, problem.path)
    for table, stem in examination.broken:
        path = store.months.path(table, stem)
        done[path] = quarantine_file(store.root, store.files, store.months, table, stem)
    rebuild_stories(store)
    if derive is not None:
        derive(store, problems)
        done[store.root / "events"] = "derived again from the stories"
    return [replace(problem, repaired=_outcome(store, problem, done)) for problem in problems]


def _outcome(store: Store, problem: Problem, done: dict[Path, str]) -> str:
    if problem.kind in {"foreign", "damaged"}:
        return done[problem.path]
    if problem.kind == "journal_waiting":
        return "stored"
    if problem.kind == "journal_damaged":
        return "set aside under .damaged"
    if problem.kind in _MENDED_BY_RELATING:
        return done.get(problem.path, "")
    of_stories = (store.root / "stories") in {problem.path, *problem.path.parents}
    if problem.kind in _MENDED_BY_REBUILD or (of_stories and problem.kind in _MENDED_IN_STORIES):
        return "derived again from the articles"
    return ""
