"""Which pages send a reader on at once, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.forwarding import forwarded_to

HERE = "https://tribune.example/2021/film-crew"


def page(head: str, body: str = "<p>You are being taken to the article.</p>") -> bytes:
    return f"<!doctype html><html><head><title>Tribune</title>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/new/film-crew">', "https://tribune.example/new/film-crew"),
        ("<META HTTP-EQUIV=Refresh CONTENT='1;URL=https://gazette.example/a'>", "https://gazette.example/a"),
        ("<meta content='0.5;url=\"other?a=1&amp;b=2#top\"' http-equiv='refresh'>", HERE.replace("film-crew", "other?a=1&b=2")),
        ("<meta charset=utf-8><meta http-equiv=refresh content='0; url=http://tribune.example/2021/film-crew'>", HERE.replace("https", "http")),
    ],
)  # fmt: skip
def test_a_page_that_forwards_at_once(markup: str, target: str) -> None:
    assert forwarded_to(page(markup), url=HERE) == target


@pytest.mark.parametrize(
    "markup",
    [
        "<meta http-equiv=refresh content='300'>",
        "<meta http-equiv=refresh content='300; url=/2021/film-crew'>",
        "<meta http-equiv=refresh content='5; url=/front'>",
        "<meta http-equiv=refresh content='0'>",
        "<meta http-equiv=refresh content='0; url='>",
        f"<meta http-equiv=refresh content='0; url={HERE}'>",
        "<meta http-equiv=refresh content='0; url=/2021/film-crew#live'>",
        "<noscript><meta http-equiv=refresh content='0; url=/enable-scripts'></noscript>",
        "<!-- <meta http-equiv=refresh content='0; url=/old'> -->",
        "<!--[if lt IE 9]><meta http-equiv=refresh content='0; url=/old-browsers'><![endif]-->",
        "<script>var m = '<meta http-equiv=refresh content=\"0; url=/x\">';</script>",
        "<template><meta http-equiv=refresh content='0; url=/x'></template>",
        "<meta http-equiv=refresh content='0; url=javascript:alert(1)'>",
        "<meta http-equiv=refresh content='0; url=file:///etc/passwd'>",
        "<meta http-equiv=refresh content='0; url=http://[::1'>",
        "<meta http-equiv=refresh content='0; url=http://user:word@tribune.example/'>",
        "<meta name=description content='0; url=/refresh'>",
        "",
    ],
)
def test_a_page_that_stays(markup: str) -> None:
    assert forwarded_to(page(markup), url=HERE) == ""


def test_what_comes_late_in_a_page_is_not_looked_for() -> None:
    markup = "<meta http-equiv=refresh content='0; url=/new'>"
    assert forwarded_to(page("<style>" + "a{}" * 6_000 + "</style>" + markup), url=HERE) == ""


def test_letters_of_a_legacy_charset_are_those_of_the_address() -> None:
    body = "<meta http-equiv=refresh content='0; url=/вызов'>".encode("windows-1251")
    assert (
        forwarded_to(body, url=HERE, charset="windows-1251") == "https://tribune.example/%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2"
    )


@given(st.binary(max_size=200), st.text(max_size=30))
def test_nothing_makes_it_raise(noise: bytes, url: str) -> None:
    forwarded_to(b"<meta http-equiv=refresh content='0; url=" + noise + b"'>", url=url)
