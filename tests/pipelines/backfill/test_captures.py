from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.captures import Capture, read_replay_address

BASE = "https://archive.example/web"


def test_there_and_back():
    original = "http://www.outlet.example/a?b=1&c=http://x.example/"
    capture = Capture("example,outlet)/a?b=1&c=http://x.example/", original, datetime(2021, 10, 5, 9, 30, tzinfo=UTC))
    address = capture.replay(BASE + "/")
    assert (
        address == "https://archive.example/web/20211005093000id_/http://www.outlet.example/a?b=1&c=http://x.example/"
    )
    assert read_replay_address(address, BASE) == (capture.original, capture.captured_at)


@pytest.mark.parametrize(
    "url",
    [
        "http://archive.example/web/20211006000000id_/https://outlet.example/a",
        "https://archive.example/web/20211006000000/https://outlet.example/a",
        "https://archive.example/web/20211006000000if_/https:/outlet.example/a",
    ],
)
def test_after_a_redirect(url):
    assert read_replay_address(url, BASE) == ("https://outlet.example/a", datetime(2021, 10, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://archive.example/",
        "https://archive.example/web/2021/https://outlet.example/a",
        "https://archive.example/web/20211306000000id_/https://outlet.example/a",
        "https://archive.example/web/20211006000000id_/ftp://outlet.example/a",
        "https://archive.example/web/20211006000000id_/https://",
        "https://elsewhere.example/web/20211006000000id_/https://outlet.example/a",
        "ftp://archive.example/web/20211006000000id_/https://outlet.example/a",
    ],
)
def test_what_is_no_copy(url):
    assert read_replay_address(url, BASE) is None


@given(st.text())
def test_any_text(text):
    read_replay_address(f"{BASE}/20211006000000id_/https://{text}", BASE)
    read_replay_address(text, text)
