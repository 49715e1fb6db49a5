"""A backfill from WARC files, from its files to its books.

Reading takes hours and needs no lock on the store, so that scheduled runs go on beside it; settling takes minutes and
holds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from distributed import Client

from crawler.backfill.warc_cluster import read_all
from crawler.backfill.warc_task import WarcOrder
from crawler.relating import relate_stories
from crawler.summary import INTERRUPTED, Summary
from crawler.usage import cpu_seconds, share_out
from pipelines.accounting import BACKFILL
from pipelines.backfill.warc_job import Job, WarcFile
from pipelines.backfill.warc_settling import settle
from pipelines.catalogue.project import Projects
from pipelines.clock import Clock
from pipelines.intake import STORY_INDEX, Intake, open_index
from pipelines.store import Store

if TYPE_CHECKING:
    from pipelines.raw import RawFile


@dataclass(frozen=True, slots=True)
class WarcSummary(Summary):
    """What a backfill from WARC files did.

    Attributes:
        files: the files of the job.
        files_done: those that have been read, by this run or an earlier one.
        unreadable: why others could not be read, by address; the same command tries them again.
        records: in all files that have been read.
        skipped: records that are no page asked for, by reason.
        drafts: relevant pages.
    """

    files: int = 0
    files_done: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    records: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    drafts: int = 0


@dataclass(slots=True)
class WarcProgress:
    """How far the reading has come; counts are of this run.

    Attributes:
        files: files to read.
        read: those that are done.
        bytes_read: of them, packed.
        page_bytes: of their pages, unpacked.
        records: in them.
        passed: pages that passed the gate.
        drafts: relevant pages.
        unreadable: why files could not be read, by address.
        broken_off: why the reading ended before its files, "" when it did not.
    """

    files: int
    read: int = 0
    bytes_read: int = 0
    page_bytes: int = 0
    records: int = 0
    passed: int = 0
    drafts: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    broken_off: str = ""


class WarcRun:
    """One run of a job: the files that wait are read, then everything that has been read is settled.

    Args:
        job: what is asked, and what is done of it.
        store: where articles go.
        projects: the rules.
        clock: the time.
    """

    def __init__(self, job: Job, store: Store, projects: Projects, clock: Clock) -> None:
        self.job = job
        self.reading = WarcProgress(len(job.waiting()))
        self._store = store
        self._projects = projects
        self._clock = clock
        self._cpu_at_start = cpu_seconds()

    def now(self) -> datetime:
        """The time, by the run's clock."""
        return self._clock()

    def read(self, client: Client, order: WarcOrder, on_file: Callable[[WarcProgress], None]) -> None:
        """Reads the files that wait, and keeps what each gives.

        What a file gave is one output, in parts or whole.

        Raises:
            ClusterError: if the cluster goes; what was kept stays.
            OSError: if an output cannot be kept.
        """
        reading = self.reading
        begun: set[WarcFile] = set()
        for file, found in read_all(client, self.job.waiting(), order):
            if isinstance(found, str):
                reading.unreadable[file.address] = found
            else:
                last = found.further is None
                self.job.keep(file, found.output, first=file not in begun, last=last)
                begun.add(file)
                reading.read += last
                reading.bytes_read += found.bytes_read * last
                reading.page_bytes += found.page_bytes
                reading.records += found.records
                reading.passed += found.passed
                reading.drafts += found.drafts
            on_file(reading)

    def settle(self, on_batch: Callable[[int, int], None], *, interrupted: bool) -> WarcSummary:
        """Stores what the files gave, relates the stories and writes the books. The store's lock is held.

        Raises:
            OutputError: if an output is damaged.
            StoreError: if the store, or a raw record, cannot be written.
        """
        job, store = self.job, self._store
        store.probe()
        store.heal()
        outputs = job.outputs()
        with open_index(store, store.root / STORY_INDEX) as index:
            rules = job.spec.rules_version
            intake = Intake(store, index, run_id=job.run_id, rules_version=rules, raw=self._raw_file())
            settlement = settle(outputs, store, intake, run_id=job.run_id, started_at=job.started_at, on_batch=on_batch)
        reading = self.reading
        problems = [f"{address} was not read: {why}" for address, why in reading.unreadable.items()]
        if reading.broken_off:
            problems.append(f"{reading.broken_off}; the same command goes on where it was")
        problems += relate_stories(store, self._projects)
        ledger = settlement.ledger
        now = self._clock()
        rows = list(ledger.rows.values())
        share_out(rows, cpu_seconds() - self._cpu_at_start)
        for row in rows:
            row.finished_at = now
            row.outcome = BACKFILL
        store.write_runs(rows)
        problems += [f"{source}: {count} pages without a fate" for source, count in ledger.imbalances().items()]
        total = ledger.total()
        files = len(set(job.spec.files))
        if interrupted:
            code = INTERRUPTED
        elif len(outputs) < files:
            code = 3 if outputs and (reading.read or not reading.broken_off) else 1
        else:
            code = 0
        return WarcSummary(
            job.run_id,
            job.started_at,
            now,
            tuple(rows),
            total,
            tuple(problems),
            code,
            files=files,
            files_done=len(outputs),
            unreadable=dict(reading.unreadable),
            records=settlement.tally.records,
            skipped=dict(sorted(settlement.tally.skipped.items())),
            drafts=settlement.drafts,
        )

    def _raw_file(self) -> "RawFile | None":
        if not self.job.spec.keep_raw:
            return None
        from pipelines.raw import RawFile  # noqa: PLC0415 - needs an extra

        return RawFile(self._store.root, self.job.run_id, self._store.files, self._clock)
