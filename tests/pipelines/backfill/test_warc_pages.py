"""Which records become pages, which pages pass, and why the others do not."""

import gzip
import io
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.backfill.warc_pages import BODY_LIMIT, Passed, Wanted, passed_pages
from pipelines.backfill.warc_tally import OutletTally, WarcTally
from pipelines.backfill.window import Window
from pipelines.catalogue.outlets import Outlets
from pipelines.catalogue.projects import load_projects
from pipelines.model import Fetched
from pipelines.topic import Judge
from tests.pipelines.backfill.warcs import CAPTURED, OFF_TOPIC, ON_TOPIC, SOURCES, WANTED, packed, record
from tests.pipelines.page_texts import JAPANESE, RUSSIAN, page, paragraphs

JUDGE = Judge(load_projects())


def read(*rows: bytes, wanted: Wanted = WANTED) -> tuple[list[Passed], WarcTally]:
    tally = WarcTally()
    passed = list(passed_pages(io.BytesIO(packed(*rows)), wanted, JUDGE, tally))
    counted = sum(tally.skipped.values()) + tally.pages
    assert counted == tally.records, "every record is counted once"
    fates = sum(counts.off_topic + sum(counts.dropped.values()) for counts in tally.outlets.values())
    assert fates + len(passed) == tally.pages
    return passed, tally


def test_a_page_on_topic_passes_with_what_the_archive_knows_of_it() -> None:
    (passed,), tally = read(record("https://tribune.example/1#top"))
    assert passed.timezone == "Europe/Moscow"
    assert passed.fetched == Fetched(
        "tribune", "https://tribune.example/1", "https://tribune.example/1", ON_TOPIC, "utf-8", CAPTURED, "ccnews"
    )
    assert (tally.records, tally.pages, tally.passed, tally.page_bytes) == (1, 1, 1, len(ON_TOPIC))


@pytest.mark.parametrize("content_type", ["", "; charset=utf-8", "Text/HTML", "application/xhtml+xml;charset=utf-8"])
def test_what_calls_itself_html_or_nothing_is_looked_at(content_type: str) -> None:
    passed, _ = read(record(content_type=content_type))
    assert len(passed) == 1


@pytest.mark.parametrize(
    "header", [("Content-Encoding", "gzip"), ("Content-Encoding", "br"), ("Transfer-Encoding", "chunked")]
)
def test_a_body_that_is_plain_already_is_read_whatever_its_headers_say(header: tuple[str, str]) -> None:
    (passed,), _ = read(record(headers=(header,)))
    assert passed.fetched.body == ON_TOPIC


def test_outlets_that_the_catalogue_lacks_go_by_their_domain() -> None:
    (passed,), _ = read(record("https://www.elsewhere.co.uk/1"))
    assert (passed.fetched.source, passed.timezone) == ("elsewhere.co.uk", "UTC")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (record(kind="request"), "request"),
        (record(kind="metadata"), "metadata"),
        (record(kind="revisit"), "revisit"),
        (record(kind="conversion"), "conversion"),
        (record(""), "no_address"),
        (record("dns:tribune.example"), "not_http"),
        (record(http="HTTP/1.1 404 Not Found"), "status"),
        (record(http="HTTP/1.1 206 Partial Content"), "status"),
        (record(http="ICY 200"), "not_http"),
        (record(content_type="application/pdf"), "not_html"),
        (record(at="last Tuesday"), "bad_date"),
        (record(at="2021-10-05T18:30:00"), "bad_date"),
        (record(body=b"x" * (BODY_LIMIT + 200_000)), "too_large"),
    ],
)
def test_records_that_are_no_pages_are_skipped_with_a_reason(row: bytes, reason: str) -> None:
    passed, tally = read(row)
    assert passed == []
    assert tally.skipped == {reason: 1}
    assert tally.pages == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (record(body=b" \r\n"), "empty"),
        (record(body=gzip.compress(bytes(50 * 2**20)), headers=(("Content-Encoding", "gzip"),)), "too_large"),
        (record(body=b"noise", headers=(("Content-Encoding", "br"),)), "bad_coding"),
        (record(body=ON_TOPIC.partition(b"<body>")[2][8:], content_type=""), "not_html"),
        (record(body=page(head="<title>Just a moment...</title>", body=paragraphs()[:400]).encode()), "bot_wall"),
    ],
)
def test_pages_that_cannot_be_used_are_dropped_with_a_reason(row: bytes, reason: str) -> None:
    passed, tally = read(row)
    assert passed == []
    assert tally.outlets == {"tribune": OutletTally(1, 0, {reason: 1})}


def test_a_page_off_topic_ends_at_the_gate() -> None:
    passed, tally = read(record(body=OFF_TOPIC), record("https://gazette.example/2", OFF_TOPIC))
    assert passed == []
    assert tally.outlets == {"tribune": OutletTally(1, 1), "gazette": OutletTally(1, 1)}


def test_a_cut_file_gives_what_is_whole() -> None:
    whole = packed(record(), record("https://tribune.example/2"))
    tally = WarcTally()
    passed = list(passed_pages(io.BytesIO(whole[:-300]), WANTED, JUDGE, tally))
    assert [one.fetched.url for one in passed] == ["https://tribune.example/1"]
    assert tally.outlets["tribune"].dropped == {"cut": 1}


def test_what_the_archive_itself_cut_is_read() -> None:
    passed, tally = read(record(body=ON_TOPIC[:-200], warc_headers=(("WARC-Truncated", "length"),)))
    assert len(passed) == 1
    assert tally.truncated == 1


@pytest.mark.parametrize(
    ("text", "charset", "language"),
    [
        (RUSSIAN, "windows-1251", "ru"),
        (RUSSIAN, "koi8-r", "ru"),
        (JAPANESE, "shift_jis", "ja"),
        (JAPANESE, "euc-jp", "ja"),
    ],
)
def test_pages_in_old_charsets_pass_whether_or_not_a_header_names_them(
    text: tuple[str, ...], charset: str, language: str
) -> None:
    body = page(f"<article>{paragraphs(text)}</article>", language=language).encode(charset)
    passed, _ = read(
        record("https://tribune.example/1", body, content_type=f"text/html; charset={charset}"),
        record("https://tribune.example/2", body, content_type="text/html"),
    )
    assert [one.fetched.charset for one in passed] == [charset, ""]


def test_coded_bodies_are_read_as_their_pages() -> None:
    (passed,), _ = read(record(body=gzip.compress(ON_TOPIC), headers=(("Content-Encoding", "gzip"),)))
    assert passed.fetched.body == ON_TOPIC


def test_a_page_nested_to_death_is_left_to_the_worker() -> None:
    # The gate's parser would take minutes for it.
    passed, _ = read(record(body=ON_TOPIC.replace(b"</article>", b"</article>" + b"<div>" * 400_000)))
    assert len(passed) == 1


def test_only_captures_of_the_days_asked_for_are_read() -> None:
    window = Window(date(2021, 10, 5), date(2021, 10, 5))
    rows = [
        record(f"https://tribune.example/{hours}", at=datetime(2021, 10, 5, tzinfo=UTC) + timedelta(hours=hours))
        for hours in (-30, -13, 12, 35, 40)
    ]
    passed, tally = read(*rows, wanted=Wanted(Outlets(SOURCES), window))
    assert [one.fetched.url.rpartition("/")[2] for one in passed] == ["-13", "12", "35"]
    assert tally.skipped == {"other_day": 2}


def test_only_the_sources_asked_for_are_read() -> None:
    wanted = Wanted(Outlets(SOURCES), sources=frozenset({"gazette"}))
    passed, tally = read(record(), record("https://gazette.example/1"), wanted=wanted)
    assert [one.fetched.source for one in passed] == ["gazette"]
    assert tally.skipped == {"other_source": 1}


def test_counts_survive_being_written() -> None:
    _, tally = read(record(), record(body=b""), record(kind="request"), record("https://gazette.example/1", OFF_TOPIC))
    assert WarcTally.from_json(tally.to_json()) == tally
