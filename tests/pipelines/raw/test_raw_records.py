"""A page kept as WARC records is read back as it was, by this project and by other tools."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.checker import Checker

from pipelines.model import Entry, Fetched
from pipelines.raw import RawFile, RawRecord, decode, encode
from pipelines.raw.members import LIMIT, read_members
from pipelines.store import LocalFiles

NOON = datetime(2021, 10, 5, 12, 0, 0, 250, tzinfo=UTC)
ENTRY = Entry(
    "https://tribune.example/film?from=feed",
    id="urn:7",
    title="Film crew docks",
    summary="The shooting begins.",
    published=NOON,
    author="Ada Holm",
    language="en",
    date_precision="minute",
    zone_known=False,
)
PAGE = Fetched(
    source="tribune",
    url="https://tribune.example/film",
    requested_url="https://tribune.example/film?from=feed",
    body="<html><h1>Экипаж на станции</h1>\r\n\r\n<p>HTTP/1.1 404</p></html>".encode("windows-1251"),
    charset="windows-1251",
    fetched_at=NOON,
    discovered_via="feed",
    listed=ENTRY,
)
RECORD = RawRecord("a1", PAGE, NOON, "Europe/Moscow")


def inflated(content: bytes) -> bytes:
    return b"".join(member.content for member in read_members(BytesIO(content)))


@pytest.mark.parametrize(
    "record",
    [
        RECORD,
        replace(RECORD, fetched=replace(PAGE, listed=None, charset="", discovered_via="url")),
        replace(RECORD, fetched=replace(PAGE, body=b"")),
        replace(RECORD, fetched=replace(PAGE, charset="utf-8\r\nWARC-Type: request\r\n\r\n")),
        replace(RECORD, fetched=replace(PAGE, url="https://tribune.example/фильм x\r\nWARC-Type: request\r\n\r\n")),
        replace(RECORD, fetched=replace(PAGE, listed=replace(ENTRY, title="\ud800\r\n\x00", published=None))),
    ],
    ids=["usual", "bare", "empty", "charset", "address", "title"],
)
def test_a_record_comes_back_as_it_was(record: RawRecord) -> None:
    content = encode(record)
    assert decode(inflated(content)) == record
    assert encode(record) == content


@given(st.binary(max_size=300))
def test_any_body_comes_back(body: bytes) -> None:
    record = replace(RECORD, fetched=replace(PAGE, body=body))
    assert decode(inflated(encode(record))) == record


@given(st.binary(max_size=300))
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="not a raw record"):
        decode(content)


def test_other_tools_read_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    RawFile(tmp_path, "20211005T120000.000000Z", LocalFiles(), lambda: NOON).append([encode(RECORD)])
    (path,) = tmp_path.rglob("*.warc.gz")
    assert path.relative_to(tmp_path) == Path("raw/2021/20211005T120000.000000Z.warc.gz")
    with path.open("rb") as file:
        records = {}
        for record in ArchiveIterator(file):
            record.freeze()
            records[record.headers["WARC-Type"]] = record
    assert list(records) == ["warcinfo", "response", "metadata"]
    response = records["response"]
    assert response.headers["WARC-Target-URI"] == PAGE.url
    assert response.headers["WARC-Date"] == "2021-10-05T12:00:00.000250Z"
    assert response.http_headers["Content-Type"] == "text/html; charset=windows-1251"
    assert response.reader.read() == PAGE.body
    assert records["metadata"].headers["WARC-Refers-To"] == response.headers["WARC-Record-ID"]
    checker = Checker(type("Options", (), {"inputs": [str(path)], "verbose": False})())
    checker.process_all()
    assert checker.exit_value == 0
    assert capsys.readouterr().out == ""


def test_a_member_that_inflates_beyond_all_pages_is_passed_over() -> None:
    bomb = gzip.compress(bytes(LIMIT + 1), 1)
    members = list(read_members(BytesIO(bomb + encode(RECORD))))
    assert members[0].content is None
    assert [member.content is None for member in members[-2:]] == [False, False]
