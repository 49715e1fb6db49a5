"""What the documents show of the demo is what the demo gives."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.crawler.playing import Demo

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "examples.py"


@pytest.fixture(scope="module")
def examples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("examples", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_documents_are_up_to_date(examples: ModuleType, demo: Demo) -> None:
    made = examples.documents(demo.data, demo.out)
    assert {path.name for path in made} == {"README.md", "analysis.md"}
    for path, text in made.items():
        shown = path.read_text(encoding="utf-8")
        assert settled(shown) == settled(text), f"{path.name}: run `make docs`"


def settled(text: str) -> str:
    """Without how similar copies are: each is measured against the one that happened to arrive before it."""
    return re.sub(r"(?m)^(20\S+ \d\d:\d\d +\+.*?) \d\.\d\d ", r"\1 ", text)


def test_each_part_of_the_output_is_shortened_by_itself(examples: ModuleType) -> None:
    printed = (
        "2 outlets on the loopback\nrun 3 of 10, 20 May 2021: 21 pages read\n\n"
        "Stories by project and year   \nproject    2021\nchallenge     1\n\n"
        "The race in one page: /somewhere/else/report.html\n"
    )
    text = "Try it:\n\n```text\nrun 3 of 10: of old\n```\n\nRun it.\n"
    assert examples.readme(text, Path("/somewhere/else"), printed) == (
        "Try it:\n\n```text\nrun 3 of 10, 20 May 2021: 21 pages read\n...\n\n"
        "Stories by project and year\nproject    2021\nchallenge     1\n\n"
        "The race in one page: demo-data/report.html\n```\n\nRun it.\n"
    )
