"""Stories or articles as CSV, JSON lines or an Atom feed. Pure: rows in, bytes out.

CSV is opened by spreadsheets, and a headline comes from a stranger: a cell that begins like a formula would be run
(https://owasp.org/www-community/attacks/CSV_Injection). Such cells get an apostrophe in front, which spreadsheets show
as text.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

import pandas as pd
from lxml import etree

from pipelines.text import clean_text

Row = Mapping[str, Any]
"""Column name to a plain value: text, number, bool, date, datetime, list of text, or None."""

_FORMULA = re.compile(r"[\s\"'“”‘’]*[=+\-@＝＋－＠]|[ \"']*[\t\r\n]")
"""What a spreadsheet may take for a formula, also after spaces and quotation marks that an import strips, and in full
width, which some fold. The second part: a tab or line break in front moves what follows into a cell of its own."""

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write (section 2.2)."""

ATOM = "http://www.w3.org/2005/Atom"

_NAMESPACES: Any = {None: ATOM}  # lxml's type stubs know no default namespace


def plain_rows(frame: pd.DataFrame) -> Iterator[Row]:
    """The rows of a frame as plain values: lists instead of arrays, None for whatever is missing."""
    names = list(frame.columns)
    for values in zip(*(frame[name] for name in names), strict=True):
        yield {name: _plain(value) for name, value in zip(names, values, strict=True)}


def write_csv(rows: Iterable[Row], columns: Sequence[str], out: BinaryIO, *, raw: bool = False) -> int:
    r"""Writes rows as CSV (RFC 4180), in UTF-8.

    Args:
        rows: with these columns at least.
        columns: in this order.
        out: open for writing bytes; stays open.
        raw: for programs: cells exactly as stored. Otherwise for spreadsheets: formulas are defused, all text is
            quoted (a semicolon would part cells in half of Europe), and a byte order mark tells Excel that it is
            UTF-8.

    Returns:
        The number of rows. Lists are joined by "; ", days and instants are in ISO 8601.
    """
    text = io.TextIOWrapper(out, encoding="utf-8" if raw else "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL if raw else csv.QUOTE_NONNUMERIC)
    count = 0
    try:
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(row[name], raw=raw) for name in columns])
            count += 1
    finally:
        text.detach()
    return count


def write_jsonl(rows: Iterable[Row], columns: Sequence[str], out: BinaryIO) -> int:
    """Writes rows as JSON lines (https://jsonlines.org), in UTF-8; days and instants in ISO 8601.

    Returns:
        The number of rows.
    """
    count = 0
    for row in rows:
        values = {name: row[name] for name in columns}
        line = json.dumps(values, ensure_ascii=False, allow_nan=False, default=_iso)
        out.write(line.encode("utf-8") + b"\n")
        count += 1
    return count


def write_atom(rows: Iterable[Row], out: BinaryIO, *, title: str, feed_id: str, updated: datetime) -> int:
    """Writes rows as an Atom feed (RFC 4287).

    Args:
        rows: stories or articles with their id and the columns of `ATOM_COLUMNS`.
        out: open for writing bytes.
        title: of the feed.
        feed_id: an IRI that names the feed for good, such as "urn:orbitwatch:stories".
        updated: when anything in it last changed.

    Returns:
        The number of entries. Their ids follow from the ids of the rows, so that a reader shows none twice.
    """
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMESPACES)
    _add(feed, "title", title)
    _add(feed, "id", feed_id)
    _add(feed, "updated", _instant(updated))
    count = 0
    for row in rows:
        _add_entry(feed, row)
        count += 1
    out.write(etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True))
    return count


ATOM_COLUMNS = ("url", "source", "title", "summary", "authors", "date", "published_at", "projects", "first_seen_at")
"""What a feed shows, beside the id. Texts belong to their publishers: an entry has the summary and the link."""


def _add_entry(feed: etree._Element, row: Row) -> None:
    kind = "article" if "article_id" in row else "story"
    published = row["published_at"] or datetime.combine(row["date"], datetime.min.time(), UTC)
    entry = _add(feed, "entry")
    _add(entry, "title", row["title"] or row["url"])
    _add(entry, "id", f"urn:orbitwatch:{kind}:{row[f'{kind}_id']}")
    _add(entry, "link", rel="alternate", href=row["url"])
    _add(entry, "published", _instant(published))
    _add(entry, "updated", _instant(max(published, row["first_seen_at"])))
    # An entry or its feed must have an author (RFC 4287, section 4.1.2): the outlet where no person is named.
    for name in row["authors"] or [row["source"]]:
        _add(_add(entry, "author"), "name", name)
    for project in row["projects"]:
        _add(entry, "category", term=project)
    if row["summary"]:
        _add(entry, "summary", row["summary"])


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: _xml(value) for key, value in attributes.items()})
    element.text = None if text is None else _xml(text)
    return element


def _xml(text: str) -> str:
    return _NOT_XML.sub("", clean_text(text, keep_newlines=True))


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds")


def _cell(value: Any, *, raw: bool) -> Any:
    if isinstance(value, list):
        return "; ".join(_cell(item, raw=raw) for item in value)
    if isinstance(value, date):  # instants too
        return value.isoformat()
    if isinstance(value, str) and not raw and _FORMULA.match(value):
        return f"'{value}"
    return value


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    msg = f"{type(value).__name__} has no place in JSON"
    raise TypeError(msg)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist") and not isinstance(value, date):  # numpy's arrays and numbers
        value = value.tolist()
    if isinstance(value, list | tuple):
        return list(value)
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float):
        return float(f"{value:.7g}")  # all that a column of 32 bits knows
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
