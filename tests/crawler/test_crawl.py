"""The scheduled run, end to end: real command, real sockets, real files."""

import json
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.catalogue.problems import default_file
from pipelines.catalogue.projects import load_projects
from tests.crawler.backfilling import landing
from tests.crawler.loopback import Asked, Done, Web, sources_toml

LAUNCH = """<!doctype html><html lang="en"><head><title>Film crew reaches the space station | Tribune</title>
<meta property="article:published_time" content="2021-10-05T13:10:00+00:00"><meta name="author" content="Ada Holm"></head><body>
<article><h1>Film crew reaches the space station</h1>
<p>A Russian actress and a film director arrived at the International Space Station on Tuesday to shoot the first feature film in orbit.</p>
<p>Yulia Peresild and Klim Shipenko left Baikonur aboard the Soyuz MS-19 spacecraft with the cosmonaut Anton Shkaplerov, who docked the
ship by hand after a problem with the automatic approach. They will spend twelve days filming scenes of a drama called The Challenge, in
which a surgeon is sent to the station to save the life of a cosmonaut.</p>
<p>Roscosmos and Channel One, who make the film together, said that about thirty-five minutes of the finished picture would come from the
station. The crew is to return on 17 October in another ship.</p></article></body></html>"""

BAKERY = """<!doctype html><html lang="en"><head><title>Old bakery reopens | Tribune</title></head><body><article><h1>Old bakery reopens</h1>
<p>The bakery in Mill Street opens its doors again on Saturday after two years of repairs, with the same oven and a new owner.</p>
<p>Neighbours had collected money for the roof. There will be free rolls for children until noon, and a brass band plays.</p>
</article></body></html>"""

EMPTY = """<!doctype html><html><head><title>Film crew shoots the first feature film aboard the International Space Station</title></head>
<body><div id="app"></div><script src="/app.js"></script></body></html>"""

Orbitwatch = Callable[..., Any]


def stories_of(data: Path) -> pd.DataFrame:
    return pd.read_parquet(data / "stories")


def adds_up(result: dict[str, Any]) -> bool:
    rows = [*result["rows"], result["total"]]
    return all(r["pages"] == r["stored"] + r["duplicates"] + r["off_topic"] + sum(r["dropped"].values()) for r in rows)


def write_sources(data: Path, *entries: dict[str, Any]) -> None:
    data.mkdir(parents=True, exist_ok=True)
    (data / "sources.toml").write_text(sources_toml(*entries))


def snapshot(data: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(data)): p.read_bytes()
        for p in sorted(data.glob("[!.]*/**/*.parquet"))
        if "runs" not in p.parts
    }


def test_a_run_keeps_what_is_on_topic_and_the_next_one_asks_almost_nothing(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    links = [
        web.serve("tribune", "/launch?utm_source=rss", LAUNCH),
        web.serve("tribune", "/bakery", BAKERY),
        web.serve("tribune", "/empty", EMPTY),
    ]
    feed = web.feed(
        "tribune",
        ("Film crew reaches the space station", links[0]),
        ("Old bakery reopens", links[1]),
        ("The film crew", links[2]),
    )
    write_sources(data, {"id": "tribune", "feeds": [feed]})

    first: Done = orbitwatch("crawl", "--json")
    assert first.code == 0, first.err
    assert adds_up(first.json)
    total = first.json["total"]
    assert (total["pages"], total["stored"], total["off_topic"], total["dropped"]) == (3, 1, 1, {"no_text": 1})

    story = stories_of(data).iloc[0]
    assert story["title"] == "Film crew reaches the space station"
    assert list(story["projects"]) == ["challenge"]
    assert str(story["date"]) == "2021-10-05"
    assert "Baikonur" in story["text"]
    assert "Mill Street" not in story["text"]

    before = snapshot(data)
    web.asked.clear()
    second: Done = orbitwatch("crawl", "--all", "--json")
    assert second.code == 0, second.err
    assert web.paths("tribune") == ["/feed"], (
        "an unchanged feed costs one request and its pages none; robots.txt is kept"
    )
    assert second.json["total"]["not_modified"] == 1
    assert snapshot(data) == before


def test_nothing_due_means_no_request(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune")]})
    assert orbitwatch("crawl").code == 0
    web.asked.clear()
    again: Done = orbitwatch("crawl")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert web.asked == []


def test_broken_sources_are_counted_and_the_others_go_on(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    good = web.feed("tribune", ("Film crew reaches the space station", web.serve("tribune", "/launch", LAUNCH)))
    write_sources(
        data,
        {"id": "tribune", "feeds": [good]},
        {"id": "missing", "feeds": [web.url("missing", "/feed")]},
        {
            "id": "page",
            "feeds": [web.serve("page", "/feed", "<!doctype html><html><body><p>Access denied</p></body></html>")],
        },
        {"id": "silent", "feeds": [web.serve("silent", "/feed", "", "application/rss+xml")]},
        {"id": "refusing", "feeds": ["http://refusing.localhost:1/feed"]},
    )
    done: Done = orbitwatch("crawl", "--json")
    assert done.code == 3, done.err
    assert adds_up(done.json)
    failed = {row["source"]: row["failed"] for row in done.json["rows"]}
    assert failed == {
        "tribune": {},
        "missing": {"not_found": 1},
        "page": {"not_a_feed": 1},
        "silent": {"empty": 1},
        "refusing": {"refused": 1},
    }
    assert len(stories_of(data)) == 1


@pytest.mark.parametrize("chosen", [[], ["--source", "aggregator"]])
def test_an_article_counts_for_the_outlet_that_printed_it(
    chosen: list[str], web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    launch = ("Film crew reaches the space station", web.serve("tribune", "/launch", LAUNCH))
    write_sources(
        data,
        {"id": "aggregator", "home": web.url("aggregator", "/"), "feeds": [web.feed("aggregator", launch)]},
        {"id": "tribune", "home": web.url("tribune", "/"), "feeds": [web.feed("tribune")]},
    )
    done: Done = orbitwatch("crawl", "--json", *chosen)
    assert adds_up(done.json)
    visited = {"aggregator": 1} if chosen else {"aggregator": 1, "tribune": 0}
    assert {row["source"]: row["stored"] for row in done.json["rows"]} == visited
    assert list(stories_of(data)["source"]) == ["tribune"]


def test_when_every_source_fails_the_run_has_failed(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "missing", "feeds": [web.url("missing", "/feed")]})
    assert orbitwatch("crawl").code == 1


def test_a_wrong_sources_file_stops_before_any_request(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(
        data,
        {"id": "tribune", "feeds": [web.feed("tribune")]},
        {"id": "Bad Id", "feeds": ["ftp://example.org/feed"], "timezone": "Mars/Olympus"},
    )
    done: Done = orbitwatch("crawl")
    assert done.code == 2
    for word in ("Bad Id", "ftp", "Mars/Olympus", "sources.toml", "Nothing has been fetched"):
        assert word in done.err
    assert web.asked == []


def test_a_wrong_projects_file_stops_before_any_request(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune")]})
    (data / "projects.toml").write_text('[[project]]\nid = "x"\nname = "X"\nkind = "featur"\n')
    done: Done = orbitwatch("crawl")
    assert done.code == 2
    assert "featur" in done.err
    assert web.asked == []


@pytest.mark.parametrize(
    ("written", "instead"), [('id = "challenge"', 'id = "renamed"'), ("[vocabulary", "not toml ][")]
)
def test_a_run_judges_by_one_reading_of_the_projects_file(
    web: Web, data: Path, orbitwatch: Orbitwatch, written: str, instead: str
) -> None:
    file, rules = data / "projects.toml", default_file("projects.toml").read_text(encoding="utf-8")
    web.feed("tribune", ("Film crew at the space station", web.serve("tribune", "/launch", LAUNCH)))
    answer = web.routes[f"tribune.localhost:{web.port}", "/feed"]

    def edited_meanwhile(_asked: Asked) -> Any:
        assert written in rules
        file.write_text(rules.replace(written, instead), encoding="utf-8")
        return answer

    write_sources(data, {"id": "tribune", "feeds": [web.route("tribune", "/feed", edited_meanwhile)]})
    file.write_text(rules, encoding="utf-8")
    version = load_projects(file).version
    done: Done = orbitwatch("crawl", "--json")
    assert (done.code, done.err, done.json["total"]["stored"]) == (0, "", 1)
    (article,) = pd.read_parquet(data / "articles").to_dict("records")
    assert (list(article["projects"]), article["rules_version"]) == (["challenge"], version)
    assert len(pd.read_parquet(data / "events")) == 1


def test_private_addresses_are_not_dialled(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    feed = web.feed("tribune")
    literal = feed.replace("tribune.localhost", "2130706433")
    write_sources(data, {"id": "tribune", "feeds": [feed]}, {"id": "literal", "feeds": [literal]})
    done: Done = orbitwatch("crawl", "--json", loopback=False)
    assert done.code == 1
    assert {row["source"]: row["failed"] for row in done.json["rows"]} == {
        "tribune": {"blocked_address": 1},
        "literal": {"blocked_address": 1},
    }
    assert done.err == "orbitwatch: nothing new is stored, everything that was asked failed (blocked_address 2)\n"
    assert web.asked == []


def test_a_redirect_to_a_refused_name_is_not_followed(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    target = web.serve("tribune", "/launch", LAUNCH)
    moved = web.route("tribune", "/moved", (302, {"Location": "http://169.254.169.254/latest/"}, b""))
    file = web.route("tribune", "/file", (302, {"Location": "file:///etc/passwd"}, b""))
    feed = web.feed("tribune", ("Film crew at the space station", target), ("Moved", moved), ("File", file))
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    done: Done = orbitwatch("crawl", "--json")
    assert done.json["total"]["failed"] == {"blocked_address": 1, "redirect": 1}
    assert done.json["total"]["stored"] == 1


def test_one_run_with_the_clock_ahead_does_not_stop_the_crawl_until_then(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    page = web.serve("tribune", "/crew", "<p>The bakery reopens.</p>")
    data.mkdir()
    (data / "sources.toml").write_text(
        sources_toml({"id": "tribune", "feeds": [web.feed("tribune", ("Bakery", page))]})
    )
    assert orbitwatch("crawl", "--now", "2090-01-05T06:00").code == 0
    found = {each["check"]: each for each in orbitwatch("doctor", "--json").json}["last run"]
    assert (found["verdict"], "still to come" in found["seen"]) == ("warning", True)
    web.asked.clear()
    done = orbitwatch("crawl", "--now", "2026-01-05T06:00", "--json")
    assert done.code == 0, done.err
    assert web.paths("tribune") == ["/robots.txt", "/feed"]
    web.asked.clear()
    assert orbitwatch("crawl", "--now", "2026-01-05T06:01").code == 0
    assert web.asked == []


@pytest.mark.parametrize(("status", "body"), [(503, b"busy"), (500, b"User-agent: *\nAllow: /\n")])
def test_a_host_whose_robots_cannot_be_read_is_left_alone(
    web: Web, data: Path, orbitwatch: Orbitwatch, status: int, body: bytes
) -> None:
    web.route("tribune", "/robots.txt", (status, {"Content-Type": "text/plain"}, body))
    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune")]})
    done: Done = orbitwatch("crawl", "--json")
    assert "/feed" not in web.paths("tribune")
    assert done.json["rows"][0]["failed"] in ({"robots_unreachable": 1}, {"paused": 1})


def test_robots_rules_are_obeyed_and_a_404_allows_everything(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    web.serve("tribune", "/robots.txt", "User-agent: orbitwatch\nDisallow: /private/\n", "text/plain")
    web.route("gazette", "/robots.txt", (404, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n"))
    secret = web.serve("tribune", "/private/launch", LAUNCH)
    public = web.serve("gazette", "/launch", LAUNCH)
    write_sources(
        data,
        {"id": "tribune", "feeds": [web.feed("tribune", ("Film crew at the space station", secret))]},
        {"id": "gazette", "feeds": [web.feed("gazette", ("Film crew at the space station", public))]},
    )
    done: Done = orbitwatch("crawl", "--json")
    assert "/private/launch" not in web.paths("tribune")
    assert "/launch" in web.paths("gazette")
    assert done.json["total"]["failed"] == {"robots": 1}


def test_retry_after_is_honoured_by_the_next_run_too(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    feed = web.route("tribune", "/feed", (429, {"Retry-After": "3600", "Content-Type": "text/plain"}, b"slow down"))
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    assert orbitwatch("crawl").code == 1
    assert web.paths("tribune").count("/feed") == 1, "no retry inside the run"
    web.asked.clear()
    orbitwatch("crawl", "--all")
    assert web.asked == []


def test_conditional_requests_carry_the_servers_own_validators(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    def answer(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        if asked.headers.get("if-none-match") == '"v1"':
            return 304, {"ETag": '"v1"'}, b""
        return (
            200,
            {"ETag": '"v1"', "Content-Type": "application/rss+xml"},
            b'<rss version="2.0"><channel><title>t</title></channel></rss>',
        )

    write_sources(data, {"id": "tribune", "feeds": [web.route("tribune", "/feed", answer)]})
    orbitwatch("crawl")
    done: Done = orbitwatch("crawl", "--all", "--json")
    assert done.json["total"]["not_modified"] == 1
    assert web.asked[-1].headers["if-none-match"] == '"v1"'


def test_a_second_run_meets_the_lock(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    from pipelines.store import Store

    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune")]})
    with Store(data).lock():
        done: Done = orbitwatch("crawl")
    assert done.code == 75
    assert "in use by" in done.err
    assert web.asked == []


def test_an_interrupted_run_keeps_what_it_fetched_and_the_next_one_fetches_the_rest(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    reached, release = threading.Event(), threading.Event()

    def slow(_asked: Asked) -> tuple[int, dict[str, str], bytes]:
        reached.set()
        release.wait(20)
        return 200, {"Content-Type": "text/html"}, landing(None)

    first, second = web.serve("tribune", "/launch", LAUNCH), web.route("tribune", "/slow", slow)
    third = web.serve("tribune", "/bakery", BAKERY)
    feed = web.feed("tribune", ("Film crew at the space station", first), ("Slow", second), ("Bakery", third))
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    process = orbitwatch("crawl", "-v", "-s", "CONCURRENT_REQUESTS=1", wait=False)
    assert reached.wait(60)
    os.killpg(process.pid, signal.SIGTERM)  # as `timeout` does
    assert any("shutting down gracefully" in line for line in process.stderr)
    release.set()
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert "/bakery" not in web.paths("tribune")
    assert len(stories_of(data)) == 2
    web.asked.clear()
    done: Done = orbitwatch("crawl", "--json")
    assert done.code == 0, done.err
    assert "/bakery" in web.paths("tribune")
    assert not {"/launch", "/slow"} & {*web.paths("tribune")}


def test_a_run_that_is_ended_by_force_says_only_that_it_was_interrupted(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    reached, release = threading.Event(), threading.Event()

    def slow(_asked: Asked) -> tuple[int, dict[str, str], bytes]:
        reached.set()
        release.wait(60)
        return 200, {"Content-Type": "text/html"}, BAKERY.encode()

    first, second = web.serve("tribune", "/launch", LAUNCH), web.route("tribune", "/slow", slow)
    feed = web.feed("tribune", ("Film crew at the space station", first), ("Slow", second))
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    process = orbitwatch("crawl", "-v", "-s", "CONCURRENT_REQUESTS=1", wait=False)
    try:
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        assert any("shutting down gracefully" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        release.set()
    assert process.returncode == 130
    assert "forcing unclean shutdown" in errors
    assert "orbitwatch:" not in errors
    assert orbitwatch("crawl", "--all", "--json").json["total"]["stored"] == 1


def test_a_run_without_stderr_does_its_work(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    feed = web.feed("tribune", ("Film crew at the space station", web.serve("tribune", "/launch", LAUNCH)))
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    process = orbitwatch("crawl", "--json", wait=False, preexec_fn=lambda: os.close(2))
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out)["total"]["stored"] == 1


def test_a_limit_leaves_the_rest_to_the_next_run(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    links = [web.serve("tribune", f"/{n}", BAKERY.replace("Mill Street", f"Mill Street {n}")) for n in range(4)]
    write_sources(
        data,
        {"id": "tribune", "feeds": [web.feed("tribune", *((f"Bakery {n}", link) for n, link in enumerate(links)))]},
    )
    assert orbitwatch("crawl", "--limit", "3", "--json").json["total"]["pages"] == 3
    assert orbitwatch("crawl", "--json").json["total"]["pages"] == 1


def test_a_page_that_fails_is_tried_again_by_a_later_run(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    link = web.route("tribune", "/launch", (500, {"Content-Type": "text/plain"}, b"oops"))
    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune", ("Film crew at the space station", link))]})
    first: Done = orbitwatch("crawl", "--json", "--now", "2021-10-05T12:00:00Z")
    assert first.json["total"]["failed"] == {"server_error": 1}
    web.serve("tribune", "/launch", LAUNCH)
    second: Done = orbitwatch("crawl", "--json", "--now", "2021-10-05T18:00:00Z")
    assert second.json["total"]["stored"] == 1


def test_a_page_that_failed_waits_while_its_source_is_not_visited(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    outlets = ("tribune", "gazette")
    for name in outlets:
        link = web.route(name, "/launch", (500, {"Content-Type": "text/plain"}, b"oops"))
        web.feed(name, (f"Film crew at the space station, says the {name}", link))
    feeds = [{"id": name, "feeds": [web.url(name, "/feed")]} for name in outlets]
    write_sources(data, *feeds)
    orbitwatch("crawl", "--now", "2021-10-05T12:00:00Z")
    for name in outlets:
        web.serve(name, "/launch", LAUNCH)
    web.asked.clear()

    write_sources(data, {**feeds[0], "enabled": False}, feeds[1])
    done: Done = orbitwatch("crawl", "--json", "--source", "gazette", "--now", "2021-10-05T18:00:00Z")
    assert [(row["source"], row["pages"]) for row in done.json["rows"]] == [("gazette", 1)]
    nothing: Done = orbitwatch("crawl", "--json", "--now", "2021-10-05T18:05:00Z")
    assert nothing.json["run_id"] is None
    assert web.paths("tribune") == []

    write_sources(data, *feeds)
    again: Done = orbitwatch("crawl", "--json", "--now", "2021-10-05T19:00:00Z")
    assert again.json["total"]["pages"] == 1
    assert "/launch" in web.paths("tribune")


def test_a_dry_run_asks_nothing_and_gives_reasons(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "tribune", "feeds": [web.feed("tribune")]})
    done: Done = orbitwatch("crawl", "--dry-run", "--json")
    assert [(row["source"], row["asked"], row["why"]) for row in done.json] == [("tribune", "yes", "never visited")]
    assert web.asked == []


def test_an_unknown_source_is_a_usage_error(data: Path, orbitwatch: Orbitwatch) -> None:
    write_sources(data, {"id": "tribune", "feeds": ["http://tribune.localhost/feed"]})
    done: Done = orbitwatch("crawl", "--source", "tribun")
    assert done.code == 2
    assert "tribun" in done.err


def test_the_children_of_a_sitemap_index_are_asked_although_it_has_not_changed(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    def urlset(*links: str) -> str:
        news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
        entries = "".join(
            f"<url><loc>{link}</loc><news:news><news:title>Film crew at the space station</news:title>"
            "<news:publication_date>2021-10-05T13:10:00Z</news:publication_date></news:news></url>"
            for link in links
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {news}>{entries}</urlset>'

    first = web.serve("tribune", "/launch", LAUNCH)
    second = web.serve("tribune", "/bakery", BAKERY)
    children = [
        web.serve("tribune", f"/news-{n}.xml", urlset(link), "application/xml")
        for n, link in enumerate((first, second))
    ]
    listed = "".join(f"<sitemap><loc>{child}</loc></sitemap>" for child in children)
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'
    write_sources(
        data,
        {"id": "tribune", "feeds": [], "news_sitemaps": [web.serve("tribune", "/news.xml", index, "application/xml")]},
    )
    done: Done = orbitwatch("crawl", "--json")
    assert done.code == 0, done.err
    assert (done.json["total"]["entries"], done.json["total"]["pages"], done.json["total"]["stored"]) == (2, 2, 1)
    web.asked.clear()
    again: Done = orbitwatch("crawl", "--all", "--json")
    assert web.paths("tribune") == ["/news.xml", "/news-0.xml", "/news-1.xml"]
    assert again.json["total"]["not_modified"] == 2
    web.serve("tribune", "/news-1.xml", urlset(second, web.serve("tribune", "/again", BAKERY)), "application/xml")
    assert orbitwatch("crawl", "--all", "--json").json["total"]["pages"] == 1
    for moment in ("2030-01-01T00:00Z", "2030-01-02T00:00Z"):  # years without anything new
        web.asked.clear()
        orbitwatch("crawl", "--all", "--now", moment)
    assert "/news-0.xml" not in web.paths("tribune"), "a dead sitemap was looked at a day ago"


def test_a_source_gets_so_many_pages_a_run_and_no_more(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    links = [web.serve("trap", f"/day/{n}", BAKERY.replace("Mill Street", f"Mill Street {n}")) for n in range(6)]
    write_sources(
        data, {"id": "trap", "feeds": [web.feed("trap", *((f"Day {n}", link) for n, link in enumerate(links)))]}
    )
    capped = orbitwatch("crawl", "--json", "-s", "ORBITWATCH_MAX_PAGES_PER_SOURCE=4")
    assert capped.json["total"]["pages"] == 4
    assert orbitwatch("crawl", "--json").json["total"]["pages"] == 2, "the rest is for the next run"


def test_addresses_that_look_like_one_article_are_two_if_their_headlines_say_so(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    other = LAUNCH.replace("Film crew reaches the space station", "Film crew trains in weightlessness in orbit")
    other = other.replace("A Russian actress", "Before the flight a Russian actress").replace("Baikonur", "Star City")
    links = [web.serve("tribune", "/story", LAUNCH), web.serve("tribune", "/story/index.html", other)]
    titles = ["Film crew reaches the space station", "Film crew trains in weightlessness in orbit"]
    feed = web.feed(
        "tribune", *zip(titles, links, strict=True), ("FILM CREW REACHES THE SPACE STATION", links[0] + "?utm_source=x")
    )
    write_sources(data, {"id": "tribune", "feeds": [feed]})
    done: Done = orbitwatch("crawl", "--json")
    assert done.json["total"]["pages"] == 2
    assert sorted(web.paths("tribune"))[-2:] == ["/story", "/story/index.html"]


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path, orbitwatch: Orbitwatch) -> None:
    (tmp_path / "file").touch()
    done: Done = orbitwatch("crawl", "--data", str(tmp_path / "file" / "data"))
    assert done.code == 1
    assert "cannot be made (Not a directory); give another with --data" in done.err
