"""GDELT's bulk files: which of them cover some days. `pipelines.backfill.gdelt_records` reads them.

Four kinds of file name articles by address. Which to take for finding a subject by address and title:

- `gal`, the article list (gdeltv3, since 2020): a JSON object a line, gzipped, with the title and the description in
  the article's own language, whatever that is, in files of some 200 KB. The first choice: a day has some 60 MB.
- `gkg`, the knowledge graph 2.1 (gdeltv2, since February 2015): a table of 27 columns, zipped, some 6 MB a quarter
  hour, once for English and once for everything else ("translation"). Its last column has a title since 2019, in the
  article's own language. For the years before 2020.
- `export` and `mentions`, the event tables: they name an article by its address alone, and only when it tells of a
  political event. Read because mirrors hold them; the graph has every article of theirs.

The search interface (DOC 2.0) is not used: it gives 250 rows of the last months, and refuses at the first sign of load.

Sources: blog.gdeltproject.org, "Announcing the GDELT Article List"; GKG codebook 2.1; "New GKG 2.0 Article Metadata
Fields"; event codebook 2.0.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urljoin, urlsplit

from pipelines.backfill.stamps import read_stamp, write_stamp
from pipelines.backfill.window import Window
from pipelines.urls import fetch_url

Kind = Literal["gal", "gkg", "export", "mentions"]
KINDS: tuple[Kind, ...] = ("gal", "gkg", "export", "mentions")

_EVENTS_BEGIN = datetime(2015, 2, 18, 23, tzinfo=UTC)
FIRST_FILE: dict[Kind, datetime] = {
    "gal": datetime(2020, 1, 1, tzinfo=UTC),
    "gkg": _EVENTS_BEGIN,
    "export": _EVENTS_BEGIN,
    "mentions": _EVENTS_BEGIN,
}
"""The quarter hour of the first file of each kind."""

LIST_LIMIT = 256 * 2**20
"""Bytes of a list of files that are read. The whole list had 128 MB in 2026, at some 100 bytes a file."""

_STEP = timedelta(minutes=15)
_GAL_MINUTES = range(8)
"""Minutes after a quarter hour at which the article list may appear. Its files are named by the minute and listed
nowhere; "each minute, though they cluster in the minutes after every quarter hour", says GDELT, and those who looked
found the minutes 1 to 5. A name without a file is no fault."""

_FOLDERS: dict[Kind, str] = {"gal": "gdeltv3/gal/", "gkg": "gdeltv2/", "export": "gdeltv2/", "mentions": "gdeltv2/"}
_ENDINGS: dict[Kind, str] = {
    "gal": "gal.json.gz",
    "gkg": "gkg.csv.zip",
    "export": "export.CSV.zip",
    "mentions": "mentions.CSV.zip",
}
_NAME = re.compile(
    r"(?P<stamp>[0-9]{14})\.(?P<translated>translation\.)?(?P<kind>gkg|export|mentions|gal)\.(?:csv|json)(?:\.zip|\.gz)?\Z",
    re.IGNORECASE,
)
_LINE = re.compile(rb"[^\r\n]+")
_LISTED = re.compile(
    rb"(?P<size>[0-9]{1,12})\s+(?P<md5>[0-9a-fA-F]{32})\s+(?P<url>\S{0,500}?(?P<stamp>[0-9]{14})\.[A-Za-z.]{7,40})\Z"
)
_LINE_LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class BulkFile:
    """One file of GDELT's.

    Attributes:
        url: where it is.
        kind: what it holds.
        instant: the quarter hour, or for `gal` the minute, at which it was published.
        translated: of the stream of languages other than English; False for `gal`, which has all in one.
        size: bytes, None when no list says.
        md5: hexadecimal, "" when no list says.
    """

    url: str
    kind: Kind
    instant: datetime
    translated: bool = False
    size: int | None = None
    md5: str = ""


@dataclass(frozen=True, slots=True)
class FileList:
    """A list of files, read.

    Attributes:
        files: those of the kinds and days asked for, oldest first, without repetition.
        bad_lines: lines that name no file of GDELT's.
    """

    files: tuple[BulkFile, ...] = ()
    bad_lines: int = 0


def files_by_rule(base: str, window: Window, kind: Kind | None = None) -> Iterator[BulkFile]:
    """The files that cover a window, by the rule of their names, oldest first.

    A quarter hour without a file is common, and of the minutes that `gal` may use most are empty: an answer 404 means
    that there is nothing. Both streams of a table are given, English first.

    Args:
        base: of the server, for example "http://data.gdeltproject.org/".
        window: the days in which GDELT saw the articles; it sees them within minutes or hours.
        kind: which files; None takes `gal`, and `gkg` for the days before there was one. There are none before
            `FIRST_FILE`.
    """
    root = base if base.endswith("/") else f"{base}/"
    quarter = window.start
    while quarter < window.end:
        taken: Kind = kind or ("gal" if quarter >= FIRST_FILE["gal"] else "gkg")
        if quarter >= FIRST_FILE[taken]:
            yield from _of_quarter(urljoin(root, _FOLDERS[taken]), quarter, taken)
        quarter += _STEP


def _of_quarter(folder: str, quarter: datetime, kind: Kind) -> Iterator[BulkFile]:
    if kind == "gal":
        for minute in _GAL_MINUTES:
            instant = quarter + timedelta(minutes=minute)
            yield BulkFile(f"{folder}{write_stamp(instant)}.{_ENDINGS[kind]}", kind, instant)
        return
    for translated in (False, True):
        name = f"{write_stamp(quarter)}.{'translation.' if translated else ''}{_ENDINGS[kind]}"
        yield BulkFile(folder + name, kind, quarter, translated)


def file_at(url: str) -> BulkFile | None:
    """The file that an address names, None when it names none of GDELT's. Never raises."""
    try:
        found = _NAME.fullmatch(urlsplit(url).path.rpartition("/")[2])
        if found is None:
            return None
        kind = next(kind for kind in KINDS if kind == found["kind"].lower())
        return BulkFile(url, kind, read_stamp(found["stamp"]), found["translated"] is not None)
    except ValueError:
        return None


def read_file_list(body: bytes, *, url: str, window: Window, kinds: Collection[Kind]) -> FileList:
    """Read `masterfilelist.txt`, `lastupdate.txt` or their `-translation` twins: lines of size, MD5 and address.

    Args:
        body: the list.
        url: its own address. A list may name another server's files (copies of it do), and these are looked for beside
            the list: what is asked is never another host than the one that was configured.
        window: the days wanted.
        kinds: which files are wanted.

    Raises:
        ValueError: when it is larger than any list, or no line of it names a file.
    """
    if len(body) > LIST_LIMIT:
        raise ValueError(f"a list of files of more than {LIST_LIMIT // 2**20} MiB")
    files: dict[str, BulkFile] = {}
    bad, seen = 0, 0
    first, end = write_stamp(window.start).encode(), write_stamp(window.end).encode()
    for line in _LINE.finditer(body):
        text = line[0][:_LINE_LIMIT].strip()
        if not text:
            continue
        seen += 1
        found = _LISTED.match(text)
        if found is not None and not first <= found["stamp"] < end:
            continue  # nearly all of a list of ten years, so nothing more is asked of them
        file = _listed(found, url) if found else None
        if file is None:
            bad += 1
        elif file.kind in kinds:
            files.setdefault(file.url, file)
    if bad == seen:
        raise ValueError("not a list of GDELT's files: no line has a size, an MD5 and the address of one")
    return FileList(tuple(sorted(files.values(), key=lambda file: (file.instant, file.translated, file.kind))), bad)


def _listed(found: re.Match[bytes], url: str) -> BulkFile | None:
    try:
        address = fetch_url(found["url"].decode("utf-8", "replace"), base=url)
    except ValueError:
        return None
    file = file_at(_beside(address, url))
    return file and replace(file, size=int(found["size"]), md5=found["md5"].decode().lower())


def _beside(address: str, url: str) -> str:
    at, here = urlsplit(address), urlsplit(url)
    return address if (at.scheme, at.netloc) == (here.scheme, here.netloc) else urljoin(url, at.path.rpartition("/")[2])
