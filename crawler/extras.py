"""Optional parts of the installation, and what to tell where one is missing."""

import importlib.util
from collections.abc import Iterable


def lacking(modules: Iterable[str], *, purpose: str, extra: str) -> str:
    """What to do before something can be used, "" when nothing.

    Args:
        modules: what it needs, by the names under which they are imported.
        purpose: what needs them, in words.
        extra: what brings them, as in pyproject.toml.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if not missing:
        return ""
    return f"{purpose} needs {', '.join(missing)}: install them with `pip install 'orbitwatch[{extra}]'`"
