"""What would a backfill from WARC files come to? Told from the beginning of one or two of them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from crawler.backfill.warc_files import WarcTape
from pipelines.backfill.warc_job import WarcFile
from pipelines.backfill.warc_pages import Wanted, passed_pages
from pipelines.backfill.warc_records import NoWarcError
from pipelines.backfill.warc_tally import WarcTally
from pipelines.topic import Judge

SAMPLED_BYTES = 16 * 2**20
"""Of each file: some 500 pages of CC-NEWS, so that a share of 1 % is known to within the half."""

EXTRACTION_SECONDS = 0.05
"""Of CPU for a page that passes the gate: extraction, judging and claims. 763 real pages take 0.03 to 0.04."""


@dataclass(frozen=True, slots=True)
class WarcEstimate:
    """What is to be expected.

    Attributes:
        files: to read.
        bytes: of all files, packed; those of unknown size are taken to be like those sampled, and where the size of
            none of these is known, to be as long as was read.
        records: in all files.
        pages: of them, those that are asked for.
        passing: pages that pass the gate; about a third of them turn out to be relevant.
        cpu_hours: of one core, for all files.
        sampled_bytes: bytes that were read to find out.
    """

    files: int
    bytes: int
    records: int
    pages: int
    passing: int
    cpu_hours: float
    sampled_bytes: int


def estimate(files: Sequence[WarcFile], wanted: Wanted, judge: Judge, *, retries: int) -> WarcEstimate:
    """Reads the beginnings of the first and the middle file.

    Raises:
        SourceUnreadableError: when one of them cannot be had.
        NoWarcError: when one of them is something else, by its address.
    """
    chosen = list(dict.fromkeys([files[0], files[len(files) // 2]]))
    tally = WarcTally()
    read = 0
    known: list[int] = []
    started = time.process_time()
    for file in chosen:
        with WarcTape(file.address, retries=retries, limit=SAMPLED_BYTES) as tape:
            try:
                for _ in passed_pages(tape, wanted, judge, tally):
                    pass
            except NoWarcError as error:
                raise NoWarcError(f"{file.address}: {error}") from error
            read += tape.bytes_read
            whole = tape.bytes_read if tape.bytes_read < SAMPLED_BYTES else 0
            if size := file.size or tape.size or whole:
                known.append(size)
    seconds = time.process_time() - started
    usual = mean(known) if known else read / len(chosen)
    total = sum(file.size or usual for file in files)
    scale = total / read if read else 0.0
    return WarcEstimate(
        files=len(files),
        bytes=round(total),
        records=round(tally.records * scale),
        pages=round(tally.pages * scale),
        passing=round(tally.passed * scale),
        cpu_hours=(seconds + EXTRACTION_SECONDS * tally.passed) * scale / 3600,
        sampled_bytes=read,
    )
