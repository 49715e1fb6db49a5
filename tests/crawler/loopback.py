"""A small web on the loopback, and the command line run against it as cron would run it."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.http_servers import Handler, serving

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    """One request as the server saw it."""

    host: str
    path: str
    headers: dict[str, str]


@dataclass
class Web:
    """Answers by host and path; a route is an answer, or a function of the request that gives one."""

    port: int
    routes: dict[tuple[str, str], Answer | Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, name: str, path: str = "/") -> str:
        return f"http://{name}.localhost:{self.port}{path}"

    def serve(
        self, name: str, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str
    ) -> str:
        content = body.encode() if isinstance(body, str) else body
        extra = {key.replace("_", "-"): value for key, value in headers.items()}
        self.routes[f"{name}.localhost:{self.port}", path] = (200, {"Content-Type": content_type, **extra}, content)
        return self.url(name, path)

    def route(self, name: str, path: str, answer: Answer | Callable[[Asked], Answer]) -> str:
        self.routes[f"{name}.localhost:{self.port}", path] = answer
        return self.url(name, path)

    def paths(self, name: str) -> list[str]:
        return [asked.path for asked in self.asked if asked.host.startswith(f"{name}.")]

    def feed(self, name: str, *articles: tuple[str, str], path: str = "/feed") -> str:
        items = "".join(
            f"<item><title>{title}</title><link>{link}</link><pubDate>Tue, 05 Oct 2021 12:00:00 GMT</pubDate></item>"
            for title, link in articles
        )
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
        return self.serve(name, path, rss, "application/rss+xml")


@pytest.fixture
def web() -> Iterator[Web]:
    class OfSite(Handler):
        def reply(self) -> None:
            asked = Asked(self.headers["Host"], self.path, self.fields())
            site.asked.append(asked)
            found = site.routes.get((asked.host, self.path), (404, {"Content-Type": "text/plain"}, b"not found"))
            self.say(*(found(asked) if callable(found) else found))

    with serving(OfSite) as port:
        site = Web(port)
        yield site


@dataclass
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def orbitwatch(data: Path) -> Callable[..., Done]:
    """Runs a verb in a process of its own, with `--data` and, for crawl, what the loopback needs."""

    def run(verb: str, *arguments: str, loopback: bool = True, wait: bool = True, **settings: Any) -> Any:
        command = [sys.executable, "-m", "crawler", *verb.split(), "--data", str(data), *arguments]
        if verb == "crawl":
            command += ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "DOWNLOAD_TIMEOUT=5"]
            command += ["--allow-private", "127.0.0.0/8"] if loopback else []
        if not wait:
            pipe = subprocess.PIPE
            return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True, **settings)
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def sources_toml(*entries: dict[str, Any]) -> str:
    """A sources file with these entries, each with an id and feeds at least."""
    lines = []
    for entry in entries:
        complete = {
            "name": entry["id"].title(),
            "home": f"http://{entry['id']}.localhost/",
            "language": "en",
            "fetch": "all",
            **entry,
        }
        lines += ["[[source]]", *(f"{key} = {json.dumps(value)}" for key, value in complete.items()), ""]
    return "\n".join(lines)
