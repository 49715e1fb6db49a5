"""The files that people edit, from bytes to tables: what cannot be read is said with its line and its mend."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pipelines.catalogue.problems import CatalogueError, Problem


def read_bytes(path: Path, *, missing: str) -> bytes:
    """A file's bytes.

    Args:
        path: the file.
        missing: what to do when there is none.

    Raises:
        CatalogueError: when it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CatalogueError(path, [Problem("file", "does not exist", missing)]) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CatalogueError(path, [Problem("file", f"cannot be read ({reason})", "mend its permissions")]) from None


def decoded(data: bytes, path: Path) -> str:
    """UTF-8, with or without a byte-order mark, as text; raises `CatalogueError` for anything else."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(path, [Problem(f"line {line}", "is not UTF-8", "save the file as UTF-8")]) from None


def parsed(text: str, path: Path) -> dict[str, Any]:
    """TOML as tables; `path` is only named in messages. Raises `CatalogueError` for anything else."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(path, [_syntax_problem(str(error))]) from None
    except RecursionError:
        raise CatalogueError(path, [Problem("file", "brackets are nested too deep", "close them")]) from None


def _syntax_problem(message: str) -> Problem:
    """The parser says `what (at line 3, column 5)`, or `what (at end of document)`."""
    what, _, place = message.rpartition(" (at ")
    line = re.match(r"line \d+", place)
    return Problem(
        line.group() if line else "end of file",
        f"not TOML: {what or message}",
        "mend the line, or the one before it",
    )
