"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [p for folder in ("crawler", "pipelines") for p in sorted((ROOT / folder).rglob("*.py"))]

#: Layers of the imports, lowest first: a module imports from its own layer or a lower one, never from a higher one.
LAYERS = (
    {
        "clock",
        "model",
        "text",
        "urls",
        "encoding",
        "matching",
        "safe_xml",
        "scanner",
        "whole_files",
        "words",
        "zone_names",
    },
    {"accounting", "catalogue", "dates", "feeds", "polling", "schema", "sitemaps", "sqlite_faults", "state"},
    {
        "dedupe",
        "discovery",
        "events",
        "forwarding",
        "interstitials",
        "milestones",
        "pages",
        "raw",
        "repeats",
        "store",
        "topic",
    },
    {"intake", "reextracting", "rejudging"},
    {"analysis", "backfill"},
)


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def layer_of(module: str) -> int | None:
    parts = module.split(".")
    if parts[0] != "pipelines" or len(parts) < 2:
        return None
    return next(number for number, names in enumerate(LAYERS) if parts[1] in names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    names = imported(path)
    if own.startswith("pipelines"):
        assert not {
            n
            for n in names
            if n.split(".")[0] in {"crawler", "scrapy", "twisted", "click", "rich", "socket", "requests", "urllib3"}
        }
        layer = layer_of(own.removesuffix(".__init__"))
        if layer is not None:
            assert not {n for n in names if (other := layer_of(n)) is not None and other > layer}
    if own.startswith("pipelines.analysis"):
        assert not {n for n in names if n.startswith(("pipelines.store", "pipelines.intake", "pipelines.state"))}


FORBIDDEN = {
    r"datetime\.(utc)?now\(|date\.today\(|utcnow\(": ("pipelines/clock.py",),
    r"\brequests\.(get|post)\(|urlopen\(|httpx\.": (),
    r"XMLParser\((?![^)]*SAFE_XML)|iterparse\(": (),
    r"\|\s*safe\b": (),
    r"deduplicate\s*=\s*True": (),
    r"write_to_dataset|write_dataset": (),
    r"execute(many)?\(\s*f[\"']": (),
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_forbidden_words_stand_nowhere(pattern: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if str(path.relative_to(ROOT)) not in FORBIDDEN[pattern]
        and re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_generated_documents_are_up_to_date(tmp_path: Path) -> None:
    # In a process of its own: click remembers in its commands how a test has called them.
    subprocess.run([sys.executable, "docs/generate.py", str(tmp_path)], cwd=ROOT, check=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert set(made) == {"commands.md", "data-dictionary.md"}
    for name, text in made.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"{name}: run `make docs`"


def test_no_pandas_on_the_crawl_path() -> None:
    code = (
        "import sys, crawler.spiders.feeds, crawler.run, crawler.item_pipelines, pipelines.intake, pipelines.store.store\n"
        "assert not {'pandas', 'trafilatura'} & set(sys.modules), sorted({'pandas', 'trafilatura'} & set(sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
