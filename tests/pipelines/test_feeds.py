import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.feeds import parse_feed, reader
from pipelines.model import Feed

URL = "https://www.outlet.example/rss/index.xml"
LIFT_OFF = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Orbital &amp;amp; Film</title><link>https://www.outlet.example/</link><language>en-GB</language><ttl>45</ttl>
<item>
  <title><![CDATA[Film crew <b>lifts off</b> for &#171;Vyzov&#187;]]></title>
  <link>
    https://www.outlet.example/film-crew?utm_source=rss#top
  </link>
  <guid isPermaLink="false">outlet-1</guid>
  <dc:creator><![CDATA[Jane Doe]]></dc:creator><dc:creator>Ivan Petrov</dc:creator>
  <category>Space</category><category><![CDATA[Cinema]]></category>
  <pubDate>Tue, 05 Oct 2021 11:55:00 MSK</pubDate>
  <description>&lt;p&gt;Peresild and Shipenko spent&lt;/p&gt;&lt;p&gt;12 days in orbit.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
  <content:encoded><![CDATA[<p>The whole article</p>]]></content:encoded>
</item>
<item><title>Second</title><link>/second</link><pubDate>2021-10-06</pubDate></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru" xml:base="https://cdn.outlet.example/base/">
<title>Орбита</title>
<entry xml:base="story/"><id>tag:outlet.example,2021:1</id><title type="text">x &lt; y</title><link rel="alternate" href="1.html"/>
  <link rel="enclosure" href="1.mp3"/><updated>2021-10-05T11:55:00+03:00</updated><summary type="html">&lt;i&gt;Вызов&lt;/i&gt;</summary>
  <author><name>Юлия Пересильд</name><email>y@outlet.example</email></author><author><name>Клим Шипенко</name></author></entry>
<entry><id>https://outlet.example/2</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <em>crew</em></div></title>
  <published>2021-10-05T08:55:00Z</published><updated>2021-10-06T00:00:00Z</updated><content type="html">&lt;p&gt;Body&lt;/p&gt;</content></entry>
</feed>"""


def rss(items: str, head: str = "") -> bytes:
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def read(body: bytes | str, **kwargs) -> Feed:
    return parse_feed(body.encode() if isinstance(body, str) else body, url=URL, **kwargs)


class TestRss:
    def test_every_field(self):
        feed = read(RSS)
        assert (feed.format, feed.problems, feed.title, feed.language, feed.ttl) == (
            "rss",
            (),
            "Orbital & Film",
            "en-gb",
            2700,
        )
        first, second = feed.entries
        assert first.url == "https://www.outlet.example/film-crew?utm_source=rss"
        assert first.id == "outlet-1"
        assert first.title == "Film crew lifts off for «Vyzov»"
        assert first.summary == "Peresild and Shipenko spent 12 days in orbit."
        assert (first.published, first.date_precision, first.zone_known) == (LIFT_OFF, "minute", True)
        assert (first.author, first.language) == ("Jane Doe; Ivan Petrov", "en-gb")
        assert second.url == "https://www.outlet.example/second"
        assert (second.published, second.date_precision) == (datetime(2021, 10, 6, tzinfo=UTC), "day")

    def test_dates_without_a_zone_are_the_sources(self):
        feed = read(rss("<item><pubDate>Tue, 05 Oct 2021 11:55:00</pubDate></item>"), timezone="Europe/Moscow")
        assert (feed.entries[0].published, feed.entries[0].zone_known, feed.problems) == (
            LIFT_OFF,
            False,
            ("naive_dates",),
        )

    def test_a_date_that_cannot_be_read_is_reported(self):
        feed = read(rss("<item><pubDate>in a while</pubDate></item>"))
        assert (feed.entries[0].published, feed.entries[0].date_precision, feed.problems) == (
            None,
            "none",
            ("unread_dates",),
        )

    @pytest.mark.parametrize(
        ("item", "url"),
        [
            ("<guid>https://a.example/1</guid>", "https://a.example/1"),
            ("<guid isPermaLink='true'>https://a.example/1</guid><link></link>", "https://a.example/1"),
            ("<guid isPermaLink='false'>https://a.example/1</guid>", "https://a.example/1"),
            ("<guid isPermaLink='false'>1</guid>", ""),
            ("<link>https://b.example/2</link><guid>https://a.example/1</guid>", "https://b.example/2"),
            ("<link>//b.example/2</link>", "https://b.example/2"),
            ("<link>javascript:alert(1)</link>", ""),
            ("<link>file:///etc/passwd</link>", ""),
            ("<title>no link</title>", ""),
        ],
    )
    def test_the_link(self, item, url):
        assert read(rss(f"<item>{item}</item>")).entries[0].url == url

    def test_feedburner_names_the_outlets_own_address(self):
        item = "<item><link>https://feeds.proxy.example/~r/1</link><f:origLink>https://a.example/1</f:origLink></item>"
        body = rss(item).replace(b"<rss ", b"<rss xmlns:f='http://rssnamespace.org/feedburner/ext/1.0' ")
        assert read(body).entries[0].url == "https://a.example/1"

    @pytest.mark.parametrize(
        ("head", "ttl"),
        [
            ("", None),
            ("<ttl>60</ttl>", 3600),
            ("<ttl>soon</ttl>", None),
            ("<ttl>99999999</ttl>", 31_536_000),
            ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
            ("<sy:updatePeriod> daily </sy:updatePeriod>", 86_400),
            ("<sy:updatePeriod>never</sy:updatePeriod>", None),
        ],
    )
    def test_ttl(self, head, ttl):
        body = rss("", head).replace(b"<rss ", b"<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' ")
        assert read(body).ttl == ttl

    @pytest.mark.parametrize("tag", ["English", "en_US.utf8", "x" * 50, ""])
    def test_a_language_that_is_no_tag(self, tag):
        assert read(rss("<item/>", f"<language>{tag}</language>")).language == ""

    @pytest.mark.parametrize(
        ("printed", "author"),
        [
            ("jane@outlet.org (Jane Doe)", "Jane Doe"),
            ("jane@outlet.agency (Jane Doe)", "Jane Doe"),
            ("<![CDATA[ jane@outlet.agency (Jane Doe)]]>", "Jane Doe"),
            ("Jane Doe &lt;jane@outlet.org&gt;", "Jane Doe"),
            ("jane@outlet.org", "jane@outlet.org"),
            ("jane@outlet.agency", ""),
            (" Jane  Doe ", "Jane Doe"),
        ],
    )
    def test_author(self, printed, author):
        assert read(rss(f"<item><author>{printed}</author></item>")).entries[0].author == author


class TestOtherFormats:
    def test_atom(self):
        feed = read(ATOM)
        assert (feed.format, feed.problems, feed.title, feed.language) == ("atom", (), "Орбита", "ru")
        first, second = feed.entries
        assert (first.url, first.id) == ("https://cdn.outlet.example/base/story/1.html", "tag:outlet.example,2021:1")
        assert (first.title, first.summary) == ("x < y", "Вызов")
        assert first.author == "Юлия Пересильд; Клим Шипенко"
        assert (first.published, first.updated) == (None, LIFT_OFF)
        assert (second.url, second.title, second.summary) == ("https://outlet.example/2", "The crew", "Body")
        assert (second.published, second.lastmod) == (LIFT_OFF, datetime(2021, 10, 6, tzinfo=UTC))

    def test_rdf(self):
        body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
          xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>A</title></channel>
          <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link><dc:date>2021-10-05T17:55:00+09:00</dc:date>
          </item></rdf:RDF>"""
        feed = read(body)
        assert feed.format == "rdf"
        assert (feed.entries[0].published, feed.entries[0].id) == (LIFT_OFF, "https://a.example/1")

    def test_cdf(self):
        body = """<CHANNEL HREF="https://a.example/"><TITLE>A</TITLE><ITEM HREF="/1" LASTMOD="2021-10-05T08:55:00Z"><TITLE>One</TITLE>
          <ABSTRACT>Two weeks</ABSTRACT></ITEM></CHANNEL>"""
        feed = read(body)
        (entry,) = feed.entries
        assert (feed.format, entry.url, entry.title, entry.summary) == (
            "cdf",
            "https://www.outlet.example/1",
            "One",
            "Two weeks",
        )

    def test_json(self):
        items = [
            {"id": 7, "url": "/7", "title": "x < y", "content_html": "<p>Two&nbsp;weeks</p>", "date_published": "2021-10-05T11:55:00+03:00",
             "authors": [{"name": "Jane Doe"}, {"name": "Ivan Petrov"}, {"url": "x"}], "language": "RU"},
            {"id": "https://a.example/8", "summary": "Short", "date_modified": "2021-10-06", "author": {"name": "Jane Doe"}, "title": None},
            "junk",
        ]  # fmt: skip
        body = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "language": "en", "items": items}
        feed = read(b"\xef\xbb\xbf" + json.dumps(body).encode())
        first, second = feed.entries
        assert (feed.format, feed.title, feed.language, feed.problems) == ("json", "A", "en", ())
        assert (first.url, first.id, first.title, first.summary) == (
            "https://www.outlet.example/7",
            "7",
            "x < y",
            "Two weeks",
        )
        assert (first.published, first.author, first.language) == (LIFT_OFF, "Jane Doe; Ivan Petrov", "ru")
        assert (second.url, second.summary, second.author, second.updated) == (
            "https://a.example/8", "Short", "Jane Doe", datetime(2021, 10, 6, tzinfo=UTC),
        )  # fmt: skip

    @pytest.mark.parametrize(
        "body",
        [
            '{"items": []}',
            "{",
            "{}",
            '{"version": "https://jsonfeed.org/version/1", "items": 3}',
            '{"a":' + "[" * 100_000,
        ],
    )
    def test_other_json_is_no_feed(self, body):
        assert read(body) == Feed("", problems=("not_a_feed",))


class TestTolerance:
    @pytest.mark.parametrize(
        "body",
        [
            RSS.replace("</channel></rss>", ""),
            RSS.replace("<title>Second</title>", "<title>Second"),
            RSS.replace("<item>", "<media:x><item>", 1),
        ],
    )
    def test_broken_xml_keeps_its_entries(self, body):
        feed = read(body)
        assert (feed.format, len(feed.entries)) == ("rss", 2)
        assert "recovered" in feed.problems
        assert feed.entries[0].published == LIFT_OFF

    @pytest.mark.parametrize(
        ("written", "read_as"),
        [
            ("Second & last", "Second & last"),
            ("Q&A", "Q&A"),
            ("Second&nbsp;one", "Second one"),
            ("caf&eacute;", "café"),
        ],
    )
    def test_ampersands_that_xml_does_not_know(self, written, read_as):
        feed = read(RSS.replace("Second", written))
        assert (feed.entries[1].title, feed.problems) == (read_as, read(RSS).problems)

    def test_an_address_with_a_bare_ampersand(self):
        feed = read(RSS.replace("film-crew?utm_source=rss", "film-crew?id=5&lang=en"))
        assert feed.entries[0].url == "https://www.outlet.example/film-crew?id=5&lang=en"

    @pytest.mark.parametrize(
        "junk", ["\n\n  ", "\ufeff", "\ufeff\n", "<br />\n<b>Warning</b>: cannot modify header\n", "Notice: x\n"]
    )
    def test_junk_before_the_declaration(self, junk):
        feed = read(junk + RSS)
        assert (feed.format, len(feed.entries), feed.entries[0].title) == ("rss", 2, "Film crew lifts off for «Vyzov»")

    @pytest.mark.parametrize("half", ["&#xD83D;&#xDE80;", "&#55357;&#56960;", "&#xd83d;", "&#99999999;", "&#x110000;"])
    def test_references_to_what_is_no_character(self, half):
        feed = read(RSS.replace("Second", f"Second {half} item"))
        assert (feed.entries[1].title, feed.problems) == ("Second item", ())

    @pytest.mark.parametrize("times", [1, 2])
    def test_gzip_that_was_served_as_the_body(self, times):
        body = RSS.encode()
        for _ in range(times):
            body = gzip.compress(body)
        feed = read(body)
        assert (len(feed.entries), feed.problems) == (2, ("gzipped",))

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (RSS.replace("UTF-8", "windows-1251").replace("Jane Doe", "Юлия").encode("cp1251", "ignore"), ""),
            (RSS.replace("Jane Doe", "Юлия").encode("cp1251", "ignore"), "application/rss+xml; charset=windows-1251"),
            (RSS.replace("UTF-8", "utf-16").replace("Jane Doe", "Юлия").encode("utf-16"), ""),
            (RSS.replace("Jane Doe", "Юлия").encode(), "text/xml"),
        ],
    )
    def test_encodings(self, body, content_type):
        feed = read(body, content_type=content_type)
        assert feed.entries[0].author == "Юлия; Ivan Petrov"

    @pytest.mark.parametrize(
        "content_type", ["text/html", "text/plain", "application/octet-stream", "text/xml; charset=nonsense"]
    )
    def test_a_wrong_content_type_is_no_fault_of_the_document(self, content_type):
        feed = read(RSS, content_type=content_type)
        assert (len(feed.entries), feed.problems) == (2, ())

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            (b"", "empty"),
            (b" \n\0", "empty"),
            (gzip.compress(b""), "empty"),
            (
                b"<!DOCTYPE html><html><head><title>Access denied</title></head><body><p>No.</p></body></html>",
                "not_a_feed",
            ),
            (b"Access denied", "not_a_feed"),
            (b"<urlset><url><loc>https://a.example/</loc></url></urlset>", "not_a_feed"),
            (b"%PDF-1.7\n<< /Type /Page >>", "not_a_feed"),
        ],
    )
    def test_what_is_no_feed(self, body, problem):
        feed = read(body)
        assert (feed.format, feed.entries) == ("", ())
        assert feed.problems[-1] == problem

    def test_a_feed_without_entries_is_a_feed(self):
        assert read(rss("", "<title>Quiet</title>")) == Feed("rss", title="Quiet")

    def test_an_unknown_zone_is_refused(self):
        with pytest.raises(ValueError, match="unknown time zone"):
            read(b"", timezone="Mars/Gale")


class TestHostile:
    def test_more_entries_than_a_feed_has(self):
        feed = read(rss("<item><title>x</title></item>" * 2_500))
        assert (len(feed.entries), feed.problems) == (2_000, ("truncated",))

    def test_more_bytes_than_a_feed_has(self, monkeypatch):
        monkeypatch.setattr(reader.guard, "BODY_LIMIT", 3_000)
        feed = read(gzip.compress(rss("<item><title>x</title></item>" * 50_000)))
        assert 50 < len(feed.entries) < 110
        assert feed.problems[:2] == ("gzipped", "truncated")

    def test_an_entity_bomb_stays_small(self):
        entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
        body = f'<!DOCTYPE rss [<!ENTITY e0 "lol">{entities}]>' + rss("<item><title>a &e8; b</title></item>").decode()
        assert len(read(body).entries[0].title) < 100

    def test_a_local_file_does_not_leak(self, tmp_path):
        secret = tmp_path / "secret.txt"
        secret.write_text("the-secret-marker")
        for kind in ("SYSTEM", "PUBLIC 'x'"):
            body = (
                f"<!DOCTYPE rss [<!ENTITY leak {kind} '{secret.as_uri()}'>]>"
                + rss("<item><title>a &leak; b</title></item>").decode()
            )
            assert "the-secret-marker" not in repr(read(body))

    @pytest.mark.parametrize(
        "body",
        [
            "<?xml version='1.0'?>" + "\n <!DOCTYPE " * 2_000 + "<rss version='2.0'><channel/></rss>",
            "<rss " + " ".join(f"a{n}='x'" for n in range(300)) + "><channel/></rss>",
            "<rss version='2.0'><channel><item>" + "<x xml:base='deeper/'>" * 3_000 + "</channel></rss>",
            f"<rss version='2.0' xml:base='http://a.example/{'b' * 1_000}'><channel/></rss>",
            "<rss version='2.0'><channel><item>" + "<category><x/></category>" * 6_000 + "</item></channel></rss>",
        ],
        ids=["head", "attributes", "nested bases", "long base", "categories"],
    )
    def test_what_would_take_feedparser_minutes_is_refused(self, body):
        assert read(body) == Feed("", problems=("hostile",))

    @pytest.mark.parametrize(
        "channel",
        [
            "<channel " + " ".join(f"a{n}='x'" for n in range(300)) + ">",
            "<channel><item>" + "<category>x</category>" * 6_000 + "</item>",
        ],
        ids=["attributes", "categories"],
    )
    def test_two_bytes_a_letter_hide_nothing(self, channel):
        body = f"<?xml version='1.0' encoding='utf-16'?><rss version='2.0'>{channel}</channel></rss>"
        assert read(body.encode("utf-16")) == Feed("", problems=("hostile",))

    @pytest.mark.parametrize("element", ["author", "managingEditor", "dc:creator"])
    @pytest.mark.parametrize("piece", ["aa.a", "a&#97;", "<![CDATA[aaaa]]>", "aa<!-- -->", "aa<b/>"])
    def test_a_name_of_endless_words_is_no_name(self, element, piece):
        items = f"<item><title>x</title><{element}>{piece * 2_000}@</{element}></item>"
        items += f"<item><{element}>Iva Sol</{element}></item>"
        assert [(entry.title, entry.author) for entry in read(rss(items)).entries] == [("x", ""), ("", "Iva Sol")]

    def test_blank_lines_in_the_head_are_no_attack(self):
        feed = read("<?xml version='1.0'?>" + "\n" * 100_000 + rss("<item/>").decode())
        assert (feed.format, len(feed.entries)) == ("rss", 1)

    def test_categories_cost_nothing(self):
        items = (
            "<item>"
            + "".join(f"<category domain='x'>{n}</category>" for n in range(20_000))
            + "<title>x</title></item>"
        )
        assert read(rss(items)).entries[0].title == "x"

    @pytest.mark.parametrize(
        "markup",
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<a href='javascript:alert(1)'>x</a>",
            "<svg/onload=alert(1)>",
        ],
    )
    @pytest.mark.parametrize("wrap", ["{}", "<![CDATA[{}]]>", "escaped"])
    def test_no_script_survives(self, markup, wrap):
        text = (
            markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            if wrap == "escaped"
            else wrap.format(markup)
        )
        entry = read(rss(f"<item><title>ok {text}</title><description>ok {text}</description></item>")).entries[0]
        for value in (entry.title, entry.summary):
            assert "alert" not in value

    @settings(max_examples=60)
    @given(st.binary())
    def test_any_bytes(self, body):
        read(body)

    @settings(max_examples=60)
    @given(st.integers(0, len(RSS)), st.integers(0, len(RSS)), st.binary(max_size=8))
    def test_any_damage(self, start, end, put):
        body = RSS.encode()
        read(body[: min(start, end)] + put + body[max(start, end) :])

    @settings(max_examples=60)
    @given(
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
            lambda inner: st.one_of(
                st.lists(inner),
                st.dictionaries(
                    st.sampled_from(
                        [
                            "id",
                            "url",
                            "title",
                            "authors",
                            "author",
                            "name",
                            "date_published",
                            "language",
                            "content_html",
                        ]
                    ),
                    inner,
                ),
            ),
        )
    )
    def test_any_json(self, items):
        read(
            json.dumps(
                {"version": "https://jsonfeed.org/version/1", "title": items, "language": items, "items": [items]}
            )
        )
