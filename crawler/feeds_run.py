"""A scheduled run: which feeds and news sitemaps were asked, what they said, and when each is due again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from crawler.plans import Planned, RunOptions
from crawler.run import Run
from pipelines.catalogue.outlets import Outlets
from pipelines.catalogue.sources import Source
from pipelines.clock import Clock
from pipelines.model import DiscoveredVia, Entry, SourceRun
from pipelines.polling import Answer, PollState, decide, is_dead, request_headers, unfinished
from pipelines.state import Due, State
from pipelines.store import Store


@dataclass(frozen=True, slots=True)
class _Poll:
    """A feed that was asked in this run."""

    source: str
    answer: Answer


class FeedsRun(Run):
    """One run over the sources that are due.

    Args:
        options: what to do.
        sources: all sources, by which pages are told whose they are.
        state: what earlier runs remember.
        store: where articles go; its lock is held by the caller.
        clock: the time.
        due: the feeds to ask.
        visited: the sources whose pages that failed are tried again, but for those that are switched off; None for all.
    """

    def __init__(
        self,
        options: RunOptions,
        sources: Iterable[Source],
        state: State,
        store: Store,
        clock: Clock,
        due: Iterable[Due],
        visited: Iterable[Source] | None = None,
    ) -> None:
        super().__init__(options, sources, state, store, clock)
        self.due = tuple(due)
        self._visited = tuple(self.sources.values() if visited is None else visited)
        self._states = state.polls()
        self._polls: dict[str, _Poll] = {}
        self._due_at: dict[str, datetime | None] = {}

    @cached_property
    def _outlets(self) -> Outlets:
        return Outlets(source for source in self.sources.values() if source.enabled)

    def owner(self, url: str) -> str:
        """As that of `Run`."""
        return self._outlets.owner(url)

    def progress(self) -> str:
        """Where the run stands, for the progress line."""
        return f"{len(self._polls)}/{len(self.due)} feeds, {super().progress()}"

    def retries(self) -> list[Planned]:
        """Pages of the visited sources that earlier runs could not fetch and that are to be tried again now."""
        return self.agenda.retry(self.state.retries(self._visited, self.clock()))

    def validators(self, feed: str) -> dict[str, str]:
        """Conditional headers for a feed."""
        return request_headers(self._state(feed))

    def last_hash(self, feed: str) -> str:
        """Hash of the body of a feed at the last reading."""
        return self._state(feed).body_hash

    def is_dead(self, sitemap: str) -> bool:
        """Whether a sitemap that an index names has had nothing new for so long that it is passed over."""
        return is_dead(self._state(sitemap), self.clock())

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
        """A feed was read: which of its entries are to be fetched? See `Agenda.read`."""
        self.ledger.of(source).http_status = answer.status
        plans, listing = self.agenda.read(source, feed, entries, via)
        self._polls[feed] = _Poll(source, replace(answer, new=listing.new, known=listing.known))
        return plans

    def _remember(self, now: datetime) -> None:
        states = []
        for feed, poll in self._polls.items():
            state = decide(self._state(feed), poll.answer, now)
            if self.agenda.is_unfinished(feed):
                state = unfinished(state)
            states.append(state)
            if feed in self.sources[poll.source].listings:  # the children of a sitemap index come with it
                known = self._due_at.get(poll.source)
                self._due_at[poll.source] = min(filter(None, (known, state.next_due)), default=None)
        self.state.save_polls(states)

    def _close_row(self, row: SourceRun) -> None:
        polls = [poll for poll in self._polls.values() if poll.source == row.source]
        good = sum(not _is_failure(poll.answer) for poll in polls)
        if good == len(polls) and row.source not in self.faults:
            row.outcome = "ok"
        else:
            row.outcome = "partial" if good else "failed"
        row.next_due_at = self._due_at.get(row.source)

    def _state(self, feed: str) -> PollState:
        return self._states.get(feed) or PollState(feed)


def _is_failure(answer: Answer) -> bool:
    return answer.outcome not in {"ok", "not_modified", "unchanged"}
