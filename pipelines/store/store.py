"""The store: a journal that loses nothing, and month files that anyone can read.

A row's way: `append` writes it to the journal and syncs; from then on it is acknowledged. `fold` moves what
the journal holds into the month files, derives the stories, notes in which months events are to be made, and
removes the journal last. Whatever kills the program in between, `heal` at the next start does the rest.
`docs/promises.md` says what is promised, and which test holds it.

This module imports nothing heavy: a run that stores nothing never loads pyarrow.
"""

import logging
import time
import zlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.clock import Clock, system_clock
from pipelines.model import Article, Milestone, SourceRun
from pipelines.store.errors import faults_named
from pipelines.store.files import STAGING, Files, LocalFiles
from pipelines.store.journal import JOURNAL, Journal
from pipelines.store.lock import FileLock
from pipelines.store.marker import require_own
from pipelines.store.unrelated import UNRELATED, Unrelated

if TYPE_CHECKING:
    import pyarrow as pa

    from pipelines.store.months import MonthFiles
    from pipelines.store.tables import Tables

LOCK = ".lock"
DAMAGED = ".damaged"
PLACES = ".state/places.sqlite"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Folded:
    """What a fold did.

    Attributes:
        articles: articles that are new.
        milestones: milestones that are new.
        stories: stories that are new or changed.
        files: month files written.
        damaged: journal records that failed their checksum and were set aside under `.damaged/`.
    """

    articles: int = 0
    milestones: int = 0
    stories: int = 0
    files: int = 0
    damaged: int = 0


class Store:
    """The tables below one data directory.

    Every writing method holds the lock: that of a surrounding `with store.lock()`, which a run takes for all
    its work, or its own for the one call. All of them raise a `StoreError` when something is wrong, and leave
    what was stored before as it was.

    Args:
        root: the data directory; made when missing. On a local disk, since the lock is the kernel's. For tables in
            a bucket the working directory beside it, see `location.open_store`.
        files: the file system.
        clock: for the start time written into the lock.
        sleep: waits so many seconds, while another run holds the lock.
    """

    def __init__(
        self,
        root: Path,
        *,
        files: Files | None = None,
        clock: Clock = system_clock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.root = Path(root)
        self.files: Files = files or LocalFiles()
        self._lock = FileLock(self.root / LOCK, clock=clock, sleep=sleep)
        self._journal = Journal(self.root / JOURNAL, self.files)
        self._probed = False
        self._unrelated = Unrelated(self.root, self.files)

    @contextmanager
    def lock(self, *, wait: float = 0) -> Iterator[None]:
        """Keeps every other writer out while the block runs. May be nested.

        Args:
            wait: seconds to go on asking when another run holds it.

        Raises:
            StoreLocked: with the owner, when it is still held after that.
        """
        self._lock.acquire(wait)
        try:
            yield
        finally:
            try:
                if self._lock.outermost:
                    self._let_go()
            finally:
                self._lock.release()

    def probe(self) -> None:
        """Finds out before any crawling whether anything could be stored; marks a new directory as a store.

        Raises:
            StoreFault: if the directory cannot be written.
            StoreForeign: if the tables' folders hold something else.
            StoreTooOld: if it was written under an older schema version.
            StoreTooNew: if it was written by a newer program.
        """
        with self.lock(), faults_named(f"cannot write to {self.root}"):
            self.files.commit(lambda: require_own(self.root, self.files))
            staged = self.root / STAGING / "probe"
            self.files.mkdir(staged.parent)
            self.files.write_durably(staged, b"writable\n")
            self.files.unlink(staged)
            self._probed = True

    def heal(self) -> int:
        """Finishes what a killed run left behind. To be called at the start of each run.

        Returns:
            The number of articles that only the journal had.
        """
        with self._writing():
            with faults_named(f"cannot tidy {self.root}"):
                self.files.remove_tree(self.root / STAGING)
            return self.fold().articles

    def append(self, article: Article, milestones: Sequence[Milestone] = ()) -> None:
        """Acknowledges one article with its claims: when it returns, they are on the disk.

        Raises:
            RowRefused: if the schema does not allow the row; nothing is written.
            StoreFault: if the disk refuses; the article is not acknowledged.
        """
        self.append_many([(article, milestones)])

    def append_many(self, batch: Iterable[tuple[Article, Sequence[Milestone]]]) -> None:
        """Acknowledges many articles with one sync. Raises as `append` does, for all or none."""
        from pipelines.store.tables import journal_records  # noqa: PLC0415 (loads pyarrow, which few runs need)

        self._journalled(journal_records(batch))

    def fold(self) -> Folded:
        """Moves what the journal holds into the month files, and derives the stories that it touches.

        May be repeated, and cut short at any point. Memory grows with the journal and with the stories it
        touches: fold a backfill every 20,000 articles or so.

        Raises:
            StoreFault: if the disk refuses; the journal keeps everything.
            StoreDamaged: if a file that has to be extended cannot be read; the journal keeps everything.
        """
        with self._writing():
            with faults_named(f"cannot read {self.root / JOURNAL}"):
                if not self._journal.exists():
                    return Folded()
                journalled = self._journal.read()
            if journalled.damaged:
                self._set_aside(journalled.damaged)
            taken = self.files.commit(lambda: self._tables.take(journalled.records))
            with faults_named(f"cannot write {self.root / UNRELATED}"):
                self._unrelated.add(taken.months)
            with faults_named(f"cannot remove {self.root / JOURNAL}"):
                self._journal.remove()
            return Folded(
                articles=taken.articles.rows,
                milestones=taken.milestones.rows,
                stories=taken.stories.rows,
                files=taken.articles.files + taken.milestones.files + taken.stories.files,
                damaged=len(journalled.damaged),
            )

    def write_runs(self, records: Iterable[SourceRun]) -> None:
        """Keeps what runs did, one file a day; of the same run and source the latest record counts.

        Raises:
            RowRefused: if the schema does not allow a row; nothing is written.
            StoreFault: if the disk refuses.
        """
        runs = list(records)
        if runs:
            with self._writing():
                self.files.commit(lambda: self._tables.put_runs(runs))

    def unrelated_months(self) -> frozenset[str]:
        """The months ("2021-10") to which articles were added since their stories were last related to events.

        By this run, or by an earlier one that was killed before it came to that. Where there are none, nothing but the
        local disk is asked.

        Raises:
            StoreFault: if the disk refuses.
        """
        with faults_named(f"cannot read {self.root / UNRELATED}"):
            return self._unrelated.months()

    def mark_related(self, months: Iterable[str]) -> None:
        """Takes months out of `unrelated_months`: all their stories have their events.

        Raises:
            StoreFault: if the disk refuses.
        """
        related = set(months)
        with self._writing(), faults_named(f"cannot write {self.root / UNRELATED}"):
            self._unrelated.remove(related)

    def put_events(self, rows: Iterable[Mapping[str, Any]], months: Iterable[str]) -> None:
        """Adds rows of the events table; one whose story has a row takes its place.

        Args:
            rows: their columns are those of `schema.EVENTS`.
            months: where these stories may have rows ("2021-10").

        Raises:
            RowRefused: if the schema does not allow a row; nothing is written.
            StoreFault: if the disk refuses.
            StoreDamaged: if one of the months cannot be read.
        """
        events, stems = list(rows), set(months)
        with self._writing():
            self.files.commit(lambda: self._tables.put_events(events, stems))

    def replace_events(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Makes these the only rows of the events table; their columns are those of `schema.EVENTS`."""
        events = list(rows)
        with self._writing():
            self.files.commit(lambda: self._tables.replace("events", events))

    def replace_verdicts(self, month: str, verdicts: Mapping[str, Mapping[str, Any]]) -> bool:
        """Gives stored articles of a month another verdict: the columns `amend.VERDICT`, and no others.

        One file is replaced whole; what was read on the page stays bit by bit, whatever is passed.

        Args:
            month: "2021-10".
            verdicts: the four columns by article id; articles that are not named keep theirs.

        Returns:
            Whether anything is different now.

        Raises:
            RowRefused: if a verdict has other columns, or a value the schema does not allow; nothing is written.
            StoreFault: if the disk refuses.
            StoreDamaged: if the month cannot be read.
        """
        given = {id_: dict(row) for id_, row in verdicts.items()}
        with self._writing():
            return self.files.commit(lambda: self._tables.replace_verdicts(month, given))

    def amend(self, batch: Iterable[tuple[Mapping[str, Any], Sequence[Milestone]]]) -> None:
        """Puts articles in the place of those with their ids, also in another month, and derives their stories.

        They go through the journal, so that an article which moves cannot be lost between two months: what is cut
        short is finished by the next `heal`. A file in which nothing changes is not written.

        Args:
            batch: whole rows of the articles table, and all claims of each, of the same day as the article.

        Raises:
            RowRefused: if the schema does not allow a row, or a claim has another day; nothing is written.
            StoreFault: if the disk refuses.
            StoreDamaged: if a month cannot be read; the journal keeps everything.
        """
        from pipelines.store.tables import amendments  # noqa: PLC0415 (loads pyarrow, which few runs need)

        self._journalled(amendments(batch))
        self.fold()

    def replace_claims(self, month: str, article_ids: Iterable[str], claims: Iterable[Milestone]) -> bool:
        """Makes these the only claims of articles of a month; the claims of other articles stay.

        Args:
            month: "2021-10", that of the articles and so of their claims.
            article_ids: the articles that were read again.
            claims: what was found in them.

        Returns and raises as `replace_verdicts` does.
        """
        from pipelines.store.rows import row_of  # noqa: PLC0415 (loads pyarrow, which few runs need)

        read, found = list(article_ids), [row_of(claim) for claim in claims]
        with self._writing():
            return self.files.commit(lambda: self._tables.replace_claims(month, read, found))

    def derive_stories(self) -> tuple[int, int]:
        """Derives all stories again. Returns how many came out differently, and how many left the table."""
        with self._writing():
            changed = withdrawn = 0
            for ids in self._tables.story_batches():
                derived = self.files.commit(partial(self._tables.derive, ids))
                changed += derived.rows
                withdrawn += derived.gone
            return changed, withdrawn

    def outdated_stories(self) -> list[str]:
        """The ids of the stories that `derive_stories` would change, add or take out."""
        return self._tables.outdated()

    def articles(self, columns: Sequence[str] | None = None) -> "Iterator[pa.Table]":
        """The stored articles, a table for each month, oldest month first, sorted by date within it.

        Args:
            columns: names to read; None for all.

        Raises:
            StoreDamaged: if a file cannot be read.
            StoreTooOld: if one has an older schema version.
            StoreTooNew: if one has a newer one.
        """
        return self._tables.scan("articles", columns)

    def stories(
        self, columns: Sequence[str] | None = None, *, months: Container[str] | None = None
    ) -> "Iterator[pa.Table]":
        """The stored stories, as `articles` gives the articles; only those of `months` ("2021-10") if any are given."""
        return self._tables.scan("stories", columns, months)

    def milestones(
        self, columns: Sequence[str] | None = None, *, months: Container[str] | None = None
    ) -> "Iterator[pa.Table]":
        """The stored milestones, as `stories` gives the stories."""
        return self._tables.scan("milestones", columns, months)

    def events(
        self, columns: Sequence[str] | None = None, *, months: Container[str] | None = None
    ) -> "Iterator[pa.Table]":
        """The stored events, as `stories` gives the stories."""
        return self._tables.scan("events", columns, months)

    @property
    def months(self) -> "MonthFiles":
        """The Parquet files of the tables."""
        return self._tables.months

    @cached_property
    def _tables(self) -> "Tables":
        from pipelines.store.tables import Tables  # noqa: PLC0415 (loads pyarrow, which few runs need)

        return Tables(self.root, self.files, cache=self.root / PLACES)

    def _let_go(self) -> None:
        """Closes what another process may want to open once the lock is free."""
        if "_tables" in self.__dict__:
            self._tables.close()
        with suppress(OSError):
            self._journal.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self.lock():
            if not self._probed:
                self.probe()
            yield

    def _journalled(self, records: list[dict[str, Any]]) -> None:
        if records:
            with self._writing(), faults_named(f"cannot write {self.root / JOURNAL}"):
                self._journal.append(records)

    def _set_aside(self, lines: list[bytes]) -> None:
        """Keeps damaged journal lines for a person, under a name that follows from them: no second copy."""
        content = b"\n".join(lines) + b"\n"
        path = self.root / DAMAGED / f"journal-{zlib.crc32(content):08x}.jsonl"
        with faults_named(f"cannot write {path}"):
            self.files.publish(self.root, path, content)
        log.warning("%d damaged records of the journal were set aside in %s", len(lines), path)
