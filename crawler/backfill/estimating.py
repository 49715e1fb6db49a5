"""What a backfill would cost, told from a sample of its lists; no page is fetched."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from crawler.backfill.past import Past
from crawler.backfill.run import BackfillRun
from crawler.backfill.units import NotRead, Unit
from pipelines.state import host_of

T = TypeVar("T")
U = TypeVar("U", bound=Unit)
V = TypeVar("V")

#: Units of an index that are read for an estimate, and levels that are followed.
_SAMPLE, _DEEPEST = 3, 3


@dataclass(slots=True)
class Estimate:
    """What a backfill would cost, from a sample.

    Attributes:
        target: for what.
        units: lists that would be read, about; those that earlier runs have done are none of them.
        read: those that were.
        pages: articles that would be fetched, about.
        hosts: requests by host, those for lists included.
        at_least: whether the lists go on beyond what was counted.
        problems: lists of the sample that could not be read, by reason.
    """

    target: str
    units: float = 0.0
    read: int = 0
    pages: float = 0.0
    hosts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    at_least: bool = False
    problems: Counter[str] = field(default_factory=Counter)


class Estimator(Generic[T, U]):
    """Reads a sample of a past's lists.

    Args:
        past: what would be brought in.
        run: knows what is there already.
        asked: requests for lists so far, by host; grows while lists are read.
        archive: address of the archive that all pages would be asked of, "" when they are asked of their outlets.

    Attributes:
        estimates: one for each target, or one for all where there are many.
    """

    def __init__(self, past: Past[T, U], run: BackfillRun, asked: Counter[str], archive: str) -> None:
        self.estimates: list[Estimate] = []
        self._past = past
        self._run = run
        self._asked = asked
        self._archive = archive

    async def estimate(self, targets: Iterator[T]) -> None:
        """Samples the targets."""
        past = self._past
        count = past.count_targets()
        if past.most_sampled is None or count <= past.most_sampled:
            for target in targets:
                estimate = Estimate(past.name_target(target))
                self.estimates.append(estimate)
                await self._sample(await past.roots(target), 1.0, estimate)
            return
        estimate = Estimate("all")
        self.estimates.append(estimate)
        chosen = _spread(range(count), past.most_sampled)
        last = -1
        for place in chosen:
            with suppress(StopIteration):
                target = next(islice(targets, place - last - 1, None))
                await self._sample(await past.roots(target), count / len(chosen), estimate)
            last = place

    async def _sample(self, units: Sequence[U], weight: float, estimate: Estimate, depth: int = 0) -> None:
        """Adds what some units cost, each of which stands for `weight` of its kind."""
        units = self._undone(units)
        if depth > _DEEPEST:
            estimate.at_least |= bool(units)
            return
        estimate.units += weight * len(units)
        chosen = _spread(units, _SAMPLE)
        for unit in chosen:
            share = weight * len(units) / len(chosen)
            before = self._asked.copy()
            try:
                reading = await self._past.read(unit)
            except NotRead as error:
                estimate.problems[error.reason] += 1
                continue
            estimate.read += 1
            for host, requests in (self._asked - before).items():
                estimate.hosts[host] += share * requests
            wanted = self._run.unseen(unit, reading.found)
            estimate.pages += share * len(wanted)
            for each in wanted:
                estimate.hosts[host_of(self._archive or each.entry.url)] += share
            further: Sequence[Any] = reading.further
            await self._sample(further, share, estimate, depth + 1)

    def _undone(self, units: Sequence[U]) -> list[U]:
        """Those that would be read; in place of a unit that is done stands what follows from it, as in the run."""
        found: list[U] = []
        waiting, met = [*reversed(units)], set[str]()
        while waiting:
            unit = waiting.pop()
            if unit.key in met:
                continue
            met.add(unit.key)
            known = self._run.units.memory(unit)
            if known is None:
                found.append(unit)
            elif known.onward:
                waiting += reversed(self._past.follow(unit, known.onward))
        return found


def _spread(values: Sequence[V], count: int) -> list[V]:
    """So many of the values, evenly apart.

    >>> _spread(range(100), 3)
    [16, 50, 83]
    """
    if len(values) <= count:
        return list(values)
    return [values[(2 * place + 1) * len(values) // (2 * count)] for place in range(count)]
