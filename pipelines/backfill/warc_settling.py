"""The second stage: the drafts of all files get their stories in the order of publication, as in a crawl of those days.

Only the places of the drafts are held in memory, some 100 bytes each; the drafts are read by the batch in their order.
Whatever ends the program, the stage is begun again from the start: what this job has stored already is known by its
run id, counts as stored and is not stored twice.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipelines.accounting import Ledger
from pipelines.backfill.warc_output import Place, read_draft, read_output
from pipelines.backfill.warc_tally import WarcTally
from pipelines.intake import Draft, Intake, Settled
from pipelines.repeats import RepeatedTexts
from pipelines.store import Store
from pipelines.urls import match_key

FOLD_EVERY = 20_000
"""Articles after which the journal is folded into the month files, see `Store.fold`."""

BATCH = 500
"""Drafts that are stored with one sync; their texts are what is held in memory at a time, about 5 MB."""

BATCH_BYTES = 32 * 2**20
"""Bytes of drafts and raw records, as they stand in the outputs, that are stored with one sync: 800 usual pages. A page
may have 8 MiB that do not shrink, and 500 of those would be 4 GB."""

_PLACE = struct.Struct(">Q16sQIQII")
"""Moment, article, capture, number of the output, offset, lengths of draft and raw record: their bytes have the order
of the values."""
_BIAS = 2**63
"""Moments before 1970 are negative, and bytes know no sign."""


@dataclass(slots=True)
class Settlement:
    """What the second stage did.

    Attributes:
        ledger: the books of the job, by outlet.
        tally: what the files held, all of them together.
        drafts: how many there were.
    """

    ledger: Ledger
    tally: WarcTally = field(default_factory=WarcTally)
    drafts: int = 0


def settle(
    paths: Sequence[Path],
    store: Store,
    intake: Intake,
    *,
    run_id: str,
    started_at: datetime,
    on_batch: Callable[[int, int], None] = lambda _done, _all: None,
) -> Settlement:
    """Stores what is new in the outputs of a job.

    May be cut short at any point and repeated, and comes to the same rows.

    Args:
        paths: the outputs, in an order that does not depend on how they came about.
        store: its lock is held; what was journalled has been folded.
        intake: gives stories; of the same run id.
        run_id: of the job.
        started_at: when the job began.
        on_batch: told the number of drafts done and of all.

    Raises:
        OutputError: if an output is damaged.
        StoreError: if the store cannot be written; what was acknowledged is kept.
    """
    settlement = Settlement(Ledger(run_id, started_at))
    order: list[bytes] = []
    for number, path in enumerate(paths):
        output = read_output(path)
        settlement.tally.add(output.tally)
        order += (_packed(number, place) for place in output.places)
    order.sort()
    _count(settlement)
    settlement.drafts = len(order)
    mine = _stored_by(store, run_id)
    texts = RepeatedTexts()
    folded = done = 0
    for places in _batches(order):
        batch = [_draft(paths, place) for place in places]
        stored = _store(batch, intake, mine, texts, settlement)
        done += len(batch)
        if done - folded >= FOLD_EVERY and stored:
            store.fold()
            folded = done
        on_batch(done, len(order))
    store.fold()
    return settlement


def _store(batch: list[Draft], intake: Intake, mine: set[bytes], texts: RepeatedTexts, settlement: Settlement) -> bool:
    """Gives each draft of a batch its fate. Returns whether anything was written."""
    ledger = settlement.ledger
    new: list[Draft] = []
    for draft in batch:
        article = draft.article
        number = bytes.fromhex(article.article_id)
        # No list named these pages, so nothing but the address tells one headline from another.
        texts.note(article.source, article.text, key=match_key(article.canonical_url), headline="")
        if number in mine:
            mine.remove(number)  # another draft of the same article is a duplicate
            ledger.fate(article.source, "stored")
        elif texts.is_repeated(article.source, article.text):
            ledger.fate(article.source, "dropped", "repeated_text")
        else:
            new.append(draft)
    fates: list[Settled] = intake.store(new) if new else []
    for draft, settled in zip(new, fates, strict=True):
        ledger.fate(draft.article.source, settled.fate, settled.reason)
    return any(settled.fate == "stored" for settled in fates)


def _count(settlement: Settlement) -> None:
    """Puts what was counted while reading into the books."""
    for source, counts in settlement.tally.outlets.items():
        row = settlement.ledger.of(source)
        row.pages, row.off_topic, row.dropped = counts.pages, counts.off_topic, dict(counts.dropped)


def _packed(number: int, place: Place) -> bytes:
    return _PLACE.pack(
        place.moment + _BIAS,
        bytes.fromhex(place.article_id),
        place.seen + _BIAS,
        number,
        place.offset,
        place.length,
        place.raw_length,
    )


def _draft(paths: Sequence[Path], packed: bytes) -> Draft:
    *_, number, offset, length, raw_length = _PLACE.unpack(packed)
    return read_draft(paths[number], offset, length, raw_length)


def _batches(order: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for packed in order:
        batch.append(packed)
        size += sum(_PLACE.unpack(packed)[-2:])
        if len(batch) == BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _stored_by(store: Store, run_id: str) -> set[bytes]:
    """The articles that a run has stored."""
    found: set[bytes] = set()
    for month in store.articles(["article_id", "run_id"]):
        ids, runs = month.column("article_id").to_pylist(), month.column("run_id").to_pylist()
        found.update(bytes.fromhex(id_) for id_, run in zip(ids, runs, strict=True) if run == run_id)
    return found
