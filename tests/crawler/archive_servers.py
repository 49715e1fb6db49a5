"""Archives on the loopback that speak the real formats: a web archive, GDELT's bulk files, an outlet's archive sitemaps.

`tests/crawler/conftest.py` need not know them: a test imports the `archives` fixture. Names below `.localhost` tell the
sites of one server apart. Every request is remembered, and any can be made to fail.
"""

import base64
import gzip
import hashlib
import json
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit
from xml.sax.saxutils import escape

import pytest

from tests.crawler.http_servers import Handler, serving
from tests.crawler.loopback import Answer, Asked
from tests.pipelines.backfill.gdelt_files import gzipped, list_line, zipped

Site = Callable[[Asked], Answer]

_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_BLOCKED = (
    "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.AdministrativeAccessControlException: "
    "Blocked Site Error"
)
_REPLAY = re.compile(r"/web/([0-9]{1,14})([a-z]{2}_)?/(.+)\Z", re.DOTALL)


@dataclass
class Fault:
    """Takes the place of an answer.

    Attributes:
        site: its name.
        path: beginning of the paths that fail.
        answer: what is given instead; None gives the right answer, changed by `cut`.
        times: how often, then all is well again.
        after: right answers given before the first.
        cut: bytes of the right answer's body that are given, as from a server that died while it wrote.
    """

    site: str
    path: str
    answer: Answer | None = None
    times: int = 1
    after: int = 0
    cut: int | None = None

    def strikes(self, site: str, path: str) -> bool:
        if site != self.site or not path.startswith(self.path) or not self.times:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


def too_many(seconds: int) -> Answer:
    page = b"<!doctype html><title>429 Too Many Requests</title><p>You have sent too many requests."
    return 429, {"Content-Type": "text/html", "Retry-After": str(seconds)}, page


UNAVAILABLE: Answer = (503, {"Content-Type": "text/html"}, b"<html><h1>503 Service Unavailable</h1></html>")
HTML_ERROR: Answer = (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Temporarily offline</title>")


@dataclass
class Archives:
    """The server: sites by name, faults in the order in which they are tried, and what was asked."""

    port: int
    sites: dict[str, Site] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, name: str, path: str = "/") -> str:
        return f"http://{name}.localhost:{self.port}{path}"

    def paths(self, name: str) -> list[str]:
        return [asked.path for asked in self.asked if asked.host.startswith(f"{name}.")]

    def answer(self, asked: Asked) -> Answer:
        name = asked.host.partition(".localhost")[0]
        with self.lock:
            self.asked.append(asked)
            fault = next((fault for fault in self.faults if fault.strikes(name, asked.path)), None)
        if fault is not None and fault.answer is not None:
            return fault.answer
        status, headers, body = self.sites[name](asked) if name in self.sites else NOT_FOUND
        return status, headers, body if fault is None else body[: fault.cut]


@pytest.fixture
def archives() -> Iterator[Archives]:
    class OfArchives(Handler):
        def reply(self) -> None:
            fields = self.fields()
            self.say(*served.answer(Asked(fields.get("host", ""), self.path, fields)))

    with serving(OfArchives) as port:
        served = Archives(port)
        yield served


NOT_FOUND: Answer = (404, {"Content-Type": "text/html"}, b"<!doctype html><title>404 Not Found</title>")


def found(body: bytes | str, content_type: str = "text/html; charset=utf-8", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else body
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    return 200, {"Content-Type": content_type, **extra}, content


# --- a web archive


@dataclass
class Copy:
    """A page as it was captured; `stamp` has 14 digits."""

    url: str
    stamp: str
    body: bytes = b""
    status: int = 200
    mimetype: str = "text/html"
    location: str = ""

    @property
    def key(self) -> str:
        return sort_key(self.url)

    @property
    def row(self) -> dict[str, str]:
        digest = base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode()
        values = (self.key, self.stamp, self.url, self.mimetype, str(self.status), digest, str(len(self.body)))
        return dict(zip(_FIELDS, values, strict=True))

    @property
    def line(self) -> str:
        return " ".join(self.row.values())


def sort_key(url: str) -> str:
    """The host's labels from right to left, then the path; without scheme, "www." and the default port."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}{port}){parts.path.lower() or '/'}{query}"


@dataclass
class WebArchive:
    """Answers `/cdx/search/cdx` as the Wayback CDX server does, and `/web/` with copies.

    Attributes:
        copies: what was captured, in any order.
        most: captures of one answer, whatever limit is asked for.
        blocked: hosts that are excluded.
    """

    copies: list[Copy] = field(default_factory=list)
    most: int = 150_000
    blocked: set[str] = field(default_factory=set)

    def __call__(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        if parts.path == "/cdx/search/cdx":
            return self._index(asked, parse_qs(parts.query))
        replay = _REPLAY.match(asked.path)
        return self._replay(*replay.groups(default="")) if replay else NOT_FOUND

    def _index(self, asked: Asked, query: dict[str, list[str]]) -> Answer:
        wanted = _one(query, "url")
        if not wanted:
            return 400, {"Content-Type": "text/plain"}, b"The url param is required"
        if any(host in wanted for host in self.blocked):
            return 403, {"Content-Type": "text/plain", "X-Archive-Wayback-Runtime-Error": _BLOCKED}, _BLOCKED.encode()
        fields = _one(query, "fl", ",".join(_FIELDS)).split(",")
        kept, more = self._select(query, min(int(_one(query, "limit", str(self.most))), self.most))
        rows = [[copy.row[name] for name in fields] for copy in kept]
        key = ""
        if more and _one(query, "showResumeKey") == "true":
            # Without the sort key among the fields the server forgets it, and goes on somewhere else.
            key = quote_plus(f"{kept[-1].key if 'urlkey' in fields else '-'} {kept[-1].stamp}!")
        as_json = _one(query, "output") == "json"
        body = (_as_json(fields, rows, key) if as_json else _as_text(rows, key)).encode()
        headers = {"Content-Type": "application/json" if as_json else "text/plain"}
        if "gzip" in asked.headers.get("accept-encoding", "") and _one(query, "gzip") != "false":
            headers["Content-Encoding"] = "gzip"
            body = gzip.compress(body, mtime=0)
        return 200, headers, body

    def _select(self, query: dict[str, list[str]], limit: int) -> tuple[list[Copy], bool]:
        """The first copies that are asked for, and whether there are more."""
        lowest, highest = _one(query, "from").ljust(14, "0"), _one(query, "to").ljust(14, "9")
        start, rules, collapse = _one(query, "resumeKey"), query.get("filter", []), query.get("collapse", [])
        kept: list[Copy] = []
        for copy in sorted(self.copies, key=lambda copy: copy.line):
            if (
                copy.line > start
                and lowest <= copy.stamp <= highest
                and _matches(copy.key, _one(query, "url"), _one(query, "matchType"))
                and all(_passes(copy.row, rule) for rule in rules)
                and not (kept and any(_collapses(kept[-1].row, copy.row, rule) for rule in collapse))
            ):
                if len(kept) == limit:
                    return kept, True
                kept.append(copy)
        return kept, False

    def _replay(self, stamp: str, form: str, url: str) -> Answer:
        key, asked_for = sort_key(url), _instant(stamp)
        copies = [copy for copy in self.copies if copy.key == key]
        if not copies:
            return NOT_FOUND
        nearest = min(copies, key=lambda copy: (abs(_instant(copy.stamp) - asked_for), copy.stamp))
        if nearest.stamp != stamp:
            location = f"/web/{nearest.stamp}{form}/{nearest.url}"
            return 302, {"Content-Type": "text/plain", "Location": location}, b""
        headers = {
            "Content-Type": nearest.mimetype,
            "Memento-Datetime": _instant(nearest.stamp).strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "X-Archive-Orig-Content-Type": nearest.mimetype,
        }
        if nearest.location:
            headers["Location"] = f"/web/{stamp}{form}/{nearest.location}"
        # Only the identity form gives the bytes as they were.
        toolbar = b"" if form == "id_" else b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->"
        return nearest.status, headers, toolbar + nearest.body


def _one(query: dict[str, list[str]], name: str, default: str = "") -> str:
    return query.get(name, [default])[0]


def _matches(key: str, url: str, match: str) -> bool:
    if url.startswith("*."):
        url, match = url[2:], "domain"
    elif url.endswith("*"):
        url, match = url[:-1], "prefix"
    wanted = sort_key(url)
    host = wanted.partition(")")[0]
    if match == "domain":
        return key.startswith((f"{host})", f"{host},"))
    if match == "host":
        return key.startswith(f"{host})")
    return key.startswith(wanted) if match == "prefix" else key == wanted


def _passes(row: dict[str, str], rule: str) -> bool:
    name, _, pattern = rule.removeprefix("!").partition(":")
    return bool(re.fullmatch(pattern, row[name])) != rule.startswith("!")


def _collapses(row: dict[str, str], other: dict[str, str], rule: str) -> bool:
    name, _, length = rule.partition(":")
    return row[name][: int(length or 10_000)] == other[name][: int(length or 10_000)]


def _as_json(fields: list[str], rows: list[list[str]], key: str) -> str:
    if not rows:
        return "[]\n"
    end: list[list[str]] = [[], [key]] if key else []
    return "[" + ",\n".join(json.dumps(row) for row in [fields, *rows, *end]) + "]\n"


def _as_text(rows: list[list[str]], key: str) -> str:
    return "".join(f"{' '.join(row)}\n" for row in rows) + (f"\n{key}\n" if key else "")


def _instant(stamp: str) -> datetime:
    return datetime.strptime(
        stamp.ljust(14, "0") if len(stamp) > 7 else f"{stamp[:4]}0101000000", "%Y%m%d%H%M%S"
    ).replace(tzinfo=UTC)


# --- GDELT


@dataclass
class Gdelt:
    """Serves bulk files and the lists of them.

    Attributes:
        base: address of the server, with which the lists name files.
        files: body by path.
    """

    base: str
    files: dict[str, bytes] = field(default_factory=dict)

    def publish(self, kind: str, stamp: str, *rows: str, translated: bool = False) -> str:
        """Adds the file of a kind and quarter hour (for "gal" a minute), and gives its path."""
        if kind == "gal":
            path, body = f"/gdeltv3/gal/{stamp}.gal.json.gz", gzipped(*rows)
        else:
            name = f"{stamp}.{'translation.' if translated else ''}{kind}.{'csv' if kind == 'gkg' else 'CSV'}"
            path, body = f"/gdeltv2/{name}.zip", zipped(name, *rows)
        self.files[path] = body
        return path

    def __call__(self, asked: Asked) -> Answer:
        lists = {
            "/gdeltv2/masterfilelist.txt": self._listed(translated=False),
            "/gdeltv2/masterfilelist-translation.txt": self._listed(translated=True),
            "/gdeltv2/lastupdate.txt": self._listed(translated=False)[-3:],
        }
        if asked.path in lists:
            return found("".join(f"{line}\n" for line in lists[asked.path]), "text/plain")
        if asked.path in self.files:
            packed = "application/json" if asked.path.endswith(".gz") else "application/zip"
            return found(self.files[asked.path], packed)
        return NOT_FOUND

    def _listed(self, *, translated: bool) -> list[str]:
        return [
            list_line(f"{self.base.rstrip('/')}{path}", body)
            for path, body in sorted(self.files.items())
            if path.startswith("/gdeltv2/") and (".translation." in path) == translated
        ]


# --- an outlet's own archive


@dataclass
class Published:
    """An article of an outlet; `path` begins with "/"."""

    path: str
    at: datetime
    body: bytes


@dataclass
class ArchiveSite:
    """An outlet with its articles, a robots.txt and a sitemap index: a sitemap a month.

    Attributes:
        base: address of the site.
        articles: what it ever published.
        dated: months are named in the sitemaps' addresses; else they are numbered, and only lastmods tell them apart.
        zipped: sitemaps are gzip files.
        lastmods: entries have a lastmod, a day after publication.
    """

    base: str
    articles: list[Published]
    dated: bool = True
    zipped: bool = True
    lastmods: bool = True

    def __call__(self, asked: Asked) -> Answer:
        base = self.base.rstrip("/")
        if asked.path == "/robots.txt":
            return found(f"User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n", "text/plain")
        months = self._sitemaps()
        if asked.path == "/sitemap.xml":
            return found(_xml("sitemapindex", "sitemap", [(base + path, changed) for path, changed, _ in months]), _XML)
        for path, _, articles in months:
            if asked.path == path:
                pages = [
                    (base + article.path, self._changed(article) if self.lastmods else None) for article in articles
                ]
                body = _xml("urlset", "url", pages)
                return found(gzip.compress(body, mtime=0), "application/gzip") if self.zipped else found(body, _XML)
        article = next((article for article in self.articles if article.path == asked.path), None)
        return found(article.body) if article else NOT_FOUND

    def _sitemaps(self) -> list[tuple[str, datetime, list[Published]]]:
        """Path, last change and articles of each month."""
        months: dict[str, list[Published]] = defaultdict(list)
        for article in sorted(self.articles, key=lambda article: article.at):
            months[article.at.strftime("%Y-%m")].append(article)
        ending = ".xml.gz" if self.zipped else ".xml"
        return [
            (
                f"/sitemap-{month}{ending}" if self.dated else f"/post-sitemap{n}{ending}",
                max(map(self._changed, those)),
                those,
            )
            for n, (month, those) in enumerate(months.items(), start=1)
        ]

    @staticmethod
    def _changed(article: Published) -> datetime:
        return article.at + timedelta(days=1)


_XML = "application/xml"


def _xml(root: str, element: str, addresses: list[tuple[str, datetime | None]]) -> bytes:
    items = "".join(
        f"<{element}><loc>{escape(address)}</loc>{f'<lastmod>{changed.isoformat()}</lastmod>' if changed else ''}</{element}>"
        for address, changed in addresses
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">{items}</{root}>\n'.encode()
