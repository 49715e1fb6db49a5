"""The index of a web archive: which pages of a site it has copies of, and where (Wayback CDX server API).

The format is the Internet Archive's: `output=json` gives a header row, then a row a capture, then, when there is more,
an empty row and one with the key to go on from
(https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server).

Three habits of that server are met here. The key is right only when `urlkey` is among the fields (wayback#121). It is
printed percent-encoded, as it must stand in the next address, so it is not encoded again. And a site that is excluded
from the archive gives an error text of Java's instead of an answer (wayback#168).
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote, quote_plus, urlencode

from pipelines.backfill.captures import Capture
from pipelines.backfill.scopes import Scope
from pipelines.backfill.stamps import read_stamp, write_stamp
from pipelines.backfill.window import Window
from pipelines.text import clean_text
from pipelines.urls import fetch_url

Refusal = Literal["empty", "too_large", "blocked", "html", "truncated", "not_cdx"]

PAGE_SIZE = 5_000
"""Captures asked for at once: about 1 MB. The server works some seconds for these, and times out on hundreds of
thousands."""

ANSWER_LIMIT = 8 * 2**20
"""Bytes of one answer that are read; a row has about 200."""

_BRACKETS_LIMIT = 100_000
"""Lists and objects in an answer, twenty times what is asked for: 8 MiB of empty lists would take 180 MB."""

_KEY_LIMIT = 4_096
"""Characters of a key, which holds one address."""

_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_NEEDED = frozenset({"urlkey", "timestamp", "original"})
_BLOCKED = (b"AccessControlException", b"Blocked Site")
_SHOWN = 120


class CdxError(ValueError):
    """An answer that is no list of captures.

    Attributes:
        reason: code to count it by.
    """

    def __init__(self, reason: Refusal, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CdxAnswer:
    """One page of captures.

    Attributes:
        captures: the earliest of each address, in the index's order.
        resume_key: what to go on with, "" at the end.
        last_urlkey: for `after` when the next page is read.
        left_out: rows by reason: "repeated" (a later capture of the address), "columns", "timestamp", "address",
            "number".
    """

    captures: tuple[Capture, ...] = ()
    resume_key: str = ""
    last_urlkey: str = ""
    left_out: Counter[str] = field(default_factory=Counter)


def query_address(base: str, scope: Scope, window: Window, *, limit: int = PAGE_SIZE, resume_key: str = "") -> str:
    """The address that asks for the earliest good HTML capture of each page, among the captures of a window.

    The server filters before it collapses, and collapsing by `urlkey` keeps the first row, so the earliest capture with
    status 200 speaks for a page: nearest to what was published, and later corrections are not history. The window is
    that of the captures; a page is captured when it is published or later.

    Args:
        base: address of the index, for example "https://web.archive.org/cdx/search/cdx".
        scope: which addresses.
        window: in which days.
        limit: captures an answer; `read_answer` takes up to 30,000 or so.
        resume_key: of the answer before, as it was printed.
    """
    fields = [
        ("url", scope.url),
        ("matchType", scope.match),
        ("output", "json"),
        ("fl", ",".join(_FIELDS)),
        ("from", write_stamp(window.start)),
        ("to", write_stamp(window.end - timedelta(seconds=1))),
        ("filter", "statuscode:200"),
        ("filter", "mimetype:text/html"),
        ("collapse", "urlkey"),
        ("limit", str(limit)),
        ("showResumeKey", "true"),
    ]
    key = f"&resumeKey={_as_printed(resume_key)}" if resume_key else ""
    return f"{base}{'&' if '?' in base else '?'}{urlencode(fields, quote_via=quote, safe=',:/')}{key}"


def read_answer(body: bytes, *, after: str = "") -> CdxAnswer:
    """Read one page of an index.

    Args:
        body: the answer; its columns may stand in any order.
        after: `last_urlkey` of the page before: the server collapses within a page, so the next may begin with another
            capture of the last address.

    Returns:
        The captures. An empty list, or a header alone, is an answer without captures.

    Raises:
        CdxError: when it is an error text or a page, cut off, or larger than what is asked for.
    """
    header, *rows = _rows(body) or [[*_FIELDS]]
    columns = {name: place for place, name in enumerate(header) if isinstance(name, str)}
    if missing := _NEEDED - columns.keys():
        raise CdxError("not_cdx", f"the index answered without the column {min(missing)!r}")
    resume_key = ""
    if len(rows) >= 2 and not rows[-2] and len(rows[-1]) == 1:
        resume_key = _resume_key(rows[-1][0])
        del rows[-2:]
    captures: list[Capture] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        if not row:
            continue
        capture = _capture(row, columns) if len(row) == len(header) else "columns"
        if isinstance(capture, str):
            left_out[capture] += 1
        elif capture.urlkey == after:
            left_out["repeated"] += 1
        else:
            captures.append(capture)
            after = capture.urlkey
    return CdxAnswer(tuple(captures), resume_key, after, left_out)


def _rows(body: bytes) -> list[list[Any]]:
    text = body.strip()
    if not text:
        raise CdxError("empty", "the index answered with nothing")
    if len(body) > ANSWER_LIMIT or text.count(b"[") + text.count(b"{") > _BRACKETS_LIMIT:
        raise CdxError("too_large", f"the index answered with more than {PAGE_SIZE} captures can take")
    if not text.startswith(b"["):
        raise _error_text(text)
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        if text.endswith(b"]]"):
            raise CdxError("not_cdx", "the index answered with broken JSON") from None
        raise CdxError("truncated", "the answer of the index is cut off") from None
    if not all(isinstance(row, list) for row in rows):
        raise CdxError("not_cdx", "the index answered with JSON that is no list of rows")
    return list(rows)


def _error_text(text: bytes) -> CdxError:
    if any(word in text[:4_096] for word in _BLOCKED):
        return CdxError("blocked", "the archive does not show this site: its owner or its robots.txt excludes it")
    if text.startswith(b"<"):
        return CdxError("html", "the index answered with a page instead of a list")
    said = clean_text(text[: 4 * _SHOWN].decode("utf-8", "replace"), limit=_SHOWN)
    return CdxError("not_cdx", f"the index answered with a text: {said}")


def _capture(row: list[Any], columns: dict[str, int]) -> Capture | str:
    """The capture of a row, or the reason why there is none."""
    if not all(isinstance(value, str) for value in row):
        return "columns"
    values = {name: row[place] if row[place] != "-" else "" for name, place in columns.items()}
    try:
        captured_at = read_stamp(values["timestamp"])
    except ValueError:
        return "timestamp"
    try:
        original = fetch_url(values["original"])
    except ValueError:
        return "address"
    try:
        status, length = _number(values.get("statuscode", "")), _number(values.get("length", ""))
    except ValueError:
        return "number"
    return Capture(
        urlkey=clean_text(values["urlkey"], limit=_KEY_LIMIT) or original,
        original=original,
        captured_at=captured_at,
        status=status,
        mimetype=clean_text(values.get("mimetype", ""), limit=_SHOWN),
        digest=clean_text(values.get("digest", ""), limit=_SHOWN),
        length=length,
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if len(text) > 18 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text[:20]!r} is no number")
    return int(text)


def _resume_key(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _KEY_LIMIT or not value.isprintable():
        raise CdxError("not_cdx", "the index answered with a key to go on from that is none")
    return value


def _as_printed(key: str) -> str:
    """A resume key as it stands in an address; what a server left unencoded is encoded."""
    return quote_plus(key, safe="%+")
