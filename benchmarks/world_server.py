"""Serves a `world.World` on the loopback, from a process of its own, so that its CPU is not counted.

    python benchmarks/world_server.py '{"hosts": 10, "pages": 100}'     until stdin closes

Every outlet has an address of its own (127.0.1.1, 127.0.1.2, ...; Linux answers on all of them), since crawlers limit
what they ask of one host at a time.
"""

import asyncio
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

from world import Plan, World

_ETAG = b'"1"'
_FEED = "/feed.xml"


class _Connection(asyncio.Protocol):
    """Answers GET requests, one after the other, from prepared bytes."""

    def __init__(self, answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            request, _, self._asked = self._asked.partition(b"\r\n\r\n")
            path = request.split(b" ", 2)[1]
            if path == _FEED.encode() and b"if-none-match: " + _ETAG in request.lower():
                self._transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + _ETAG + b"\r\n\r\n")
            else:
                self._transport.write(self._answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))


def serve(world: World) -> None:
    """Prepares all answers, prints the outlets' base addresses as a JSON list, and serves until stdin closes."""
    asyncio.run(_serve(world))


async def _serve(world: World) -> None:
    loop = asyncio.get_running_loop()
    bases = []
    for host in range(world.plan.hosts):
        answers: dict[bytes, bytes] = {b"/robots.txt": _answer(b"User-agent: *\nDisallow: /admin/\n", "text/plain")}
        address = f"127.0.1.{host + 1}"
        server = await loop.create_server(lambda answers=answers: _Connection(answers), address, 0)  # type: ignore[misc]
        base = f"http://{address}:{server.sockets[0].getsockname()[1]}"
        compressed = world.plan.compressed
        answers[_FEED.encode()] = _answer(world.feed(host, base), "application/rss+xml", compressed=compressed)
        for article in world.articles:
            if article.host == host:
                page = world.page(article, base)
                answers[article.path.encode()] = _answer(page, world.content_type(article), compressed=compressed)
        bases.append(base)
    print(json.dumps(bases), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def _answer(body: bytes, content_type: str, *, compressed: bool = False) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nETag: {_ETAG.decode()}\r\n"
    if compressed:
        body = gzip.compress(body, 5)
        head += "Content-Encoding: gzip\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@contextmanager
def served(plan: Plan) -> Iterator[list[str]]:
    """The world on the loopback while the block runs. Gives the outlets' base addresses."""
    command = [sys.executable, __file__, json.dumps(asdict(plan))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdin is not None
    with process:
        try:
            line = process.stdout.readline()
            if not line:
                sys.exit("The world could not be served; see the error above.")
            yield json.loads(line)
        finally:
            process.stdin.close()


def sources_toml(bases: list[str]) -> str:
    """The outlets as Orbitwatch reads them."""
    return "\n".join(
        f'[[source]]\nid = "outlet{host}"\nname = "Outlet {host}"\nhome = "{base}/"\nfeeds = ["{base}{_FEED}"]\n'
        f'language = "en"\ntimezone = "UTC"\nkind = "general"\nfetch = "all"\n'
        for host, base in enumerate(bases)
    )


if __name__ == "__main__":
    serve(World(Plan(**json.loads(sys.argv[1]))))
