"""Pages kept by `crawl --keep-raw` and read again by `rebuild --from-raw`, end to end."""

import random
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from crawler import arrivals
from crawler.commands import crawl, rebuild
from crawler.extraction import page_reader
from crawler.feeds_run import FeedsRun
from crawler.plans import RunOptions
from crawler.rereading import rereading
from pipelines.catalogue.projects import load_projects
from pipelines.catalogue.sources import Source
from pipelines.intake import STORY_INDEX
from pipelines.model import Entry, Fetched
from pipelines.raw import RawFile, RawPlace, RawRecord, encode, find_raw, read_raw
from pipelines.state import State
from pipelines.store import Store, check
from pipelines.store.rows import to_rows
from tests.crawler.loopback import Web, sources_toml

Orbitwatch = Callable[..., Any]

NOON = datetime(2021, 10, 5, 14, tzinfo=UTC)

LAUNCH = """<!doctype html><html lang="en"><head><title>Film crew reaches the space station</title>
<meta property="article:published_time" content="2021-10-05T13:10:00+00:00"><meta name="author" content="Ada Holm"></head><body>
<article><h1>Film crew reaches the space station</h1>
<p>The actress Yulia Peresild and the director Klim Shipenko arrived at the International Space Station on Tuesday to shoot The Challenge,
the first feature film in orbit.</p><p>Roscosmos and Channel One make the film together. The crew is to return on 17 October.</p>
</article></body></html>"""
GARDEN = (
    "<html><body><h1>A garden opens</h1><p>Roses were planted behind the library, and a band played.</p></body></html>"
)


@pytest.fixture
def feed(web: Web, data: Path) -> Callable[[str], None]:
    """Serves a feed with one article about the race and one about a garden; the headline is the feed's own."""
    links = [web.serve("tribune", "/launch", LAUNCH), web.serve("tribune", "/garden", GARDEN)]
    data.mkdir(parents=True)
    (data / "sources.toml").write_text(sources_toml({"id": "tribune", "feeds": [web.url("tribune", "/feed")]}))

    def serve(headline: str) -> None:
        web.feed("tribune", (headline, links[0]), ("A garden opens", links[1]))

    serve("Film crew docks")
    return serve


def articles(data: Path) -> pd.DataFrame:
    return pd.read_parquet(data / "articles")


def contents(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(data.glob("[!r]*/year=*/*.parquet"))}


def as_an_older_extractor_read_it(data: Path) -> None:
    store = Store(data)
    (article,) = (row for month in store.articles() for row in to_rows(month))
    later = datetime(2021, 11, 2, 12, tzinfo=UTC)
    read = {"title": "News", "text": f"Menu\n{article['text']}", "date": later.date(), "published_at": later}
    store.amend([(article | read | {"extractor": "older 1", "content_hash": "0"}, [])])


def test_kept_pages_are_read_again_without_the_network(
    web: Web, data: Path, feed: Callable[[str], None], orbitwatch: Orbitwatch
) -> None:
    first = orbitwatch("crawl", "--keep-raw", "--json")
    assert first.code == 0, first.err
    fresh = articles(data)
    article_id = fresh["article_id"].item()
    archive = find_raw(data, {article_id})
    assert (archive.records, archive.damaged) == (1, 0), "of the stored page alone"
    record = read_raw(archive.places[article_id])
    assert record.fetched.body == LAUNCH.encode()
    assert record.fetched.listed.title == "Film crew docks"
    assert check(data, read_data=True).problems == ()

    as_an_older_extractor_read_it(data)
    web.asked.clear()
    tried = orbitwatch("rebuild", "--from-raw", "--dry-run", "--json")
    assert (tried.json["raw"]["changed"], tried.json["stories"]) == (1, {"to_derive": 1})
    assert articles(data)["extractor"].item() == "older 1"
    done = orbitwatch("rebuild", "--from-raw", "--json")
    assert done.code == 0, done.err
    assert done.json["raw"] == {
        "records": 1, "damaged": 0, "without_article": 0, "read": 1, "changed": 1, "moved": 1, "unreadable": 0
    }  # fmt: skip
    assert done.json["topic"]["articles"] == 0, "what was read again has been judged"
    assert web.asked == []
    pd.testing.assert_frame_equal(articles(data), fresh)
    assert pd.read_parquet(data / "stories")["date"].item() == date(2021, 10, 5)
    assert check(data, read_data=True).problems == ()

    before = contents(data)
    again = orbitwatch("rebuild", "--from-raw")
    assert again.code == 0, again.err
    assert "1 read, 0 changed, 0 moved" in again.out
    assert contents(data) == before

    feed("Film crew docks at the station")  # so that the page is asked for again
    once_more = orbitwatch("crawl", "--keep-raw", "--all", "--json")
    assert (once_more.json["total"]["stored"], once_more.json["total"]["duplicates"]) == (0, 1)


def test_articles_without_a_kept_page_are_judged_again(
    data: Path, feed: Callable[[str], None], orbitwatch: Orbitwatch
) -> None:
    assert orbitwatch("crawl").code == 0
    assert not (data / "raw").exists()
    report = orbitwatch("rebuild", "--from-raw", "--json").json
    assert (report["raw"]["records"], report["raw"]["read"], report["topic"]["articles"]) == (0, 0, 1)


@pytest.mark.parametrize(("limit", "stored"), [(32 * 2**20, 0), (1000, 1)])
def test_pages_do_not_wait_for_others_once_they_fill_the_memory(
    data: Path, limit: int, stored: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrivals, "RAW_WAITING", limit)
    url = "https://tribune.example/launch"
    body = LAUNCH.encode() + b"<!--" + random.Random(1).randbytes(2000).hex().encode() + b"-->"  # noqa: S311
    projects = load_projects()
    data.mkdir()
    with State(data / ".state" / "state.sqlite") as state:
        source = Source("tribune", "Tribune", "https://tribune.example/")
        options = RunOptions(data, projects, keep_raw=True)
        run = FeedsRun(options, [source], state, Store(data), lambda: NOON, [])
        (planned,), _ = run.agenda.read("tribune", "feed", [Entry(url)], "feed")
        run.page_answered(planned)
        fetched = Fetched("tribune", url, url, body, "utf-8", NOON, "feed")
        run.settle(fetched, page_reader(projects)(fetched, "UTC", NOON))
        assert run.ledger.of("tribune").stored == stored


def test_a_backfill_keeps_pages_too(web: Web, data: Path, feed: Callable[[str], None], orbitwatch: Orbitwatch) -> None:
    addresses = data.parent / "addresses.txt"
    addresses.write_text(f"{web.url('tribune', '/launch')}\ttribune\n")
    usual = ["-s", "DOWNLOAD_DELAY=0", "--allow-private", "127.0.0.0/8", "--keep-raw", "--json"]
    done = orbitwatch("backfill urls", str(addresses), *usual)
    assert done.code == 0, done.err
    (article_id,) = articles(data)["article_id"]
    record = read_raw(find_raw(data, {article_id}).places[article_id])
    assert (record.fetched.discovered_via, record.fetched.body) == ("url", LAUNCH.encode())


def test_an_interrupted_reading_leaves_no_old_index(
    data: Path, feed: Callable[[str], None], orbitwatch: Orbitwatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert orbitwatch("crawl", "--keep-raw").code == 0
    assert (data / STORY_INDEX).exists()

    def interrupted(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.reextracting.reextract", interrupted)
    done = CliRunner().invoke(rebuild.rebuild, ["--data", str(data), "--from-raw"])
    assert done.exit_code == 130
    assert not (data / STORY_INDEX).exists(), "the next run makes it anew from what is stored"


def test_when_pages_cannot_be_kept_nothing_is_stored_and_the_run_says_so(
    data: Path, feed: Callable[[str], None], orbitwatch: Orbitwatch
) -> None:
    (data / "raw").write_text("in the way")
    done = orbitwatch("crawl", "--keep-raw", "--json")
    assert done.code == 1
    assert "cannot keep raw records in" in done.err
    assert done.json["total"]["stored"] == 0
    assert not (data / "articles").exists()
    (data / "raw").unlink()
    assert orbitwatch("crawl", "--keep-raw", "--json", "--now", "2100-01-01").json["total"]["stored"] == 1


def test_from_raw_makes_all_parts(data: Path) -> None:
    data.mkdir()
    done = CliRunner().invoke(rebuild.rebuild, ["--data", str(data), "--from-raw", "--topic"])
    assert done.exit_code == 2
    assert "makes all parts" in done.output


@pytest.mark.parametrize(("command", "option"), [(crawl.crawl, "--keep-raw"), (rebuild.rebuild, "--from-raw")])
def test_without_warcio_the_option_says_what_to_install(
    command: Any, option: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "warcio", None)
    done = CliRunner().invoke(command, ["--data", str(data), option])
    assert done.exit_code == 2
    assert f"{option} needs warcio: install them with `pip install 'orbitwatch[raw]'`" in done.output


def test_pages_are_read_in_their_order_by_many_and_by_the_zone_of_today(tmp_path: Path) -> None:
    urls = [f"https://{'tribune' if n % 2 else 'courier'}.example/{n}" for n in range(6)]
    body = LAUNCH.replace("2021-10-05T13:10:00+00:00", "2021-10-05T13:10:00").encode()
    pages = [
        Fetched("tribune" if "tribune" in url else "courier", url, url, body, "utf-8", NOON, "feed") for url in urls
    ]
    records = [encode(RawRecord(url, page, NOON, "Asia/Tokyo")) for url, page in zip(urls, pages, strict=True)]
    RawFile(tmp_path, "20211005T140000.000000Z", Store(tmp_path).files, lambda: NOON).append(records)
    places = find_raw(tmp_path, urls).places
    gone = RawPlace(places[urls[0]].path, 10**6, 100)
    with rereading(load_projects(), {"tribune": "Europe/Moscow"}, pages=100) as reread_all:
        *found, lost = reread_all([*(places[url] for url in urls), gone])
    assert lost is None
    assert [reread.fetched.url for reread in found] == urls
    assert [reread.examined.page.date.instant.hour for reread in found] == [4, 10] * 3
    assert all(reread.fetched.body == b"" for reread in found)
