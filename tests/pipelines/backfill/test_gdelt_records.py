import gzip
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill import gdelt_records
from pipelines.backfill.gdelt import KINDS, BulkFile
from pipelines.backfill.gdelt_records import Record, Records
from pipelines.backfill.unpacking import LINE_LIMIT
from tests.pipelines.backfill.gdelt_files import export_row, gal_line, gkg_row, gzipped, mentions_row, zipped

URL = "https://www.outlet.example/2021/10/05/film-crew-lifts-off"
SEEN = datetime(2021, 10, 5, 9, tzinfo=UTC)


def of(kind: str) -> BulkFile:
    return BulkFile("http://data.example/x", kind, SEEN)


def read(body: bytes, kind: str) -> tuple[list[Record], dict[str, int]]:
    records = Records(body, of(kind))
    return list(records), records.left_out


class TestArticleList:
    def test_a_record(self):
        line = gal_line(URL, "Film crew &amp; cosmonaut <b>lift off</b>", desc="Two  weeks\nin orbit", lang="ru")
        assert read(gzipped(line), "gal") == (
            [
                Record(
                    url=URL,
                    title="Film crew & cosmonaut lift off",
                    description="Two weeks in orbit",
                    instant=datetime(2021, 10, 5, 9, 1, tzinfo=UTC),
                    language="ru",
                    domain="outlet.example",
                )
            ],
            {},
        )

    def test_what_a_record_may_lack(self):
        ((record,), left_out) = read(b'{"url": "https://a.example/x", "title": null, "date": 7, "lang": "un"}\n', "gal")
        assert (record, left_out) == (Record(url="https://a.example/x", domain="a.example"), {})

    def test_bad_lines_are_counted(self):
        lines = [
            gal_line(URL),
            "",
            "{",
            "[1]",
            "7",
            gal_line("javascript:alert(1)"),
            gal_line(""),
            "[" * 100_000,
            gal_line(URL),
        ]
        records, left_out = read(gzipped(*lines), "gal")
        assert (len(records), left_out) == (2, {"json": 4, "address": 2})


class TestTables:
    def test_a_row_of_the_knowledge_graph(self):
        row = gkg_row(URL, "Фильм &#x201C;Вызов&#x201D;", published="20211005085500", language="rus")
        ((record,), left_out) = read(zipped("20211005090000.gkg.csv", row), "gkg")
        assert record == Record(
            url=URL,
            title="Фильм “Вызов”",
            instant=datetime(2021, 10, 5, 8, 55, tzinfo=UTC),
            language="ru",
            domain="outlet.example",
        )
        assert left_out == {}

    def test_without_title_time_and_translation(self):
        ((record,), _) = read(zipped("x.csv", gkg_row(URL)), "gkg")
        assert (record.title, record.instant, record.language) == ("", SEEN, "en")

    @pytest.mark.parametrize(("kind", "row"), [("export", export_row(URL)), ("mentions", mentions_row(URL))])
    def test_rows_of_the_event_tables(self, kind, row):
        ((record,), left_out) = read(zipped("x.CSV", row), kind)
        assert (record.url, record.title, record.instant, left_out) == (URL, "", SEEN, {})

    @pytest.mark.parametrize(
        ("kind", "row", "reason"),
        [
            ("gkg", gkg_row(URL) + "\t", "columns"),
            ("gkg", "a\tb", "columns"),
            ("gkg", gkg_row("JSTOR 10.2307/1", collection="5"), "not_web"),
            ("mentions", mentions_row("BBC Monitoring", kind="2"), "not_web"),
            ("gkg", gkg_row("ftp://outlet.example/"), "address"),
            ("export", export_row(""), "address"),
            ("export", gkg_row(URL), "columns"),
            ("gkg", gkg_row(URL, "x" * LINE_LIMIT), "too_long"),
        ],
    )
    def test_bad_rows_are_counted(self, kind, row, reason):
        assert read(zipped("x.csv", row), kind) == ([], {reason: 1})

    def test_a_title_that_does_not_end(self):
        row = gkg_row(URL, "Film crew").removesuffix("</PAGE_TITLE>") + "<PAGE_TITLE>" * 50_000
        ((record,), _) = read(zipped("x.csv", row), "gkg")
        assert record.title == ""

    def test_a_bad_stamp(self):
        ((record,), _) = read(zipped("x.csv", gkg_row(URL, seen="20211305000000")), "gkg")
        assert record.instant is None


class TestFiles:
    def test_a_broken_file_gives_what_came_before(self):
        body = gzip.compress("".join(f"{gal_line(f'{URL}-{n}')}\n" for n in range(5_000)).encode())
        records, left_out = read(body[: len(body) // 2], "gal")
        assert 100 < len(records) < 5_000
        assert left_out["truncated"] == 1

    def test_other_bytes_than_the_list_promised(self):
        body = zipped("x.csv", gkg_row(URL))
        for md5, left_out in ((hashlib.md5(body, usedforsecurity=False).hexdigest(), {}), ("0" * 32, {"altered": 1})):
            records = Records(body, replace(of("gkg"), md5=md5))
            assert (len(list(records)), records.left_out) == (1, left_out)

    @pytest.mark.parametrize("body", [zipped("x.csv", *[gkg_row(URL)] * 9_000), gzipped(*[gkg_row(URL)] * 9_000)])
    def test_no_more_bytes_than_a_file_has(self, body, monkeypatch):
        monkeypatch.setattr(gdelt_records, "UNPACKED_LIMIT", 100_000)
        records, left_out = read(body, "gkg")
        assert 0 < len(records) < 1_000
        assert left_out["truncated"] == 1

    @given(
        body=st.binary(),
        magic=st.sampled_from([b"", b"\x1f\x8b\x08\0", b"PK\x03\x04", b"{"]),
        kind=st.sampled_from(KINDS),
    )
    def test_any_bytes(self, body, magic, kind):
        list(Records(magic + body, of(kind)))

    @given(st.lists(st.text()), st.sampled_from(["gkg", "export", "mentions"]))
    def test_any_cells(self, cells, kind):
        width = {"gkg": 27, "export": 61, "mentions": 16}[kind]
        row = "\t".join((cells + ["1"] * width)[:width])
        for record in Records(row.encode("utf-8", "replace"), of(kind)):
            assert record.url.startswith("http")

    @given(
        st.dictionaries(
            st.sampled_from(["title", "date", "lang", "desc", "domain"]),
            st.text() | st.none() | st.floats() | st.lists(st.text()),
        )
    )
    def test_any_fields(self, fields):
        (record,) = Records(json.dumps({"url": URL, **fields}).encode(), of("gal"))
        (record.title + record.description + record.language + record.domain).encode()
