"""One run: what its parts share, and what it remembers afterwards.

The spider and the middlewares ask it what to fetch and tell it what happened; it keeps the books, hands pages to the
intake and, at the end, folds the journal and writes down what has been seen. Order matters there: stories first, then
what has been seen, so that a crash costs a second fetch and never a story.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from crawler.agenda import Agenda
from crawler.arrivals import Arrivals
from crawler.hosts import Hosts
from crawler.plans import Planned, RunOptions
from crawler.relating import relate_stories
from crawler.summary import Summary, exit_code
from crawler.usage import cpu_seconds, share_out
from pipelines.accounting import Ledger, PageFate
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.model import Fetched, SourceRun
from pipelines.polling.listings import Failure, Fate
from pipelines.state import State, StateError
from pipelines.store import Store, StoreError
from pipelines.urls import match_key, registered_domain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.intake import Examined

#: Pages lost with their worker, and none read, that say that it is no page's fault.
BROKEN = 3


class Run(ABC):
    """One run. What it visits, and what it remembers of that, is the affair of its kinds.

    Args:
        options: what to do.
        sources: those that its pages may be of.
        state: what earlier runs remember.
        store: where articles go; its lock is held by the caller.
        clock: the time.

    Attributes:
        sources: by id.
        ledger: the books.
        hosts: who is left alone.
        agenda: what is fetched.
        fatal: why the run cannot go on, "" while it can.
        faults: sources whose answers met a fault of the program, with how many.
    """

    #: Articles whose fate is written to the state in one transaction while the run goes on: few enough that a killed
    # run repeats little.
    flush_every = 200
    #: Examined pages that are stored together. They get their stories in the order of publication, so that the outlet
    # that had a story first is its original; a killed run fetches so many again at most.
    settle_every = 50
    #: Whether articles that another list led to in vain are tried once more, see `State.wanted`.
    tries_elsewhere = False

    def __init__(
        self,
        options: RunOptions,
        sources: Iterable[Source],
        state: State,
        store: Store,
        clock: Clock,
    ) -> None:
        self.options = options
        self.sources = {source.id: source for source in sources}
        self.state = state
        self.store = store
        self.clock = clock
        started = clock()
        self.id = f"{started:%Y%m%dT%H%M%S.%f}Z"
        self.ledger = Ledger(self.id, started)
        self.hosts = Hosts(state, clock)
        self.agenda = Agenda(
            state,
            self.ledger,
            limit=options.limit,
            limit_per_source=options.pages_per_source,
            elsewhere=self.tries_elsewhere,
            owner=self.owner,
        )
        self.fatal = ""
        self.faults: Counter[str] = Counter()
        self._stop: Callable[[], object] | None = None
        self._arrivals = Arrivals(store, options, self.id, clock)
        self._cpu_at_start = cpu_seconds()
        self._fates: list[Fate] = []
        self._failures: list[Failure] = []
        self._examined = 0

    # --- what the kinds of runs differ in

    @abstractmethod
    def _remember(self, now: datetime) -> None:
        """Writes down what was visited, in the transaction of what was seen."""

    @abstractmethod
    def _close_row(self, row: SourceRun) -> None:
        """Gives a source's row its outcome."""

    def owner(self, url: str) -> str:  # noqa: ARG002 - others look at the address
        """The id of the source that certainly printed what an address leads to, "" for none."""
        return ""

    def printed_by(self, url: str, source: str) -> str:
        """The id of the source that an article counts for.

        Outlets link to each other, and some list nothing but what others print. Where several sources share a domain,
        editions of one outlet mostly, the list has the last word.

        Args:
            url: its address.
            source: whose list named it.
        """
        owner = self.owner(url)
        if not owner or registered_domain(url) == registered_domain(self.sources[source].home):
            return source
        return owner

    def _exit_code(self, rows: list[SourceRun], *, interrupted: bool) -> int:
        """How the run tells cron what happened."""
        return exit_code(rows, failed=bool(self.fatal), interrupted=interrupted)

    def progress(self) -> str:
        """Where the run stands, for the progress line."""
        total = self.ledger.total()
        return (
            f"{total.pages} of {total.new_urls} new pages, {total.stored} stored, {len(self._arrivals)} examined, "
            f"{total.off_topic} off topic"
        )

    # --- what happens to pages

    def page_answered(self, planned: Planned) -> None:
        """A page arrived; one of the next four must follow."""
        self.ledger.page(planned.source)

    def off_topic(self, planned: Planned, final_url: str) -> None:
        """The gate turned a page away."""
        self._fate(planned, "off_topic", "", final_url)

    def drop(self, fetched: Fetched, reason: str) -> None:
        """A page cannot be used."""
        self._fate(self.agenda.planned(fetched.requested_url), "dropped", reason, fetched.url)

    def drop_for_now(self, fetched: Fetched, reason: str) -> None:
        """A page was lost through our own fault, or may be there later; a later run fetches it again."""
        planned = self.agenda.planned(fetched.requested_url)
        self.ledger.fate(planned.source, "dropped", reason)
        self._try_again(planned, reason)

    def settle(self, fetched: Fetched, examined: "Examined") -> None:
        """Takes an examined page; it gets its story and is stored together with others, in the order of publication."""
        self._examined += 1
        key = self.agenda.planned(fetched.requested_url).key
        earlier = self.state.seen([key]).get(key)
        # A copy in an archive was fetched before any run of ours.
        first_seen = min(earlier.first_seen, fetched.fetched_at) if earlier else None
        self._arrivals.add(fetched, examined, first_seen=first_seen, timezone=self.sources[fetched.source].timezone)
        if self._arrivals.is_full(self.settle_every):
            self._settle_arrived()

    def page_failed(self, planned: Planned, reason: str) -> None:
        """A page could not be fetched; a later run tries again."""
        self.ledger.failure(planned.source, reason)
        self._try_again(planned, reason)

    def fault(self, source: str) -> None:
        """A fault of the program ended the work on an answer of a source; the log has its traceback.

        What was planned and has no fate by that is asked for again, as its list is read again.
        """
        self.ledger.failure(source, "fault")
        self.faults[source] += 1

    def stop_by(self, stop: Callable[[], object]) -> None:
        """Says how the fetching is ended when the run fails."""
        self._stop = stop

    def fail(self, problem: str) -> None:
        """Nothing more can be kept, or fetched, for a reason that is told; the first one is."""
        self.fatal = self.fatal or problem
        self.agenda.close()
        if self._stop is not None:
            self._stop()

    # --- the end

    def finish(self, *, interrupted: bool) -> Summary:
        """Folds the journal, writes the books and remembers what was seen. Called once, after the fetching.

        Raises:
            StoreError: when the store cannot be written; what was acknowledged stays in the journal for the next run.
            StateError: when the state cannot.
        """
        self._stop = None
        if self._arrivals:
            self._settle_arrived()
        if self._arrivals.has_stored:
            self.store.fold()
        self._look_for_a_broken_worker()
        now = self.clock()
        with self.state.transaction():
            self._write_fates(now)
            self.state.mark_failed(self._failures, now)
            self._remember(now)
        problems = relate_stories(self.store, self.options.projects)
        rows = self._close_books(now)
        self.store.write_runs(rows)
        problems += [
            f"{source}: {count} answers met a fault of the program, see the log"
            for source, count in self.faults.items()
        ]
        if not interrupted:  # else pages may have been in hand when it was ended by force: they are fetched again
            problems += [
                f"{source}: {count} pages without a fate" for source, count in self.ledger.imbalances().items()
            ]
        if self.fatal:
            problems.insert(0, self.fatal)
        return Summary(
            self.id,
            self.ledger.started_at,
            now,
            tuple(rows),
            self.ledger.total(),
            tuple(problems),
            self._exit_code(rows, interrupted=interrupted),
        )

    def _look_for_a_broken_worker(self) -> None:
        """Where no page at all could be read, that was the fault of none."""
        lost = self.ledger.total().dropped.get("extraction_failed", 0)
        if lost < BROKEN or self._examined:
            return
        self.fail(f"none of {lost} pages could be read: the process that reads them does not work")
        self._failures = [
            replace(each, reason="worker_broken") if each.reason == "extraction_failed" else each
            for each in self._failures
        ]

    def _close_books(self, now: datetime) -> list[SourceRun]:
        rows = list(self.ledger.rows.values())
        share_out(rows, cpu_seconds() - self._cpu_at_start)
        for row in rows:
            row.finished_at = now
            self._close_row(row)
        return rows

    # --- inside

    def _settle_arrived(self) -> None:
        """Stores what has arrived. A store that cannot be written ends the run."""
        arrived, repeated = self._arrivals.take()
        for arrival in repeated:
            self.drop_for_now(arrival.fetched, "repeated_text")
        try:
            fates = self._arrivals.store(arrived)
        except (StoreError, OSError) as error:
            self.fail(str(error))
            for arrival in arrived:
                self.drop_for_now(arrival.fetched, "store_failed")
            return
        for arrival, settled in zip(arrived, fates, strict=True):
            planned = self.agenda.planned(arrival.fetched.requested_url)
            self._fate(planned, settled.fate, settled.reason, arrival.fetched.url)

    def _fate(self, planned: Planned, fate: PageFate, reason: str, final_url: str) -> None:
        self.ledger.fate(planned.source, fate, reason)
        outcome = f"dropped:{reason}" if fate == "dropped" else fate
        self._fates.append(Fate(planned.key, outcome, planned.signature))
        if final_url != planned.url and (final_key := match_key(final_url)) != planned.key:
            # So that a listing that names the target does not lead here again.
            self._fates.append(Fate(final_key, outcome))
        self._done(planned)
        if len(self._fates) >= self.flush_every:
            self._flush(self.clock())

    def _try_again(self, planned: Planned, reason: str) -> None:
        self._failures.append(
            Failure(planned.key, planned.source, planned.url, reason, planned.via, planned.signature, planned.entry)
        )
        self._done(planned)

    def _done(self, planned: Planned) -> None:
        self.agenda.done(planned)

    def _flush(self, now: datetime) -> None:
        with self._state_needed():
            self._write_fates(now)
            self._fates.clear()

    @contextmanager
    def _state_needed(self) -> Iterator[None]:
        """A state that cannot be written ends the run; fates that it has not taken are written at the end."""
        try:
            yield
        except StateError as error:
            self.fail(str(error))

    def _write_fates(self, now: datetime) -> None:
        self.state.mark_seen(self._fates, now)


def run_of(crawler: "Crawler") -> Run:
    """The run that a crawler's spider belongs to; those that fetch articles have one."""
    return cast("Run", getattr(crawler.spider, "run"))  # noqa: B009 - Scrapy's type has no such attribute
