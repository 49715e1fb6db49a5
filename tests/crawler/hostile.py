"""A server on the loopback that does whatever it is told with its sockets, and remembers what it was asked.

Names below `.localhost` tell its sites apart. Every request is served by a thread of its own and its connection closed.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

#: Seconds between the pieces of a dripping answer, and after which a connection on which nothing is asked is given up.
DRIP, IDLE = 0.2, 20.0


@dataclass
class Seen:
    """One request: when its connection was accepted, and when the last byte of its answer was about to go out."""

    host: str
    path: str
    headers: dict[str, str]
    accepted: float
    ended: float = 0.0


@dataclass
class Exchange:
    """What a behaviour works with: the connection, the request, and the event that ends endless ones."""

    connection: socket.socket
    seen: Seen
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def finish(self, data: bytes) -> None:
        """The rest of an answer. Its end is noted before the client can know of it."""
        self.send(data[:-1])
        self.seen.ended = time.monotonic()
        self.send(data[-1:])

    def drip(self, head: bytes, piece: bytes, *, pause: float = DRIP) -> None:
        """The head, then a piece after every pause, until the client has had enough."""
        self.send(head)
        while not self.stopping.wait(pause):
            self.send(piece)

    def reset(self) -> None:
        """Ends the connection with a TCP reset instead of a farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


Behaviour = bytes | Callable[[Exchange], None]


@dataclass
class Hostile:
    """Serves behaviours by (site, path): bytes are sent as they are, functions do as they like.

    Args:
        tls: certificates by name of the site; then the server speaks TLS and nothing else.
    """

    tls: Callable[[str | None], ssl.SSLContext] | None = None
    routes: dict[tuple[str, str], Behaviour] = field(default_factory=dict)
    asked: list[Seen] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join()

    def url(self, site: str, path: str = "/feed") -> str:
        return f"{'https' if self.tls else 'http'}://{site}.localhost:{self.port}{path}"

    def on(self, site: str, path: str, behaviour: Behaviour) -> str:
        self.routes[site, path] = behaviour
        return self.url(site, path)

    def paths(self, site: str) -> list[str]:
        return [seen.path for seen in self.asked if seen.host == site]

    def _accept(self) -> None:
        with suppress(OSError):  # closed: the end
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection, time.monotonic()), daemon=True).start()

    def _serve(self, raw: socket.socket, accepted: float) -> None:
        raw.settimeout(IDLE)
        with suppress(OSError), self._secured(raw) as connection:  # clients that hang up are what we are here for
            head = b""
            while b"\r\n\r\n" not in head:
                received = connection.recv(65_536)
                if not received:
                    return
                head += received
            lines = head.decode("latin-1").split("\r\n")
            headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines[1:]) if n}
            site = headers.get("host", "").partition(".localhost")[0]
            seen = Seen(site, lines[0].split(" ")[1], headers, accepted)
            self.asked.append(seen)
            behaviour = self.routes.get((site, seen.path), NOT_FOUND)
            exchange = Exchange(connection, seen, self._stopping)
            if callable(behaviour):
                behaviour(exchange)
                seen.ended = seen.ended or time.monotonic()
            else:
                exchange.finish(behaviour)

    @contextmanager
    def _secured(self, raw: socket.socket) -> Iterator[socket.socket]:
        with raw:
            if self.tls is None:
                yield raw
                return
            context = self.tls(None)
            context.sni_callback = lambda secured, name, _: setattr(secured, "context", self.tls(name))  # type: ignore[misc]
            with context.wrap_socket(raw, server_side=True) as connection:
                yield connection


def answer(
    body: bytes | str = b"", content_type: str = "text/html; charset=utf-8", status: str = "200 OK", **headers: str
) -> bytes:
    """A whole answer; headers are written with underscores for dashes, and an empty value leaves one out."""
    content = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": content_type, "Content-Length": str(len(content)), "Connection": "close"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + content


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", "text/plain", status, Location=location)


def rss(*articles: tuple[str, str]) -> str:
    """A feed of (title, link)."""
    items = "".join(f"<item><title>{title}</title><link>{link}</link></item>" for title, link in articles)
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


NOT_FOUND = answer("not found", "text/plain", "404 Not Found")
