"""The articles that one of GDELT's bulk files names. Which files there are, `pipelines.backfill.gdelt` says."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pipelines.backfill.gdelt import BulkFile, Kind
from pipelines.backfill.stamps import read_stamp
from pipelines.backfill.unpacking import LINE_LIMIT, CutError, unpacked_lines
from pipelines.feeds.dates import read_date
from pipelines.text import NAME_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, clean_text, language_tag, plain_text
from pipelines.urls import fetch_url

UNPACKED_LIMIT = 256 * 2**20
"""Bytes of one file after unpacking: five times the largest quarter hour of the knowledge graph."""

_WEB = b"1"
"""The collection, in the knowledge graph's third column and the mention table's fourth, whose identifiers are
addresses; the others are citations, broadcasts and documents by number."""

_TITLE, _TITLE_END = b"<PAGE_TITLE>", b"</PAGE_TITLE>"
_PUBLISHED = re.compile(rb"<PAGE_PRECISEPUBTIMESTAMP>([0-9]{14})</PAGE_PRECISEPUBTIMESTAMP>")
_TRANSLATED_FROM = re.compile(rb"srclc:([a-z]{3})\b")
_UNKNOWN_LANGUAGE = "un"  # CLD2, which reads the languages of the article list

_CODES = """
afr:af sqi:sq ara:ar hye:hy aze:az eus:eu bel:be ben:bn bos:bs bul:bg cat:ca zho:zh hrv:hr ces:cs dan:da nld:nl est:et
fin:fi fra:fr glg:gl kat:ka deu:de ell:el guj:gu heb:he hin:hi hun:hu isl:is ind:id ita:it jpn:ja kan:kn kaz:kk kor:ko
lav:lv lit:lt mkd:mk msa:ms mal:ml mar:mr mon:mn nep:ne nor:no pan:pa fas:fa pol:pl por:pt ron:ro rus:ru srp:sr sin:si
slk:sk slv:sl som:so spa:es swa:sw swe:sv tam:ta tel:te tha:th tur:tr ukr:uk urd:ur vie:vi
"""
_LANGUAGES = dict(pair.split(":") for pair in _CODES.split())
"""ISO 639-2 to 639-1: the languages that GDELT translates from. Of others the page itself says what it is in."""


class _Table(NamedTuple):
    """Where a table has what is read: number of columns, and places from 0."""

    columns: int
    address: int
    seen: int
    collection: int | None = None
    domain: int | None = None
    translation: int | None = None
    extras: int | None = None


_TABLES: dict[Kind, _Table] = {
    "gkg": _Table(27, address=4, seen=1, collection=2, domain=3, translation=25, extras=26),
    "export": _Table(61, address=60, seen=59),
    "mentions": _Table(16, address=5, seen=2, collection=3, domain=4, translation=14),
}


@dataclass(frozen=True, slots=True)
class Record:
    """An article that GDELT saw.

    Attributes:
        url: its address, safe to request.
        title: plain text, in the article's language; "" when the file has none.
        description: of the page's metadata; "" when the file has none.
        instant: of publication where the page states it to the minute, else when GDELT saw it, hours later or, for
            old pages under new addresses, years; None when the file does not say. No evidence of a date.
        language: BCP 47 tag in lower case, "" when unknown.
        domain: as GDELT names it, else the host.
    """

    url: str
    title: str = ""
    description: str = ""
    instant: datetime | None = None
    language: str = ""
    domain: str = ""


class Records:
    """Iterates over the articles of a file. Memory does not grow with its length.

    Args:
        body: the file as received, packed or not.
        file: what it is.

    Attributes:
        left_out: filled on the way, lines by reason: "columns" (too few or too many), "json", "address", "not_web"
            (named by something else than an address), "too_long", "truncated" (once, when the file is broken or larger
            than any real one after unpacking). "altered" is counted once when the bytes are not those of the MD5 that
            the list of files gave; they are read all the same.
    """

    def __init__(self, body: bytes, file: BulkFile) -> None:
        self.left_out: Counter[str] = Counter()
        self._body = body
        self._md5 = file.md5
        self._table = _TABLES.get(file.kind)

    def __iter__(self) -> Iterator[Record]:
        """The articles, in the file's order; never raises."""
        if self._md5 and self._md5 != hashlib.md5(self._body, usedforsecurity=False).hexdigest():
            self.left_out["altered"] += 1
        try:
            for line in unpacked_lines(self._body, limit=UNPACKED_LIMIT):
                if not line:
                    continue
                if len(line) >= LINE_LIMIT:
                    read: Record | str = "too_long"
                else:
                    read = _from_table(line, self._table) if self._table else _from_json(line)
                if isinstance(read, str):
                    self.left_out[read] += 1
                else:
                    yield read
        except CutError:
            self.left_out["truncated"] += 1


def _from_json(line: bytes) -> Record | str:
    """The record of a line of the article list, or the reason why there is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "json"
    if not isinstance(said, dict):
        return "json"
    address = _address(_text(said, "url"))
    if not address:
        return "address"
    date = read_date(_text(said, "date"), UTC)
    language = language_tag(_text(said, "lang"))
    return Record(
        url=address,
        title=plain_text(_text(said, "title"), limit=TITLE_LIMIT),
        description=plain_text(_text(said, "desc"), limit=SUMMARY_LIMIT),
        instant=date.instant if date else None,
        language="" if language == _UNKNOWN_LANGUAGE else language,
        domain=_domain(_text(said, "domain"), address),
    )


def _from_table(line: bytes, table: _Table) -> Record | str:
    """The record of a row, or the reason why there is none."""
    cells = line.split(b"\t")
    if len(cells) != table.columns:
        return "columns"
    if table.collection is not None and cells[table.collection].strip() != _WEB:
        return "not_web"
    address = _address(_decoded(cells[table.address]))
    if not address:
        return "address"
    extras = cells[table.extras] if table.extras is not None else b""
    published = _PUBLISHED.search(extras)
    language = ""
    if table.translation is not None:
        source = _TRANSLATED_FROM.search(cells[table.translation])
        # What was not translated is English.
        language = _LANGUAGES.get(source[1].decode(), "") if source else "en"
    return Record(
        url=address,
        title=plain_text(_decoded(_title(extras)), limit=TITLE_LIMIT),
        instant=_instant(published[1] if published else cells[table.seen]),
        language=language,
        domain=_domain(_decoded(cells[table.domain]) if table.domain is not None else "", address),
    )


def _title(extras: bytes) -> bytes:
    _, _, rest = extras.partition(_TITLE)
    title, end, _ = rest.partition(_TITLE_END)
    return title if end else b""


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _decoded(cell: bytes) -> str:
    return cell.decode("utf-8", "replace")


def _address(text: str) -> str:
    """The address, "" for what is none."""
    try:
        return fetch_url(text)
    except ValueError:
        return ""


def _instant(stamp: bytes) -> datetime | None:
    try:
        return read_stamp(_decoded(stamp.strip()))
    except ValueError:
        return None


def _domain(stated: str, address: str) -> str:
    return clean_text(stated, limit=NAME_LIMIT) or (urlsplit(address).hostname or "")
