"""Where what was compiled is kept for the next process: a folder of the user's, whatever the data directory."""

import os
from contextlib import suppress
from pathlib import Path


def cache_folder() -> Path | None:
    """`orbitwatch` below $XDG_CACHE_HOME or ~/.cache; None where there can be none. What is in it may be deleted."""
    with suppress(OSError, RuntimeError):  # it cannot be made, or there is no home
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        folder = (base if base.is_absolute() else Path.home() / ".cache") / "orbitwatch"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    return None
