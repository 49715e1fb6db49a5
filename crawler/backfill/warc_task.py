"""One WARC file, read: the function that a worker of any engine calls.

It gets values and gives bytes, and shares no disk with whoever asks. One file is read at a time in a process. A file
with so much on topic that it would not fit into memory is given in parts, each by a call of its own.
"""

import pickle
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.backfill.warc_files import WarcTape
from crawler.cache import cache_folder
from crawler.extraction import TIME_LIMIT, ExtractionWorker
from crawler.memory import collect_rarely, loading
from crawler.run import BROKEN
from crawler.worker import WorkerDiedError, WorkerTimeoutError
from pipelines.backfill.warc_output import OutputWriter
from pipelines.backfill.warc_pages import Passed, Wanted, passed_pages
from pipelines.backfill.warc_tally import WarcTally
from pipelines.backfill.window import Window
from pipelines.catalogue.outlets import Outlets
from pipelines.intake import Draft
from pipelines.topic import Judge

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.catalogue.sources import Source
    from pipelines.intake import Examined


@dataclass(frozen=True, slots=True)
class WarcOrder:
    """How files are read; the same for all of a job.

    Attributes:
        projects: the rules, pickled once for all tasks; a worker keeps what it has made of them.
        rules_version: of the rules.
        sources: the catalogue.
        window: days of capture, None for all.
        only: ids of the sources that are asked for, empty for all outlets.
        retries: new tries for what the network does not give.
        keep_raw: whether drafts have the raw records of their pages.
    """

    projects: bytes
    rules_version: str
    sources: "tuple[Source, ...]"
    window: Window | None = None
    only: frozenset[str] = frozenset()
    retries: int = 3
    keep_raw: bool = False


@dataclass(frozen=True, slots=True)
class WarcRead:
    """What reading a file, or a part of it, gave. Counts are of the part.

    Attributes:
        output: for `pipelines.backfill.warc_job.Job.keep`.
        bytes_read: of the file, packed, as far as it was read.
        page_bytes: of its pages, unpacked.
        records: all that it holds.
        passed: pages that passed the gate.
        drafts: those that are relevant.
        further: where the next part begins, for `read_warc`; None when this one is the last.
    """

    output: bytes
    bytes_read: int
    page_bytes: int
    records: int
    passed: int
    drafts: int
    further: int | None = None


def read_warc(address: str, order: WarcOrder, start: int = 0) -> WarcRead:
    """Reads a WARC file, until its end or until a part is full.

    Equal files give equal parts, unless a page takes extraction as long as the limit.

    Args:
        address: absolute path, or http, https or s3 address.
        order: how.
        start: pages that passed the gate in the parts before. They are met again, since not every file can be entered
            in its middle, and cost the gate once more; against their extraction that is little.

    Raises:
        SourceUnreadableError: when the file cannot be had.
        NoWarcError: when it is something else.
        ExtractionBrokenError: when no page can be read here; nothing is then kept of the file.
    """
    with _turn:
        bench = _bench(order)
        tally, writer = WarcTally(), OutputWriter()
        drafts = 0
        with WarcTape(address, retries=order.retries) as tape:
            wanted = Wanted(bench.outlets_of(order), order.window, order.only)
            further = None
            for number, passed in enumerate(passed_pages(tape, wanted, bench.judge, tally), 1):
                if number < start:
                    continue
                if number == start:
                    tally.clear()  # all until here is counted in the parts before
                    continue
                draft = bench.draft(passed, order, tally)
                if draft is not None:
                    writer.add(draft)
                    drafts += 1
                    if writer.is_full:
                        further = number
                        break
            if bench.lost >= BROKEN and not bench.examined:
                raise ExtractionBrokenError(f"none of {bench.lost} pages could be read: their process does not work")
            output = writer.finish(tally)
        return WarcRead(output, tape.bytes_read, tally.page_bytes, tally.records, tally.passed, drafts, further)


class ExtractionBrokenError(Exception):
    """No page can be read on this machine. That is no fault of the file, which must be read again."""


class _Bench:
    """What a process keeps between files: the gate, the sites it has met, and the process beside it that reads pages.

    Attributes:
        examined: pages that were read.
        lost: pages that ended that process.
    """

    def __init__(self, projects: bytes) -> None:
        self.projects = projects
        rules: Projects = pickle.loads(projects)  # noqa: S301 - pickled by `WarcOrder`'s maker, like the order itself
        self.judge = Judge(rules, kept=cache_folder())
        self.judge.prepare()
        self.worker = ExtractionWorker(rules, time_limit=TIME_LIMIT)
        self.examined = self.lost = 0
        self._sources: tuple[Source, ...] = ()
        self._outlets = Outlets(())

    def outlets_of(self, order: WarcOrder) -> Outlets:
        """Finds whose page it is; files of a job have most of their sites in common."""
        if order.sources != self._sources:
            self._sources, self._outlets = order.sources, Outlets(order.sources)
        return self._outlets

    def draft(self, passed: Passed, order: WarcOrder, tally: WarcTally) -> Draft | None:
        """The draft of a relevant page; the fate of every other page is counted."""
        counts = tally.of(passed.fetched.source)
        fetched = passed.fetched
        try:
            examined: Examined = self.worker.ask_and_wait(fetched, passed.timezone, fetched.fetched_at)
        except WorkerTimeoutError:
            counts.drop("extraction_timeout")
            return None
        except WorkerDiedError:
            self.lost += 1
            counts.drop("extraction_failed")
            return None
        self.examined += 1
        if examined.page is None or examined.assessment is None:
            counts.drop(examined.reason or "no_text")
            return None
        if not examined.assessment.relevant:
            counts.off_topic += 1
            return None
        return Draft.of(
            fetched,
            examined.page,
            examined.assessment,
            examined.claims,
            rules_version=order.rules_version,
            raw=_raw_of(passed, examined) if order.keep_raw else b"",
        )


def _raw_of(passed: Passed, examined: "Examined") -> bytes:
    from pipelines.intake.keeping import raw_of  # noqa: PLC0415 - needs an extra

    return raw_of(passed.fetched, examined, first_seen=None, timezone=passed.timezone)


#: Held while a file is read: neither the gate nor the worker's pipe is for two threads.
_turn = threading.Lock()
#: The bench of this process, once there is one; made anew for other rules.
_benches: list[_Bench] = []


def _bench(order: WarcOrder) -> _Bench:
    if _benches and _benches[0].projects != order.projects:
        _benches.pop().worker.close()
    if not _benches:
        collect_rarely()
        with loading():
            _benches.append(_Bench(order.projects))
    return _benches[0]
