"""A few addresses, for a person who waits: the same guards, manners and limits as a crawl, and no store."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Request, Spider

from crawler.answers import wall_or
from crawler.failures import classify, is_answer, reason_of_status
from crawler.hosts import Hosts
from crawler.logs import redact
from crawler.process import run_to_its_end
from pipelines.clock import Clock
from pipelines.state import State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.http import Response

T = TypeVar("T")

_NO_REQUESTS: tuple[Request, ...] = ()


class FetchError(Exception):
    """An address gave no page; the message says why.

    Attributes:
        reason: the reason word, as in `crawler.failures`.
    """

    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(redact(f"{reason}{explanation and ': '}{explanation}"))
        self.reason = reason


class Visit:
    """What an errand works with.

    Attributes:
        state: what runs remember; robots.txt of every host asked is in it.
    """

    def __init__(self, spider: Spider, state: State) -> None:
        self._spider = spider
        self.state = state

    async def get(self, address: str) -> "Response":
        """The answer for `address`, redirects followed.

        Raises:
            FetchError: saying why there is none.
        """
        request = Request(address, dont_filter=True)
        engine = self._spider.crawler.engine
        if engine is None:
            raise FetchError("connection", "the crawler has ended")
        try:
            response = await engine.download_async(request)
        except Exception as error:
            reason, _ = classify(error, request)
            raise FetchError(reason, str(error)) from error
        if not is_answer(response.status):
            reason = wall_or(reason_of_status(response.status), response)
            raise FetchError(reason, f"HTTP {response.status}")
        return response


class _Errand(Spider):
    """Does one errand while Scrapy runs, and keeps what came of it."""

    name = "errand"
    result: Any = None
    error: Exception | None = None

    def __init__(self, errand: Callable[[Visit], Awaitable[Any]], hosts: Hosts, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.errand, self.hosts = errand, hosts

    async def start(self) -> "AsyncIterator[Request]":
        try:
            self.result = await self.errand(Visit(self, self.hosts.state))
        except Exception as error:  # noqa: BLE001 - raised again where the caller can see it
            self.error = error
        for request in _NO_REQUESTS:  # Scrapy wants a generator
            yield request


def send(
    errand: Callable[[Visit], Awaitable[T]],
    *,
    data: Path,
    clock: Clock,
    allow_private: Iterable[str],
    settings: Mapping[str, Any] | None = None,
) -> T:
    """What `errand` returns. Starts Scrapy's reactor, so a process can call it once.

    Args:
        errand: asks what it needs, one address after the other.
        data: the data directory; its state learns who asked to be left alone, and of robots.txt.
        clock: the time.
        allow_private: address ranges that may be dialled although they are not public.
        settings: Scrapy settings that win over the project's.

    Raises:
        FetchError: where the errand raises it.
        StateError: when what runs remember cannot be read or written.
    """
    own = {"ORBITWATCH_ALLOW_PRIVATE": list(allow_private), "ITEM_PIPELINES": {}, "EXTENSIONS": {}}
    with State(data / ".state" / "state.sqlite") as state:
        hosts = Hosts(state, clock)
        spider = run_to_its_end(_Errand, own | dict(settings or {}), verbose=False, errand=errand, hosts=hosts).spider
    if not isinstance(spider, _Errand):
        raise FetchError("connection", "the fetch could not be started")
    if spider.error is not None:
        raise spider.error
    return spider.result  # type: ignore[no-any-return]


def fetch(address: str, *, data: Path, clock: Clock, allow_private: Iterable[str]) -> "Response":
    """The answer for `address`; otherwise as `send`."""
    return send(lambda visit: visit.get(address), data=data, clock=clock, allow_private=allow_private)
