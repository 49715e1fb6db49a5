"""Sockets around the sites: a listening port for each outlet, one thread that accepts for all.

Every request is answered in a thread of its own.
"""

import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from crawler.newsroom.dates import http_date
from crawler.newsroom.outlets import Outlet
from crawler.newsroom.site import Answer, Site, with_validators
from crawler.newsroom.stories import Story

LOOPBACK = "127.0.0.1"

# A slow feed comes in this many pieces with these pauses: about a second in all, which a person notices and
# which is far below any sane timeout.
_SLOW_PIECES = 10
_SLOW_PAUSE_SECONDS = 0.12

# A connection on which nothing is asked is given up, so that no thread waits for ever.
_IDLE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One request, as the server saw it.

    Attributes:
        at: the newsroom's own time, which may be in the past.
        started: seconds of the monotonic clock when the request had been read.
        ended: the same just before the last bytes of the answer went out, so that a client which waits for an
            answer before it asks again never seems to ask twice at a time. Two requests of one outlet overlap
            when their spans do.
        outlet: id of the outlet asked.
        method: GET or HEAD.
        path: as in the request line, with its query.
        status: of the answer.
        if_none_match: header, "" when absent.
        if_modified_since: header, "" when absent.
        user_agent: header, "" when absent.
    """

    at: datetime
    started: float
    ended: float
    outlet: str
    method: str
    path: str
    status: int
    if_none_match: str
    if_modified_since: str
    user_agent: str


class OutletServer(ThreadingMixIn, TCPServer):
    """Listens for one outlet.

    Args:
        port: to listen on, 0 for any free one.
        outlet: whose site is served.
        stories: of the whole newsroom.
        clock: the newsroom's time.
        note: is given every request, before its answer has ended.
        stopping: set when the newsroom closes; ends pauses.

    Raises:
        OSError: if the port cannot be had.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64
    timeout = 0  # `handle_request` is called when a connection waits

    def __init__(
        self,
        port: int,
        outlet: Outlet,
        stories: Sequence[Story],
        *,
        clock: Callable[[], datetime],
        note: Callable[[RequestSeen], None],
        stopping: threading.Event,
    ) -> None:
        super().__init__((LOOPBACK, port), _Handler)
        self.site = Site(outlet, stories, f"http://{outlet.host}:{self.server_address[1]}")
        self.clock = clock
        self.note = note
        self.stopping = stopping

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are no news; anything else is shown as socketserver shows it."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers one request and closes: the newsroom is asked seldom, and stopping it is then simple."""

    server: OutletServer
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True  # the last byte travels alone, see `_send`

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def version_string(self) -> str:
        """The Server header."""
        return "newsroom"

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - the newsroom has its own time
        """The Date header, in the newsroom's time."""
        return http_date(self.server.clock())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in http.server
        """Nothing on stderr; `Newsroom.requests` is the log."""

    def _answer(self, *, with_body: bool) -> None:
        started, now = time.monotonic(), self.server.clock()
        site = self.server.site
        if_none_match = self.headers.get("If-None-Match", "")
        if_modified_since = self.headers.get("If-Modified-Since", "")
        answer = with_validators(site.answer(self.path, now), site.outlet, if_none_match, if_modified_since)

        def note() -> None:
            self.server.note(
                RequestSeen(
                    at=now,
                    started=started,
                    ended=time.monotonic(),
                    outlet=site.outlet.id,
                    method=self.command,
                    path=self.path,
                    status=int(answer.status),
                    if_none_match=if_none_match,
                    if_modified_since=if_modified_since,
                    user_agent=self.headers.get("User-Agent", ""),
                )
            )

        self._write_headers(answer)
        self._send(answer.body if with_body else b"", slow=answer.slow, before_end=note)

    def _write_headers(self, answer: Answer) -> None:
        self.send_response(answer.status)
        if answer.media_type:
            charset = f"; charset={answer.charset}" if answer.charset else ""
            self.send_header("Content-Type", answer.media_type + charset)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")

    def _send(self, body: bytes, *, slow: bool, before_end: Callable[[], None]) -> None:
        """Send headers and body; `before_end` is called before the client can know that it has all."""
        if not body:
            before_end()
            self.end_headers()
            return
        self.end_headers()
        step = max(1, len(body) // _SLOW_PIECES) if slow else len(body)
        for start in range(0, len(body) - 1, step):
            self.wfile.write(body[start : min(start + step, len(body) - 1)])
            if slow:
                self.server.stopping.wait(_SLOW_PAUSE_SECONDS)
        before_end()
        self.wfile.write(body[-1:])


def serve(servers: Sequence[OutletServer], wake: socket.socket) -> None:
    """Accept connections for all servers until the other end of `wake` is closed."""
    with selectors.DefaultSelector() as selector, wake:
        selector.register(wake, selectors.EVENT_READ, None)
        for server in servers:
            selector.register(server, selectors.EVENT_READ, server)
        while True:
            for key, _ in selector.select():
                if key.data is None:
                    return
                key.data.handle_request()
