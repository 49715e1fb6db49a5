"""What headers say, whoever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.answers import charset, is_html


@pytest.mark.parametrize(
    ("header", "named"),
    [
        ("text/html", ""),
        ("text/html; charset=", ""),
        ("text/html; charset=UTF-8", "UTF-8"),
        ("text/html; Charset=big5", "big5"),
        ('text/html; charset = "windows-1251"; boundary=x', "windows-1251"),
        ("text/html;CHARSET='koi8-r'", "koi8-r"),
        ('text/html; charset="koi8-r', "koi8-r"),
        ("text/html charset=euc-jp", "euc-jp"),
        ("text/html, charset=euc-jp, text/html", "euc-jp"),
        ("text/html; xcharset=big5", ""),
        ("text/html; charset=" + "x" * 10_000, "x" * 40),
    ],
)
def test_a_charset_is_read_however_its_parameter_is_written(header: str, named: str) -> None:
    assert charset(header) == named


@given(st.text() | st.lists(st.sampled_from([*"=;, \"'\t", "charset", "Charset", "utf-8", "é"])).map("".join))
def test_any_header_names_one_charset_or_none(header: str) -> None:
    named = charset(header)
    assert len(named) <= 40
    assert not set(named) & set("\"';, \t\n")


@pytest.mark.parametrize(
    ("media_type", "body", "is_page"),
    [
        ("application/pdf", b" <!doctype html>", True),
        ("Text/HTML", b"Film crew docks", True),
        ("text/html", b"%PDF-1.7", False),
        ("text/plain", b"Film crew docks", False),
        ("text/html", b"<?xml version='1.0'?><rss/>", False),
    ],
)
def test_a_page_is_known_by_its_first_bytes_and_text_by_its_type(media_type: str, body: bytes, is_page: bool) -> None:
    assert is_html(media_type, body) is is_page
