"""Writes anew what the documents show of the demo: the excerpt in README.md and the answers in analysis.md.

`make docs` calls it, which plays the demo for it; a test compares. Texts around the outputs are left as they are.
"""  # noqa: INP001 - a script, not a package

import ast
import re
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from crawler.newsroom import SCHEDULE
from pipelines.analysis import build_digest, load_articles, load_milestones, load_runs, load_stories
from pipelines.analysis.digest_text import as_text
from pipelines.catalogue.projects import load_projects
from pipelines.catalogue.sources import load_sources

ROOT = Path(__file__).resolve().parents[1]

#: The directory that the documents name.
DEMO = "demo-data"

#: Characters of a line, as wide as the texts around it.
WIDTH = 118

#: What README.md shows of each part of the demo's output; "..." stands for the rest of the part.
SHOWN = re.compile(
    r"run [3-6] of"
    r"|\d+ stories:"
    r"|Stories by project|project  |(challenge|cruise-liman|see1|maezawa-iss|blue-planet-outside) "
    r"|The longest syndication|published \(UTC\)|20\d\d-\d\d-\d\d \d\d:\d\d "
    r"|Milestones as claimed|claimed +project|20\S+ +challenge +(announced|launch|return|premiere|release) "
    r"|20\S+ +(see1 +studio_launch|cruise-liman +(launch|cancellation)) "
    r"|Go on with it|    |The race in one page"
)

_CODE = re.compile(r"```python\n(?P<code>.*?)```(?P<answer>\n\n```text\n.*?```)?", re.DOTALL)
_WITH_ANSWER = "```python\n{}```\n\n```text\n{}\n```"
_DIGEST = re.compile(r"(?<=\n## As a message)(?P<before>[^\n]*\n\n```text\n).*?(?=```)", re.DOTALL)
_DEMO = re.compile(r"(?<=```text\n)run \d.*?(?=```)", re.DOTALL)


def readme(text: str, data: Path, printed: str) -> str:
    """README.md with the demo's output as it is now."""
    parts = [_shown(part) for part in printed.replace(str(data), DEMO).split("\n\n")]
    return _replaced(_DEMO, "\n\n".join(filter(None, parts)) + "\n", text)


def _shown(part: str) -> str:
    lines = part.strip("\n").splitlines()
    kept = [_cut(line) for line in lines if SHOWN.match(line)]
    return "\n".join([*kept, "..."] if kept and len(kept) < len(lines) else kept)


def analysis(text: str, data: Path) -> str:
    """analysis.md with the answers that its code gives, and the digest of the demo's last run."""
    names: dict[str, Any] = {}

    def answered(block: re.Match[str]) -> str:
        answers = _run(block["code"].replace(f'"{DEMO}"', repr(str(data))), names)
        return block[0] if block["answer"] is None else _WITH_ANSWER.format(block["code"], "\n\n".join(answers))

    return _replaced(_DIGEST, _last_digest(data), _CODE.sub(answered, text))


def _run(code: str, names: dict[str, Any]) -> list[str]:
    """What the expressions of some code give, as text; assignments stay in `names`."""
    answers = []
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.Expr):
            answers.append(_answer(eval(ast.unparse(statement), names)))  # noqa: S307 - our own document
        else:
            exec(ast.unparse(statement), names)  # noqa: S102 - as above
    return answers


def _answer(found: pd.DataFrame) -> str:
    """A table as a reader wants it: shares rounded, nothing where there is nothing."""
    plain = found.astype(object).where(found.notna(), "")
    lines = plain.to_string(index=False, float_format="{:.2f}".format).splitlines()
    return "\n".join(_cut(line.rstrip()) for line in lines)


def _last_digest(data: Path) -> str:
    """The beginning of each section, with the sentences of claims and without addresses, which name ports."""
    until = SCHEDULE[-1] + timedelta(hours=1)
    found = build_digest(
        load_stories(data),
        load_articles(data),
        load_milestones(data),
        load_runs(data),
        projects=load_projects().projects,
        sources=load_sources(data / "sources.toml"),
        since=until - timedelta(days=1),
        until=until,
    )
    sections = [section.splitlines() for section in as_text(found).rstrip("\n").split("\n\n")[1:]]
    return "\n\n".join("\n".join(_beginning(lines)) for lines in sections) + "\n"


def _beginning(lines: list[str], entries: int = 2) -> list[str]:
    heading, *rest = [line for line in lines if not line.lstrip().startswith("http")]
    starts = [at for at, line in enumerate(rest) if not line.startswith(" " * 6)]
    kept = rest if len(starts) <= entries else [*rest[: starts[entries]], "  ..."]
    return [_cut(line) for line in (heading, *kept)]


def _cut(line: str) -> str:
    line = line.rstrip()
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"


def _replaced(block: re.Pattern[str], new: str, text: str) -> str:
    found = block.search(text)
    if found is None:
        msg = f"the document has lost a block: nothing matches {block.pattern!r}"
        raise ValueError(msg)
    before = found.groupdict().get("before", "")
    return text[: found.start()] + before + new + text[found.end() :]


def documents(data: Path, printed: str) -> dict[Path, str]:
    """The texts of the documents, by file.

    Args:
        data: the directory of a demo that has been played.
        printed: what it printed.
    """
    front, answers = ROOT / "README.md", ROOT / "docs" / "analysis.md"
    return {
        front: readme(front.read_text(encoding="utf-8"), data, printed),
        answers: analysis(answers.read_text(encoding="utf-8"), data),
    }


def played(data: Path) -> str:
    """Plays the demo, and gives what it printed."""
    command = [sys.executable, "-m", "crawler", "demo", "--data", str(data), "--port", "0"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - ours


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / DEMO
        for file, text in documents(place, played(place)).items():
            file.write_text(text, encoding="utf-8")
