"""The notebook of the documentation, run as a reader would run it, on the demo."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.crawler.playing import Demo

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture
def notebook() -> nbformat.NotebookNode:
    return nbformat.read(DOCS / "analysis.ipynb", as_version=4)


def test_it_is_kept_without_outputs(notebook: nbformat.NotebookNode) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_every_cell_runs_and_answers(
    notebook: nbformat.NotebookNode, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORBITWATCH_DATA", str(demo.data))
    monkeypatch.setenv("PYTHONPATH", str(DOCS.parent))  # this checkout, whatever else is installed
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(DOCS)}}).execute()
    shown = {cell.id: answer(cell) for cell in notebook.cells if cell.cell_type == "code"}
    assert [name for name, text in shown.items() if not text] == []
    assert "challenge" in shown["coverage"]
    assert "RU" in shown["voice"]
    assert "2021-10-05" in shown["first-milestones"]  # the launch
    drawn = [name for name, text in shown.items() if text.startswith("alt.")]
    assert drawn == ["coverage-chart", "drift-chart"]


def answer(cell: nbformat.NotebookNode) -> str:
    """The text form of what a cell shows last; warnings and errors are failures."""
    assert [output for output in cell.outputs if output.output_type in {"error", "stream"}] == []
    (output,) = cell.outputs
    rows = output.data["text/plain"]
    return "" if rows.startswith("Empty DataFrame") else rows
