"""Which articles of the lists that were read are fetched in a run, and which of them still wait for their fate."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from crawler.plans import Planned
from pipelines.accounting import Ledger
from pipelines.model import DiscoveredVia, Entry
from pipelines.polling.listings import Failure, entry_signature
from pipelines.state import State
from pipelines.urls import fetch_url, match_key


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


class Agenda:
    """The pages that a run fetches: each once, whatever number of lists name it.

    Args:
        state: what earlier runs have seen.
        ledger: of the run; learns what lists hold.
        limit: pages of all sources at most, None for all.
        limit_per_source: pages of one source at most.
        elsewhere: as for `State.wanted`.
        owner: as `crawler.run.Run.owner`.
    """

    def __init__(
        self,
        state: State,
        ledger: Ledger,
        *,
        limit: int | None,
        limit_per_source: int,
        owner: Callable[[str], str],
        elsewhere: bool = False,
    ) -> None:
        self._state = state
        self._ledger = ledger
        self._limit = limit
        self._limit_per_source = limit_per_source
        self._elsewhere = elsewhere
        self._owner = owner
        self._closed = False
        self._listings: dict[str, Listing] = {}
        self._by_url: dict[str, Planned] = {}  # by address asked for
        self._keys: set[str] = set()
        self._in_all = 0
        self._by_source: Counter[str] = Counter()

    @property
    def is_full(self) -> bool:
        """Whether nothing more will be planned."""
        return self._closed or (self._limit is not None and self._in_all >= self._limit)

    def close(self) -> None:
        """Plans nothing more."""
        self._closed = True

    def wanted(self, listed: Mapping[str, int], *, own: Callable[[str], bool] = lambda _: False) -> Collection[str]:
        """The keys of a list's entries that are to be fetched, of their signatures by key; `own` as for `State`."""
        return self._state.wanted(listed, elsewhere=self._elsewhere, own=own)

    def read(
        self, source: str, address: str, entries: Iterable[Entry], via: DiscoveredVia
    ) -> tuple[list[Planned], Listing]:
        """A list of articles was read: which of its entries are to be fetched?

        Entries whose address cannot be requested are counted as failures by the reason bad_url, or no_link.

        Args:
            source: whose list it is.
            address: the list's name in this run.
            entries: what it lists.
            via: what kind of list it is.

        Returns:
            The plans, and the list with its counts; both are kept here as well. A list that is read in parts is one
            list.
        """
        row = self._ledger.of(source)
        listed: dict[str, tuple[Entry, int]] = {}
        for entry in entries:
            row.entries += 1
            try:
                url = fetch_url(entry.url)
            except ValueError:
                self._ledger.failure(source, "bad_url" if entry.url else "no_link")
                continue
            key = match_key(url)
            if key in listed and _are_two(listed[key][0], entry):
                key = url  # both are fetched, and their texts decide
            listed.setdefault(key, (replace(entry, url=url), entry_signature(entry, address)))
        wanted = self.wanted(
            {key: signature for key, (_, signature) in listed.items()},
            own=lambda key: self._owner(listed[key][0].url) == source,
        )
        listing = self._listings.setdefault(address, Listing())
        listing.new += len(wanted)
        listing.known += len(listed) - len(wanted)
        row.new_urls += len(wanted)
        plans = []
        for key in wanted:
            if key in self._keys or listed[key][0].url in self._by_url:
                continue  # another list of this run has named it
            if not self._has_room(source):
                listing.left_over += 1
                continue
            entry, signature = listed[key]
            listing.keys.add(key)
            plans.append(self._plan(Planned(key, source, entry.url, via, address, signature, entry)))
        return plans, listing

    def retry(self, failures: Iterable[Failure]) -> list[Planned]:
        """Which of the pages that earlier runs could not fetch, see `State.retries`, are to be tried again?"""
        return [
            self._plan(Planned(f.key, f.source, f.url, f.discovered_via, "", f.signature, f.listed))
            for f in failures
            if f.key not in self._keys and self._has_room(f.source)
        ]

    def planned(self, url: str) -> Planned:
        """The plan for an address, as it was asked for."""
        return self._by_url[url]

    def done(self, planned: Planned) -> None:
        """A page has its fate, or waits for another run."""
        listing = self._listings.get(planned.listing)
        if listing is not None:
            listing.keys.discard(planned.key)

    def is_unfinished(self, address: str) -> bool:
        """Whether entries of a list that was read are still without a fate."""
        listing = self._listings.get(address)
        return listing is not None and bool(listing.left_over or listing.keys)

    def forget(self, planned: Planned) -> None:
        """Keeps no memory of a page that is done, so that a run over years stays small."""
        self._by_url.pop(planned.url, None)
        self._keys.discard(planned.key)

    def forget_list(self, address: str) -> None:
        """Keeps no memory of a list that is done."""
        del self._listings[address]

    def _has_room(self, source: str) -> bool:
        return not self.is_full and self._by_source[source] < self._limit_per_source

    def _plan(self, planned: Planned) -> Planned:
        self._by_url[planned.url] = planned
        self._keys.add(planned.key)
        self._in_all += 1
        self._by_source[planned.source] += 1
        return planned


def _are_two(one: Entry, other: Entry) -> bool:
    """Whether two entries of a list whose addresses have one match key are two articles, by their headlines."""
    return bool(one.title and other.title) and one.title.casefold() != other.title.casefold()
