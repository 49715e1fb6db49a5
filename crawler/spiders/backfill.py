"""What the backfill spiders share: they read units one after the other, and fetch what these name.

Each of a few walkers takes a target (an outlet, a quarter hour of GDELT), reads its units depth first, and asks for the
next one when the pages of the last have been answered. So little is planned at a time, however long the past is.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scrapy import Request, signals
from scrapy.exceptions import UsageError

from crawler import answers
from crawler.backfill.estimating import Estimate, Estimator
from crawler.backfill.lists import Lists
from crawler.backfill.past import Past
from crawler.backfill.patience import Patience
from crawler.backfill.units import NotRead, Unit
from crawler.failures import read_failure
from crawler.spiders.pages import PagesSpider
from pipelines.backfill.captures import Capture, read_replay_address
from pipelines.state import StateError, host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.backfill.run import BackfillRun
    from crawler.plans import Planned
    from pipelines.model import Fetched

T = TypeVar("T")
U = TypeVar("U", bound=Unit)

#: Articles of a unit that are planned at a time; the reactor does other work in between.
_PART = 500
#: Units of one target that are read: those of ten years by day are 3,650, and a trap has no end.
_MOST_UNITS = 20_000
#: Of a page whose time nobody knows the earliest copy is asked for: nearest to what was published.
_EARLIEST = datetime(1996, 1, 1, tzinfo=UTC)
#: Pages that are gone from an outlet, and may be in an archive.
_GONE = frozenset({"not_found", "gone"})
_NO_REQUESTS: tuple[Request, ...] = ()


class BackfillSpider(PagesSpider, Past[T, U]):
    """Walks through targets, units and pages. All decisions are the run's.

    Args:
        run: keeps the books.
        archive: base of a web archive's replay, for example "https://web.archive.org/web"; "" for none.
        replays: whether all pages are asked of the archive; else it is asked for those that are gone.
        estimating: whether only a sample of the lists is read, and no page.

    Attributes:
        lists: asks for what `read` needs.
    """

    run: "BackfillRun"

    def __init__(
        self,
        *,
        run: "BackfillRun",
        archive: str = "",
        replays: bool = False,
        estimating: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.archive = archive
        self.replays = replays
        self._patience = Patience(run, self)
        self.lists = Lists(self._send, run.ledger, self._patience)
        self._estimator = Estimator(self, run, self.lists.asked, archive if replays else "")
        self._estimating = estimating
        self._asked: dict[str, asyncio.Future[Planned | None]] = {}  # by the page's own address
        self._walks: list[asyncio.Future[None]] = []

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Made by `orbitwatch backfill`, which passes what its kind needs."""
        if "run" not in kwargs:
            raise UsageError(f"the spider {cls.name} is started by `orbitwatch backfill`")
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.end, signal=signals.spider_closed)
        return spider

    @property
    def estimates(self) -> list[Estimate]:
        """What was estimated."""
        return self._estimator.estimates

    # --- walking

    async def start(self) -> AsyncIterator[Request]:
        """Works until all targets are done. Requests go to the engine by themselves."""
        targets = self.targets()
        if self._estimating:
            self._walks = [asyncio.ensure_future(self._estimator.estimate(targets))]
        else:
            self.run.units.expect(self.count_targets())
            self._walks = [asyncio.ensure_future(self._walk(targets)) for _ in range(self.walkers)]
        try:
            await asyncio.gather(*self._walks)
        except StateError as error:
            self.run.fail(str(error))
        for request in _NO_REQUESTS:  # Scrapy wants a generator
            yield request

    def end(self) -> None:
        """Ends the walkers with the spider; what they have not finished is not marked as done."""
        for walk in self._walks:
            walk.cancel()

    async def _walk(self, targets: Iterator[T]) -> None:
        units, agenda, skipped = self.run.units, self.run.agenda, self.run.skipped
        for target in targets:  # the walkers share them
            waiting = [*reversed(await self.roots(target))]
            units.expect(len(waiting) - 1)
            met: set[str] = set()
            while waiting and not agenda.is_full:
                if self.vital and not await self._patience.is_free(self.vital):
                    return
                unit = waiting.pop()
                if unit.key in met:  # an index may name itself, or another that names it
                    skipped["repeated"] += 1
                    units.pass_over()
                    continue
                met.add(unit.key)
                further = await self._work(unit)
                room = max(_MOST_UNITS - len(met) - len(waiting), 0)
                if len(further) > room:
                    skipped["too_many_lists"] += len(further) - room
                waiting += reversed(further[:room])
                units.expect(len(further[:room]))
            if agenda.is_full:
                return

    async def _work(self, unit: U) -> Sequence[Any]:
        """Reads a unit and fetches its pages. Returns the units that it names."""
        known = self.run.units.memory(unit)
        if known is not None:
            self.run.units.pass_over()
            return self.follow(unit, known.onward) if known.onward else ()
        try:
            reading = await self.read(unit)
        except NotRead as error:
            self.run.unit_failed(unit, error.reason)
            return ()
        self.run.open_unit(unit, reading)
        for start in range(0, len(reading.found), _PART):
            await self._fetch(self.run.plan(unit, reading.found[start : start + _PART], replay=self.replays))
            await asyncio.sleep(0)
        self.run.close_unit(unit, broken=reading.broken)
        return reading.further

    async def _fetch(self, plans: Sequence["Planned"]) -> None:
        """Asks for pages, and returns when each has been answered or is left for the next run."""
        todo, asked = deque(plans), set[asyncio.Future["Planned | None"]]()
        while todo or asked:
            while todo and len(asked) < self.room:
                planned = todo.popleft()
                request = self.page(planned)
                host = host_of(request.url)
                if not await self._patience.is_free(host):
                    if self.is_awaited(host):
                        self.run.leave(planned)
                    else:
                        self.run.page_failed(planned, self._patience.why_not(host))
                    continue
                answer = self._asked[planned.url] = asyncio.get_running_loop().create_future()
                asked.add(answer)
                self._send(request)
            if asked:
                done, asked = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                todo.extendleft(again for each in done if (again := each.result()) is not None)

    def _send(self, request: Request) -> None:
        if self.crawler.engine is not None:
            self.crawler.engine.crawl(request)

    # --- pages

    def page(self, planned: "Planned") -> Request:
        """The request for a planned page, at its outlet or at the archive."""
        request = super().page(planned)
        if not planned.replay:
            return request
        address = Capture("", planned.url, planned.at or _EARLIEST).replay(self.archive)
        return request.replace(url=address, meta={**request.meta, "stay_at": host_of(address)})

    def _priority(self, planned: "Planned") -> int:  # noqa: ARG002 - of the base class
        """In the order of the lists, oldest first."""
        return 0

    def read_page(self, response: "Response", planned: "Planned") -> Iterator["Fetched"]:
        """The gate. A copy from an archive stands for the page itself, at the instant of its capture."""
        self._patience.answered(host_of(response.url))
        try:
            if not planned.replay:
                yield from super().read_page(response, planned)
                return
            copy = read_replay_address(response.url, self.archive)
            if copy is None:
                self.run.page_failed(planned, "redirect")
            else:
                yield from self.pass_page(response.replace(url=copy[0]), planned, copy[1])
        finally:
            self._answered(planned, None)

    def page_failed(self, failure: "Failure") -> None:
        """Counts a page that could not be fetched, or sees to it that it is asked for again."""
        request, reason, response = read_failure(failure)
        planned: Planned = request.cb_kwargs["planned"]
        again: Planned | None = None
        if self._patience.is_held_back(request, reason):
            if reason != "paused":
                self.run.page_held_back(planned, reason)
            if self._patience.comes_back(request, reason):
                again = planned
            else:
                self.run.leave(planned)
        elif reason in _GONE and self.archive and not planned.replay:
            again = self.run.page_gone(planned, reason)
        else:
            self.run.page_failed(planned, answers.wall_or(reason, response))
        self._answered(planned, again)

    def _answered(self, planned: "Planned", again: "Planned | None") -> None:
        """Lets the walker go on that waits for a page, or has it ask once more, by another plan where that differs."""
        answer = self._asked.pop(planned.url, None)
        if answer is not None and not answer.done():
            answer.set_result(again)
