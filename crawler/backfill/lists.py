"""Lists are asked for: a request of Scrapy's whose answer can be awaited."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

from crawler import answers
from crawler.backfill.patience import Patience
from crawler.backfill.units import NotRead
from crawler.failures import is_answer, read_failure, reason_of_status
from pipelines.accounting import Ledger
from pipelines.state import host_of

if TYPE_CHECKING:
    from twisted.python.failure import Failure

#: Lists come before pages.
_PRIORITY = 100


class Lists:
    """Asks for lists, whatever pages wait.

    Args:
        send: gives a request to the engine.
        ledger: counts what fails before a list is had.
        patience: with hosts.

    Attributes:
        asked: requests so far, by host.
    """

    def __init__(self, send: Callable[[Request], None], ledger: Ledger, patience: Patience) -> None:
        self.asked: Counter[str] = Counter()
        self._send = send
        self._ledger = ledger
        self._patience = patience

    async def get(
        self, address: str, source: str, *, max_bytes: int, seconds: float, statuses: Sequence[int] = ()
    ) -> Response:
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
            if not await self._patience.is_free(host):
                raise NotRead(self._patience.why_not(host))
            answer: asyncio.Future[Response | Failure] = asyncio.get_running_loop().create_future()
            self.asked[host] += 1
            self._send(
                Request(
                    address,
                    callback=_answered,
                    errback=_failed,
                    cb_kwargs={"answer": answer},
                    meta={
                        "source": source,
                        "handle_httpstatus_list": list(statuses),
                        "download_maxsize": max_bytes,
                        "download_timeout": seconds,
                    },
                    priority=_PRIORITY,
                    dont_filter=True,
                )
            )
            request, response, reason = _told(await answer)
            if response is not None and not reason:
                self._patience.answered(host)
                return response
            if not self._patience.comes_back(request, reason):
                raise NotRead(reason)
            if reason != "paused":
                self._ledger.failure(source, reason)


def _answered(response: Response, answer: "asyncio.Future[Response | Failure]") -> None:
    if not answer.done():
        answer.set_result(response)


def _failed(failure: "Failure") -> None:
    answer: asyncio.Future[Response | Failure] = read_failure(failure)[0].cb_kwargs["answer"]
    if not answer.done():
        answer.set_result(failure)


def _told(came: "Response | Failure") -> tuple[Request, Response | None, str]:
    """The request that was sent last, the answer, and the reason why that is of no use, "" when it is."""
    if isinstance(came, Response):
        wanted = is_answer(came.status) or came.status in came.meta.get("handle_httpstatus_list", ())
        return came.request or Request(came.url), came, "" if wanted else reason_of_status(came.status)
    request, reason, response = read_failure(came)
    return request, response, answers.wall_or(reason, response)
