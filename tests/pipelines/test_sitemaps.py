import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import sitemaps
from pipelines.sitemaps import parse_sitemap, robots_sitemaps
from pipelines.urls import fetch_url

URL = "https://www.outlet.example/news-sitemap.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">'
)
PAGE = (
    "<url><loc>\n https://www.outlet.example/film-crew-{n}?a=1&amp;b=2 </loc><lastmod>2021-10-05T12:30:00+03:00</lastmod>"
    "<news:news><news:publication><news:name>Outlet</news:name><news:language>EN</news:language></news:publication>"
    "<news:publication_date>2021-10-05T11:55:00+03:00</news:publication_date><news:title>Film crew &amp;amp; cosmonaut {n}</news:title>"
    "</news:news><image:image><image:loc>https://www.outlet.example/a.jpg</image:loc><image:title>A rocket</image:title></image:image>"
    '<xhtml:link rel="alternate" hreflang="ru" href="https://www.outlet.example/ru/1"/></url>'
)
LIFT_OFF = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)


def urlset(*pages: str) -> bytes:
    return (HEAD + "".join(pages) + "</urlset>").encode()


class TestUrlset:
    def test_the_news_extension(self):
        read = parse_sitemap(urlset(PAGE.format(n=1), PAGE.format(n=2)), url=URL)
        assert read.problems == ()
        first, second = read.entries
        assert first.url == "https://www.outlet.example/film-crew-1?a=1&b=2"
        assert first.title == "Film crew & cosmonaut 1"
        assert (first.published, first.date_precision, first.zone_known) == (LIFT_OFF, "minute", True)
        assert first.lastmod == datetime(2021, 10, 5, 9, 30, tzinfo=UTC)
        assert first.language == "en"
        assert second.title.endswith("2")

    def test_a_plain_one(self):
        (entry,) = parse_sitemap(
            b"<urlset><url><loc>/a</loc><lastmod>2021-10-05</lastmod></url></urlset>", url=URL
        ).entries
        assert entry.url == "https://www.outlet.example/a"
        assert (entry.published, entry.date_precision) == (None, "none")
        assert entry.updated == datetime(2021, 10, 5, tzinfo=UTC)

    def test_dates_without_a_zone(self):
        page = PAGE.format(n=1).replace("11:55:00+03:00", "11:55:00")
        read = parse_sitemap(urlset(page), url=URL, timezone="Europe/Moscow")
        assert (read.entries[0].published, read.entries[0].zone_known) == (LIFT_OFF, False)
        assert read.problems == ("naive_dates",)

    def test_date_only_and_fractions(self):
        pages = [
            PAGE.format(n=1).replace("2021-10-05T11:55:00+03:00", date)
            for date in ("2021-10-05", "2021-10-05T08:55:00.250Z", "soon")
        ]
        read = parse_sitemap(urlset(*pages), url=URL, timezone="Asia/Tokyo")
        assert [entry.date_precision for entry in read.entries] == ["day", "minute", "none"]
        assert read.entries[0].published == datetime(2021, 10, 5, tzinfo=UTC)
        assert read.problems == ("unread_dates",)

    def test_undeclared_prefix_and_other_case(self):
        body = urlset(PAGE.format(n=1)).replace(b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', b"")
        read = parse_sitemap(body, url=URL)
        assert (read.entries[0].title, read.problems) == ("Film crew & cosmonaut 1", ("recovered",))
        (entry,) = parse_sitemap(b"<URLSET><URL><LOC>https://a.example/x</LOC></URL></URLSET>", url=URL).entries
        assert entry.url == "https://a.example/x"

    def test_entries_without_a_usable_address_are_left_out(self):
        body = b"<urlset><url><loc>javascript:alert(1)</loc></url><url></url><url><loc>https://a.example/x</loc></url></urlset>"
        read = parse_sitemap(body, url=URL)
        assert ([entry.url for entry in read.entries], read.problems) == (["https://a.example/x"], ("bad_links",))

    def test_utf_16(self):
        body = (HEAD.replace("UTF-8", "UTF-16") + PAGE.format(n="é") + "</urlset>").encode("utf-16")
        read = parse_sitemap(body, url=URL)
        assert (read.entries[0].title, read.problems) == ("Film crew & cosmonaut é", ())


class TestOtherKinds:
    def test_an_index(self):
        body = (
            b"<sitemapindex><sitemap><loc> /2021-10.xml.gz </loc><lastmod>2021-10-31</lastmod></sitemap></sitemapindex>"
        )
        read = parse_sitemap(body, url=URL)
        assert (read.children, read.entries, read.problems) == (("https://www.outlet.example/2021-10.xml.gz",), (), ())
        assert read.lastmods == (datetime(2021, 10, 31, tzinfo=UTC),)

    def test_lastmods_stay_with_their_children(self):
        body = (
            b"<sitemapindex><sitemap><loc>ftp://a.example/no.xml</loc><lastmod>2021-01-01</lastmod></sitemap>"
            b"<sitemap><loc>/1.xml</loc></sitemap><sitemap><lastmod>2021-10-05T08:55:00Z</lastmod><loc>/2.xml</loc></sitemap>"
            b"<sitemap><loc>/3.xml</loc><lastmod>soon</lastmod></sitemap></sitemapindex>"
        )
        read = parse_sitemap(body, url=URL)
        assert [child[-5:] for child in read.children] == ["1.xml", "2.xml", "3.xml"]
        assert read.lastmods == (None, LIFT_OFF, None)
        assert read.problems == ("bad_links", "unread_dates")

    def test_one_address_a_line(self):
        read = parse_sitemap(b"\xef\xbb\xbfhttps://a.example/1\r\nhttps://a.example/2\n", url=URL)
        assert [entry.url for entry in read.entries] == ["https://a.example/1", "https://a.example/2"]

    @pytest.mark.parametrize("times", [1, 2])
    def test_gzip_by_its_magic(self, times):
        body = urlset(PAGE.format(n=1))
        for _ in range(times):
            body = gzip.compress(body)
        read = parse_sitemap(body, url=URL)
        assert (len(read.entries), read.problems) == (1, ("gzipped",))

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            (b"", "empty"),
            (b" \n\0", "empty"),
            (b"<html><body>Not found</body></html>", "not_a_sitemap"),
            (b"<rss version='2.0'><channel/></rss>", "not_a_sitemap"),
            (b'{"error": 404}', "not_a_sitemap"),
            (b"Access denied", "not_a_sitemap"),
            (b"\x0b", "not_a_sitemap"),  # white space to `str`, not to `bytes`
        ],
    )
    def test_what_is_no_sitemap(self, body, problem):
        read = parse_sitemap(body, url=URL)
        assert (read.entries, read.children) == ((), ())
        assert problem in read.problems

    def test_an_unknown_zone_is_refused(self):
        with pytest.raises(ValueError, match="unknown time zone"):
            parse_sitemap(b"", url=URL, timezone="Moon/Tranquility")


class TestBroken:
    def test_a_cut_gives_what_came_before_and_no_half_address(self):
        whole = urlset(*(PAGE.format(n=n) for n in range(5)))
        for end in range(len(HEAD), len(whole) - 1, 7):
            read = parse_sitemap(whole[:end], url=URL)
            assert {entry.url for entry in read.entries} <= {
                f"https://www.outlet.example/film-crew-{n}?a=1&b=2" for n in range(5)
            }
            assert len(read.entries) >= whole[:end].count(b"</url>")
            assert {"truncated", "recovered"} & set(read.problems)

    @pytest.mark.parametrize("half", ["&#xD83D;&#xDE80;", "&#55357;&#56960;", "&#xd83d;", "&#99999999;", "&#x110000;"])
    def test_references_to_what_is_no_character(self, half):
        body = urlset(PAGE.format(n=1).replace("crew", f"crew {half}"), PAGE.format(n=2))
        read = parse_sitemap(body, url=URL)
        assert [entry.title[:9] for entry in read.entries] == ["Film crew"] * 2
        assert read.problems == ()

    @pytest.mark.parametrize("address", ["story?id=5&lang=en", "story?id=5&copy=1&lang=en", "s?a=1&#x=2", "s?a=1&b;=2"])
    def test_an_ampersand_that_is_no_reference_stands_for_itself(self, address):
        page = urlset(f"<url><loc>https://a.example/{address}</loc></url>")
        index = f"<sitemapindex><sitemap><loc>https://a.example/{address}</loc></sitemap></sitemapindex>".encode()
        expected = fetch_url(f"https://a.example/{address}")
        read = parse_sitemap(page, url=URL)
        assert ([entry.url for entry in read.entries], read.problems) == ([expected], ())
        assert parse_sitemap(index, url=URL).children == (expected,)

    def test_a_month_alone_does_not_say_when_a_page_was_changed(self):
        month = urlset("<url><loc>https://a.example/1</loc><lastmod>2021-10</lastmod></url>")
        assert parse_sitemap(month, url=URL).entries[0].updated is None
        index = b"<sitemapindex><sitemap><loc>/1.xml</loc><lastmod>2021</lastmod></sitemap></sitemapindex>"
        assert parse_sitemap(index, url=URL).lastmods == (None,)

    def test_a_cut_gzip_stream(self):
        body = gzip.compress(urlset(*(PAGE.format(n=n) for n in range(2_000))))
        read = parse_sitemap(body[: len(body) // 2], url=URL)
        assert 100 < len(read.entries) < 2_000
        assert "truncated" in read.problems


class TestHostile:
    @pytest.mark.parametrize(
        "entity",
        [
            '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
            '<!ENTITY b SYSTEM "file:///etc/hostname">',
        ],
    )
    def test_entities_are_inert(self, entity):
        body = (
            f"<?xml version='1.0'?><!DOCTYPE u [{entity}]><urlset><url><loc>https://a.example/&b;</loc></url></urlset>"
        )
        assert parse_sitemap(body.encode(), url=URL) == sitemaps.Sitemap(problems=("hostile",))

    def test_no_more_bytes_than_the_protocol_allows(self, monkeypatch):
        monkeypatch.setattr(sitemaps, "BODY_LIMIT", 10_000)
        read = parse_sitemap(gzip.compress(urlset(*(PAGE.format(n=n) for n in range(500)))), url=URL)
        assert 0 < len(read.entries) < 20
        assert "truncated" in read.problems

    def test_no_more_entries_than_the_protocol_allows(self):
        read = parse_sitemap(b"<urlset>" + b"<url><loc>https://a.example/</loc></url>" * 50_001 + b"</urlset>", url=URL)
        assert (len(read.entries), read.problems) == (50_000, ("truncated",))

    @pytest.mark.parametrize("more", [0, 1])
    def test_as_many_entries_as_the_protocol_allows_are_all_there_are(self, more):
        page = b"<url><loc>https://a.example/</loc></url>"
        in_xml = parse_sitemap(b"<urlset>" + page * (50_000 + more) + b"</urlset>", url=URL)
        child = b"<sitemap><loc>https://a.example/</loc></sitemap>"
        index = parse_sitemap(b"<sitemapindex>" + child * (50_000 + more) + b"</sitemapindex>", url=URL)
        lines = parse_sitemap(b"https://a.example/\n" * (50_000 + more), url=URL)
        assert len(in_xml.entries) == len(index.children) == len(lines.entries) == 50_000
        assert in_xml.problems == index.problems == lines.problems == (("truncated",) if more else ())

    def test_no_more_elements_than_real_ones_hold(self, monkeypatch):
        monkeypatch.setattr(sitemaps, "_TAGS_LIMIT", 1_000)
        body = b"<urlset>" + b"<x/>" * 100_000 + b"<url><loc>https://a.example/</loc></url></urlset>"
        assert parse_sitemap(body, url=URL).problems == ("truncated",)

    def test_depth(self):
        assert parse_sitemap(b"<urlset>" + b"<url>" * 100_000, url=URL).entries == ()

    @given(st.binary())
    def test_any_bytes(self, body):
        parse_sitemap(body, url=URL)

    @given(
        st.lists(
            st.sampled_from(
                [
                    b"<urlset>",
                    b"<url>",
                    b"<loc>",
                    b"https://a.example/",
                    b"</loc>",
                    b"</url>",
                    b"<!--",
                    b"-->",
                    b"<![CDATA[",
                    b"]]>",
                    b"&",
                    b"<?x",
                    b"\0",
                    b"\xff\xfe",
                    b"<!DOCTYPE",
                    b">",
                    b"<a b='",
                    b"\x1f\x8b\x08",
                ]
            )
        ).map(b"".join)
    )
    def test_any_order_of_markup(self, body):
        for entry in parse_sitemap(b"<urlset>" + body, url=URL).entries:
            assert entry.url.startswith("http")


class TestRobots:
    def test_lines_of_any_group(self):
        body = (
            b"\xef\xbb\xbfSitemap: https://a.example/1.xml\r\nUser-agent: *\rDisallow: /x\n  sitemap:/2.xml # ours\n"
            b"SITEMAP : https://a.example/1.xml\n# Sitemap: https://a.example/no.xml\nSitemap: ftp://a.example/3.xml\nSitemap:\n"
        )
        assert robots_sitemaps(body, url="https://www.outlet.example/robots.txt") == (
            "https://a.example/1.xml",
            "https://www.outlet.example/2.xml",
        )

    def test_only_the_first_500_kilobytes_are_read(self):
        body = b"#" * 512_000 + b"\nSitemap: https://a.example/late.xml\n"
        assert robots_sitemaps(body, url="https://a.example/robots.txt") == ()

    @given(st.binary())
    def test_any_bytes(self, body):
        robots_sitemaps(b"Sitemap: " + body, url="https://a.example/robots.txt")
