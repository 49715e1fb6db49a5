"""Articles from a list of addresses that a person has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from crawler.backfill.units import Found, Reading, Unit
from crawler.spiders.backfill import BackfillSpider
from pipelines.backfill.addresses import Listed
from pipelines.model import Entry
from pipelines.state import host_of

#: Addresses that are worked on as one: few enough that the parts keep all walkers busy.
_PART = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PartUnit(Unit):
    """A part of the list.

    Attributes:
        addresses: its lines.
        number: from 1.
    """

    addresses: tuple[Listed, ...]
    number: int


class BackfillUrlsSpider(BackfillSpider[PartUnit, PartUnit]):
    """Fetches the articles of a list."""

    name = "backfill_urls"
    walkers = 8  # parts at a time: lists of one outlet are waiting for its host anyway
    room = 8

    def __init__(self, *, addresses: Sequence[Listed], source: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._addresses = addresses
        self._source = source

    def targets(self) -> Iterator[PartUnit]:
        """The parts."""
        for start in range(0, len(self._addresses), _PART):
            part = tuple(self._addresses[start : start + _PART])
            text = "\n".join(f"{line.url}\t{line.source or self._source}" for line in part)
            key = f"urls {blake2b(text.encode(), digest_size=16).hexdigest()}"
            yield PartUnit(key, self._source_of(part[0]), addresses=part, number=start // _PART + 1)

    def count_targets(self) -> int:
        """The parts."""
        return -(-len(self._addresses) // _PART)

    def name_target(self, target: PartUnit) -> str:
        """Its place in the list."""
        return f"part {target.number}"

    def is_awaited(self, host: str) -> bool:
        """The archive; outlets are many."""
        return host == host_of(self.archive)

    async def roots(self, target: PartUnit) -> Sequence[PartUnit]:
        """Itself."""
        return [target]

    async def read(self, unit: PartUnit) -> Reading:
        """The addresses, in their order."""
        return Reading(tuple(Found(self._source_of(line), Entry(line.url)) for line in unit.addresses))

    def _source_of(self, line: Listed) -> str:
        return line.source or self._source or self.run.source_of(line.url)
