"""What surrounds the demo: the directory that it is given, and the environment that it is called in."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from crawler.commands import demo
from crawler.commands.output import console
from tests.crawler.loopback import Web, sources_toml
from tests.crawler.receivers import Receiver


def test_its_runs_are_of_this_program_and_told_to_nobody(
    web: Web, data: Path, tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir()
    (data / "sources.toml").write_text(sources_toml({"id": "tribune", "feeds": [web.feed("tribune")]}))
    (tmp_path / "crawler").mkdir()
    (tmp_path / "crawler" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    root = str(Path(__file__).parents[2])
    monkeypatch.setattr(sys, "path", [root, *(path for path in sys.path if path)])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORBITWATCH_PING", f"http://127.0.0.1:{receiver.port}/check")
    demo._crawl(data, datetime(2021, 10, 6, tzinfo=UTC), "run 1 of 1", console())
    assert web.paths("tribune") == ["/robots.txt", "/feed"]
    assert receiver.notes == []


def test_an_earlier_demo_is_replaced_and_nothing_else(data: Path) -> None:
    data.mkdir()
    (data / "letters.txt").write_text("dear")
    done = CliRunner().invoke(main, ["demo", "--data", str(data)])
    assert (done.exit_code, (data / "letters.txt").read_text()) == (2, "dear")
    (data / ".demo").touch()
    demo._make_room(data)
    assert [path.name for path in data.iterdir()] == [".demo"]


@pytest.mark.parametrize("place", ["/proc/orbitwatch", "link"])
def test_a_directory_that_cannot_be_made_or_emptied_is_told_in_a_line(data: Path, place: str) -> None:
    data.mkdir()
    (data / "link").symlink_to(data.parent)
    (data.parent / ".demo").touch()
    where = data / place  # an absolute one stays what it is
    command = [sys.executable, "-m", "crawler", "demo", "--data", str(where), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert str(where) in line
    assert "--data" in line
