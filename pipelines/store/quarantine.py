"""Setting broken and foreign files aside, where no reader looks and nothing is lost."""

import zlib
from pathlib import Path

from pipelines.schema import Table
from pipelines.store.errors import faults_named
from pipelines.store.files import Files
from pipelines.store.months import MonthFiles

QUARANTINE = ".quarantine"


def quarantine_file(root: Path, files: Files, months: MonthFiles, table: Table, stem: str) -> str:
    """Copies a damaged month file aside, then leaves in its place what could still be read of it.

    Returns:
        What was done, in words.
    """
    path = months.path(table, stem)
    with faults_named(f"cannot set {path} aside"):
        content = files.read(path) or b""
        # Named after its bytes: a repair that is cut short and repeated makes no second copy.
        aside = root / QUARANTINE / f"{table.name}-{stem}-{zlib.crc32(content):08x}.parquet"
        files.publish(root, aside, content)
    kept = months.salvage(table, stem)
    months.write(table, stem, kept)
    return f"set aside as {aside.relative_to(root)}, {kept.num_rows} of its rows kept"


def quarantine_stranger(root: Path, files: Files, path: Path) -> str:
    """Moves a file or folder that is not the store's out of the tables. Returns what was done, in words."""
    with faults_named(f"cannot set {path} aside"):
        files.mkdir(root / QUARANTINE)
        aside = root / QUARANTINE / "-".join(path.relative_to(root).parts)
        while aside.name in files.listdir(aside.parent):
            aside = aside.with_name(f"{aside.name}~")
        files.replace(path, aside)
        files.fsync_dir(aside.parent)
        files.fsync_dir(path.parent)
    return f"moved to {aside.relative_to(root)}"
