"""Hosts that ask for a pause: whether a backfill waits for them, and how long."""

import asyncio
from collections import Counter
from typing import Any

from scrapy import Request

from crawler.backfill.past import Past
from crawler.backfill.run import BackfillRun
from pipelines.state import host_of

#: Seconds for which a run waits when a host asks for a pause, and pauses in a row after which it does not.
_LONGEST_PAUSE, _PATIENCE = 300.0, 5


class Patience:
    """Waits for hosts, and tells the run of those that it does not wait for.

    Args:
        run: knows who asked for what.
        past: says which hosts are worth the wait.
    """

    def __init__(self, run: BackfillRun, past: Past[Any, Any]) -> None:
        self._run = run
        self._past = past
        self._pauses: Counter[str] = Counter()  # in a row, by host

    async def is_free(self, host: str) -> bool:
        """Whether a host may be asked now, after its pause if that is short."""
        while (seconds := self._run.hosts.paused_for(host)) > 0:
            if not self._waits(host):
                return False
            await asyncio.sleep(seconds)
        refusal = self._run.hosts.refusal(host)
        if refusal is not None and host == self._past.vital:
            self._run.complain(host, f"{refusal[1]}; the same command goes on later")
        return refusal is None

    def why_not(self, host: str) -> str:
        """The reason word for a host that is not free."""
        refusal = self._run.hosts.refusal(host)
        return refusal[0] if refusal else "paused"

    def is_held_back(self, request: Request, reason: str) -> bool:
        """Whether a request failed because its host wants a pause, and the host is worth the wait.

        Not when it was redirected to that host: where it began nobody waits, and it would be sent in circles.
        """
        host = host_of(request.url)
        asked = reason == "paused" or self._run.hosts.paused_for(host) > 0
        return asked and self._past.is_awaited(host) and not _was_sent_on(request)

    def comes_back(self, request: Request, reason: str) -> bool:
        """Whether a request that failed is to be sent again: when it is held back, and not for too long."""
        if not self.is_held_back(request, reason):
            return False
        host = host_of(request.url)
        if reason != "paused":
            self._pauses[host] += 1
            if self._pauses[host] > _PATIENCE:
                self._run.hosts.give_up(host, reason)
                self._run.complain(
                    host, f"{host} asks for one pause after the other; the same command goes on later", pause=True
                )
                return False
        return self._waits(host)

    def answered(self, host: str) -> None:
        """A host has given what it was asked for."""
        self._pauses.pop(host, None)

    def _waits(self, host: str) -> bool:
        if not self._past.is_awaited(host):
            return False
        if self._run.hosts.paused_for(host) <= _LONGEST_PAUSE:
            return True
        refusal = self._run.hosts.refusal(host)
        self._run.complain(host, f"{refusal[1] if refusal else host}; the same command goes on then", pause=True)
        return False


def _was_sent_on(request: Request) -> bool:
    """Whether a request was redirected to another host."""
    return host_of(request.url) != host_of(request.meta.get("redirect_urls", [request.url])[0])
