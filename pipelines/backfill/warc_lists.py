"""Which WARC files are there? Lists of paths, as Common Crawl publishes them for each month of CC-NEWS."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from pipelines.backfill.stamps import read_stamp
from pipelines.backfill.unpacking import CutError, unpacked_lines
from pipelines.backfill.window import Window

LIST_LIMIT = 64 * 2**20
"""Bytes of a list, unpacked. A month of CC-NEWS has some 500 files and 40 kB; a main crawl has 100,000 and 14 MB."""

_STAMP = re.compile(r"CC-NEWS-([0-9]{14})-[0-9]+\.warc")
_MARGIN = timedelta(days=1)
"""By which a file is taken for one of a window although its name says otherwise: what was begun before is written late,
and the days of outlets begin half a day earlier or later than the archive's."""


def month_list(year: int, month: int) -> str:
    """The path of a month's list, below Common Crawl's base address."""
    return f"crawl-data/CC-NEWS/{year:04d}/{month:02d}/warc.paths.gz"


def read_paths(body: bytes) -> tuple[str, ...]:
    """The paths of a list: one a line, plain or gzipped. Empty lines and those that begin with "#" are passed over.

    Raises:
        ValueError: if the list is broken, too long or no text.
    """
    try:
        lines = [line.decode("utf-8").strip() for line in unpacked_lines(body, limit=LIST_LIMIT)]
    except CutError as error:
        raise ValueError(str(error)) from None
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def within(paths: Sequence[str], window: Window | None) -> tuple[str, ...]:
    """The files that may hold captures of a window, by the instants in their names.

    CC-NEWS names a file after its first capture, and begins the next when that has a gigabyte. Files of other names are
    all kept.

    Args:
        paths: all files of the months in question.
        window: None keeps all.
    """
    if window is None:
        return tuple(paths)
    begun = {path: instant for path in paths if (instant := _begun(path)) is not None}
    instants = sorted(set(begun.values()))
    ended = dict(pairwise(instants))
    return tuple(path for path in paths if path not in begun or _meets(window, begun[path], ended))


def months_between(first: tuple[int, int], last: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """The months from one (year, month) to another, both included."""
    for number in range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1]):
        yield number // 12, number % 12 + 1


def _begun(path: str) -> datetime | None:
    match = _STAMP.search(path)
    try:
        return read_stamp(match[1]) if match else None
    except ValueError:
        return None


def _meets(window: Window, begun: datetime, ended: dict[datetime, datetime]) -> bool:
    # Nobody knows when the last file of a list ends.
    end = ended.get(begun)
    return begun < window.end + _MARGIN and (end is None or end > window.start - _MARGIN)
