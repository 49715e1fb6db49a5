"""The demo, played once for all tests."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Demo:
    """Where the data of a demo are, and what it printed."""

    data: Path
    out: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """For tests that only read."""
    data = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "crawler", "demo", "--data", str(data), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return Demo(data, done.stdout)
