"""The file that says: this directory is a store, of this schema version.

Read at every start, without loading pyarrow.
"""

import json
from pathlib import Path

from pipelines.model import SCHEMA_VERSION
from pipelines.store.errors import StoreDamaged, StoreForeign, require_version
from pipelines.store.files import Files

MARKER = ".orbitwatch.json"

TABLE_NAMES = ("articles", "events", "milestones", "runs", "stories")
"""The tables' folders, `sorted(pipelines.schema.TABLES)`, said again because importing that module loads
pyarrow; a test keeps the two equal."""


def require_own(root: Path, files: Files) -> None:
    """Makes sure that the directory is a store of today's schema version; marks it when it is new.

    Raises:
        StoreForeign: if the tables' folders hold something else, or the marker is not one.
        StoreTooOld: if it was written under an older schema version.
        StoreTooNew: if it was written by a newer program.
        OSError: if the marker cannot be read or written.
    """
    written = files.read(root / MARKER)
    if written is not None:
        require_version(_version(root, written), SCHEMA_VERSION, root)
        return
    present = set(files.listdir(root))
    if present.intersection(TABLE_NAMES):
        # A copy made without its dot names (`cp data/* elsewhere`) is still a store.
        _require_own_tables(root, files)
    write_marker(root, files)


def marked_version(root: Path, files: Files) -> int | None:
    """The version that the marker states; None when there is no marker.

    Raises `StoreForeign` when it is not one.
    """
    written = files.read(root / MARKER)
    return None if written is None else _version(root, written)


def write_marker(root: Path, files: Files) -> None:
    """Marks the directory as a store of today's schema version."""
    marker = {"format": "orbitwatch store", "schema_version": SCHEMA_VERSION}
    files.publish(root, root / MARKER, json.dumps(marker).encode() + b"\n")


def _version(root: Path, written: bytes) -> int:
    try:
        return int(json.loads(written)["schema_version"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreForeign(
            f"{root / MARKER} does not mark a store: move it away, or choose another directory"
        ) from error


def _require_own_tables(root: Path, files: Files) -> None:
    """Looks at the first file of each table. Any other error than damage says enough by itself."""
    from pipelines.schema import TABLES  # noqa: PLC0415 (loads pyarrow, which few starts need)
    from pipelines.store.months import MonthFiles  # noqa: PLC0415

    months = MonthFiles(root, files)
    for table in TABLES.values():
        if files.listdir(root / table.name) and not months.stems(table):
            raise StoreForeign(f"{root / table.name} holds something that is not a table of Orbitwatch")
        for stem in months.stems(table)[:1]:
            try:
                months.read(table, stem, table.key)
            except StoreDamaged as error:
                raise StoreForeign(f"{error.path} is not a file of Orbitwatch") from error
