import socket

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.urls import fetch_url, match_key, pick_canonical, registered_domain, rules

ARTICLE = "https://www.orbital-gazette.example/2021/10/05/film-crew-lifts-off"

_HOSTS = [
    "news.example",
    "www.news.example",
    "m.www.news.example",
    "amp.google.com",
    "web.archive.org",
    "x.cdn.ampproject.org",
    "co.uk",
    "m.co.uk",
    "192.0.2.7",
    "[2001:db8::1]:80",
    "münchen.example",
    "NEWS.example:443",
    "localhost:8080",
]
_SEGMENTS = [
    "a", "film-crew", "amp", "m", "index.html", "print", "s", "..", ".", "%2e", "%2E%2e", "", "x-1.amp.html", ".amp", "b;jsessionid=1",
    "é", "%C3%A9", "%e9", "a b", "a\\b", "web", "20211005id_", "https:", "www.google.com",
]  # fmt: skip
_PAIRS = [
    "utm_source=x",
    "id=1",
    "ID=1",
    "ref=rss",
    "ref=12",
    "amp",
    "amp;amp=1",
    "a b=%zz",
    "é=é",
    "q=%26+x%20y",
    "=",
    "from=news.example",
    "",
]


@st.composite
def addresses(draw):
    path = "/".join(draw(st.lists(st.sampled_from(_SEGMENTS), max_size=6)))
    query = "&".join(draw(st.lists(st.sampled_from(_PAIRS), max_size=4)))
    scheme = draw(st.sampled_from(["http://", "https://", "HTTP://", "//", ""]))
    return (
        f"{scheme}{draw(st.sampled_from(_HOSTS))}/{path}"
        + (f"?{query}" if query else "")
        + draw(st.sampled_from(["", "#top"]))
    )


ANY_ADDRESS = st.one_of(
    addresses(), st.text(), st.text().map("http://news.example/".__add__), st.text().map("http://".__add__)
)


class TestFetchUrl:
    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            (" HTTP://News.Example:80/a \n", "http://news.example/a"),
            ("https://news.example:443", "https://news.example/"),
            ("https://news.example:8443/a", "https://news.example:8443/a"),
            ("http://news.example?id=1", "http://news.example/?id=1"),
            ("http://news.example/a/./b/../c/%2e%2e/d#part", "http://news.example/a/d"),
            ("http://news.example/../..", "http://news.example/"),
            ("http://news.example./a", "http://news.example/a"),
            (
                "http://news.example/вызов?q=фильм",
                "http://news.example/%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2?q=%D1%84%D0%B8%D0%BB%D1%8C%D0%BC",
            ),
            ("http://münchen.example/", "http://xn--mnchen-3ya.example/"),
            ("http://news.example/a b?c d", "http://news.example/a%20b?c%20d"),
            (
                "http://news.example/web/2021/http://other.example/",
                "http://news.example/web/2021/http://other.example/",
            ),
            ("http://news.example/a?b=2&a=1&utm_source=rss", "http://news.example/a?b=2&a=1&utm_source=rss"),
            ("http://[2001:DB8:0::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        ],
    )
    def test_spelling(self, url, expected):
        assert fetch_url(url) == expected

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("/b", "https://news.example/b"),
            ("b?x", "https://news.example/a/b?x"),
            ("//other.example/b", "https://other.example/b"),
            ("http://other.example/b", "http://other.example/b"),
        ],
    )
    def test_relative_to_base(self, url, expected):
        assert fetch_url(url, base="https://news.example/a/feed.xml") == expected

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("", "empty"),
            ("  ", "empty"),
            ("film", "not an absolute address"),
            ("//news.example/a", "not an absolute address"),
            ("ftp://news.example/a", "scheme 'ftp'"),
            ("javascript:alert(1)", "scheme 'javascript'"),
            ("file:///etc/passwd", "scheme 'file'"),
            ("data:text/html,x", "scheme 'data'"),
            ("http:///a", "no host"),
            ("http://user:secret@news.example/", "credentials"),
            ("http://good.example\\@evil.example/", "credentials"),
            ("http://good.example\\.evil.example/", "not valid"),
            ("http://a b.example/", "not valid"),
            ("http://a..example/", "not valid"),
            (f"http://{'a' * 64}.example/", "not valid"),
            ("http://news.example:0/", "port 0"),
            ("http://news.example:99999/", "[Pp]ort"),
            ("http://[::1/", "IPv6"),
            ("http://[v1.x]/", "v1.x"),
            ("http://news.example/a\nb", "control character"),
            ("http://news.example/\x00", "control character"),
            ("http://news.example/\ud800", "control character"),
            ("http://news.example/" + "a" * 2083, "longer than 2083"),
            ("http://news.example/" + "é" * 700, "longer than 2083"),
        ],
    )
    def test_refusals_say_why(self, url, reason):
        with pytest.raises(ValueError, match=reason):
            fetch_url(url)

    @given(ANY_ADDRESS)
    def test_idempotent_ascii_and_bounded(self, url):
        try:
            fetched = fetch_url(url)
        except ValueError:
            return
        assert fetch_url(fetched) == fetched
        assert fetched.isascii()
        assert len(fetched) <= 2083
        assert fetched.startswith(("http://", "https://"))
        assert "#" not in fetched


class TestMatchKey:
    @pytest.mark.parametrize(
        "spelling",
        [
            ARTICLE,
            ARTICLE + "/",
            ARTICLE + "#comments",
            ARTICLE + "//",
            ARTICLE + "/index.html",
            ARTICLE + "/index.php",
            ARTICLE + "/amp",
            ARTICLE + "/amp/",
            ARTICLE + "/print/",
            ARTICLE + "?amp",
            ARTICLE + "?amp=1",
            ARTICLE + "?outputType=amp",
            ARTICLE + "?print=1",
            ARTICLE + "?utm_source=rss&UTM_Medium=feed&fbclid=IwAR0",
            ARTICLE + "?ref=twitter&at_medium=RSS&ysclid=l1",
            ARTICLE + "?utm_source=rss&amp;utm_medium=feed",
            ARTICLE + "?ref=other-outlet.example",
            ARTICLE + ";jsessionid=0A1B",
            ARTICLE.replace("https", "http"),
            ARTICLE.replace("www.", ""),
            ARTICLE.replace("www.", "m."),
            ARTICLE.replace("www.", "amp."),
            ARTICLE.replace("www.", "www.m."),
            ARTICLE.replace("www.orbital", "WWW.Orbital"),
            ARTICLE.replace(".example/", ".example:443/"),
            ARTICLE.replace(".example/", ".example/amp/"),
            ARTICLE.replace(".example/", ".example/m/"),
            ARTICLE.replace("/10/", "/amp/10/"),
            ARTICLE.replace("-", "%2D").replace("orbital%2Dgazette", "orbital-gazette"),
            ARTICLE.replace("/10/", "/x/../10/"),
            "https://www-orbital--gazette-example.cdn.ampproject.org/c/s/" + ARTICLE.removeprefix("https://"),
            "https://www.google.com/amp/s/" + ARTICLE.removeprefix("https://") + "/amp/",
            "https://web.archive.org/web/20211005123456id_/" + ARTICLE,
        ],
    )
    def test_spellings_of_one_article(self, spelling):
        assert match_key(spelling) == "https://orbital-gazette.example/2021/10/05/film-crew-lifts-off"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("?id=1", "?id=2"),
            ("?ref=1234", "?ref=1235"),
            ("?sid=881", "?sid=882"),
            ("?p=7", "?p=8"),
            ("?print=1234", "?print=1235"),
            ("?source=a7f", "?source=b8e"),
            ("s/AbC12", "s/abc12"),
            ("film", "music"),
            ("story.html", "story"),
            ("tag/amp", "tag"),
            ("news/print", "news"),
            ("a/b-c", "b-c"),
            ("?page=2", ""),
            ("a%2Fb", "a/b"),
        ],
    )
    def test_articles_that_differ(self, one, other):
        base = "https://orbital-gazette.example/"
        assert match_key(base + one) != match_key(base + other)

    @pytest.mark.parametrize(
        "host",
        ["news.outlet.example", "blog.outlet.example", "en.outlet.example", "outlet.example:8080", "outlet2.example"],
    )
    def test_sites_that_differ(self, host):
        assert match_key(f"https://{host}/a-1") != match_key("https://outlet.example/a-1")

    @pytest.mark.parametrize(
        ("host", "kept"), [("m.co.uk", "m.co.uk"), ("amp.dev", "amp.dev"), ("www.m.co.uk", "m.co.uk")]
    )
    def test_a_domain_is_never_taken_for_a_view(self, host, kept):
        assert match_key(f"http://{host}/a") == f"https://{kept}/a"

    def test_order_of_parameters_does_not_count(self):
        assert match_key("http://news.example/?b=2&a=1") == match_key("http://news.example/?a=1&b=2")

    def test_some_parameters_are_noise_on_one_host_only(self):
        assert (
            match_key("https://www.youtube.com/watch?v=abc&feature=share&si=xyz") == "https://youtube.com/watch?v=abc"
        )
        assert match_key("https://news.example/watch?v=abc&si=xyz") == "https://news.example/watch?si=xyz&v=abc"

    @pytest.mark.parametrize(
        ("text", "key"), [("", ""), (" not an\naddress ", "not an address"), ("ftp://x/", "ftp://x/")]
    )
    def test_what_is_no_address_is_its_own_key(self, text, key):
        assert match_key(text) == key

    @given(ANY_ADDRESS)
    def test_idempotent_and_never_raises(self, url):
        key = match_key(url)
        assert match_key(key) == key
        key.encode("utf-8")

    @example("http://x.cdn.ampproject.org/a/..")
    @example("http://x.cdn.ampproject.org/v/s/../x")
    @given(addresses())
    def test_the_key_of_an_address_is_that_of_its_fetched_form(self, url):
        try:
            fetched = fetch_url(url)
        except ValueError:
            return
        assert match_key(fetched) == match_key(url)

    def test_every_tracker_has_a_reason_and_is_written_in_lower_case(self):
        for table in (rules.TRACKERS, rules.TRACKER_PREFIXES):
            assert all(reason for reason in table.values())
            assert all(name == name.lower() for name in table)
        content = {"id", "sid", "cid", "p", "page", "story", "article", "q", "v", "ref", "source"}
        assert not content & set(rules.TRACKERS)
        assert not [name for name in content if name.startswith(tuple(rules.TRACKER_PREFIXES))]


class TestRegisteredDomain:
    @pytest.mark.parametrize(
        ("url", "domain"),
        [
            ("https://www.news.example.co.uk/a", "example.co.uk"),
            ("http://outlet.blogspot.com/a", "outlet.blogspot.com"),
            ("http://192.0.2.7/a", "192.0.2.7"),
            ("http://localhost:8000/a", "localhost"),
            ("http://co.uk/", "co.uk"),
            ("http://www.outlet.example/a", "outlet.example"),
            ("http://[2001:db8::1]/a", "2001:db8::1"),
            ("not an address", ""),
            ("http://[::1", ""),
        ],
    )
    def test_domains(self, url, domain):
        assert registered_domain(url) == domain

    def test_opens_no_socket(self, monkeypatch):
        def refuse(*_args, **_kwargs):
            raise AssertionError("tried to use the network")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert registered_domain("https://never-seen-before.example.com.au/") == "example.com.au"


class TestPickCanonical:
    PAGE = "https://m.outlet.example/space/2021/film-crew-lifts-off-1234?utm_source=rss"

    @pytest.mark.parametrize(
        ("declared", "picked"),
        [
            (
                "https://www.outlet.example/space/2021/film-crew-lifts-off-1234",
                "https://www.outlet.example/space/2021/film-crew-lifts-off-1234",
            ),
            ("/space/2021/film-crew-lifts-off-1234", "https://m.outlet.example/space/2021/film-crew-lifts-off-1234"),
            ("https://outlet.example/new-slug-of-the-story", "https://outlet.example/new-slug-of-the-story"),
        ],
    )
    def test_believed(self, declared, picked):
        assert pick_canonical(self.PAGE, declared) == picked

    @pytest.mark.parametrize(
        "declared",
        [
            "",
            "https://www.outlet.example/",
            "https://www.outlet.example",
            "https://www.outlet.example/space/",
            "https://www.outlet.example/culture",
            "https://other.example/space/2021/film-crew-lifts-off-1234",
            "javascript:void(0)",
            "http://[broken",
        ],
    )
    def test_not_believed(self, declared):
        assert pick_canonical(self.PAGE, declared) == self.PAGE

    def test_the_next_is_asked(self):
        good = "https://www.outlet.example/space/2021/film-crew-lifts-off-1234"
        assert pick_canonical(self.PAGE, "https://www.outlet.example/", good) == good

    def test_a_section_may_name_itself_and_the_home_page_too(self):
        assert (
            pick_canonical("http://outlet.example/space/?utm_source=", "https://outlet.example/space")
            == "https://outlet.example/space"
        )
        assert (
            pick_canonical("http://outlet.example/?utm_source=a", "https://outlet.example/")
            == "https://outlet.example/"
        )

    def test_an_amp_cache_is_opened(self):
        cached = "https://outlet-example.cdn.ampproject.org/c/s/outlet.example/film-crew/amp/"
        assert pick_canonical(cached, "https://outlet.example/film-crew/") == "https://outlet.example/film-crew/"
        assert pick_canonical(cached) == "https://outlet.example/film-crew/amp/"

    def test_a_page_without_a_usable_address_keeps_it(self):
        assert pick_canonical("memory:1", "https://outlet.example/a") == "memory:1"
