"""`orbitwatch sources test, add, import, export` and `status`, as a person runs them."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.loopback import Done, Web, sources_toml
from tests.crawler.test_crawl import BAKERY, LAUNCH, write_sources

Orbitwatch = Callable[..., Any]

ASK = (
    "--allow-private",
    "127.0.0.0/8",
    "-s",
    "DOWNLOAD_DELAY=0",
    "-s",
    "AUTOTHROTTLE_ENABLED=False",
    "-s",
    "RETRY_TIMES=0",
)
NEWS = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>{}</loc><news:news><news:title>Crew docks</news:title><news:publication_date>2021-10-05T12:22:00Z</news:publication_date></news:news>
</url></urlset>"""


@pytest.fixture
def outlet(web: Web) -> str:
    """An outlet with a front page, a feed that it names, a news sitemap that its robots.txt names, and a dead link."""
    feed = web.feed(
        "orbitdaily",
        ("Old bakery reopens", web.url("orbitdaily", "/b")),
        ("Film crew shoots The Challenge aboard the International Space Station", web.url("orbitdaily", "/a")),
    )
    web.serve(
        "orbitdaily",
        "/robots.txt",
        f"User-agent: *\nDisallow: /no\nSitemap: {web.url('orbitdaily', '/news.xml')}\n",
        "text/plain",
    )
    web.serve("orbitdaily", "/news.xml", NEWS.format(web.url("orbitdaily", "/a")), "text/xml")
    head = f'<title>Orbit Daily | News</title><link rel="alternate" type="application/rss+xml" href="{feed}"><link rel="alternate" type="application/rss+xml" href="/dead">'
    return web.serve("orbitdaily", "/", f"<!doctype html><html lang=en><head>{head}</head><body>Welcome</body></html>")


def test_add_finds_shows_and_writes_an_entry_that_can_be_crawled(
    web: Web, outlet: str, data: Path, orbitwatch: Orbitwatch
) -> None:
    write_sources(data, {"id": "orbitdaily", "feeds": [web.url("other", "/feed")]})
    before = "# a remark of the operator\n" + (data / "sources.toml").read_text()
    (data / "sources.toml").write_text(before)
    done: Done = orbitwatch("sources add", outlet, "--yes", *ASK)
    assert done.code == 0, done.err
    for word in ("feed", "news sitemap", "/dead", "not_found", "[[source]]"):
        assert word in done.out
    text = (data / "sources.toml").read_text()
    assert text.startswith(before.rstrip("\n"))
    entry = tomllib.loads(text)["source"][1]
    assert entry["name"] == "Orbit Daily"
    assert entry["feeds"] == [web.url("orbitdaily", "/feed")]
    assert entry["news_sitemaps"] == [web.url("orbitdaily", "/news.xml")]
    again: Done = orbitwatch("sources add", outlet, "--yes", *ASK)
    assert "visits this outlet already" in again.err
    assert (data / "sources.toml").read_text() == text


def test_add_asks_before_it_writes(outlet: str, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "tribune", "feeds": ["http://tribune.localhost/feed"]})
    before = (data / "sources.toml").read_text()
    done: Done = orbitwatch("sources add", outlet, *ASK)
    assert "Add this to" in done.out
    assert done.code != 0, "nobody answered"
    as_json: Done = orbitwatch("sources add", outlet, "--json", *ASK)
    assert as_json.json["written"] is False
    assert (data / "sources.toml").read_text() == before


def test_add_looks_at_the_usual_places_and_says_when_there_is_nothing(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    web.feed("quiet", ("A", web.url("quiet", "/a")), path="/rss.xml")
    found: Done = orbitwatch(
        "sources add",
        web.serve("quiet", "/", "<html><title>Quiet</title></html>"),
        "--json",
        "--sources",
        str(data / "new.toml"),
        *ASK,
    )
    assert [row["url"] for row in found.json["tried"] if row["kind"] == "feed"] == [web.url("quiet", "/rss.xml")]
    nothing: Done = orbitwatch("sources add", web.serve("mute", "/", "<html><title>Mute</title></html>"), *ASK)
    assert nothing.code == 1
    assert "No feed" in nothing.err
    gone: Done = orbitwatch("sources add", web.url("absent", "/"), *ASK)
    assert gone.code == 1
    assert "not_found" in gone.err
    bad: Done = orbitwatch("sources add", "ftp://tribune.example/", *ASK)
    assert bad.code == 2


def test_test_shows_what_a_source_would_give_and_stores_nothing(
    web: Web, outlet: str, data: Path, orbitwatch: Orbitwatch
) -> None:
    write_sources(
        data,
        {"id": "orbitdaily", "feeds": [web.url("orbitdaily", "/feed")]},
        {"id": "dead", "feeds": [web.url("dead", "/feed")]},
    )
    done: Done = orbitwatch("sources test", "--all", "--json", *ASK)
    assert done.code == 3, done.err
    report, dead = done.json
    assert (report["kind"], report["entries"], report["dated"], report["unseen"], report["promising"]) == (
        "feed",
        2,
        2,
        2,
        1,
    )
    first, second = report["first"]
    assert first["title"].startswith("Film crew"), "likely ones are fetched first"
    assert (first["gate"], first["relevant"], first["projects"]) == (True, True, ["challenge"])
    assert (second["gate"], second["relevant"]) == (False, False)
    assert dead["problem"].startswith("not_found")
    assert not (data / "articles").exists()
    assert not (data / "runs").exists()
    address: Done = orbitwatch("sources test", web.url("orbitdaily", "/news.xml"), *ASK)
    assert "news sitemap, 1 entries" in address.out
    assert orbitwatch("sources test", "nobody", *ASK).code == 2
    assert orbitwatch("sources test", *ASK).code == 2


def test_opml_goes_out_and_comes_in(data: Path, tmp_path: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(
        data,
        {"id": "tribune", "feeds": ["http://tribune.localhost/feed"]},
        {"id": "gazette", "feeds": ["http://gazette.localhost/a", "http://gazette.localhost/b"]},
    )
    file = tmp_path / "feeds.opml"
    assert orbitwatch("sources export", "-o", str(file)).code == 0
    other = tmp_path / "other.toml"
    other.write_text(sources_toml({"id": "tribune", "feeds": ["http://tribune.localhost/feed"]}))
    done: Done = orbitwatch("sources import", str(file), "--yes", "--sources", str(other))
    assert done.code == 0, done.err
    assert "3 feeds" in done.out
    entries = tomllib.loads(other.read_text())["source"]
    assert [entry["feeds"] for entry in entries] == [
        ["http://tribune.localhost/feed"],
        ["http://gazette.localhost/a", "http://gazette.localhost/b"],
    ]
    file.write_text("<html>no list</html>")
    assert orbitwatch("sources import", str(file), "--yes").code == 2


def test_the_first_import_keeps_the_outlets_that_were_in_force(
    data: Path, tmp_path: Path, orbitwatch: Orbitwatch
) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="New" xmlUrl="https://new.example/feed" htmlUrl="https://new.example/"/></body></opml>'
    )
    assert orbitwatch("sources import", str(file), "--yes").code == 0
    entries = tomllib.loads((data / "sources.toml").read_text())["source"]
    assert entries[-1]["id"] == "new"
    assert len(entries) > 100


def test_an_import_keeps_line_ends_and_a_link_to_a_file_elsewhere(
    data: Path, tmp_path: Path, orbitwatch: Orbitwatch
) -> None:
    write_sources(data, {"id": "orbitdaily", "feeds": ["https://orbitdaily.example/feed"]})
    elsewhere, link = tmp_path / "etc.toml", data / "sources.toml"
    before = b"# a remark\r\n" + link.read_bytes().replace(b"\n", b"\r\n")
    elsewhere.write_bytes(before)
    link.unlink()
    link.symlink_to(elsewhere)
    file = tmp_path / "feeds.opml"
    file.write_text('<opml version="2.0"><body><outline text="New" xmlUrl="https://new.example/feed"/></body></opml>')
    assert orbitwatch("sources import", str(file), "--data", str(data), "--yes").code == 0
    assert link.is_symlink()
    after = elsewhere.read_bytes()
    assert after.startswith(before)
    assert [source["id"] for source in tomllib.loads(after.decode())["source"]] == ["orbitdaily", "new"]
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_status_names_what_needs_a_person(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    web.serve("tribune", "/robots.txt", "User-agent: GPTBot\nDisallow: /\n", "text/plain")
    feed = web.feed(
        "tribune",
        ("Film crew at the space station", web.serve("tribune", "/launch", LAUNCH)),
        ("Bakery", web.serve("tribune", "/b", BAKERY)),
    )
    web.route("moved", "/feed", (301, {"Location": web.feed("moved", path="/new")}, b""))
    web.route("gone", "/feed", (410, {"Content-Type": "text/plain"}, b"gone"))
    write_sources(
        data,
        {"id": "tribune", "feeds": [feed]},
        {"id": "moved", "feeds": [web.url("moved", "/feed")]},
        {"id": "gone", "feeds": [web.url("gone", "/feed")]},
        {"id": "off", "feeds": [web.url("off", "/feed")], "enabled": False},
    )
    fresh: Done = orbitwatch("status")
    assert (fresh.code, fresh.err) == (0, "")
    assert "no run yet" in fresh.out
    orbitwatch("crawl", "--now", "2021-10-05T18:00:00Z")
    done: Done = orbitwatch("status", "--json", "--now", "2021-10-05T18:30:00")
    assert done.code == 1
    found = {each["source"]: each for each in done.json["sources"]}
    assert {name: each["verdict"] for name, each in found.items()} == {
        "tribune": "ok",
        "moved": "notice",
        "gone": "person",
        "off": "off",
    }
    tribune = found["tribune"]
    assert (tribune["pages"], tribune["stored"], tribune["silent_for"]) == (2, 1, 0.0)
    assert tribune["reservations"] == ["closed to AI agents: GPTBot"]
    assert [(feed["due"], feed["why"]) for feed in tribune["feeds"]] == [(False, "due in 30 min: every 60 min")]
    assert web.url("moved", "/new") in found["moved"]["notices"][0]
    assert found["gone"]["failures"] == {"gone": 1}
    text: Done = orbitwatch("status", "--now", "2021-10-05T18:30:00")
    for word in ("Needs a person", "is gone (410)", "To know", "moved for good", "Rights reserved", "GPTBot"):
        assert word in text.out
    assert "\x1b" not in text.out
    one: Done = orbitwatch("status", "tribune", "--now", "2021-10-05T18:30:00")
    assert one.code == 0
    assert "every 60 min" in one.out
    stopped: Done = orbitwatch("status", "tribune", "--now", "2021-10-08T18:30:00")
    assert stopped.code == 1
    assert "no run since" in stopped.out
    long_ago: Done = orbitwatch("status", "tribune", "--now", "2022-01-08T18:30:00")  # the run is older than --days
    assert long_ago.code == 1
    assert "last run 2021-10-05 18:00 UTC" in long_ago.out
    assert "no run since" in long_ago.out
    before = orbitwatch("status", "--now", "2020-01-15T12:00:00Z")
    assert before.code == 1
    assert "still to come: its clock or this one is wrong" in before.out
    assert orbitwatch("status", "nobody").code == 2
