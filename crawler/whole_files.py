"""Files that are replaced whole: a reader sees the old one or the new one, never half of it."""

import os
from contextlib import suppress
from pathlib import Path


def replace_text(path: Path, text: str, *, mode: int | None = None) -> None:
    """Writes a file, also when the power fails meanwhile.

    Args:
        path: its folder must exist.
        text: in UTF-8.
        mode: its permissions; None for those of the old file, or the usual ones.

    Raises:
        OSError: when it cannot be written; the old one is then left.
    """
    half = path.with_name(f".tmp-{path.name}")
    try:
        with half.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if mode is None and path.exists():
            mode = path.stat().st_mode
        if mode is not None:
            half.chmod(mode)
        half.replace(path)
    except BaseException:
        with suppress(OSError):
            half.unlink(missing_ok=True)
        raise
