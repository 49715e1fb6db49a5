"""The sources file: what it may say, and what is said back."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.catalogue.problems import CatalogueError, default_file
from pipelines.catalogue.sources import Source, load_sources, parse_sources

FILE = Path("sources.toml")
GOOD = """
[[source]]
id = "orbit-gazette"
name = "Orbit Gazette"
home = "https://gazette.example/"
country = "RU"
language = "ru"
timezone = "Europe/Moscow"
kind = "space"
feeds = ["https://gazette.example/feed/"]
fetch = "all"
max_silence_days = 7
"""


def entry(**changes: str) -> str:
    """GOOD with the TOML text of some keys changed; an empty text drops the key."""
    lines = {line.partition(" = ")[0]: line for line in GOOD.split("\n") if " = " in line}
    lines |= {key: f"{key} = {value}" if value else "" for key, value in changes.items()}
    return "[[source]]\n" + "\n".join(line for line in lines.values() if line) + "\n"


def problems(text: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse_sources(text, FILE)
    return [str(problem) for problem in caught.value.problems]


def test_reads_every_key() -> None:
    text = entry(
        news_sitemaps='["https://gazette.example/news.xml"]',
        sitemaps='["https://gazette.example/sitemap.xml"]',
        enabled="false",
    )
    assert parse_sources(text, FILE) == (
        Source(
            id="orbit-gazette",
            name="Orbit Gazette",
            home="https://gazette.example/",
            country="RU",
            language="ru",
            timezone="Europe/Moscow",
            kind="space",
            feeds=("https://gazette.example/feed/",),
            news_sitemaps=("https://gazette.example/news.xml",),
            sitemaps=("https://gazette.example/sitemap.xml",),
            fetch="all",
            max_silence_days=7,
            enabled=False,
        ),
    )


def test_three_lines_and_a_feed_are_enough() -> None:
    text = '[[source]]\nid = "a"\nname = "A"\nhome = "http://127.0.0.1:8801/"\nfeeds = ["http://127.0.0.1:8801/feed"]'
    (source,) = parse_sources(text, FILE)
    assert (source.timezone, source.kind, source.fetch, source.enabled) == (
        "UTC",
        "general",
        "matching",
        True,
    )


def test_listings_are_what_a_run_polls() -> None:
    (source,) = parse_sources(entry(news_sitemaps='["https://gazette.example/news.xml"]'), FILE)
    assert source.listings == ("https://gazette.example/feed/", "https://gazette.example/news.xml")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": '"Orbit Gazette"'}, "source 1: bad id 'Orbit Gazette'; use 1 to 64 of a-z"),
        ({"id": '"../etc"'}, "source 1: bad id '../etc'"),
        ({"id": f'"{"a" * 65}"'}, "source 1: bad id"),
        ({"name": '" "'}, 'source "orbit-gazette": bad name'),
        ({"name": ""}, 'source "orbit-gazette": `name` is missing; add a line'),
        ({"country": '"UK"'}, "bad country 'UK'; did you mean \"GB\"?"),
        ({"country": '"ru"'}, 'did you mean "RU"?'),
        ({"country": '"Mars"'}, "two letters of ISO 3166"),
        ({"language": '"jp"'}, "bad language 'jp'; did you mean \"ja\"?"),
        ({"language": '"zh-TW"'}, 'did you mean "zh"?'),
        ({"language": '"klingon"'}, "two letters of ISO 639-1"),
        ({"timezone": '"Moscow"'}, "bad timezone 'Moscow'; did you mean \"Europe/Moscow\"?"),
        ({"timezone": '"Europe/Mosocw"'}, 'did you mean "Europe/Moscow"?'),
        ({"timezone": '"Europe"'}, "bad timezone 'Europe'"),
        ({"timezone": '"../../etc/passwd"'}, "bad timezone"),
        ({"timezone": '""'}, "bad timezone ''"),
        ({"kind": '"spaces"'}, "bad kind 'spaces'; did you mean \"space\"?"),
        ({"kind": '"blog"'}, "write one of space, film, agency, general, local"),
        ({"fetch": '"everything"'}, "bad fetch 'everything'"),
        ({"max_silence_days": "0"}, "bad max_silence_days '0'; write a number from 1"),
        ({"max_silence_days": "true"}, "`max_silence_days` has the wrong type; write a whole number"),
        ({"enabled": '"no"'}, "`enabled` has the wrong type; write true or false"),
        ({"feeds": '"https://gazette.example/feed/"'}, "`feeds` has the wrong type; write a list"),
        ({"feeds": "[1]"}, "`feeds` has the wrong type"),
        ({"name": "1"}, "`name` has the wrong type; write it in quotes"),
        ({"feeds": "[]"}, "names nothing to visit; add a feed, or set `enabled = false`"),
        ({"home": '"gazette.example"'}, "bad address 'gazette.example' in `home`; write the whole address"),
        ({"feeds": '["file:///etc/passwd"]'}, "beginning with https://"),
        ({"feeds": '["https:///feed"]'}, "name a host"),
        ({"feeds": '["https://me:secret@gazette.example/"]'}, "leave the user name and password out"),
        ({"feeds": '["https://gazette.example/a b"]'}, "write blanks and control characters as %20"),
        ({"feeds": '["https://gazette.example:99999/"]'}, "bad address"),
        ({"feeds": '["https://[::1/"]'}, "bad address"),
        ({"feeds": '["https://gazette.example:0/"]'}, "bad address"),
        ({"feeds": f'["https://gazette.example/{"a" * 3000}"]'}, "at most 2083"),
        ({"feed": '["https://gazette.example/rss"]'}, "unknown key 'feed'; did you mean `feeds`?"),
    ],
)
def test_each_mistake_is_said_with_its_mend(change: dict[str, str], said: str) -> None:
    assert said in "\n".join(problems(entry(**change)))


def test_all_mistakes_are_said_at_once_in_the_files_order() -> None:
    found = problems(
        entry(kind='"moon"', feeds='["ftp://gazette.example/"]') + entry(id='"B"') + entry(id='"c"', coutry='"RU"')
    )
    assert [text.partition(":")[0] for text in found[:4]] == [
        'source "orbit-gazette"', 'source "orbit-gazette"', "source 2", 'source "c"',
    ]  # fmt: skip


def test_the_same_id_twice() -> None:
    twice = entry() + entry(feeds='["https://gazette.example/two"]')
    assert problems(twice) == [
        "source 2: id 'orbit-gazette' is used twice; source 1 has it already; give each entry its own"
    ]


@pytest.mark.parametrize(
    "again", ["https://gazette.example/feed/", "http://gazette.example/feed", "https://GAZETTE.example/feed/"]
)
def test_the_same_listing_twice(again: str) -> None:
    (said,) = problems(entry() + entry(id='"other"', feeds=f'["{again}"]'))
    assert said.startswith(
        f'source "other": `feeds` repeats {again}; leave one out; it stands in `feeds` of source "orbit-gazette"'
    )


def test_paths_with_other_capitals_are_other_listings() -> None:
    assert len(parse_sources(entry() + entry(id='"other"', feeds='["https://gazette.example/FEED/"]'), FILE)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "\nid = \n", "line 14: not TOML"),
        (GOOD + '\nname = "never closed', ": not TOML"),
        ("", "file: holds no source; add one"),
        ('[source]\nid = "a"', "begin each with [[source]], in two brackets"),
        ("[[sources]]", "file: unknown key 'sources'; did you mean `source`?"),
        ("x = " + "[" * 5000, "file: "),
    ],
)
def test_files_that_are_no_list_of_sources(text: str, said: str) -> None:
    assert said in "\n".join(problems(text))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"does not exist; name another with --sources, or begin one"):
        load_sources(tmp_path / "none.toml")
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_sources(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# one\n# caf\xe9\n")
    with pytest.raises(CatalogueError, match="line 2: is not UTF-8"):
        load_sources(latin)
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_sources(marked)[0].id == "orbit-gazette"


def test_the_projects_own_file_is_right() -> None:
    sources = load_sources()
    assert default_file("sources.toml").name == "sources.toml"
    assert len(sources) > 100
    for source in sources:
        assert source.country
        assert source.language
        assert source.feeds or not source.enabled
        assert source.fetch == ("all" if source.kind in {"space", "film"} else "matching")
        assert source.timezone != "UTC"
        assert not any("news.google.com" in url for url in source.listings)


def test_import_is_light() -> None:
    """An idle run may use 0.2 CPU seconds in all, so nothing heavy may come with it."""
    code = "import sys, pipelines.catalogue.sources, pipelines.polling, pipelines.state; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"scrapy", "twisted", "pandas", "pyarrow", "trafilatura", "feedparser", "lxml", "numpy"} & set(modules)
