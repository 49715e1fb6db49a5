"""Makes files as GDELT publishes them, for tests of readers and for loopback servers."""

import gzip
import hashlib
import io
import json
import zipfile

EXTRAS = "<PAGE_LINKS>https://elsewhere.example/</PAGE_LINKS>"


def gkg_row(
    url: str,
    title: str = "",
    *,
    seen: str = "20211005090000",
    published: str = "",
    language: str = "",
    collection: str = "1",
) -> str:
    """A row of the knowledge graph 2.1; `language` is ISO 639-2, "" for English."""
    cells = [""] * 27
    cells[0:5] = [f"{seen}-1", seen, collection, "outlet.example", url]
    cells[7] = "SPACE;MOVIES;"
    cells[17] = "wc:120,c1.1:2"
    cells[25] = f"srclc:{language};eng:Moses 2.1.1 / MosesCore" if language else ""
    stamp = f"<PAGE_PRECISEPUBTIMESTAMP>{published}</PAGE_PRECISEPUBTIMESTAMP>" if published else ""
    cells[26] = f"{EXTRAS}{stamp}<PAGE_TITLE>{title}</PAGE_TITLE>" if title else EXTRAS
    return "\t".join(cells)


def export_row(url: str, *, seen: str = "20211005090000") -> str:
    cells = ["1"] * 61
    cells[59:61] = [seen, url]
    return "\t".join(cells)


def mentions_row(url: str, *, seen: str = "20211005090000", kind: str = "1") -> str:
    cells = ["1"] * 16
    cells[2:6] = [seen, kind, "outlet.example", url]
    cells[14:16] = ["", ""]
    return "\t".join(cells)


def gal_line(url: str, title: str = "", **fields: object) -> str:
    said = {
        "date": "2021-10-05T09:01:00Z",
        "url": url,
        "domain": "outlet.example",
        "outletName": "Outlet",
        "title": title,
    }
    return json.dumps({**said, "lang": "en", **fields}, ensure_ascii=False)


def zipped(name: str, *rows: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "".join(f"{row}\n" for row in rows))
    return made.getvalue()


def gzipped(*lines: str) -> bytes:
    return gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)


def list_line(url: str, body: bytes) -> str:
    """A line of `masterfilelist.txt`."""
    return f"{len(body)} {hashlib.md5(body, usedforsecurity=False).hexdigest()} {url}"
