"""OPML in and out, and entries as TOML."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.opml import OpmlError, OpmlFeed, read_opml, source_toml, write_opml
from pipelines.catalogue.sources import Source, load_sources, parse_sources

FILE = Path("sources.toml")


def opml(outlines: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><head/><body>{outlines}</body></opml>'.encode()


def test_reads_feeds_in_folders_and_any_spelling_of_the_attributes() -> None:
    body = opml(
        """<outline text="Space">
             <outline type="rss" text="Orbit  Gazette" xmlUrl=" https://gazette.example/feed " htmlUrl="https://gazette.example/"/>
             <outline text="Folder"><outline title="Кино" text="x" XMLURL="http://kino.example/rss?a=1&amp;b=2"/></outline>
           </outline>
           <outline text="again" xmlUrl="https://gazette.example/feed"/>"""
    )
    assert read_opml(body) == [
        OpmlFeed("Orbit Gazette", "https://gazette.example/feed", "https://gazette.example/"),
        OpmlFeed("Кино", "http://kino.example/rss?a=1&b=2", ""),
    ]


def test_titles_can_be_names() -> None:
    (feed,) = read_opml(
        opml('<outline text="&#x202e;Orbit&#x200b;&#10;Gazette" xmlUrl="https://gazette.example/feed"/>')
    )
    assert feed.title == "Orbit Gazette"


def test_leaves_out_what_is_no_web_address() -> None:
    body = opml(
        '<outline text="a" xmlUrl="file:///etc/passwd"/><outline text="b" xmlUrl="javascript:alert(1)"/>'
        '<outline text="c" xmlUrl="https://u:p@gazette.example/"/><outline text="d" xmlUrl="https://["/>'
        '<outline text="e" xmlUrl="https://gazette.example/feed" htmlUrl="data:text/html,x"/>'
    )
    assert read_opml(body) == [OpmlFeed("e", "https://gazette.example/feed", "")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff",
        b"hello",
        b"<html><body/></html>",
        b"<rss/>",
        opml(""),
        b"<!-- only -->",
        b"\xff\xfe<\x00",
    ],
)
def test_refuses_what_is_no_list_of_feeds(body: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(body)


def test_reads_as_far_as_a_broken_file_goes() -> None:
    body = opml('<outline text="A & B" xmlUrl="https://gazette.example/feed"/><outline text="cut')[:-30]
    assert [feed.feed for feed in read_opml(body)] == ["https://gazette.example/feed"]


def test_entities_and_files_are_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("https://planted-marker.example/")
    body = (
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        '<opml><body><outline text="&b;" xmlUrl="https://gazette.example/feed"/><outline>&x;</outline></body></opml>'
    ).encode()
    assert "planted-marker" not in repr(read_opml(body))


def test_entities_that_multiply_end_in_an_error_or_a_short_title() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE opml [<!ENTITY e0 "ha">{levels}]><opml><body><outline text="&e11;" xmlUrl="https://a.example/"/></body></opml>'
    try:
        titles = [feed.title for feed in read_opml(body.encode())]
    except OpmlError:
        titles = []
    assert all(len(title) <= 300 for title in titles)


def test_a_list_that_nobody_reads_is_refused() -> None:
    many = "".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(10_001))
    with pytest.raises(OpmlError, match="more than 10000 feeds"):
        read_opml(opml(many))
    assert len(read_opml(opml(many.replace('<outline xmlUrl="https://a.example/0"/>', "")))) == 10_000
    with pytest.raises(OpmlError, match="more than 16 MiB"):
        read_opml(b" " * (16 * 2**20 + 1))


def test_what_is_written_is_read_again() -> None:
    sources = load_sources()
    feeds = read_opml(write_opml(sources))
    assert [feed.feed for feed in feeds] == [url for source in sources for url in source.feeds]
    names = {url: (source.name, source.home) for source in sources for url in source.feeds}
    assert {feed.feed: (feed.title, feed.home) for feed in feeds} == names


def test_own_entries_survive_as_toml() -> None:
    for source in load_sources():
        assert parse_sources(source_toml(source), FILE) == (source,)


@given(
    name=st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()),
    enabled=st.booleans(),
    paths=st.lists(st.from_regex(r"[a-z0-9'\"\\%;=&?-]{1,20}", fullmatch=True), min_size=1, max_size=3, unique=True),
    days=st.integers(1, 3650),
)
def test_any_entry_survives_as_toml(name: str, enabled: bool, paths: list[str], days: int) -> None:
    source = Source(
        id="orbit-gazette",
        name=name,
        home="https://gazette.example/",
        feeds=tuple(f"https://gazette.example/{path}" for path in paths),
        max_silence_days=days,
        enabled=enabled,
    )
    assert parse_sources(source_toml(source), FILE) == (source,)


def test_delete_is_escaped() -> None:
    text = source_toml(Source(id="a", name="A\x7fB", home="https://a.example/"))
    assert "A\\u007fB" in text
