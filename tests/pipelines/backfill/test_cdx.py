import json
from contextlib import suppress
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.cdx import ANSWER_LIMIT, CdxError, query_address, read_answer
from pipelines.backfill.scopes import Scope
from pipelines.backfill.window import Window

INDEX = "https://archive.example/cdx/search/cdx"
OCTOBER = Window(date(2021, 10, 1), date(2021, 10, 31))
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
SHA = "Q4YULN754FHV2U6Q5JUT6Q2P57WEWNNY"


def row(path: str = "lift-off", stamp: str = "20211005093000", **fields: str) -> list[str]:
    values = {
        "urlkey": f"example,outlet)/{path}",
        "timestamp": stamp,
        "original": f"http://www.outlet.example:80/{path}",
        "mimetype": "text/html",
        "statuscode": "200",
        "digest": SHA,
        "length": "1415",
    }
    return [*(values | fields).values()]


def answer(*rows: list[str], header: list[str] = HEADER) -> bytes:
    return json.dumps([header, *rows]).encode()


class TestQuery:
    def test_what_is_asked(self):
        address = query_address(INDEX, Scope("outlet.example/a?b=1&c", "prefix"), OCTOBER, limit=50)
        assert parse_qsl(urlsplit(address).query) == [
            ("url", "outlet.example/a?b=1&c"),
            ("matchType", "prefix"),
            ("output", "json"),
            ("fl", "urlkey,timestamp,original,mimetype,statuscode,digest,length"),
            ("from", "20211001000000"),
            ("to", "20211031235959"),
            ("filter", "statuscode:200"),
            ("filter", "mimetype:text/html"),
            ("collapse", "urlkey"),
            ("limit", "50"),
            ("showResumeKey", "true"),
        ]

    @pytest.mark.parametrize("key", ["example%2Coutlet%29%2Fa+20211005093001%21", "example,outlet)/a 20211005093001!"])
    def test_a_resume_key_is_encoded_once(self, key):
        address = query_address(INDEX, Scope("outlet.example", "domain"), OCTOBER, resume_key=key)
        assert address.endswith("&resumeKey=example%2Coutlet%29%2Fa+20211005093001%21")

    def test_a_base_with_a_query_of_its_own(self):
        assert "cdx?collection=news&url=" in query_address(
            f"{INDEX}?collection=news", Scope("a.example", "host"), OCTOBER
        )


class TestAnswer:
    def test_captures(self):
        read = read_answer(answer(row(), row("landing", "20211017043600", statuscode="-", length="-")))
        first, second = read.captures
        assert first.original == "http://www.outlet.example/lift-off"
        assert first.captured_at == datetime(2021, 10, 5, 9, 30, tzinfo=UTC)
        assert (first.status, first.mimetype, first.digest, first.length) == (200, "text/html", SHA, 1415)
        assert (second.status, second.length) == (None, None)
        assert (read.resume_key, read.last_urlkey, read.left_out) == ("", "example,outlet)/landing", {})

    def test_columns_in_any_order(self):
        read = read_answer(answer(row()[::-1], header=HEADER[::-1]))
        assert read.captures == read_answer(answer(row())).captures

    def test_fewer_columns(self):
        (capture,) = read_answer(answer(row()[:3], header=HEADER[:3])).captures
        assert (capture.status, capture.mimetype, capture.digest, capture.length) == (None, "", "", None)

    def test_the_key_to_go_on_from(self):
        read = read_answer(answer(row(), [], ["example%2Coutlet%29%2F+20211005093001%21"]))
        assert (len(read.captures), read.resume_key) == (1, "example%2Coutlet%29%2F+20211005093001%21")

    def test_later_captures_of_an_address_are_left_out_across_pages(self):
        first = read_answer(answer(row("a"), row("a", "20211006000000"), [], ["k"]))
        second = read_answer(answer(row("a", "20211007000000"), row("b")), after=first.last_urlkey)
        assert [c.urlkey for c in (*first.captures, *second.captures)] == ["example,outlet)/a", "example,outlet)/b"]
        assert (first.left_out["repeated"], second.left_out["repeated"]) == (1, 1)

    @pytest.mark.parametrize("body", [b"[]", b" [] \n", answer()])
    def test_no_captures(self, body):
        assert read_answer(body).captures == ()

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            (row()[:-1], "columns"),
            ([*row()[:-1], None], "columns"),
            (row(stamp="2021100509"), "timestamp"),
            (row(stamp="20211305093000"), "timestamp"),
            (row(stamp="٢٠٢١١٠٠٥٠٩٣٠٠٠"), "timestamp"),
            (row(stamp="00010101000000"), "timestamp"),
            (row(original="javascript:alert(1)"), "address"),
            (row(original="-"), "address"),
            (row(statuscode="ok"), "number"),
            (row(length="9" * 5_000), "number"),
        ],
    )
    def test_bad_rows_are_counted(self, bad, reason):
        read = read_answer(answer(bad, row("landing")))
        assert (len(read.captures), read.left_out) == (1, {reason: 1})

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "empty"),
            (b"\n", "empty"),
            (b"<!doctype html><title>429 Too Many Requests</title>", "html"),
            (
                b"org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.RobotAccessControlException: ...",
                "blocked",
            ),
            (b"org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error", "blocked"),
            (b"Requested range not satisfiable\x1b[31m", "not_cdx"),
            (b"\xff\xfe\x00", "not_cdx"),
            (answer(row(), row("landing"))[:-30], "truncated"),
            (b'[["urlkey"', "truncated"),
            (b"[[1,],[2]]", "not_cdx"),
            (b"[1]", "not_cdx"),
            (b"[[" + b"[" * 500 + b"]" * 500 + b"]]", "not_cdx"),
            (b'{"error": "busy"}', "not_cdx"),
            (b'[["timestamp", "original"], ["20211005093000", "http://a.example/"]]', "not_cdx"),
            (b'[["urlkey","timestamp","original"],[],[7]]', "not_cdx"),
            (b'[["urlkey","timestamp","original"],[],["\\ud800"]]', "not_cdx"),
            (b"[" * 90_000, "truncated"),
            (b"[" + b"[]," * 150_000, "too_large"),
            (b"[" + b" " * ANSWER_LIMIT + b"]", "too_large"),
        ],
    )
    def test_what_is_no_answer(self, body, reason):
        with pytest.raises(CdxError) as raised:
            read_answer(body)
        assert raised.value.reason == reason
        assert str(raised.value).isprintable()

    @given(st.binary())
    def test_any_bytes(self, body):
        for start in (b"", b"["):
            with suppress(CdxError):
                read_answer(start + body)

    JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=8)

    @given(st.lists(st.lists(JSON, max_size=8)))
    def test_any_rows(self, rows):
        for capture in read_answer(answer(row(), *rows, row("z"))).captures:
            assert capture.original.startswith("http")
            capture.urlkey.encode()

    @given(st.permutations(range(7)), st.text())
    def test_any_text_in_any_column(self, order, text):
        for place in order:
            changed = row()
            changed[place] = text
            read = read_answer(answer(changed))
            assert len(read.captures) + read.left_out.total() == 1
