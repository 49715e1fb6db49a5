"""Hosts that are left alone: those that asked for it, and those that do not answer, of one source or of many."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.clock import Clock, system_clock
from pipelines.state import State, StateError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Hosts:
    """Which hosts may be asked now. Middlewares learn it from answers, and hold requests back by it.

    Hosts are named as by `pipelines.state.host_of`.

    Args:
        state: remembers pauses from run to run.
        clock: the time.

    Attributes:
        state: also keeps the copies of robots.txt.
        clock: the time.
    """

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock
        self._held: dict[str, datetime] = state.held_hosts(clock())
        self._given_up: dict[str, str] = {}  # and the reason of their last failure
        self._given_up_sources: dict[str, str] = {}  # likewise

    def refusal(self, host: str, source: str = "") -> tuple[str, str] | None:
        """Why a host is asked nothing now: the reason word, and the same for a person; None when it may be asked.

        Args:
            host: which is to be asked.
            source: for which, "" for none.
        """
        until = self._held.get(host)
        if until is not None and until > self.clock():
            return "paused", f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC"
        if host in self._given_up:
            return self._given_up[host], f"{host} is left alone for the rest of the run: {self._given_up[host]}"
        if source in self._given_up_sources:
            reason = self._given_up_sources[source]
            return (
                reason,
                f"the hosts of {source} do not answer, and it is left alone for the rest of the run: {reason}",
            )
        return None

    def paused_for(self, host: str) -> float:
        """Seconds for which a host still wants to be left alone; 0 when it does not."""
        until = self._held.get(host)
        return max((until - self.clock()).total_seconds(), 0.0) if until else 0.0

    def pause(self, host: str, seconds: float) -> None:
        """Leaves a host alone, in this run and later ones."""
        until = self.clock() + timedelta(seconds=seconds)
        self._held[host] = max(until, self._held.get(host, until))
        with suppress(StateError):  # this run knows it all the same; the fates that it cannot write end it
            self.state.hold_host(host, until, self.clock())

    def give_up(self, host: str, reason: str) -> None:
        """Asks a host nothing more in this run."""
        self._given_up[host] = reason

    def give_up_source(self, source: str, reason: str) -> None:
        """Asks nothing more for a source in this run, of whatever host."""
        self._given_up_sources[source] = reason


def hosts_of(crawler: "Crawler") -> Hosts:
    """What a crawler's spider knows of hosts, in its attribute `hosts`.

    A spider of Scrapy's own (`scrapy shell`, `scrapy fetch`) gets what is known in the data directory.
    """
    known: Hosts | None = getattr(crawler.spider, "hosts", None)
    if known is None:
        from scrapy import signals  # noqa: PLC0415 - an idle run never needs Scrapy

        state = State(Path(crawler.settings["ORBITWATCH_DATA"]) / ".state" / "state.sqlite")
        crawler.signals.connect(state.close, signal=signals.spider_closed, weak=False)
        known = Hosts(state, system_clock)
        setattr(crawler.spider, "hosts", known)  # noqa: B010 - Scrapy's type has no such attribute
    return known
