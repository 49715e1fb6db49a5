"""What would a backfill from WARC files come to? Told from the beginning of one or two of them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.backfill.warc_files import WarcTape
from pipelines.backfill.warc_job import WarcFile
from pipelines.backfill.warc_pages import Wanted, passed_pages
from pipelines.backfill.warc_tally import WarcTally
from pipelines.topic import Judge

SAMPLED_FILES = 2
SAMPLED_BYTES = 16 * 2**20
"""Of each: some 500 pages of CC-NEWS, so that a share of 1 % is known to within the half."""

EXTRACTION_SECONDS = 0.05
"""Of CPU for a page that passes the gate: extraction, judging and claims. 763 real pages take 0.03 to 0.04."""


@dataclass(frozen=True, slots=True)
class WarcEstimate:
    """What is to be expected.

    Attributes:
        files: to read.
        bytes: of all files, packed; those of unknown size are taken to be like those sampled.
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
    """
    chosen = list(dict.fromkeys([files[0], files[len(files) // 2]]))[:SAMPLED_FILES]
    tally = WarcTally()
    read = known = 0
    started = time.process_time()
    for file in chosen:
        with WarcTape(file.address, retries=retries, limit=SAMPLED_BYTES) as tape:
            for _ in passed_pages(tape, wanted, judge, tally):
                pass
            read += tape.bytes_read
            known += file.size or tape.size or 0
    seconds = time.process_time() - started
    usual = known / len(chosen)
    size = sum(file.size or usual for file in files)
    scale = size / read if read else 0.0
    return WarcEstimate(
        files=len(files),
        bytes=round(size),
        records=round(tally.records * scale),
        pages=round(tally.pages * scale),
        passing=round(tally.passed * scale),
        cpu_hours=(seconds + EXTRACTION_SECONDS * tally.passed) * scale / 3600,
        sampled_bytes=read,
    )
