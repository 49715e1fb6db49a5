"""Each promise names tests, and they exist."""

import re
from pathlib import Path

HERE = Path(__file__).parent


def test_every_promise_names_tests_that_exist() -> None:
    promises = (HERE.parents[2] / "docs" / "promises.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (I\d) \|.*\| ([^|]*) \|$", promises, re.MULTILINE)
    assert [name for name, _ in rows] == [f"I{number}" for number in range(1, 9)]
    code = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_store*.py"))
    for _, held_by in rows:
        assert held_by
    for test in re.findall(r"`([Tt]est\w+)`", promises):
        assert re.search(rf"^(def {test}\(|{test} = )", code, re.MULTILINE), test
