"""Faults of the program itself: counted, told, and no reason to lose anything."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.crawler.loopback import Web
from tests.crawler.test_crawl import LAUNCH, write_sources

#: Runs the command line after it has broken something for one outlet.
BROKEN = """
import sys
from crawler import answers
from crawler.cli import main
from crawler.run import Run

def broken_for_tribune(right, address):
    def broken(*arguments):
        if "tribune" in address(arguments):
            raise RuntimeError("a fault")
        return right(*arguments)
    return broken

fault, *arguments = sys.argv[1:]
if fault == "list":
    answers.is_nothing = broken_for_tribune(answers.is_nothing, lambda given: given[0].entries[0].url)
elif fault == "page":
    answers.wall_of = broken_for_tribune(answers.wall_of, lambda given: given[0].url)
elif fault == "store":
    Run.settle = broken_for_tribune(Run.settle, lambda given: given[1].url)
main(arguments)
"""


@pytest.mark.parametrize(
    ("fault", "outcome", "problems"), [("list", "failed", 1), ("page", "partial", 1), ("store", "partial", 2)]
)
def test_a_fault_is_in_the_books_and_its_page_is_fetched_again(
    web: Web, data: Path, fault: str, outcome: str, problems: int
) -> None:
    for name in ("tribune", "gazette"):
        web.feed(name, ("Film crew at the space station", web.serve(name, "/launch", LAUNCH.replace("Ada", name))))
    write_sources(data, *({"id": name, "feeds": [web.url(name, "/feed")]} for name in ("tribune", "gazette")))

    def crawl(broken: str) -> tuple[int, dict[str, str], str]:
        command = [sys.executable, "-c", BROKEN, broken, "crawl", "--all", "--json", "--data", str(data)]
        command += ["--allow-private", "127.0.0.0/8", "-s", "DOWNLOAD_DELAY=0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        rows = json.loads(done.stdout)["rows"]
        assert all(row["failed"] == ({} if row["outcome"] == "ok" else {"fault": 1}) for row in rows)
        return done.returncode, {row["source"]: row["outcome"] for row in rows}, done.stderr

    code, outcomes, said = crawl(fault)
    assert (code, outcomes) == (3, {"tribune": outcome, "gazette": "ok"})
    assert "orbitwatch: tribune: 1 answers met a fault of the program, see the log" in said
    assert said.count("orbitwatch: ") == problems
    assert "RuntimeError: a fault" in said
    assert set(pd.read_parquet(data / "articles")["source"]) == {"gazette"}

    assert crawl("")[:2] == (0, {"tribune": "ok", "gazette": "ok"})
    assert set(pd.read_parquet(data / "articles")["source"]) == {"gazette", "tribune"}
