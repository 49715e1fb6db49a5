"""The past of all outlets that GDELT watches: its bulk files name articles, with their titles."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from crawler.backfill.gdelt_reader import GdeltReader
from crawler.backfill.units import Found, NotRead, Reading, Unit
from crawler.spiders.backfill import BackfillSpider
from crawler.worker import WorkerDiedError, WorkerTimeoutError
from pipelines.backfill.gdelt import BulkFile
from pipelines.model import Entry
from pipelines.state import host_of

if TYPE_CHECKING:
    from pipelines.backfill.gdelt_records import Record

#: Bytes and seconds for a file: ten times a large quarter hour of the knowledge graph.
_MAX_BYTES, _SECONDS = 64 * 2**20, 180.0
_QUARTER = 900
#: GDELT's servers have a file some minutes after its quarter hour.
_LATE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterUnit(Unit):
    """A quarter hour.

    Attributes:
        files: its bulk files, or the names that they may have.
    """

    files: tuple[BulkFile, ...]


class BackfillGdeltSpider(BackfillSpider[QuarterUnit, QuarterUnit]):
    """Reads GDELT's bulk files, and fetches the articles whose address or title speaks of the subject."""

    name = "backfill_gdelt"
    walkers = 8  # quarter hours at a time: their pages are on many hosts
    room = 8
    most_sampled = 6

    def __init__(
        self, *, files: Callable[[], Iterator[BulkFile]], base: str, only: Collection[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._files = files
        self.vital = host_of(base)
        self._only = only
        self._reader = GdeltReader(self.run.options.projects)

    def end(self) -> None:
        """Ends the reader, too."""
        super().end()
        self._reader.close()

    def targets(self) -> Iterator[QuarterUnit]:
        """The quarter hours that are over, oldest first."""
        end = self.run.clock() - _LATE
        for quarter, files in groupby(self._files(), key=lambda file: int(file.instant.timestamp()) // _QUARTER):
            those = tuple(files)
            if those[0].instant <= end:
                yield QuarterUnit(
                    f"gdelt {those[0].url} {quarter} {' '.join(sorted(self._only))}", self.vital, files=those
                )

    def count_targets(self) -> int:
        """The quarter hours."""
        return sum(1 for _ in self.targets())

    def name_target(self, target: QuarterUnit) -> str:
        """Its instant."""
        return f"{target.files[0].instant:%Y-%m-%d %H:%M}"

    def is_awaited(self, host: str) -> bool:
        """The servers that everything depends on; outlets are many."""
        return host in {self.vital, host_of(self.archive)}

    async def roots(self, target: QuarterUnit) -> Sequence[QuarterUnit]:
        """Itself."""
        return [target]

    async def read(self, unit: QuarterUnit) -> Reading:
        """The promising articles of a quarter hour. Most names of files are no files."""
        skipped: Counter[str] = Counter()
        records: list[Record] = []
        reasons: list[str] = []
        for file in unit.files:
            try:
                response = await self.lists.get(file.url, unit.source, max_bytes=_MAX_BYTES, seconds=_SECONDS)
                promising, left_out = await self._reader.promising(response.body, file)
            except NotRead as error:
                if error.reason == "not_found":
                    skipped["no_file"] += 1
                else:
                    reasons.append(error.reason)
                continue
            except (WorkerTimeoutError, WorkerDiedError):
                reasons.append("too_large")
                continue
            skipped.update(left_out)
            records += promising
        if reasons and not records:
            raise NotRead(reasons[0])
        for reason in reasons:
            self.run.ledger.failure(unit.source, reason)
        found = [each for record in records if (each := self._found(record)) is not None]
        skipped["other_source"] += len(records) - len(found)
        found.sort(key=lambda each: each.at.timestamp() if each.at else 0.0)
        return Reading(tuple(found), skipped=+skipped, broken=bool(reasons))

    def _found(self, record: "Record") -> Found | None:
        source = self.run.source_of(record.url)
        if not source or not (source in self._only if self._only else self.run.sources[source].enabled):
            return None
        entry = Entry(record.url, title=record.title, summary=record.description, language=record.language)
        return Found(source, entry, record.instant)
