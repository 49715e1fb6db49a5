"""The units of one backfill: how many there are, which are being worked on, and which are done."""

from dataclasses import dataclass, field
from datetime import datetime

from crawler.agenda import Agenda
from crawler.backfill.units import Reading, Unit
from pipelines.clock import Clock
from pipelines.state.units import Memory, Units


@dataclass(slots=True)
class _OpenUnit:
    """A unit that is being worked on.

    Attributes:
        unit: it.
        onward: from what the next one follows.
        endless: it names others, so it is never done.
        articles: how many it names.
        met: those that have been planned, or need not be.
        lists: the names under which the agenda knows it, one for each source.
        pending: planned articles without a fate.
        failed: articles that could not be fetched, and may be tried again.
        left: articles that were not asked for, and parts of the list that were not read.
        whole: whether all its articles have been planned.
    """

    unit: Unit
    onward: str
    endless: bool
    articles: int
    met: int = 0
    lists: set[str] = field(default_factory=set)
    pending: int = 0
    failed: int = 0
    left: int = 0
    whole: bool = False


class UnitBook:
    """What has become of units. One that is finished is forgotten at once, here and in the agenda.

    Args:
        memory: of earlier runs.
        agenda: of this one.
        clock: the time.

    Attributes:
        expected: units that are known.
        passed: those that are behind us: read, found done by an earlier run, or met before in this one.
        undone: those of them that are not done.
    """

    def __init__(self, memory: Units, agenda: Agenda, clock: Clock) -> None:
        self.expected = self.passed = self.undone = 0
        self._memory = memory
        self._agenda = agenda
        self._clock = clock
        self._open: dict[str, _OpenUnit] = {}  # by key of the unit
        self._lists: dict[str, _OpenUnit] = {}  # by name in the agenda
        self._finished: list[_OpenUnit] = []

    @property
    def left(self) -> int:
        """Units that are not done: the same command goes on with them."""
        return self.undone + self.expected - self.passed

    @property
    def behind(self) -> float:
        """As `passed`, with the parts that are done of those that are open."""
        return self.passed + sum(
            (each.met - each.pending) / each.articles for each in self._open.values() if each.articles
        )

    def expect(self, units: int) -> None:
        """So many more units have become known."""
        self.expected += units

    def memory(self, unit: Unit) -> Memory | None:
        """What is known of a unit that earlier runs have done; None when it is to be read."""
        known = self._memory.memory(unit.key)
        if known is None or known.done_at is None or (unit.changed_at and unit.changed_at > known.done_at):
            return None
        return known

    def pass_over(self) -> None:
        """A unit was done by an earlier run, or has been met in this one."""
        self.passed += 1

    def not_read(self) -> None:
        """A unit could not be read; a later run tries again."""
        self.passed += 1
        self.undone += 1

    def open(self, unit: Unit, reading: Reading) -> None:
        """A unit was read. Its articles follow by `add`, and `close` after the last of them."""
        endless = bool(reading.further) and not reading.onward
        self._open[unit.key] = _OpenUnit(unit, reading.onward, endless, len(reading.found))

    def add(self, unit: Unit, name: str, *, articles: int, planned: int, left: int) -> None:
        """Some articles of an open unit have been looked at.

        Args:
            unit: open.
            name: under which the agenda knows them.
            articles: how many they are.
            planned: those of them that are fetched.
            left: those of them that would be, but for a cap.
        """
        opened = self._lists[name] = self._open[unit.key]
        opened.lists.add(name)
        opened.met += articles
        opened.pending += planned
        opened.left += left

    def close(self, unit: Unit, *, broken: bool) -> None:
        """All articles of an open unit have been looked at.

        Args:
            unit: open.
            broken: whether a part of its list could not be read.
        """
        opened = self._open[unit.key]
        opened.whole = True
        opened.failed += broken
        self._finish(opened)

    def leave(self, name: str) -> None:
        """An article of a list is not asked for in this run, through no fault of its own."""
        self._lists[name].left += 1

    def fail(self, name: str) -> None:
        """An article of a list could not be fetched, and may be tried again."""
        self._lists[name].failed += 1

    def done(self, name: str) -> None:
        """An article of a list is not pending any more."""
        opened = self._lists[name]
        opened.pending -= 1
        self._finish(opened)

    def write(self, now: datetime) -> None:
        """Marks as done what is; to be called in the transaction of the articles' fates."""
        finished, self._finished = self._finished, []
        self._memory.mark_done(((each.unit.key, each.onward) for each in finished), now)

    def _finish(self, opened: _OpenUnit) -> None:
        """Takes leave of a unit when nothing of it is pending."""
        if opened.pending or not opened.whole:
            return
        del self._open[opened.unit.key]
        for name in opened.lists:
            del self._lists[name]
            self._agenda.forget_list(name)
        self.passed += 1
        if not opened.left and not opened.failed:
            if not opened.endless:
                self._finished.append(opened)
        elif opened.left or not self._memory.mark_failed(opened.unit.key, opened.onward, self._clock()):
            self.undone += 1
