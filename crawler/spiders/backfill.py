"""What the backfill spiders share: they read units one after the other, and fetch what these name.

Each of a few walkers takes a target (an outlet, a quarter hour of GDELT), reads its units depth first, and asks for the
next one when the pages of the last have been answered. So little is planned at a time, however long the past is.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from scrapy import Request, signals
from scrapy.exceptions import UsageError
from scrapy.http import Response

from crawler import answers
from crawler.backfill.units import Estimate, NotRead, Unit
from crawler.failures import is_answer, read_failure, reason_of_status
from crawler.spiders.pages import PagesSpider
from pipelines.backfill.captures import Capture, read_replay_address
from pipelines.state import host_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from crawler.backfill.run import BackfillRun
    from crawler.backfill.units import Reading
    from crawler.plans import Planned
    from pipelines.model import Fetched

T = TypeVar("T")
U = TypeVar("U", bound=Unit)

#: Articles of a unit that are planned at a time; the reactor does other work in between.
_PART = 500
#: Units of one target that are read: those of ten years by day are 3,650, and a trap has no end.
_MOST_UNITS = 20_000
#: Seconds for which a run waits when a host asks for a pause, and pauses in a row after which it does not.
_LONGEST_PAUSE, _PATIENCE = 300.0, 5
#: Units of an index that are read for an estimate, and levels that are followed.
_SAMPLE, _DEEPEST = 3, 3
#: Lists come before pages.
_LIST = 100
#: Of a page whose time nobody knows the earliest copy is asked for: nearest to what was published.
_EARLIEST = datetime(1996, 1, 1, tzinfo=UTC)
#: Pages that are gone from an outlet, and may be in an archive.
_GONE = frozenset({"not_found", "gone"})
_NO_REQUESTS: tuple[Request, ...] = ()


class BackfillSpider(PagesSpider, Generic[T, U]):
    """Walks through targets, units and pages. All decisions are the run's.

    A kind of backfill says what its targets are, which units they begin with, and how one is read.

    Args:
        run: keeps the books.
        archive: base of a web archive's replay, for example "https://web.archive.org/web"; "" for none.
        replays: whether all pages are asked of the archive; else it is asked for those that are gone.
        estimating: whether only a sample of the lists is read, and no page.

    Attributes:
        estimates: what was estimated.
    """

    #: Targets that are worked on at a time.
    walkers = 1
    #: Pages that a walker has asked for at a time. Where all are of one host, one is on the way and one waits its turn;
    # more would only delay the end of an interrupted run.
    room = 2
    #: The host without which nothing can be done, "" when there is none.
    vital = ""
    #: Targets that are read for an estimate; None for all. The cost of the others is taken to be alike.
    most_sampled: int | None = None

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
        self.estimates: list[Estimate] = []
        self._estimating = estimating
        self._asked: dict[str, asyncio.Future[Planned | None]] = {}  # by the page's own address
        self._lists_asked: Counter[str] = Counter()  # by host
        self._pauses: Counter[str] = Counter()  # in a row, by host
        self._walks: list[asyncio.Future[None]] = []

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, **kwargs: Any) -> Self:
        """Made by `orbitwatch backfill`, which passes what its kind needs."""
        if "run" not in kwargs:
            raise UsageError(f"the spider {cls.name} is started by `orbitwatch backfill`")
        spider: Self = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.end, signal=signals.spider_closed)
        return spider

    # --- what a kind of backfill says

    def targets(self) -> Iterator[T]:
        """What is walked through, oldest first where there is an order."""
        raise NotImplementedError

    def count_targets(self) -> int:
        """How many targets there are."""
        raise NotImplementedError

    def name_target(self, target: T) -> str:
        """A target for a person."""
        raise NotImplementedError

    async def roots(self, target: T) -> Sequence[U]:
        """The units that a target begins with, in the order in which they are read."""
        raise NotImplementedError

    async def read(self, unit: U) -> "Reading":
        """What a unit holds.

        Raises:
            NotRead: when it cannot be had.
        """
        raise NotImplementedError

    def follow(self, unit: U, onward: str) -> U:
        """The unit that comes after one that is passed over, of the `Reading.onward` it once had."""
        raise NotImplementedError

    def is_awaited(self, host: str) -> bool:
        """Whether the run waits when a host asks for a pause. Else its pages have failed, for the next run to try."""
        raise NotImplementedError

    # --- walking

    async def start(self) -> AsyncIterator[Request]:
        """Works until all targets are done. Requests go to the engine by themselves."""
        targets = self.targets()
        if self._estimating:
            self._walks = [asyncio.ensure_future(self._estimate(targets))]
        else:
            self.run.expect(self.count_targets())
            self._walks = [asyncio.ensure_future(self._walk(targets)) for _ in range(self.walkers)]
        await asyncio.gather(*self._walks)
        for request in _NO_REQUESTS:  # Scrapy wants a generator
            yield request

    def end(self) -> None:
        """Ends the walkers with the spider; what they have not finished is not marked as done."""
        for walk in self._walks:
            walk.cancel()

    async def _walk(self, targets: Iterator[T]) -> None:
        for target in targets:  # the walkers share them
            waiting = [*reversed(await self.roots(target))]
            self.run.expect(len(waiting) - 1)
            met: set[str] = set()
            while waiting and not self.run.is_full:
                if self.vital and not await self._is_free(self.vital):
                    return
                unit = waiting.pop()
                if unit.key in met:  # an index may name itself, or another that names it
                    self.run.skipped["repeated"] += 1
                    self.run.pass_over()
                    continue
                met.add(unit.key)
                further = await self._work(unit)
                room = max(_MOST_UNITS - len(met) - len(waiting), 0)
                if len(further) > room:
                    self.run.skipped["too_many_lists"] += len(further) - room
                waiting += reversed(further[:room])
                self.run.expect(len(further[:room]))
            if self.run.is_full:
                return

    async def _work(self, unit: U) -> Sequence[Any]:
        """Reads a unit and fetches its pages. Returns the units that it names."""
        known = self.run.memory(unit)
        if known is not None:
            self.run.pass_over()
            return [self.follow(unit, known.onward)] if known.onward else []
        try:
            reading = await self.read(unit)
        except NotRead as error:
            self.run.unit_failed(unit, error.reason)
            return []
        self.run.open_unit(unit, reading)
        for start in range(0, len(reading.found), _PART):
            await self._fetch(self.run.plan(unit, reading.found[start : start + _PART], replay=self.replays))
            await asyncio.sleep(0)
        self.run.close_unit(unit, broken=reading.broken)
        return reading.further

    # --- asking

    async def get(
        self, address: str, source: str, *, max_bytes: int, seconds: float, statuses: Sequence[int] = ()
    ) -> "Response":
        """The answer of a list's address, redirects followed, pauses waited for.

        Args:
            address: to ask for.
            source: id of the source for which the request is counted.
            max_bytes: of the answer.
            seconds: for the answer.
            statuses: error codes whose answers are wanted as well.

        Raises:
            NotRead: with the reason why there is none.
        """
        host = host_of(address)
        while True:
            if not await self._is_free(host):
                refusal = self.run.refusal(host)
                raise NotRead(refusal[0] if refusal else "paused")
            answer: asyncio.Future[Response | Failure] = asyncio.get_running_loop().create_future()
            self._lists_asked[host] += 1
            self._crawl(
                Request(
                    address,
                    callback=_answer,
                    errback=_answer_failed,
                    cb_kwargs={"answer": answer},
                    meta={
                        "source": source,
                        "handle_httpstatus_list": list(statuses),
                        "download_maxsize": max_bytes,
                        "download_timeout": seconds,
                    },
                    priority=_LIST,
                    dont_filter=True,
                )
            )
            request, response, reason = _told(await answer)
            if response is not None and not reason:
                self._pauses.pop(host, None)
                return response
            if not self._comes_back(request, reason):
                raise NotRead(reason)
            if reason != "paused":
                self.run.ledger.failure(source, reason)

    async def _fetch(self, plans: Sequence["Planned"]) -> None:
        """Asks for pages, and returns when each has been answered or is left for the next run."""
        todo, asked = deque(plans), set[asyncio.Future["Planned | None"]]()
        while todo or asked:
            while todo and len(asked) < self.room:
                planned = todo.popleft()
                request = self.page(planned)
                host = host_of(request.url)
                if not await self._is_free(host):
                    if self.is_awaited(host):
                        self.run.leave(planned)
                    else:
                        refusal = self.run.refusal(host)
                        self.run.page_failed(planned, refusal[0] if refusal else "paused")
                    continue
                answer = self._asked[planned.url] = asyncio.get_running_loop().create_future()
                asked.add(answer)
                self._crawl(request)
            if asked:
                done, asked = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
                todo.extendleft(again for each in done if (again := each.result()) is not None)

    async def _is_free(self, host: str) -> bool:
        """Whether a host may be asked now, after its pause if that is short."""
        while (seconds := self.run.paused_for(host)) > 0:
            if not self._waits(host):
                return False
            await asyncio.sleep(seconds)
        refusal = self.run.refusal(host)
        if refusal is not None and host == self.vital:
            self.run.complain(host, f"{refusal[1]}; the same command goes on later")
        return refusal is None

    def _waits(self, host: str) -> bool:
        if not self.is_awaited(host):
            return False
        if self.run.paused_for(host) <= _LONGEST_PAUSE:
            return True
        refusal = self.run.refusal(host)
        self.run.complain(host, f"{refusal[1] if refusal else host}; the same command goes on then", pause=True)
        return False

    def _comes_back(self, request: Request, reason: str) -> bool:
        """Whether a failed request is sent again: when its host wants a pause, and that is waited for.

        Not when it was redirected to that host: where it began nobody waits, and it would be sent in circles.
        """
        host = host_of(request.url)
        if _was_sent_on(request):
            return False
        if reason != "paused":
            if not self.run.paused_for(host):
                return False
            self._pauses[host] += 1
            if self._pauses[host] > _PATIENCE and self.is_awaited(host):
                self.run.give_up(host, reason)
                self.run.complain(
                    host, f"{host} asks for one pause after the other; the same command goes on later", pause=True
                )
                return False
        return self._waits(host)

    def _crawl(self, request: Request) -> None:
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
        self._pauses.pop(host_of(response.url), None)
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
        host = host_of(request.url)
        if (reason == "paused" or self.run.paused_for(host)) and self.is_awaited(host) and not _was_sent_on(request):
            if reason != "paused":
                self.run.page_held_back(planned, reason)
            if self._comes_back(request, reason):
                self._answered(planned, planned)
                return
            self.run.leave(planned)
        elif reason in _GONE and self.archive and not planned.replay:
            self._answered(planned, self.run.page_gone(planned, reason))
            return
        else:
            self.run.page_failed(planned, answers.wall_or(reason, response))
        self._answered(planned, None)

    def _answered(self, planned: "Planned", again: "Planned | None") -> None:
        answer = self._asked.pop(planned.url, None)
        if answer is not None and not answer.done():
            answer.set_result(again)

    # --- estimating

    async def _estimate(self, targets: Iterator[T]) -> None:
        count = self.count_targets()
        if self.most_sampled is None or count <= self.most_sampled:
            for target in targets:
                estimate = Estimate(self.name_target(target))
                self.estimates.append(estimate)
                await self._sample(await self.roots(target), 1.0, estimate)
            return
        estimate = Estimate("all")
        self.estimates.append(estimate)
        chosen = _spread(range(count), self.most_sampled)
        last = -1
        for place in chosen:
            with suppress(StopIteration):
                target = next(islice(targets, place - last - 1, None))
                await self._sample(await self.roots(target), count / len(chosen), estimate)
            last = place

    async def _sample(self, units: Sequence[U], weight: float, estimate: Estimate, depth: int = 0) -> None:
        """Adds what some units cost, each of which stands for `weight` of its kind."""
        if depth > _DEEPEST:
            estimate.at_least |= bool(units)
            return
        estimate.units += weight * len(units)
        chosen = _spread(units, _SAMPLE)
        for unit in chosen:
            share = weight * len(units) / len(chosen)
            if self.run.memory(unit) is not None:
                continue
            before = self._lists_asked.copy()
            try:
                reading = await self.read(unit)
            except NotRead as error:
                estimate.problems[error.reason] += 1
                continue
            estimate.read += 1
            for host, requests in (self._lists_asked - before).items():
                estimate.hosts[host] += share * requests
            wanted = self.run.unseen(unit, reading.found)
            estimate.pages += share * len(wanted)
            for each in wanted:
                estimate.hosts[host_of(self.archive if self.replays else each.entry.url)] += share
            further: Sequence[Any] = reading.further
            await self._sample(further, share, estimate, depth + 1)


def _was_sent_on(request: Request) -> bool:
    """Whether a request was redirected to another host."""
    return host_of(request.url) != host_of(request.meta.get("redirect_urls", [request.url])[0])


V = TypeVar("V")


def _spread(values: Sequence[V], count: int) -> list[V]:
    """So many of the values, evenly apart.

    >>> _spread(range(100), 3)
    [16, 50, 83]
    """
    if len(values) <= count:
        return list(values)
    return [values[(2 * place + 1) * len(values) // (2 * count)] for place in range(count)]


def _answer(response: "Response", answer: "asyncio.Future[Response | Failure]") -> None:
    if not answer.done():
        answer.set_result(response)


def _answer_failed(failure: "Failure") -> None:
    answer: asyncio.Future[Response | Failure] = read_failure(failure)[0].cb_kwargs["answer"]
    if not answer.done():
        answer.set_result(failure)


def _told(came: "Response | Failure") -> tuple[Request, "Response | None", str]:
    """The request that was sent last, the answer, and the reason why that is of no use, "" when it is."""
    if isinstance(came, Response):
        wanted = is_answer(came.status) or came.status in came.meta.get("handle_httpstatus_list", ())
        return came.request or Request(came.url), came, "" if wanted else reason_of_status(came.status)
    request, reason, response = read_failure(came)
    return request, response, answers.wall_or(reason, response)
