"""The order in which requests go out: no source, and no host, takes the places of the others.

Scrapy's own queue goes round the hosts. A source that names pages on 300 hosts which never answer gets 300 turns then,
and all places; the others got a page every other minute.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

if TYPE_CHECKING:
    from scrapy.http import Request

#: Requests of one source that are under way at a time. Nearly all sources have one host, which is asked one thing at a
# time; with 32 places in all, seven that have many and do not answer leave room for the others.
PER_SOURCE = 4
#: And of one host, of whatever source: one, and the next, which waits for its delay. A third would wait in a place.
PER_HOST = 2


class FairQueue(DownloaderAwarePriorityQueue):
    """Scrapy's queue with a lane for each source and host, and without those whose limit is reached.

    It may hold requests and give none; Scrapy asks again when one that is under way has ended.
    """

    def __init__(self, crawler: Any, *arguments: Any, **keywords: Any) -> None:
        super().__init__(crawler, *arguments, **keywords)
        self._downloader_interface = _Lanes(crawler)


class _Lanes(DownloaderInterface):
    """Tells the queue which lanes are open, and how much is under way in each: the least is served first."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        # Source and host of lanes and of requests, taken apart once: at each turn all lanes and all requests under way
        # are asked.
        self._met: dict[str, tuple[str, str]] = {}
        self._of_requests: WeakKeyDictionary[Request, tuple[str, str]] = WeakKeyDictionary()

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        sources, hosts = Counter[str](), Counter[str]()
        for request in self.downloader.active:  # no more than there are places
            source, host = self._parts(request)
            sources[source] += 1
            hosts[host] += 1
        of_source, of_host, met = sources.get, hosts.get, self._met
        # By host, as Scrapy does, and among hosts that are alike by source.
        return [
            (on_host * PER_SOURCE + for_source, lane)
            for lane in possible_slots
            if (for_source := of_source(met[lane][0], 0)) < PER_SOURCE
            and (on_host := of_host(met[lane][1], 0)) < PER_HOST
        ]

    def get_slot_key(self, request: "Request") -> str:
        parts = self._parts(request)
        lane = " ".join(parts)
        self._met[lane] = parts
        return lane

    def _parts(self, request: "Request") -> tuple[str, str]:
        parts = self._of_requests.get(request)
        if parts is None:
            parts = self._of_requests[request] = _source_and_host(request)
        return parts


def _source_and_host(request: "Request") -> tuple[str, str]:
    """Whatever is asked for no source stands for itself: robots.txt, which a page waits for that has its place."""
    # Not the slot that Scrapy has noted: after a redirect that is the host that was left.
    host = urlsplit(request.url).hostname or ""
    return request.meta.get("source", host), host
