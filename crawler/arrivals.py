"""Examined pages that wait to be stored together."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from crawler.plans import RunOptions
from pipelines.clock import Clock
from pipelines.model import Fetched
from pipelines.repeats import RepeatedTexts
from pipelines.store import Store
from pipelines.urls import match_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.intake import Arrival, Examined, Intake, Settled

#: Bytes of raw records above which no more pages are waited for: a hostile page may have 8 MiB that do not shrink.
RAW_WAITING = 32 * 2**20


class Arrivals:
    """The way from a run into the store. Pages get their stories in the order of publication, some at a time.

    Args:
        store: where articles go; its lock is held.
        options: of the run.
        run_id: the run.
        clock: the time.

    Attributes:
        has_stored: whether anything went into the store.
    """

    def __init__(self, store: Store, options: RunOptions, run_id: str, clock: Clock) -> None:
        self._store = store
        self._options = options
        self._run_id = run_id
        self._clock = clock
        self._waiting: list[Arrival] = []
        self._texts = RepeatedTexts()
        self._intake: Intake | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def has_stored(self) -> bool:
        """Whether the store may have something new."""
        return self._intake is not None

    def add(self, fetched: Fetched, examined: "Examined", *, first_seen: datetime | None, timezone: str) -> None:
        """One more page.

        Args:
            fetched: where it came from.
            examined: what was found in it.
            first_seen: when its address was first fetched, None when that is now.
            timezone: of its outlet, for the raw record.
        """
        from pipelines.intake import Arrival  # noqa: PLC0415 - an idle run never needs it

        raw = b""
        if self._options.keep_raw:
            from pipelines.intake.keeping import raw_of  # noqa: PLC0415 - needs an extra

            raw = raw_of(fetched, examined, first_seen=first_seen, timezone=timezone)
        self._waiting.append(Arrival(replace(fetched, body=b""), examined, first_seen, raw))

    def is_full(self, most: int) -> bool:
        """Whether it is time to store: so many pages wait, or they fill the memory."""
        return len(self._waiting) >= most or sum(len(arrival.raw) for arrival in self._waiting) > RAW_WAITING

    def take(self) -> "tuple[list[Arrival], list[Arrival]]":
        """All that wait: those to store, and those whose text looks like a wall since other pages have the same.

        Of a wall the pages that were stored before it was known stay; the others are to be asked for again.
        """
        arrived, self._waiting = self._waiting, []
        for arrival in arrived:
            page, listed = arrival.examined.page, arrival.fetched.listed
            if page is not None:
                key = match_key(page.canonical_url)
                self._texts.note(arrival.fetched.source, page.text, key=key, headline=listed.title if listed else "")
        good: list[Arrival] = []
        repeated: list[Arrival] = []
        for arrival in arrived:
            page = arrival.examined.page
            is_repeated = page is not None and self._texts.is_repeated(arrival.fetched.source, page.text)
            (repeated if is_repeated else good).append(arrival)
        return good, repeated

    def store(self, arrived: "Sequence[Arrival]") -> "list[Settled]":
        """Gives pages their stories and stores them. Returns their fates, in the same order.

        Raises:
            StoreError: when the store cannot be written.
            OSError: likewise.
        """
        return self._open_intake().settle(arrived)

    def _open_intake(self) -> "Intake":
        if self._intake is None:
            from pipelines.intake import STORY_INDEX, Intake, open_index  # noqa: PLC0415 - an idle run never needs these

            options = self._options
            index, raw = open_index(self._store, options.data / STORY_INDEX), None
            if options.keep_raw:
                from pipelines.raw import RawFile  # noqa: PLC0415 - needs an extra

                raw = RawFile(options.data, self._run_id, self._store.files, self._clock)
            rules = options.projects.version
            self._intake = Intake(self._store, index, run_id=self._run_id, rules_version=rules, raw=raw)
        return self._intake
