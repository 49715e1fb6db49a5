"""One run: what its parts share, and what it remembers afterwards.

The spider and the middlewares ask it what to fetch and tell it what happened; it keeps the books, hands pages to the
intake and, at the end, folds the journal and writes down when each feed is due again. Order matters there: stories
first, then what has been seen, so that a crash costs a second fetch and never a story.
"""

import resource
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from crawler.plans import Planned, RunOptions
from crawler.summary import Summary, exit_code
from pipelines.accounting import Ledger, PageFate
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.model import DiscoveredVia, Entry, Fetched, SourceRun
from pipelines.polling import Answer, PollState, decide, is_dead, request_headers, unfinished
from pipelines.polling.listings import Failure, Fate, entry_signature
from pipelines.repeats import RepeatedTexts
from pipelines.state import Due, State
from pipelines.store import Store, StoreError
from pipelines.urls import fetch_url, match_key

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.intake import Arrival, Examined, Intake

#: Articles whose fate is written to the state in one transaction while the run goes on: few enough that a killed run
# repeats little.
_FLUSH_EVERY = 200

#: Examined pages that are stored together. They get their stories in the order of publication, so that the outlet that
# had a story first is its original; a killed run fetches so many again at most.
_SETTLE_EVERY = 50


@dataclass(slots=True)
class _Poll:
    """A feed that was asked in this run."""

    source: str
    answer: Answer
    left_over: int = 0  # entries that were wanted and not planned
    keys: set[str] = field(default_factory=set)  # entries that were planned and have no fate yet


class Run:
    """One run over the sources that are due.

    Args:
        options: what to do.
        sources: all sources, by id.
        state: what earlier runs remember.
        store: where articles go; its lock is held by the caller.
        clock: the time.
        due: the feeds to ask.
    """

    def __init__(
        self,
        options: RunOptions,
        sources: Iterable[Source],
        state: State,
        store: Store,
        clock: Clock,
        due: Iterable[Due],
    ) -> None:
        self.options = options
        self.sources = {source.id: source for source in sources}
        self.state = state
        self._store = store
        self.clock = clock
        self.due = tuple(due)
        started = clock()
        self.id = f"{started:%Y%m%dT%H%M%S.%f}Z"
        self.ledger = Ledger(self.id, started)
        self.fatal = ""
        self._cpu_at_start = _cpu_seconds()
        self._states = state.polls()
        self._held = state.held_hosts(started)
        self._given_up: dict[str, str] = {}  # hosts that do not answer, and the reason of their last failure
        self._polls: dict[str, _Poll] = {}
        self._planned: dict[str, Planned] = {}  # by address asked for
        self._planned_keys: set[str] = set()
        self._pages: Counter[str] = Counter()  # planned, by source
        self._fates: list[Fate] = []
        self._failures: list[Failure] = []
        self._arrived: list[Arrival] = []
        self._texts = RepeatedTexts()
        self._intake: Intake | None = None

    # --- what to fetch

    @property
    def feeds_due(self) -> int:
        """Number of feeds to ask."""
        return len(self.due)

    @property
    def feeds_answered(self) -> int:
        """Number of feeds that have answered, or failed to."""
        return len(self._polls)

    @property
    def waiting(self) -> int:
        """Number of examined pages that wait to be settled together."""
        return len(self._arrived)

    def validators(self, feed: str) -> dict[str, str]:
        """Conditional headers for a feed."""
        return request_headers(self._state(feed))

    def last_hash(self, feed: str) -> str:
        """Hash of the body of a feed at the last reading."""
        return self._state(feed).body_hash

    def is_dead(self, sitemap: str) -> bool:
        """Whether a sitemap that an index names has had nothing new for so long that it is passed over."""
        return is_dead(self._state(sitemap), self.clock())

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

    def pause(self, host: str, seconds: float) -> None:
        """Leaves a host alone, in this run and later ones."""
        until = self.clock() + timedelta(seconds=seconds)
        self._held[host] = max(until, self._held.get(host, until))
        self.state.hold_host(host, until)

    def give_up(self, host: str, reason: str) -> None:
        """Asks a host nothing more in this run."""
        self._given_up[host] = reason

    # --- what happened to feeds

    def feed_failed(self, source: str, feed: str, answer: Answer) -> None:
        """A feed gave nothing that can be used."""
        self.ledger.failure(source, answer.outcome)
        self.ledger.of(source).http_status = answer.status
        self._polls[feed] = _Poll(source, answer)

    def feed_skipped(self, source: str, reason: str) -> None:
        """A feed was not asked after all, because its host is paused: it stays as due as it was."""
        self.ledger.failure(source, reason)

    def feed_unchanged(self, source: str, feed: str, answer: Answer) -> None:
        """A feed said, or showed, that nothing is new."""
        row = self.ledger.of(source)
        row.not_modified += 1
        row.http_status = answer.status
        self._polls[feed] = _Poll(source, answer)

    def feed_read(
        self, source: str, feed: str, entries: Iterable[Entry], via: DiscoveredVia, answer: Answer
    ) -> list[Planned]:
        """A feed was read: which of its entries are to be fetched?

        Entries whose address cannot be requested are counted as failures by the reason bad_url.
        """
        row = self.ledger.of(source)
        row.http_status = answer.status
        listed: dict[str, tuple[Entry, int]] = {}
        for entry in entries:
            row.entries += 1
            try:
                address = fetch_url(entry.url)
            except ValueError:
                self.ledger.failure(source, "bad_url" if entry.url else "no_link")
                continue
            key = match_key(address)
            if key in listed and _are_two(listed[key][0], entry):
                key = address  # both are fetched, and their texts decide
            listed.setdefault(key, (replace(entry, url=address), entry_signature(entry, feed)))
        wanted = self.state.wanted({key: signature for key, (_, signature) in listed.items()})
        poll = _Poll(source, replace(answer, new=len(wanted), known=len(listed) - len(wanted)))
        self._polls[feed] = poll
        row.new_urls += len(wanted)
        plans = []
        for key in wanted:
            if key in self._planned_keys:
                continue  # another listing of this run has named it
            if not self._room(source):
                poll.left_over += 1
                continue
            entry, signature = listed[key]
            poll.keys.add(key)
            plans.append(self._plan(Planned(key, source, entry.url, via, feed, signature, entry)))
        return plans

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

        planned = self._planned[fetched.requested_url]
        earlier = self.state.seen([planned.key]).get(planned.key)
        self._arrived.append(Arrival(replace(fetched, body=b""), examined, earlier.first_seen if earlier else None))
        if len(self._arrived) >= _SETTLE_EVERY:
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
        now = self.clock()
        with self.state.transaction():
            self._flush(now)
            self.state.mark_failed(self._failures, now)
            due_at = self._remember_polls(now)
        problems = self._relate_stories()
        rows = self._close_books(now, due_at)
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
            exit_code(rows, failed=bool(self.fatal), interrupted=interrupted),
        )

    def _relate_stories(self) -> list[str]:
        """Groups the new stories into events. They follow from the stories, so a failure loses nothing; it is told."""
        months = self._store.folded_months
        if not months:
            return []
        from pipelines.catalogue.projects import load_projects  # noqa: PLC0415 - a run that stores nothing needs neither
        from pipelines.events import update_events  # noqa: PLC0415

        try:
            update_events(self._store, load_projects(self.options.projects_file), months)
        except StoreError as error:
            return [f"the events of the new stories are not stored, see `orbitwatch rebuild`: {error}"]
        return []

    def _remember_polls(self, now: datetime) -> dict[str, datetime | None]:
        due_at: dict[str, datetime | None] = {}
        states = []
        for feed, poll in self._polls.items():
            state = decide(self._state(feed), poll.answer, now)
            if poll.left_over or poll.keys:
                state = unfinished(state)
            states.append(state)
            if feed in self.sources[poll.source].listings:  # the children of a sitemap index come with it
                known = due_at.get(poll.source)
                due_at[poll.source] = min(filter(None, (known, state.next_due)), default=None)
        self.state.save_polls(states)
        return due_at

    def _close_books(self, now: datetime, due_at: dict[str, datetime | None]) -> list[SourceRun]:
        rows = list(self.ledger.rows.values())
        cpu = _cpu_seconds() - self._cpu_at_start
        weight = sum(1 + row.pages for row in rows)
        for row in rows:
            polls = [poll for poll in self._polls.values() if poll.source == row.source]
            failed = sum(_is_failure(poll.answer) for poll in polls)
            row.outcome = "ok" if not failed else "failed" if failed == len(polls) else "partial"
            row.finished_at = now
            row.next_due_at = due_at.get(row.source)
            row.cpu_seconds = cpu * (1 + row.pages) / weight
        return rows

    # --- inside

    def _state(self, feed: str) -> PollState:
        return self._states.get(feed) or PollState(feed)

    def _room(self, source: str) -> bool:
        if self.fatal or (self.options.limit is not None and len(self._planned_keys) >= self.options.limit):
            return False
        return self._pages[source] < self.options.pages_per_source

    def _plan(self, planned: Planned) -> Planned:
        self._planned[planned.url] = planned
        self._planned_keys.add(planned.key)
        self._pages[planned.source] += 1
        return planned

    def _open_intake(self) -> "Intake":
        if self._intake is None:
            from pipelines.intake import STORY_INDEX, Intake, open_index  # noqa: PLC0415 - an idle run never needs these

            index = open_index(self._store, self.options.data / STORY_INDEX)
            self._intake = Intake(self._store, index, run_id=self.id, rules_version=self.options.rules_version)
        return self._intake

    def _fate(self, planned: Planned, fate: PageFate, reason: str, final_url: str) -> None:
        self.ledger.fate(planned.source, fate, reason)
        outcome = f"dropped:{reason}" if fate == "dropped" else fate
        self._fates.append(Fate(planned.key, outcome, planned.signature))
        if final_url != planned.url and (final_key := match_key(final_url)) != planned.key:
            # So that a listing that names the target does not lead here again.
            self._fates.append(Fate(final_key, outcome))
        self._done(planned)
        if len(self._fates) >= _FLUSH_EVERY:
            self._flush(self.clock())

    def _try_again(self, planned: Planned, reason: str) -> None:
        self._failures.append(
            Failure(planned.key, planned.source, planned.url, reason, planned.via, planned.signature, planned.entry)
        )
        self._done(planned)

    def _done(self, planned: Planned) -> None:
        poll = self._polls.get(planned.listing)
        if poll is not None:
            poll.keys.discard(planned.key)

    def _flush(self, now: datetime) -> None:
        self.state.mark_seen(self._fates, now)
        self._fates.clear()


def run_of(crawler: "Crawler") -> Run:
    """The run that a crawler's spider belongs to; every spider of this project has one."""
    return cast("Run", getattr(crawler.spider, "run"))  # noqa: B009 - Scrapy's type has no such attribute


def _are_two(one: Entry, other: Entry) -> bool:
    """Whether two entries of a list whose addresses have one match key are two articles, by their headlines."""
    return bool(one.title and other.title) and one.title.casefold() != other.title.casefold()


def _is_failure(answer: Answer) -> bool:
    return answer.outcome not in {"ok", "not_modified", "unchanged"}


def _cpu_seconds() -> float:
    """CPU seconds of this process and of the children that have ended."""
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime
