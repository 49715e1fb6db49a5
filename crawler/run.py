"""One run: what its parts share, and what it remembers afterwards.

The spider and the middlewares ask it what to fetch and tell it what happened; it keeps the books, hands pages to the
intake and, at the end, folds the journal and writes down what has been seen. Order matters there: stories first, then
what has been seen, so that a crash costs a second fetch and never a story.
"""

import resource
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from crawler.plans import Planned, RunOptions
from crawler.relating import relate_stories
from crawler.summary import Summary, exit_code
from pipelines.accounting import Ledger, PageFate
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.model import DiscoveredVia, Entry, Fetched, SourceRun
from pipelines.polling.listings import Failure, Fate, entry_signature
from pipelines.repeats import RepeatedTexts
from pipelines.state import State
from pipelines.store import Store, StoreError
from pipelines.urls import fetch_url, match_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.intake import Arrival, Examined, Intake

#: Pages lost with their worker, and none read, that say that it is no page's fault.
BROKEN = 3


@dataclass(slots=True)
class Listing:
    """A list of articles that was read in this run: a feed, a sitemap, an answer of an archive.

    Attributes:
        new: entries that were not seen before.
        known: entries that were.
        left_over: entries that were wanted and not planned, because a cap was reached.
        keys: entries that were planned and have no fate yet.
    """

    new: int = 0
    known: int = 0
    left_over: int = 0
    keys: set[str] = field(default_factory=set)


class Run:
    """One run. What it visits, and what it remembers of that, is the affair of its kinds.

    Args:
        options: what to do.
        sources: all sources, by id.
        state: what earlier runs remember.
        store: where articles go; its lock is held by the caller.
        clock: the time.
    """

    #: Articles whose fate is written to the state in one transaction while the run goes on: few enough that a killed
    # run repeats little.
    flush_every = 200
    #: Examined pages that are stored together. They get their stories in the order of publication, so that the outlet
    # that had a story first is its original; a killed run fetches so many again at most.
    settle_every = 50
    #: Bytes of raw records above which no more pages are waited for: a hostile page may have 8 MiB that do not shrink.
    raw_waiting = 32 * 2**20

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
        self._store = store
        self.clock = clock
        started = clock()
        self.id = f"{started:%Y%m%dT%H%M%S.%f}Z"
        self.ledger = Ledger(self.id, started)
        self.fatal = ""
        self._cpu_at_start = cpu_seconds()
        self._held = state.held_hosts(started)
        self._given_up: dict[str, str] = {}  # hosts that do not answer, and the reason of their last failure
        self._listings: dict[str, Listing] = {}
        self._planned: dict[str, Planned] = {}  # by address asked for
        self._planned_keys: set[str] = set()
        self._planned_in_all = 0
        self._pages: Counter[str] = Counter()  # planned, by source
        self._fates: list[Fate] = []
        self._failures: list[Failure] = []
        self._arrived: list[Arrival] = []
        self._examined = 0
        self._texts = RepeatedTexts()
        self._intake: Intake | None = None

    # --- what to fetch

    def progress(self) -> str:
        """Where the run stands, for the progress line."""
        total = self.ledger.total()
        return (
            f"{total.pages} of {total.new_urls} new pages, {total.stored} stored, {len(self._arrived)} examined, "
            f"{total.off_topic} off topic"
        )

    def retries(self) -> list[Planned]:
        """Pages that earlier runs could not fetch and that may be tried again."""
        return [
            self._plan(Planned(f.key, f.source, f.url, f.discovered_via, "", f.signature, f.listed))
            for f in self.state.retries(self.clock())
            if f.source in self.sources and f.key not in self._planned_keys and self._room(f.source)
        ]

    def refusal(self, host: str) -> tuple[str, str] | None:
        """Why a host (see `host_of`) is asked nothing now: the reason word, and the same for a person."""
        until = self._held.get(host)
        if until is not None and until > self.clock():
            return "paused", f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC"
        if host in self._given_up:
            return self._given_up[host], f"{host} is left alone for the rest of the run: {self._given_up[host]}"
        return None

    def paused_for(self, host: str) -> float:
        """Seconds for which a host still wants to be left alone; 0 when it does not."""
        until = self._held.get(host)
        return max((until - self.clock()).total_seconds(), 0.0) if until else 0.0

    def pause(self, host: str, seconds: float) -> None:
        """Leaves a host alone, in this run and later ones."""
        until = self.clock() + timedelta(seconds=seconds)
        self._held[host] = max(until, self._held.get(host, until))
        self.state.hold_host(host, until)

    def give_up(self, host: str, reason: str) -> None:
        """Asks a host nothing more in this run."""
        self._given_up[host] = reason

    def list_read(
        self, source: str, address: str, entries: Iterable[Entry], via: DiscoveredVia
    ) -> tuple[list[Planned], Listing]:
        """A list of articles was read: which of its entries are to be fetched?

        Entries whose address cannot be requested are counted as failures by the reason bad_url.

        Args:
            source: whose list it is.
            address: the list's name in this run.
            entries: what it lists.
            via: what kind of list it is.

        Returns:
            The plans, and the list with its counts; both are the run's as well. A list that is read in parts has one
            entry in the books.
        """
        row = self.ledger.of(source)
        listed: dict[str, tuple[Entry, int]] = {}
        for entry in entries:
            row.entries += 1
            try:
                url = fetch_url(entry.url)
            except ValueError:
                self.ledger.failure(source, "bad_url" if entry.url else "no_link")
                continue
            key = match_key(url)
            if key in listed and _are_two(listed[key][0], entry):
                key = url  # both are fetched, and their texts decide
            listed.setdefault(key, (replace(entry, url=url), entry_signature(entry, address)))
        wanted = self._wanted({key: signature for key, (_, signature) in listed.items()})
        listing = self._listings.setdefault(address, Listing())
        listing.new += len(wanted)
        listing.known += len(listed) - len(wanted)
        row.new_urls += len(wanted)
        plans = []
        for key in wanted:
            if key in self._planned_keys or listed[key][0].url in self._planned:
                continue  # another list of this run has named it
            if not self._room(source):
                listing.left_over += 1
                continue
            entry, signature = listed[key]
            listing.keys.add(key)
            plans.append(self._plan(Planned(key, source, entry.url, via, address, signature, entry)))
        return plans, listing

    def is_unfinished(self, address: str) -> bool:
        """Whether entries of a list that was read are still without a fate."""
        listing = self._listings.get(address)
        return listing is not None and bool(listing.left_over or listing.keys)

    # --- what happened to pages

    def page_answered(self, planned: Planned) -> None:
        """A page arrived; one of the next four must follow."""
        self.ledger.page(planned.source)

    def page_failed(self, planned: Planned, reason: str) -> None:
        """A page could not be fetched; a later run tries again."""
        self.ledger.failure(planned.source, reason)
        self._try_again(planned, reason)

    def off_topic(self, planned: Planned, final_url: str) -> None:
        """The gate turned a page away."""
        self._fate(planned, "off_topic", "", final_url)

    def drop(self, fetched: Fetched, reason: str) -> None:
        """A page cannot be used."""
        self._fate(self._planned[fetched.requested_url], "dropped", reason, fetched.url)

    def drop_for_now(self, fetched: Fetched, reason: str) -> None:
        """A page was lost through our own fault; a later run fetches it again."""
        planned = self._planned[fetched.requested_url]
        self.ledger.fate(planned.source, "dropped", reason)
        self._try_again(planned, reason)

    def settle(self, fetched: Fetched, examined: "Examined") -> None:
        """Takes an examined page; it gets its story and is stored together with others, in the order of publication."""
        from pipelines.intake import Arrival  # noqa: PLC0415 - an idle run never needs it

        self._examined += 1
        planned = self._planned[fetched.requested_url]
        earlier = self.state.seen([planned.key]).get(planned.key)
        # A copy in an archive was fetched before any run of ours.
        first_seen = min(earlier.first_seen, fetched.fetched_at) if earlier else None
        raw = self._raw_of(fetched, examined, first_seen)
        self._arrived.append(Arrival(replace(fetched, body=b""), examined, first_seen, raw))
        waiting = sum(len(arrival.raw) for arrival in self._arrived)
        if len(self._arrived) >= self.settle_every or waiting > self.raw_waiting:
            self._settle_arrived()

    def _settle_arrived(self) -> None:
        """Stores what has arrived. A store that cannot be written ends the run: nothing more would be kept."""
        arrived, self._arrived = self._without_repeated_texts(self._arrived), []
        try:
            fates = self._open_intake().settle(arrived)
        except (StoreError, OSError) as error:
            self.fatal = self.fatal or str(error)
            for arrival in arrived:
                self.drop_for_now(arrival.fetched, "store_failed")
            return
        for arrival, settled in zip(arrived, fates, strict=True):
            self._fate(self._planned[arrival.fetched.requested_url], settled.fate, settled.reason, arrival.fetched.url)

    def _without_repeated_texts(self, arrived: list["Arrival"]) -> list["Arrival"]:
        """Quarantines what looks like a wall: it is asked for again later, and what was settled before stays."""
        for arrival in arrived:
            page, listed = arrival.examined.page, arrival.fetched.listed
            if page is not None:
                key = match_key(page.canonical_url)
                self._texts.note(arrival.fetched.source, page.text, key=key, headline=listed.title if listed else "")
        kept = []
        for arrival in arrived:
            page = arrival.examined.page
            if page is not None and self._texts.is_repeated(arrival.fetched.source, page.text):
                self.drop_for_now(arrival.fetched, "repeated_text")
            else:
                kept.append(arrival)
        return kept

    # --- the end

    def finish(self, *, interrupted: bool) -> Summary:
        """Folds the journal, writes the books and remembers what was seen. Called once.

        Raises:
            StoreError: when the store cannot be written; what was acknowledged stays in the journal for the next run.
        """
        if self._arrived:
            self._settle_arrived()
        if self._intake is not None:
            self._store.fold()
        lost = self.ledger.total().dropped.get("extraction_failed", 0)
        if lost >= BROKEN and not self._examined:
            self.fatal = self.fatal or f"none of {lost} pages could be read: the process that reads them does not work"
            self._failures = [
                replace(each, reason="worker_broken") if each.reason == "extraction_failed" else each
                for each in self._failures
            ]
        now = self.clock()
        with self.state.transaction():
            self._flush(now)
            self.state.mark_failed(self._failures, now)
            self._remember(now)
        problems = relate_stories(self._store, self.options.projects_file, self._store.folded_months)
        rows = self._close_books(now)
        self._store.write_runs(rows)
        problems += [f"{source}: {count} pages without a fate" for source, count in self.ledger.imbalances().items()]
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

    def _close_books(self, now: datetime) -> list[SourceRun]:
        rows = list(self.ledger.rows.values())
        cpu = cpu_seconds() - self._cpu_at_start
        weight = sum(1 + row.pages for row in rows)
        for row in rows:
            row.finished_at = now
            row.cpu_seconds = cpu * (1 + row.pages) / weight
            self._close_row(row)
        return rows

    # --- what the kinds of runs differ in

    def _wanted(self, listed: dict[str, int]) -> Collection[str]:
        """The keys of a list's entries that are to be fetched, of their signatures by key."""
        return self.state.wanted(listed)

    def _exit_code(self, rows: list[SourceRun], *, interrupted: bool) -> int:
        """How the run tells cron what happened."""
        return exit_code(rows, failed=bool(self.fatal), interrupted=interrupted)

    def _remember(self, now: datetime) -> None:
        """Writes down what was visited, in the transaction of what was seen."""
        raise NotImplementedError

    def _close_row(self, row: SourceRun) -> None:
        """Gives a source's row its outcome."""
        raise NotImplementedError

    # --- inside

    def _room(self, source: str) -> bool:
        if self.fatal or (self.options.limit is not None and self._planned_in_all >= self.options.limit):
            return False
        return self._pages[source] < self.options.pages_per_source

    def _plan(self, planned: Planned) -> Planned:
        self._planned[planned.url] = planned
        self._planned_keys.add(planned.key)
        self._planned_in_all += 1
        self._pages[planned.source] += 1
        return planned

    def _open_intake(self) -> "Intake":
        if self._intake is None:
            from pipelines.intake import STORY_INDEX, Intake, open_index  # noqa: PLC0415 - an idle run never needs these

            index, raw = open_index(self._store, self.options.data / STORY_INDEX), None
            if self.options.keep_raw:
                from pipelines.raw import RawFile  # noqa: PLC0415 - needs an extra

                raw = RawFile(self.options.data, self.id, self._store.files, self.clock)
            rules = self.options.rules_version
            self._intake = Intake(self._store, index, run_id=self.id, rules_version=rules, raw=raw)
        return self._intake

    def _raw_of(self, fetched: Fetched, examined: "Examined", first_seen: datetime | None) -> bytes:
        if not self.options.keep_raw:
            return b""
        from pipelines.intake.keeping import raw_of  # noqa: PLC0415 - needs an extra

        return raw_of(fetched, examined, first_seen=first_seen, timezone=self.sources[fetched.source].timezone)

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
        listing = self._listings.get(planned.listing)
        if listing is not None:
            listing.keys.discard(planned.key)

    def _flush(self, now: datetime) -> None:
        self.state.mark_seen(self._fates, now)
        self._fates.clear()


def run_of(crawler: "Crawler") -> Run:
    """The run that a crawler's spider belongs to; every spider of this project has one."""
    return cast("Run", getattr(crawler.spider, "run"))  # noqa: B009 - Scrapy's type has no such attribute


def _are_two(one: Entry, other: Entry) -> bool:
    """Whether two entries of a list whose addresses have one match key are two articles, by their headlines."""
    return bool(one.title and other.title) and one.title.casefold() != other.title.casefold()


def cpu_seconds() -> float:
    """CPU seconds of this process and of the children that have ended."""
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime
