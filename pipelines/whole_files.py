"""Files that are replaced whole: a reader sees the old one or the new one, never half of it."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

#: Seconds after which a half-written file belongs to a process that was killed: none of these files takes an hour.
_LEFT_AFTER = 86_400


@contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """What is written in the block takes the file's place at its end, also when the power fails meanwhile.

    Where the block raises, the old file is left. Two processes may do so at once: one of the two files stays.
    A link stays, and the file that it leads to is replaced. A pipe or a device is written to, and never replaced.
    What a process that was killed left half-written beside it is removed a day later.

    Args:
        path: its folder must exist.
        mode: permissions; None for those of the old file, or the usual ones.

    Raises:
        OSError: when it cannot be written; the old one is then left.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask()
    handle, name = mkstemp(prefix=f".tmp-{path.name}-", dir=path.parent)
    half = Path(name)
    _remove_left(path, half)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
            yield file
            file.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        half.replace(path)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise


def replace_text(path: Path, text: str, *, mode: int | None = None) -> None:
    """`replacing` with a text in UTF-8."""
    with replacing(path, mode=mode) as file:
        file.write(text.encode("utf-8"))


def _remove_left(path: Path, half: Path) -> None:
    """Removes half-written files of the same name that are old beside a new one, by the file system's own clock."""
    of_this = re.compile(rf"\.tmp-{re.escape(path.name)}-[a-z0-9_]{{8}}")  # as `mkstemp` makes them
    with suppress(OSError):
        oldest = half.stat().st_mtime - _LEFT_AFTER
        for entry in os.scandir(path.parent):
            if of_this.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < oldest:
                Path(entry).unlink()


def _umask() -> int:
    """The process's mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
