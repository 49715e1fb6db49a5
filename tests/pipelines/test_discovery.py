"""What a new outlet offers, found from its own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.opml import source_toml
from pipelines.catalogue.sources import Source, parse_sources
from pipelines.discovery import (
    FEED_PATHS,
    MAX_CANDIDATES,
    NEWS_SITEMAP_PATHS,
    FrontPage,
    candidates,
    new_source,
    read_front_page,
    read_listing,
    source_id,
)

HOME = "https://www.orbit-daily.example/"
FRONT = b"""<!doctype html><html lang="en-GB"><head><title>Orbit Daily | Space news</title><meta property="og:site_name" content="Orbit Daily">
<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml; charset=utf-8" title="All" href="/feed/">
<link rel="ALTERNATE" type="application/atom+xml" href="//feeds.orbit-daily.example/atom">
<link rel="alternate" type="application/rss+xml" href="javascript:x()">
<link rel="alternate" hreflang="de" href="/de/"><link rel="stylesheet" type="application/rss+xml" href="/style.css">
</head><body><link rel="alternate" type="application/rss+xml" href="/planted/by/a/comment"></body></html>"""
RSS = b'<rss version="2.0"><channel><title>Orbit Daily</title><item><title>Crew docks</title><link>/a</link></item></channel></rss>'
NEWS = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>
<loc>https://www.orbit-daily.example/a</loc><news:news><news:title>Crew docks</news:title>
<news:publication_date>2021-10-05T12:22:00Z</news:publication_date></news:news></url></urlset>"""
ARCHIVE = b"<urlset><url><loc>https://www.orbit-daily.example/a</loc><lastmod>2021-10-05</lastmod></url></urlset>"
INDEX = b"<sitemapindex><sitemap><loc>https://www.orbit-daily.example/2021.xml</loc></sitemap></sitemapindex>"


def test_a_front_page_names_its_feeds_comments_last() -> None:
    page = read_front_page(FRONT, HOME)
    assert page == FrontPage(
        "Orbit Daily",
        "en-gb",
        (
            "https://www.orbit-daily.example/feed/",
            "https://feeds.orbit-daily.example/atom",
            "https://www.orbit-daily.example/comments/feed/",
        ),
    )


def test_without_a_site_name_the_title_gives_it() -> None:
    page = read_front_page(
        "<html lang=ru><title>Орбита — новости космоса</title>".encode("cp1251"), HOME, charset="windows-1251"
    )
    assert (page.name, page.language) == ("Орбита", "ru")


@pytest.mark.parametrize(
    "body", [b"", b"%PDF-1.7", b"<", b"\xff\xfe", b"<link rel=alternate type=application/rss+xml href=http://[>"]
)
def test_no_page_is_an_empty_answer(body: bytes) -> None:
    assert read_front_page(body, HOME).feeds == ()


def test_named_addresses_come_first_and_nothing_is_guessed_beside_them() -> None:
    robots = b"Sitemap: /archive.xml\nSitemap: https://www.orbit-daily.example/news.xml\n"
    tried = candidates(read_front_page(FRONT, HOME), robots, HOME)
    assert tried == (
        "https://www.orbit-daily.example/feed/",
        "https://feeds.orbit-daily.example/atom",
        "https://www.orbit-daily.example/comments/feed/",
        "https://www.orbit-daily.example/news.xml",
        "https://www.orbit-daily.example/archive.xml",
    )


def test_an_outlet_that_names_nothing_is_asked_at_the_usual_places() -> None:
    tried = candidates(FrontPage(), b"", HOME)
    assert tried[0] == "https://www.orbit-daily.example/feed/"
    assert len(tried) == len(FEED_PATHS) + len(NEWS_SITEMAP_PATHS) <= MAX_CANDIDATES


def test_an_outlet_that_names_a_hundred_feeds_is_asked_for_a_few() -> None:
    page = FrontPage(feeds=tuple(f"{HOME}section/{n}/feed" for n in range(100)))
    tried = candidates(page, b"Sitemap: /news.xml\n", HOME)
    assert len(tried) <= MAX_CANDIDATES
    assert f"{HOME}news.xml" in tried


@pytest.mark.parametrize(
    ("body", "kind", "entries", "children"),
    [(RSS, "feed", 1, 0), (NEWS, "news_sitemap", 1, 0), (ARCHIVE, "sitemap", 1, 0), (INDEX, "sitemap", 0, 1)],
)
def test_listings_are_told_apart(body: bytes, kind: str, entries: int, children: int) -> None:
    listing = read_listing(body, HOME)
    assert listing is not None
    assert (listing.kind, len(listing.entries), len(listing.children)) == (kind, entries, children)


@pytest.mark.parametrize("body", [b"", b"<!doctype html><html><body>Not found</body></html>", b"{}", b"\0\1\2"])
def test_other_documents_are_no_listing(body: bytes) -> None:
    assert read_listing(body, HOME) is None


def test_an_entry_can_be_read_back_from_the_file(tmp_path: object) -> None:
    from pathlib import Path

    found = [read_listing(body, f"{HOME}{n}") for n, body in enumerate((RSS, RSS, NEWS, ARCHIVE))]
    source = new_source(HOME, read_front_page(FRONT, HOME), [listing for listing in found if listing], taken=["other"])
    assert source == Source(
        "orbit-daily",
        "Orbit Daily",
        HOME,
        language="en",
        feeds=(f"{HOME}0",),
        news_sitemaps=(f"{HOME}2",),
        sitemaps=(f"{HOME}3",),
    )
    assert parse_sources(source_toml(source), Path("sources.toml")) == (source,)


def test_without_listings_the_entry_is_switched_off() -> None:
    source = new_source("https://xn--e1afmkfd.example/", FrontPage(language="x-klingon"), [])
    assert not source.enabled
    assert source.name
    assert source.language == ""


def test_ids_are_short_plain_and_new() -> None:
    assert source_id("https://www.orbit-daily.example/") == "orbit-daily"
    assert source_id("https://орбита.example/") != ""
    assert source_id("https://news.orbit-daily.example/", ["orbit-daily", "orbit-daily-2"]) == "orbit-daily-3"


@given(st.binary(max_size=2000), st.binary(max_size=500))
def test_no_bytes_make_it_raise(body: bytes, robots: bytes) -> None:
    page = read_front_page(FRONT[:400] + body, HOME)
    for address in candidates(page, robots, HOME):
        assert address.startswith(("http://", "https://"))
    read_listing(body, HOME)
