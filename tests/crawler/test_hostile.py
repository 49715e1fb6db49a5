"""What a hostile web can send, and exactly what becomes of it. Ids as in the catalogue of faults are not repeated here.

Each world is crawled once, by the real command against real sockets; all that was seen is asserted afterwards.
"""

import gzip
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import brotli
import pandas as pd
import pytest

from tests.crawler.certificates import authority
from tests.crawler.hostile import Exchange, Hostile, answer, redirect, rss
from tests.crawler.loopback import Done, sources_toml
from tests.crawler.test_crawl import BAKERY, LAUNCH, adds_up

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RSS = "application/rss+xml"
LIST = rss()
SECRET = "the content of a local file"
MEGABYTES_OF_NOTHING = b"\0" * (64 * 2**20)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class World:
    """What a crawl of a world left behind."""

    server: Hostile
    data: Path
    done: Done

    def row(self, source: str) -> dict[str, Any]:
        return next(row for row in self.done.json["rows"] if row["source"] == source)


def command(data: Path, *settings: str) -> list[str]:
    """The scheduled run with short limits and no retries, which would only repeat each fault; later settings win."""
    short = [
        "DOWNLOAD_DELAY=0",
        "AUTOTHROTTLE_ENABLED=False",
        "RETRY_TIMES=0",
        "DOWNLOAD_TIMEOUT=6",
        "DOWNLOAD_MAXSIZE=3145728",
    ]
    words = [sys.executable, "-m", "crawler", "crawl", "--data", str(data), "--json", "--allow-private", "127.0.0.0/8"]
    return words + [word for setting in (*short, *settings) for word in ("-s", setting)]


def crawl(data: Path, *settings: str, environment: dict[str, str] | None = None) -> Done:
    """One run to its end."""
    done = subprocess.run(
        command(data, *settings), capture_output=True, text=True, timeout=100, check=False, env=environment
    )
    return Done(done.returncode, done.stdout, done.stderr)


def write_sources(data: Path, entries: list[dict[str, Any]]) -> None:
    data.mkdir(parents=True)
    (data / "sources.toml").write_text(sources_toml(*entries))


# --- listings


def endless_chunks(exchange: Exchange) -> None:
    exchange.send(CHUNKED)
    while not exchange.stopping.is_set():
        exchange.send(b"10000\r\n" + b"<item>" + b"x" * 65_530 + b"\r\n")


def reset(exchange: Exchange) -> None:
    exchange.send(HEAD + b"Content-Length: 1000\r\n\r\n<rss>")
    exchange.reset()


def drip(exchange: Exchange) -> None:
    exchange.drip(HEAD + b"Content-Length: 1000\r\n\r\n", b"<")


def drip_headers(exchange: Exchange) -> None:
    exchange.drip(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n")


def endless_header(line: bytes, status: bytes = b"200 OK") -> Callable[[Exchange], None]:
    """Header lines without an end, in blocks; 64 MB at most, for a client that reads on."""

    def behaviour(exchange: Exchange) -> None:
        block = line * (65_536 // len(line))
        exchange.send(b"HTTP/1.1 " + status + b"\r\nX: y\r\n")
        for _ in range(1000):
            exchange.send(block)
        exchange.stopping.wait()

    return behaviour


def coded(body: bytes, coding: str) -> bytes:
    return answer(body, RSS, Content_Encoding=coding)


def doctype(entities: str, body: str) -> bytes:
    feed = f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0"><channel><title>t</title>{body}</channel></rss>'
    return answer(feed, RSS)


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
ITEM = "<item><title>{}</title><link>http://{}.localhost/never</link></item>"
FEED_FAULTS: dict[str, tuple[Any, str]] = {
    # name: what the server does, the reason that is counted ("" for a healthy visit)
    "healthy": (answer(LIST, RSS), ""),
    "reset": (reset, "connection"),
    "closed": (b"", "connection"),
    "truncated": (HEAD + b"Content-Length: 1000\r\n\r\n<rss>", "connection"),
    "badchunks": (CHUNKED + b"zz\r\n<rss>\r\n", "connection"),
    "nonsense": (b"\x16\x03\x01 what?\r\n\r\n", "not_http"),
    "badname": (HEAD + b"An SSL name: x\r\n\r\n" + LIST.encode(), "not_http"),
    "badlength": (HEAD + b"Content-Length: many\r\n\r\n" + LIST.encode(), "not_http"),
    "unknowncoding": (HEAD + b"Transfer-Encoding: br\r\n\r\n" + LIST.encode(), "not_http"),
    "longheader": (HEAD + b"X-Long: " + b"x" * 17_000 + b"\r\n\r\n" + LIST.encode(), "connection"),
    "manyheaders": (endless_header(b"X-Long: " + b"x" * 15_000 + b"\r\n"), "too_large"),
    "tinyheaders": (endless_header(b"a:\r\n"), "too_large"),
    "folded": (endless_header(b" and on\r\n"), "too_large"),
    "interim": (endless_header(b"\r\nHTTP/1.1 103 Early\r\n", b"103 Early"), "too_large"),
    "drip": (drip, "timeout"),
    "driphead": (drip_headers, "timeout"),
    "declared": (HEAD + b"Content-Length: 5000000000\r\n\r\n<rss>", "too_large"),
    "endless": (endless_chunks, "too_large"),
    "gzipbomb": (coded(gzip.compress(MEGABYTES_OF_NOTHING), "gzip"), "too_large"),
    "deflatebomb": (coded(zlib.compress(MEGABYTES_OF_NOTHING), "deflate"), "too_large"),
    "brbomb": (coded(brotli.compress(MEGABYTES_OF_NOTHING, quality=1), "br"), "too_large"),
    "zstdbomb": (coded(zstd.compress(MEGABYTES_OF_NOTHING), "zstd"), "too_large"),
    "nested": (coded(gzip.compress(gzip.compress(MEGABYTES_OF_NOTHING)), "gzip, gzip"), "too_large"),
    "twice": (coded(gzip.compress(gzip.compress(LIST.encode())), "gzip, gzip"), ""),
    "byhand": (answer(gzip.compress(LIST.encode()), RSS), ""),
    **{f"not{name}": (coded(LIST.encode(), name), "not_http") for name in ("gzip", "deflate", "br", "zstd")},
    "loop": (redirect("/feed"), "redirect"),
    "tofile": (redirect("file:///etc/hostname"), "redirect"),
    "todata": (redirect("data:text/xml,<rss/>"), "redirect"),
    "toprivate": (redirect("http://169.254.169.254/feed"), "blocked_address"),
    "tonumber": (redirect("http://2852039166/feed"), "blocked_address"),
    "tobracket": (redirect("http://[::1"), "redirect"),
    "toescape": (redirect("http://ex\x1bample.localhost/feed"), "redirect"),
    "badheader": (HEAD + b"this line has no colon\r\nConnection: close\r\n\r\n" + LIST.encode(), ""),
    "s202": (answer("accepted", "text/plain", "202 Accepted"), "http_error"),
    "s202list": (answer(LIST, RSS, "202 Accepted"), "http_error"),
    "s204": (answer(b"", "", "204 No Content", Content_Length=""), "http_error"),
    "s206": (answer(LIST, RSS, "206 Partial Content"), "http_error"),
    "s203": (answer(LIST, RSS, "203 Non-Authoritative Information"), ""),
    "s304": (answer(b"", "", "304 Not Modified", Content_Length=""), "http_error"),
    "s401": (answer("no", "text/plain", "401 Unauthorized"), "forbidden"),
    "s403": (answer("no", "text/plain", "403 Forbidden"), "forbidden"),
    "s404": (answer("no", "text/plain", "404 Not Found"), "not_found"),
    "s410": (answer("no", "text/plain", "410 Gone"), "gone"),
    "s418": (answer("no", "text/plain", "418 Teapot"), "client_error"),
    "s429": (answer("no", "text/plain", "429 Too Many Requests"), "rate_limited"),
    "s500": (answer("no", "text/plain", "500 Oops"), "server_error"),
    "s503": (answer("no", "text/plain", "503 Busy", Retry_After="3600"), "server_error"),
    "s999": (answer("no", "text/plain", "999 Denied"), "server_error"),
    "challenge": (answer("<title>Just a moment...</title><script>_cf_chl_opt={}</script>", status="403 Forbidden"), "bot_wall"),
    "challenge202": (answer("<title>Human Verification</title><p>Wait</p>", status="202 Accepted"), "bot_wall"),
    "challenge200": (answer("<html><title>Just a moment...</title><p>Verify you are human</p></html>"), "bot_wall"),
    "empty": (answer(b"", RSS), "empty"),
    "blank": (answer(b" \n\0 ", RSS), "empty"),
    "page": (answer("<!doctype html><html><body><p>Welcome</p></body></html>", RSS), "not_a_feed"),
    "pdf": (answer(b"%PDF-1.7\n" + bytes(range(256)) * 40, "application/pdf"), "not_a_feed"),
    "picture": (answer(b"\x89PNG\r\n\x1a\n" + bytes(2000), RSS), "not_a_feed"),
    "wrongtype": (answer(LIST, "image/png"), ""),
    "bom": (answer(b"\xef\xbb\xbf" + LIST.encode(), RSS), ""),
    "utf16": (answer(LIST.replace("utf-8", "utf-16").encode("utf-16"), RSS), ""),
    "nuls": (answer(LIST.replace("<title>t", "<title>\0t\0"), RSS), ""),
    "laughs": (doctype(LAUGHS, "<description>&j;</description>"), ""),
    "xxe": (doctype('<!ENTITY x SYSTEM "file://{secret}">', ITEM.format("&x;", "xxe")), ""),
    "remote": (doctype('<!ENTITY % r SYSTEM "{remote}"> %r;', ""), ""),
    "deep": (answer("<rss><channel>" + "<a>" * 60_000 + "</channel></rss>", RSS), ""),
    "soup": (answer(rss(("t", "http://soup.localhost/never")) + "<b x='y'>" * 250_000, RSS), ""),
    "longline": (answer(f"<rss><channel><title>{'x' * 2_500_000}</title></channel></rss>", RSS), ""),
    "rules304": (answer(LIST, RSS), "robots_unreachable"),
    "badlinks": (answer(rss(("a", "javascript:x()"), ("b", "file:///etc/passwd"), ("c", "http://[::1")), RSS), ""),
}  # fmt: skip
SITEMAP = '<?xml version="1.0"?>{}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
SITEMAP_FAULTS: dict[str, tuple[Any, str]] = {
    "map-healthy": (answer(SITEMAP.format("", "<url><loc>/a</loc></url>"), "text/xml"), ""),
    "map-laughs": (answer(SITEMAP.format(f"<!DOCTYPE u [{LAUGHS}]>", "<url><loc>/&j;</loc></url>"), "text/xml"), "not_a_feed"),
    "map-xxe": (answer(SITEMAP.format('<!DOCTYPE u [<!ENTITY x SYSTEM "file://{secret}">]>', "<url><loc>/&x;</loc></url>"), "text/xml"), "not_a_feed"),
    "map-bomb": (answer(gzip.compress(b"<urlset>" + MEGABYTES_OF_NOTHING), "application/gzip"), "not_a_feed"),
    "map-loop": (answer("<sitemapindex>" + "<sitemap><loc>/feed</loc></sitemap>" * 9 + "</sitemapindex>", "text/xml"), ""),
    "map-s304": (answer(b"", "", "304 Not Modified", Content_Length=""), "http_error"),
    "map-page": (answer("<!doctype html><html><body>Welcome</body></html>"), "not_a_feed"),
    "map-deep": (answer("<urlset>" + "<url>" * 300_000, "text/xml"), "not_a_feed"),
}  # fmt: skip


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("listings")
    secret = folder / "secret.txt"
    secret.write_text(SECRET)
    with Hostile() as server:
        remote = server.on("remote-entity", "/dtd", answer("<!ENTITY y 'z'>", "application/xml-dtd"))
        entries = []
        for name, (behaviour, _) in {**FEED_FAULTS, **SITEMAP_FAULTS}.items():
            if isinstance(behaviour, bytes) and (b"{secret}" in behaviour or b"{remote}" in behaviour):
                document = behaviour.partition(b"\r\n\r\n")[2].decode()
                address = server.on(name, "/feed", answer(document.format(secret=secret, remote=remote), RSS))
            else:
                address = server.on(name, "/feed", behaviour)
            entries.append({"id": name, "news_sitemaps" if name in SITEMAP_FAULTS else "feeds": [address]})
        server.on("rules304", "/robots.txt", answer(b"", "", "304 Not Modified", Content_Length=""))
        for name, host in PRIVATE.items():
            entries.append({"id": name, "feeds": [f"http://{host}/feed"]})
        write_sources(folder / "data", entries)
        yield World(server, folder / "data", crawl(folder / "data"))


#: Spellings of addresses that are not public and outside of what the test allows.
PRIVATE = {
    "ssrf-decimal": "167772161",
    "ssrf-hex": "0x0a.0x00.0x00.0x01",
    "ssrf-octal": "012.0.0.1",
    "ssrf-short": "10.1",
    "ssrf-zero": "0",
    "ssrf-metadata": "169.254.169.254",
    "ssrf-shared": "100.64.0.1",
    "ssrf-multicast": "224.0.0.1",
    "ssrf-six": "[::1]",
    "ssrf-mapped": "[::ffff:10.0.0.1]",
    "ssrf-mapped-hex": "[::ffff:a00:1]",
    "ssrf-nat64": "[64:ff9b::a00:1]",
    "ssrf-local": "[fe80::1]",
    "ssrf-dot": "10.0.0.1.",
}


@pytest.mark.parametrize("name", [*FEED_FAULTS, *SITEMAP_FAULTS])
def test_every_fault_of_a_listing_has_its_reason(listings: World, name: str) -> None:
    reason = {**FEED_FAULTS, **SITEMAP_FAULTS}[name][1]
    failed = listings.row(name)["failed"]
    if name == "badlinks":
        assert failed == {"no_link": 3}
        return
    # Links in a listing may fail on their own account: nothing answers there.
    assert {why: count for why, count in failed.items() if why not in {"not_found", "refused"} or why == reason} == (
        {reason: 1} if reason else {}
    )
    assert listings.row(name)["outcome"] == ("failed" if reason else "ok")


@pytest.mark.parametrize("name", PRIVATE)
def test_no_spelling_of_a_private_address_is_dialled(listings: World, name: str) -> None:
    assert listings.row(name)["failed"] == {"blocked_address": 1}


def test_the_run_ended_and_the_books_add_up(listings: World) -> None:
    assert listings.done.code == 3
    assert listings.done.err == ""
    assert adds_up(listings.done.json)
    assert {row["source"] for row in listings.done.json["rows"]} == {*FEED_FAULTS, *SITEMAP_FAULTS, *PRIVATE}


def test_no_local_file_and_no_entity_was_fetched(listings: World) -> None:
    assert not any(SECRET in path or "content" in path for seen in listings.server.asked for path in [seen.path])
    assert listings.server.paths("remote-entity") == []
    kept = b"".join(file.read_bytes() for file in listings.data.rglob("*") if file.is_file())
    assert SECRET.encode() not in kept


def test_an_index_of_itself_is_read_to_its_depth_and_no_further(listings: World) -> None:
    assert listings.server.paths("map-loop").count("/feed") == 1 + 1


# --- pages

WALL = """<!doctype html><html><head><title>Tribune</title></head><body><h1>Film crew at the International Space Station</h1>
<p>Our coverage of The Challenge, the film that Yulia Peresild and Klim Shipenko shoot aboard the International Space Station, continues for
members. Roscosmos and Channel One launched the film crew on Soyuz MS-19 from Baikonur. Choose a plan and read on. Your visit is {}x7.</p>
</body></html>"""
TEASER = """<!doctype html><html><head><title>Film crew docks with the space station | Tribune</title>
<meta property="og:type" content="article"><meta property="article:published_time" content="2021-10-05T13:00:00Z">
<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false, "datePublished": "2021-10-05"}</script></head>
<body><article><h1>Film crew docks with the space station</h1><p>Yulia Peresild and Klim Shipenko docked with the International Space Station on
Tuesday to film The Challenge, the first feature film shot in orbit, for Roscosmos and Channel One.</p><p>Subscribe to continue reading</p>
<input type="password"></article></body></html>"""
FORWARD = '<!doctype html><html><head><meta http-equiv="refresh" content="{}; url={}"></head></html>'
MANY = "<title>Film crew at the International Space Station</title>" + "".join(
    f"<p>Day {n}: Peresild films The Challenge in orbit.</p>" for n in range(40_000)
)
PAGE_FAULTS: dict[str, tuple[Any, str, str]] = {
    # path: what the server does, the column of the books, the reason or ""
    "reset": (reset, "failed", "connection"),
    "docks": (answer(LAUNCH), "stored", ""),
    "bakery": (answer(BAKERY), "off_topic", ""),
    "drip": (drip, "failed", "timeout"),
    "teaser": (answer(TEASER), "stored", ""),
    "endless": (endless_chunks, "failed", "too_large"),
    "bomb": (coded(gzip.compress(MEGABYTES_OF_NOTHING), "gzip"), "failed", "too_large"),
    "loop": (redirect("/loop"), "failed", "redirect"),
    "private": (redirect("http://10.0.0.1/"), "failed", "blocked_address"),
    "bracket": (redirect("http://[::1"), "failed", "redirect"),
    "gone": (answer("no", status="410 Gone"), "failed", "gone"),
    "s304": (answer(b"", "", "304 Not Modified", Content_Length=""), "failed", "http_error"),
    "forward": (answer(FORWARD.format(0, "/forwarded")), "stored", ""),
    "forwardloop": (answer(FORWARD.format(1, "/forwardback")), "failed", "redirect"),
    "forwardprivate": (answer(FORWARD.format(0, "http://10.0.0.1/")), "failed", "blocked_address"),
    "forwardlogin": (answer(FORWARD.format(0, "/login?next=/x")), "dropped", "login"),
    "stays": (answer(FORWARD.format(300, "/forwarded") + LAUNCH.replace("Tuesday", "Tuesday at dawn")), "stored", ""),
    "notice": (answer("Notice: Undefined index in x.php\n" + LAUNCH.replace("Tuesday", "Tuesday at dusk"), "Text/HTML"), "stored", ""),
    "s202": (answer(LAUNCH, status="202 Accepted"), "failed", "http_error"),
    "2020/old": (redirect("/"), "dropped", "soft_404"),
    "missing": (answer("<html><title>Page not found | Tribune</title><p>Try the front page.</p></html>"), "dropped", "soft_404"),
    "members": (redirect("/login?next=/login"), "dropped", "login"),
    "agree": (redirect("/consent?to=/x"), "dropped", "consent_wall"),
    "challenge": (answer("<html><title>Just a moment...</title><script>_cf_chl_opt={}</script></html>"), "dropped", "bot_wall"),
    "challenge202": (answer("<html><title>Human Verification</title><p>Wait.</p></html>", status="202 Accepted"), "dropped", "bot_wall"),
    "challenge403": (answer("<html><title>Just a moment...</title></html>", status="403 Forbidden"), "failed", "bot_wall"),
    "pdf": (answer(b"%PDF-1.7 International Space Station film crew", "application/pdf"), "dropped", "not_html"),
    "picture": (answer(b"\x89PNG\r\n\x1a\n" + bytes(500), "text/html"), "dropped", "not_html"),
    "empty": (answer(b""), "dropped", "empty"),
    "utf16": (answer(LAUNCH.replace("Tuesday", "Tuesday, 5 October").encode("utf-16"), "text/html"), "stored", ""),
    "nuls": (answer(LAUNCH.replace("drama", "dra\0ma").replace("Tuesday", "Tuesday noon")), "stored", ""),
    "many": (answer(MANY), "stored", ""),
    "nested": (answer("<title>Film crew at the International Space Station</title>" + "<div>" * 200_000), "dropped", "no_text"),
    "one": (answer(WALL.format(1)), "dropped", "repeated_text"),
    "two": (answer(WALL.format(2)), "dropped", "repeated_text"),
    "three": (answer(WALL.format(3)), "dropped", "repeated_text"),
}  # fmt: skip


@dataclass
class Inside:
    """What was seen of the crawler's process while it worked."""

    process: int = 0
    listening: int = -1
    peak: int = 0

    def look(self, exchange: Exchange) -> None:
        """Answers with the last page, after looking at the process that asks."""
        folder = Path(f"/proc/{self.process}")
        links = [str(link.readlink()) for link in (folder / "fd").iterdir()]
        own = {link[8:-1] for link in links if link.startswith("socket:[")}
        lines = [
            line.split() for kind in ("tcp", "tcp6") for line in (folder / "net" / kind).read_text().splitlines()[1:]
        ]
        self.listening = sum(fields[3] == "0A" and fields[9] in own for fields in lines)
        status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        self.peak = int(status["VmHWM"].split()[0])
        exchange.send(answer(BAKERY))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Inside]]:
    folder = tmp_path_factory.mktemp("pages")
    inside = Inside()
    with Hostile() as server:
        links = [
            (f"Film crew in orbit, part {path}", server.on("tribune", f"/{path}", b))
            for path, (b, _, _) in PAGE_FAULTS.items()
        ]
        links.append(("The film crew again", server.on("tribune", "/inside", inside.look)))
        for path in ("/", "/login?next=/login", "/login?next=/x", "/consent?to=/x"):
            server.on("tribune", path, answer(BAKERY))
        server.on("tribune", "/forwarded", answer(LAUNCH.replace("Tuesday", "Tuesday evening")))
        server.on("tribune", "/forwardback", answer(FORWARD.format(0, "/forwardloop")))
        write_sources(
            folder / "data", [{"id": "tribune", "feeds": [server.on("tribune", "/feed", answer(rss(*links), RSS))]}]
        )
        with subprocess.Popen(
            command(folder / "data"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            inside.process = process.pid
            out, err = process.communicate(timeout=100)
        yield World(server, folder / "data", Done(process.returncode, out, err)), inside


def test_every_fault_of_a_page_has_its_place_in_the_books(pages: tuple[World, Inside]) -> None:
    row = pages[0].row("tribune")
    expected: dict[str, Any] = {"stored": 0, "off_topic": 0, "duplicates": 0, "dropped": {}, "failed": {}}
    for _, column, reason in PAGE_FAULTS.values():
        if reason:
            expected[column][reason] = expected[column].get(reason, 0) + 1
        else:
            expected[column] += 1
    expected["off_topic"] += 1  # the page during which the process was looked at
    assert {name: row[name] for name in expected} == expected
    assert adds_up(pages[0].done.json)


def test_what_is_stored_is_clean_and_a_teaser_is_flagged(pages: tuple[World, Inside]) -> None:
    articles = pd.read_parquet(pages[0].data / "articles")
    teaser = articles[articles["url"].str.endswith("/teaser")].iloc[0]
    assert teaser["paywalled"]
    assert "\0" not in "".join(articles["text"])
    assert "drama" in articles[articles["url"].str.endswith("/nuls")].iloc[0]["text"]
    assert not articles["text"].str.contains("Choose a plan").any()


def test_what_may_be_behind_a_wall_is_asked_for_again(pages: tuple[World, Inside]) -> None:
    from datetime import UTC, datetime

    from pipelines.catalogue.sources import load_sources
    from pipelines.state import State

    sources = load_sources(pages[0].data / "sources.toml")
    with State(pages[0].data / ".state" / "state.sqlite") as state:
        waiting = {
            failure.url.rpartition("/")[2]: failure.reason
            for failure in state.retries(sources, datetime(2100, 1, 1, tzinfo=UTC))
        }
    walls = {"members", "agree", "challenge", "challenge202", "challenge403", "one", "two", "three"}
    assert walls <= waiting.keys()
    assert not {"old", "missing", "docks", "bakery"} & waiting.keys()


def test_nothing_listens_and_memory_is_bounded(pages: tuple[World, Inside]) -> None:
    assert pages[1].listening == 0
    assert 0 < pages[1].peak < 350 * 1024, "KiB"


# --- certificates


def test_a_certificate_must_be_right(tmp_path: Path) -> None:
    certificate, contexts = authority(tmp_path)
    with Hostile(tls=contexts) as server:
        sites = ("good", "expired", "wrong", "selfsigned")
        entries = [{"id": n, "feeds": [server.on(n, "/feed", answer(LIST, RSS))]} for n in sites]
        flood = server.on("good", "/flood", endless_header(b"X-Long: x\r\n"))
        write_sources(tmp_path / "data", [*entries, {"id": "flood", "feeds": [flood]}])
        done = crawl(tmp_path / "data", environment={**os.environ, "SSL_CERT_FILE": str(certificate)})
        asked = [seen.host for seen in server.asked if seen.path == "/feed"]
    failed = {row["source"]: row["failed"] for row in done.json["rows"]}
    assert failed == {
        "good": {},
        "expired": {"tls": 1},
        "wrong": {"tls": 1},
        "selfsigned": {"tls": 1},
        "flood": {"too_large": 1},
    }
    assert asked == ["good"]
    assert done.err == ""


# --- manners


def test_one_request_at_a_time_with_pauses_none_forbidden_and_a_dead_host_left_alone(tmp_path: Path) -> None:
    delay, secret = 0.4, "s3cret-of-the-operator"
    with Hostile() as server:
        # A polite site: rules, a redirect between its pages, and a host that all its pages wait for.
        server.on(
            "polite",
            "/robots.txt",
            answer("User-agent: *\nDisallow: /\n\nUser-agent: Orbitwatch\nDisallow: /members/\n", "text/plain"),
        )
        links = [(f"Bakery {n}", server.on("polite", f"/{n}", answer(BAKERY))) for n in range(4)]
        links.append(("Moved", server.on("polite", "/moved", redirect("/0?again"))))
        links.append(("Into the forbidden", server.on("polite", "/trap", redirect("/members/trap"))))
        links += [("Forbidden", server.on("polite", f"/members/{n}", answer(LAUNCH))) for n in range(3)]
        server.on("polite", "/0?again", answer(BAKERY))
        # A host that resets every connection after its feed.
        dead = [(f"Crew {n}", server.on("dead", f"/{n}", reset)) for n in range(9)]
        # A host that asks for patience at its first page, while the others wait in the queue already.
        limited = [(f"Bakery {n}", server.on("limited", f"/{n}", answer(BAKERY))) for n in range(5)]
        server.on("limited", "/0", answer("slow down", status="429 Too Many Requests", Retry_After="3600"))
        # A feed that the operator has a key for.
        keyed = f"/feed?api_key={secret}"
        write_sources(
            tmp_path / "data",
            [
                {"id": "polite", "feeds": [server.on("polite", "/feed", answer(rss(*links), RSS))]},
                {"id": "dead", "feeds": [server.on("dead", "/feed", answer(rss(*dead), RSS))]},
                {"id": "limited", "feeds": [server.on("limited", "/feed", answer(rss(*limited), RSS))]},
                {"id": "keyed", "feeds": [server.on("keyed", keyed, answer(LIST, RSS))]},
            ],
        )
        verbose = [*command(tmp_path / "data", f"DOWNLOAD_DELAY={delay}", "DOWNLOAD_DELAY_JITTER=0"), "-vv"]
        done = subprocess.run(verbose, capture_output=True, text=True, timeout=100, check=False)
        seen = sorted((s for s in server.asked if s.host == "polite"), key=lambda s: s.accepted)
        limited_asked = server.paths("limited")
        dead_asked = [path for path in server.paths("dead") if path[1:].isdigit()]
    failed = {row["source"]: row["failed"] for row in Done(done.returncode, done.stdout, done.stderr).json["rows"]}
    assert failed == {
        "polite": {"robots": 4},
        "dead": {"connection": 9},
        "limited": {"rate_limited": 1, "paused": 4},
        "keyed": {},
    }
    assert limited_asked == ["/robots.txt", "/feed", "/0"]
    assert [s.path for s in seen][:2] == ["/robots.txt", "/feed"]
    assert not [s.path for s in seen if s.path.startswith("/members/")]
    assert {"/0", "/1", "/2", "/3", "/moved", "/0?again", "/trap"} <= {s.path for s in seen}
    assert all(later.accepted >= earlier.ended for earlier, later in pairwise(seen)), "one at a time"
    # Both ends of a gap are seen a little late, so half of the delay must be there in any case.
    assert all(later.accepted - earlier.accepted > delay / 2 for earlier, later in pairwise(seen[1:]))
    assert len(dead_asked) == 5, "five failures in a row, and the others are not asked for"
    assert "api_key=***" in done.stderr
    assert secret not in done.stderr + done.stdout
