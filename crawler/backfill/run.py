"""A run that brings the past in.

A unit is marked as done in the transaction of its last article's fate, so a run that is killed, or ends by its budget,
goes on where it was. What is finished is forgotten at once: memory does not grow with the length of a run.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from crawler.backfill.unit_book import UnitBook
from crawler.backfill.units import Found, Reading, Unit
from crawler.durations import spoken
from crawler.plans import Planned, RunOptions
from crawler.run import Run
from crawler.summary import INTERRUPTED, Summary
from pipelines.accounting import BACKFILL, PageFate
from pipelines.catalogue.outlets import Outlets
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.model import DiscoveredVia, SourceRun
from pipelines.polling.listings import Fate, entry_signature
from pipelines.state import State
from pipelines.store import Store, StoreError
from pipelines.urls import match_key

#: Stored articles after which the journal is folded: folding takes memory with its length.
_FOLD_EVERY = 20_000

#: Failures that another try would not mend. History that is gone stays gone.
_FINAL = frozenset(
    {
        "bad_url", "blocked_address", "client_error", "forbidden", "gone", "not_found", "redirect", "robots",
        "too_large",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BackfillSummary(Summary):
    """What a backfill did.

    Attributes:
        units: lists that were read, or passed over because an earlier run had done them.
        units_left: lists that are not done: the same command goes on with them.
        skipped: what was left out, by reason.
    """

    units: int = 0
    units_left: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


class BackfillRun(Run):
    """One run over the past.

    Args:
        options: what to do.
        sources: all sources.
        state: what earlier runs remember.
        store: where articles go; its lock is held by the caller, unless the run only estimates.
        clock: the time.
        via: how its articles become known.

    Attributes:
        units: which lists are read, and which of them are done.
        skipped: what lists named and was left out, by reason.
    """

    # A request to an archive takes seconds, so a killed run should repeat few of them.
    flush_every = 1
    settle_every = 10
    tries_elsewhere = True

    def __init__(
        self,
        options: RunOptions,
        sources: Iterable[Source],
        state: State,
        store: Store,
        clock: Clock,
        via: DiscoveredVia,
    ) -> None:
        super().__init__(options, sources, state, store, clock)
        self.via: DiscoveredVia = via
        self.units = UnitBook(state.units, self.agenda, clock)
        self.skipped: Counter[str] = Counter()
        self._outlets = Outlets(self.sources.values())
        self._problems: dict[str, str] = {}  # by host
        self._is_paused = False
        self._unfolded = 0

    def source_of(self, url: str) -> str:
        """The id of an address's source in the catalogue, else its registered domain; "" for what is no address."""
        outlet = self._outlets.of(url)
        if outlet is None:
            return ""
        if outlet.source not in self.sources:
            self.sources[outlet.source] = Source(outlet.source, outlet.source, url, timezone=outlet.timezone)
        return outlet.source

    # --- what happens to lists

    def unit_failed(self, unit: Unit, reason: str) -> None:
        """A list could not be read; a later run tries again."""
        self.ledger.failure(unit.source, reason)
        self.units.not_read()

    def open_unit(self, unit: Unit, reading: Reading) -> None:
        """A list was read. Its articles follow by `plan`, and `close_unit` after the last of them."""
        self.ledger.of(unit.source)
        self.skipped.update(reading.skipped)
        self.units.open(unit, reading)

    def plan(self, unit: Unit, found: Iterable[Found], *, replay: bool) -> list[Planned]:
        """Which of some articles of an open unit are to be fetched?

        Args:
            unit: open.
            found: some of its articles.
            replay: whether a web archive is asked for them.
        """
        plans = []
        for source, those in _by_source(found).items():
            instants = {each.entry.url: each.at for each in those}
            name = _list_name(unit, source)
            planned, listing = self.agenda.read(source, name, (each.entry for each in those), self.via)
            self.units.add(unit, name, articles=len(those), planned=len(planned), left=listing.left_over)
            listing.left_over = 0
            plans += [replace(plan, at=instants.get(plan.url), replay=replay) for plan in planned]
        return plans

    def unseen(self, unit: Unit, found: Iterable[Found]) -> list[Found]:
        """Which of a unit's articles would be planned? For an estimate: nothing is remembered."""
        wanted = []
        for source, those in _by_source(found).items():
            name = _list_name(unit, source)
            by_key = {match_key(each.entry.url): each for each in those}
            signatures = {key: entry_signature(each.entry, name) for key, each in by_key.items()}
            wanted += [by_key[key] for key in self.agenda.wanted(signatures)]
        return wanted

    def close_unit(self, unit: Unit, *, broken: bool) -> None:
        """All articles of a unit have been planned.

        Args:
            unit: open.
            broken: whether a part of its list could not be read.
        """
        with self._state_needed():
            self.units.close(unit, broken=broken)
        self._flush(self.clock())

    # --- what happens to pages, beside what happens in every run

    def page_gone(self, planned: Planned, reason: str) -> Planned:
        """An outlet has the page no more, and an archive is asked for it instead: the plan for that."""
        self.ledger.failure(planned.source, reason)
        return replace(planned, replay=True)

    def page_held_back(self, planned: Planned, reason: str) -> None:
        """A host asked for a pause, which the run waits for: the page is asked for again."""
        self.ledger.failure(planned.source, reason)

    def leave(self, planned: Planned) -> None:
        """A page is not asked for in this run."""
        self.units.leave(planned.listing)
        self._done(planned)

    def complain(self, host: str, problem: str, *, pause: bool = False) -> None:
        """A host is asked nothing more in this run; said once.

        Args:
            host: see `host_of`.
            problem: in words.
            pause: whether the host has asked for that.
        """
        self._problems.setdefault(host, problem)
        self._is_paused |= pause

    # --- the end

    def progress(self) -> str:
        """Where the run stands, for the progress line."""
        total, seconds = self.ledger.total(), (self.clock() - self.ledger.started_at).total_seconds()
        rate = total.pages / seconds if seconds else 0.0
        units, behind = self.units, self.units.behind
        line = (
            f"{units.passed} of {units.expected} lists, {total.pages} pages ({rate:.1f} a second), "
            f"{total.stored} stored, {total.off_topic} off topic"
        )
        return f"{line}, about {spoken(seconds / behind * (units.expected - behind))} left" if behind else line

    def finish(self, *, interrupted: bool) -> BackfillSummary:
        """As that of `Run`."""
        done = super().finish(interrupted=interrupted)
        values = {each.name: getattr(done, each.name) for each in fields(Summary)}
        values["problems"] = (*done.problems, *self._problems.values())
        skipped = dict(sorted(self.skipped.items()))
        return BackfillSummary(**values, units=self.units.passed, units_left=self.units.left, skipped=skipped)

    def _remember(self, now: datetime) -> None:
        """Nothing more: units were marked as they were finished."""

    def _close_row(self, row: SourceRun) -> None:
        row.outcome = BACKFILL

    def _exit_code(self, rows: list[SourceRun], *, interrupted: bool) -> int:
        if interrupted:
            return INTERRUPTED
        if self.fatal:
            return 1
        if not (self.units.undone or self._problems or self.faults or self.ledger.imbalances()):
            return 0
        nothing = self.units.undone == self.units.passed and not any(row.pages for row in rows)
        return 1 if nothing and not self._is_paused else 3

    # --- inside

    def _settle_arrived(self) -> None:
        super()._settle_arrived()
        if self._unfolded >= _FOLD_EVERY:
            try:
                self.store.fold()
            except (StoreError, OSError) as error:
                self.fail(str(error))
            self._unfolded = 0

    def _fate(self, planned: Planned, fate: PageFate, reason: str, final_url: str) -> None:
        self._unfolded += fate == "stored"
        super()._fate(planned, fate, reason, final_url)

    def _try_again(self, planned: Planned, reason: str) -> None:
        if reason in _FINAL:
            self._fates.append(Fate(planned.key, f"failed:{reason}", planned.signature))
        elif reason == "store_failed" or (reason == "extraction_failed" and not self._examined):
            self.units.leave(planned.listing)  # no fault of the page, so no try of its list
        else:
            self.units.fail(planned.listing)
        self._done(planned)
        self._flush(self.clock())

    def _done(self, planned: Planned) -> None:
        super()._done(planned)
        self.agenda.forget(planned)
        with self._state_needed():
            self.units.done(planned.listing)

    def _write_fates(self, now: datetime) -> None:
        with self.state.transaction():
            super()._write_fates(now)
            self.units.write(now)


def _by_source(found: Iterable[Found]) -> dict[str, list[Found]]:
    by_source: dict[str, list[Found]] = {}
    for each in found:
        by_source.setdefault(each.source, []).append(each)
    return by_source


def _list_name(unit: Unit, source: str) -> str:
    return f"{unit.key} {source}"
