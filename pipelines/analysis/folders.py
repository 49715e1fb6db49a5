"""Reading one table, whether it is below a directory or in a bucket of S3."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow import fs

ATTEMPTS = 5
"""Readings of a bucket's folder that changed meanwhile. A commit of the crawl takes seconds and comes once a run, so
the second succeeds; a fifth in vain says that something writes without end."""


class TableUnreadable(OSError):  # noqa: N818 (the name says what is the case)
    """A table cannot be read: it is damaged, or the disk or the bucket refuses. The message is one line."""


def read_folder(data: str | Path, name: str, columns: list[str], filters: Any) -> pd.DataFrame | None:
    """All files of a table as one frame, in no order; None while there is no file.

    On a disk a file that is replaced stays whole for who has opened it. An object of a bucket does not: it is fetched
    in pieces, and the last may be those of another version. So a bucket's folder is read again until it was the same
    before and after: the rows are then those between two writes.

    Args:
        data: the data directory, or "s3://bucket/prefix". Credentials, region and endpoint come from the environment.
        name: of the table.
        columns: to be read.
        filters: as `pandas.read_parquet` takes them.

    Raises:
        TableUnreadable: if it cannot be read, or there is no such bucket.
        ValueError: if `data` is an address that pyarrow does not understand.
    """
    place = str(data)
    where = f"{place.rstrip('/')}/{name}"
    far = "://" in place
    try:
        files, base = fs.FileSystem.from_uri(place) if far else (fs.LocalFileSystem(), place)
    except OSError as error:  # it asks for the bucket's region
        raise _unreadable(where, error) from error
    folder = f"{base.rstrip('/')}/{name}"
    for _ in range(ATTEMPTS):
        before = _versions(files, folder, where)
        if not before:
            if far:
                _require_bucket(files, base.partition("/")[0], where)
            return None
        try:
            frame = pd.read_parquet(folder, filesystem=files, columns=columns, filters=filters)
        except (OSError, pa.ArrowException) as error:
            if _versions(files, folder, where) == before:
                raise _unreadable(where, error) from error
        else:
            if not far or _versions(files, folder, where) == before:
                return frame
    raise TableUnreadable(f"{where} cannot be read: it was changed during each of {ATTEMPTS} readings")


def _versions(files: fs.FileSystem, folder: str, where: str) -> set[tuple[str, int, int]]:
    """Path, size and time of every file of the table; empty when there is none, or no folder."""
    try:
        found = files.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
    except OSError as error:
        raise _unreadable(where, error) from error
    return {(file.path, file.size, file.mtime_ns) for file in found if file.is_file and file.extension == "parquet"}


def _require_bucket(files: fs.FileSystem, bucket: str, where: str) -> None:
    """Tells a bucket that is not there from one that is empty, which a listing does not."""
    try:
        there = files.get_file_info(bucket).type != fs.FileType.NotFound
    except OSError:
        return  # it is there, and does not tell everybody
    if not there:
        raise TableUnreadable(f"{where} cannot be read: there is no such bucket")


def _unreadable(where: str, error: Exception) -> TableUnreadable:
    said = " ".join(str(error).split())[:300]
    return TableUnreadable(f"{where} cannot be read ({said}); where a file is damaged, `orbitwatch check` names it")
