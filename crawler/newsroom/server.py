"""The newsroom on the loopback: its outlets on their ports, the log of what was asked, and the truth."""

import json
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from crawler.newsroom.listener import LOOPBACK, OutletServer, RequestSeen, serve
from crawler.newsroom.outlets import SITEMAP_PATH, Outlet, load_outlets
from crawler.newsroom.site import Site
from crawler.newsroom.stories import load_stories
from crawler.newsroom.truth import StoryTruth, truth_of

DEFAULT_FIRST_PORT = 8801

# These outlets print a few stories a year; one that has printed nothing for longer than this has stopped.
_MAX_SILENCE_DAYS = 1500


class NewsroomError(RuntimeError):
    """The newsroom cannot open, or is asked for addresses before it has."""


class Newsroom:
    """Invented outlets that publish the race from 2020 to 2025, each on its own port of the loopback.

    Use as a context manager, or `start` and `stop` it. What is served follows `clock`: a page appears when
    its instant is past, an update replaces it at its own.

    Args:
        clock: returns the newsroom's time, aware.
        first_port: the outlets take this and the following ports; 0 takes any free ones.
    """

    def __init__(self, clock: Callable[[], datetime], *, first_port: int = DEFAULT_FIRST_PORT) -> None:
        self._clock = clock
        self._first_port = first_port
        self._requests: list[RequestSeen] = []
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._servers: list[OutletServer] = []
        self._sites: dict[str, Site] = {}
        self._accepting: tuple[threading.Thread, socket.socket] | None = None

    @property
    def outlets(self) -> tuple[Outlet, ...]:
        """All outlets, in the order of their ports."""
        return load_outlets()

    @property
    def requests(self) -> tuple[RequestSeen, ...]:
        """Every request so far, in the order in which the answers ended; kept when the newsroom closes."""
        with self._lock:
            return tuple(self._requests)

    def base(self, outlet_id: str) -> str:
        """Scheme, name and port of an outlet: `http://tribune.localhost:8802`.

        Raises:
            NewsroomError: if the newsroom has not been open yet.
            KeyError: if there is no such outlet.
        """
        return self._known()[outlet_id].base

    def port(self, outlet_id: str) -> int:
        """The port of an outlet; raises as `base` does."""
        return int(self.base(outlet_id).rpartition(":")[2])

    def truth(self) -> list[StoryTruth]:
        """Every version of every story, by time.

        Raises:
            NewsroomError: if the newsroom has not been open yet, since addresses hold ports.
        """
        return truth_of(self._known().values())

    def write_sources(self, path: Path) -> None:
        """Write the outlets as a sources.toml, with the ports that are in use.

        Raises:
            NewsroomError: if the newsroom has not been open yet.
        """
        entries = [_source_entry(site) for site in self._known().values()]
        path.write_text("\n".join(entries), encoding="utf-8")

    def start(self) -> None:
        """Take the ports and serve, in threads of its own.

        Raises:
            NewsroomError: if a port cannot be had (none is kept then), or if it is open already.
        """
        if self._servers:
            raise NewsroomError("the newsroom is open already")
        self._stopping.clear()
        for index, outlet in enumerate(self.outlets):
            port = self._first_port + index if self._first_port else 0
            try:
                server = OutletServer(
                    port, outlet, load_stories(), clock=self._clock, note=self._note, stopping=self._stopping
                )
            except OSError as error:
                self.stop()
                raise NewsroomError(
                    f"port {port} of {LOOPBACK}, for {outlet.host}, cannot be had: {error.strerror}."
                    f" The newsroom needs {len(self.outlets)} ports in a row:"
                    " choose others with --port (first_port), or 0 for any free ones"
                ) from error
            self._servers.append(server)
        self._sites = {server.site.outlet.id: server.site for server in self._servers}
        ours, theirs = socket.socketpair()
        thread = threading.Thread(target=serve, args=(tuple(self._servers), theirs), name="newsroom", daemon=True)
        thread.start()
        self._accepting = thread, ours

    def stop(self) -> None:
        """Close all ports; addresses, truth and the log stay known. Does nothing when it is not open."""
        self._stopping.set()
        if self._accepting is not None:
            thread, wake = self._accepting
            wake.close()
            thread.join()
            self._accepting = None
        for server in self._servers:
            server.server_close()
        self._servers.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _known(self) -> dict[str, Site]:
        if not self._sites:
            raise NewsroomError("the newsroom has not been open yet: addresses are known once it has started")
        return self._sites

    def _note(self, request: RequestSeen) -> None:
        with self._lock:
            self._requests.append(request)


def _source_entry(site: Site) -> str:
    """One `[[source]]` of sources.toml; JSON's strings, numbers, booleans and arrays are TOML's too."""
    outlet, base = site.outlet, site.base
    address = base + outlet.feed_path
    is_sitemap = outlet.feed == "news_sitemap"
    values: dict[str, str | int | bool | list[str]] = {
        "id": outlet.id,
        "name": outlet.name,
        "home": f"{base}/",
        "country": outlet.country,
        "language": outlet.language,
        "timezone": outlet.timezone,
        "kind": outlet.kind,
        "feeds": [] if is_sitemap else [address],
        "news_sitemaps": [address] if is_sitemap else [],
        "sitemaps": [base + SITEMAP_PATH],
        "fetch": outlet.fetch,
        "max_silence_days": _MAX_SILENCE_DAYS,
        "enabled": True,
    }
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(["[[source]]", *lines, ""])
