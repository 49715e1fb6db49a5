"""Python once more, for a process of our own: it finds the modules that this process finds."""

import os
import sys
from pathlib import Path


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module; its environment must have `search_path`."""
    # -P: "crawler" is a common name, and another one may lie in the working directory.
    return [sys.executable, "-P", "-m", module, *arguments]


def search_path() -> dict[str, str]:
    """What the environment says of the places of modules; "" in them is the working directory of now."""
    return {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)}
