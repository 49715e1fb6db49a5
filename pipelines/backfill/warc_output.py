"""What reading one WARC file gives: its drafts and its counts, as bytes that depend on nothing else.

An output is one part or several, one after the other, so that nobody has to hold more than a part in memory. A part is
gzip members: first a table of contents, then each draft in a member of its own, and behind it the draft's raw record
(`pipelines.raw`) where raw records are kept. `zcat` shows all of it, and a reader that knows the offset takes one draft
without the others.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple

from pipelines.backfill.warc_tally import WarcTally
from pipelines.intake import Draft
from pipelines.model import Article, Claim
from pipelines.schema import ARTICLES
from pipelines.store.rows import from_json, row_of, to_json

VERSION = 2
"""Of the layout; outputs of another are not read."""

PART = 32 * 2**20
"""Bytes of drafts and raw records that make a part full: 10,000 drafts, or 800 with their raw records. Files of CC-NEWS
have fewer; one that holds nothing but pages on topic comes in as many parts as it takes."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLAIMED_DATE = "claimed_date"
_LISTS = frozenset(column.name for column in ARTICLES.columns if str(column.type).startswith("list"))


class Place(NamedTuple):
    """Where a draft stands, and by what it is put in order.

    Attributes:
        moment: microseconds since 1970 of `Draft.moment`.
        article_id: of its article.
        seen: microseconds since 1970 of the capture.
        offset: of its member in the file; while it is being written, from the end of the table of contents.
        length: of its member, in bytes.
        raw_length: of the raw record behind it, in bytes; 0 without one.
    """

    moment: int
    article_id: str
    seen: int
    offset: int
    length: int
    raw_length: int


class OutputError(ValueError):
    """A file that is no output, or not a whole one."""


class OutputWriter:
    """Collects the drafts of a part."""

    def __init__(self) -> None:
        self._members: list[bytes] = []
        self._places: list[Place] = []
        self._size = 0

    @property
    def is_full(self) -> bool:
        """Whether the part should end here."""
        return self._size >= PART

    def add(self, draft: Draft) -> None:
        """Takes a draft; the order of the calls is that of the output."""
        values = {"article": to_json(row_of(draft.article)), "claims": [_claim_to_json(c) for c in draft.claims]}
        member = _member(values)
        article = draft.article
        self._places.append(
            Place(
                _microseconds(draft.moment),
                article.article_id,
                _microseconds(article.fetched_at),
                self._size,
                len(member),
                len(draft.raw),
            )
        )
        self._members += (member, draft.raw)
        self._size += len(member) + len(draft.raw)

    def finish(self, tally: WarcTally) -> bytes:
        """The part, whole, with the counts of the records that it covers."""
        contents = {"version": VERSION, "tally": tally.to_json(), "drafts": self._places, "size": self._size}
        return b"".join([_member(contents), *self._members])


@dataclass(frozen=True, slots=True)
class Output:
    """An output's tables of contents: the counts of its file, and where its drafts stand."""

    tally: WarcTally
    places: list[Place]


def read_output(path: Path) -> Output:
    """The tables of contents of an output.

    Raises:
        OutputError: if the file is something else.
    """
    output = Output(WarcTally(), [])
    size, end = path.stat().st_size, 0
    with path.open("rb") as file:
        while not end or end < size:
            contents, start = _member_at(file, end)
            if not isinstance(contents, dict) or contents.get("version") != VERSION:
                raise OutputError(f"{path} was written by another version")
            try:
                output.tally.add(WarcTally.from_json(contents["tally"]))
                for moment, id_, seen, at, *lengths in contents["drafts"]:
                    output.places.append(Place(moment, id_, seen, start + at, *lengths))
                end = start + int(contents["size"])
            except (KeyError, TypeError, ValueError) as error:
                raise OutputError(f"{path}: {error}") from None
    if end != size:
        raise OutputError(f"{path} is not whole")
    return output


def read_draft(path: Path, offset: int, length: int, raw_length: int) -> Draft:
    """The draft at a place of an output, with its raw record if it has one.

    Raises:
        OutputError: if there is none.
    """
    with path.open("rb") as file:
        file.seek(offset)
        member, raw = file.read(length), file.read(raw_length)
    if len(raw) < raw_length:
        raise OutputError(f"{path} is not whole")
    try:
        values = json.loads(gzip.decompress(member))
        return Draft(_article(values["article"]), tuple(map(_claim, values["claims"])), raw)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{path}: {error}") from None


def _member(values: Mapping[str, Any]) -> bytes:
    line = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    # The time in the header would make two outputs of one file differ.
    return gzip.compress(line.encode("utf-8") + b"\n", 6, mtime=0)


def _member_at(file: IO[bytes], offset: int) -> tuple[Any, int]:
    """What the member at an offset holds, and where it ends."""
    file.seek(offset)
    unpacking = zlib.decompressobj(31)
    found = bytearray()
    try:
        while not unpacking.eof and (part := file.read(2**16)):
            found += unpacking.decompress(part)
        contents = json.loads(found) if unpacking.eof else None
    except (zlib.error, ValueError) as error:
        raise OutputError(f"{file.name}: {error}") from None
    if contents is None:
        raise OutputError(f"{file.name} is not whole")
    return contents, file.tell() - len(unpacking.unused_data)


def _article(row: dict[str, Any]) -> Article:
    read = from_json(ARTICLES, row).items()
    values: dict[str, Any] = {name: tuple(value) if name in _LISTS else value for name, value in read}
    return Article(**values)


def _claim_to_json(claim: Claim) -> dict[str, Any]:
    values = asdict(claim)
    values[_CLAIMED_DATE] = claim.claimed_date.isoformat() if claim.claimed_date else None
    return values


def _claim(values: dict[str, Any]) -> Claim:
    written = values[_CLAIMED_DATE]
    return Claim(**{**values, _CLAIMED_DATE: datetime.fromisoformat(written).date() if written else None})


def _microseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)
