"""Long and short forms of the store's torture, and the table of what was covered.

`ORBITWATCH_TORTURE=1 pytest tests/pipelines/store` runs the long forms; `make torture` does that.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

for folder in (Path(__file__).parent, Path(__file__).parents[1]):  # helpers of these tests, and `rows` of all
    sys.path.insert(0, str(folder))

FIGURES = pytest.StashKey[dict[str, int]]()


@pytest.fixture(scope="session")
def thorough() -> bool:
    """Whether the long forms were asked for."""
    return bool(os.environ.get("ORBITWATCH_TORTURE"))


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str, int], None]:
    """Notes how many points, schedules or reads a test has covered, for the table at the end."""

    def note(what: str, number: int) -> None:
        assert number > 0
        request.config.stash.setdefault(FIGURES, {})[what] = number

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash.get(FIGURES, {})
    if figures:
        terminalreporter.section("store: what was covered")
        for what, number in sorted(figures.items()):
            terminalreporter.write_line(f"{number:>8,}  {what}")
