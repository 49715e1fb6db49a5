"""Finding raw records again."""

import re
from collections.abc import Container
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from pipelines.raw.members import read_members
from pipelines.raw.output import RAW
from pipelines.raw.records import RawRecord, article_of, decode, is_response

_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class RawPlace:
    """Where a record is.

    Attributes:
        path: the file.
        offset: of its first member.
        length: of its members together, packed.
    """

    path: Path
    offset: int
    length: int


@dataclass(slots=True)
class Archive:
    """What was found.

    Attributes:
        places: where the records of the wanted articles are, by article id.
        records: whole records in all files.
        without_article: of these, those that belong to no wanted article: a run was killed between keeping the page
            and storing the article.
        damaged: stretches of files that cannot be read; most are the end of a file whose run was killed.
    """

    places: dict[str, RawPlace] = field(default_factory=dict)
    records: int = 0
    without_article: int = 0
    damaged: int = 0


def find_raw(root: Path, wanted: Container[str]) -> Archive:
    """Looks for the raw records of articles. Reads all files once, one after the other, a member at a time.

    Of several records of one article the last counts: it is the one that was stored, since of a stored article no more
    are kept.

    Args:
        root: the data directory.
        wanted: ids of articles.

    Raises:
        OSError: if a file cannot be read.
    """
    archive = Archive()
    for path in _paths(root):
        _look_into(path, wanted, archive)
    return archive


def read_raw(place: RawPlace) -> RawRecord:
    """The record at a place.

    Raises:
        ValueError: if it is not there any more.
        OSError: if the file cannot be read.
    """
    with place.path.open("rb") as file:
        file.seek(place.offset)
        packed = BytesIO(file.read(place.length))
    return decode(b"".join(member.content or b"" for member in read_members(packed)))


def _paths(root: Path) -> list[Path]:
    """The files in the order of their runs."""
    folder = root / RAW
    years = sorted(year for year in folder.iterdir() if _YEAR.fullmatch(year.name)) if folder.is_dir() else []
    return [path for year in years for path in sorted(year.glob("*.warc.gz"))]


def _look_into(path: Path, wanted: Container[str], archive: Archive) -> None:
    response: int | None = None  # offset of the response that the next member speaks of
    with path.open("rb") as file:
        for member in read_members(file):
            before, response = response, None
            try:
                article_id = None if member.content is None else article_of(member.content)
            except ValueError:
                archive.damaged += 1
                continue
            if member.content is None:
                archive.damaged += 1
            elif article_id is None:
                response = member.offset if is_response(member.content) else None
            elif before is not None:
                archive.records += 1
                if article_id in wanted:
                    archive.places[article_id] = RawPlace(path, before, member.end - before)
                else:
                    archive.without_article += 1
