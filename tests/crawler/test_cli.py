"""What holds for every verb: a reader that leaves, a terminal that knows few letters, mistakes told in a line."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from crawler.cli import main
from pipelines.store import Store
from tests.crawler.loopback import Done, sources_toml
from tests.pipelines.rows import article

OUTLET = {"id": "tribune", "name": "Вестник", "feeds": ["http://tribune.localhost/feed"]}


@pytest.fixture(autouse=True)
def store(data: Path) -> Store:
    store = Store(data)
    store.append(article(1, title="Съёмки «Вызова» на орбите"))
    store.fold()
    (data / "sources.toml").write_text(sources_toml(OUTLET), encoding="utf-8")
    return store


def run(*arguments: str, stdout: int = subprocess.PIPE, **environment: str) -> Done:
    command = [sys.executable, "-m", "crawler", *arguments]
    environment = {**os.environ, **environment}
    done = subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, text=True, errors="replace", check=False, env=environment
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "verb",
    [
        ("timeline",),
        ("sources", "list", "--json"),
        ("export", "--format", "csv"),
        ("crawl", "--dry-run"),
    ],
    ids=lambda verb: verb[0],
)
def test_a_reader_that_has_seen_enough_is_no_failure(verb: tuple[str, ...], data: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(*verb, "--data", str(data), stdout=writing)
    finally:
        os.close(writing)
    assert (done.code, done.err) == (0, "")


def verb_that(*lines: str) -> list[str]:
    """A command line whose one verb consists of these lines."""
    body = "".join(f"    {line}\n" for line in lines)
    program = f"import click, sys\nfrom crawler import cli\n@click.command()\ndef verb():\n{body}"
    return [sys.executable, "-c", f"{program}cli.main.get_command = lambda *_: verb\ncli.run()\n", "x"]


@pytest.mark.parametrize(
    "verb",
    [("--help",), ("timeline",), ("status",), ("sources", "list", "--json"), ("export", "--format", "csv")],
    ids=lambda verb: verb[0],
)
def test_a_stdout_that_takes_nothing_is_told_in_a_line(verb: tuple[str, ...], data: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = run(*verb, *(() if verb == ("--help",) else ("--data", str(data))), stdout=full.fileno())
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "No space left on device" in line


def test_what_waits_to_be_written_is_told_as_well() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        waiting = verb_that("sys.stdout.buffer.write(b'row')")
        buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        done = subprocess.run(waiting, stdout=full, stderr=subprocess.PIPE, check=False, env=buffered)
    assert (done.returncode, done.stderr) == (1, b"Error: stdout cannot be written: No space left on device\n")


@pytest.mark.parametrize("verb", [("timeline",), ("export", "--format", "csv")], ids=lambda verb: verb[0])
def test_a_stdout_that_is_closed_is_as_good_as_none(verb: tuple[str, ...], data: Path) -> None:
    command = [sys.executable, "-m", "crawler", *verb, "--data", str(data)]
    done = subprocess.run(command, preexec_fn=lambda: os.close(1), stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_verb_with_130_and_leaves_no_half_file(tmp_path: Path, number: signal.Signals) -> None:
    waiting = verb_that(
        "import pathlib, time",
        "from pipelines.whole_files import replacing",
        f"with replacing(pathlib.Path({str(tmp_path / 'a.csv')!r})) as file:",
        "    click.echo('begun')",
        "    time.sleep(60)",
    )
    with subprocess.Popen(waiting, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert list(tmp_path.glob(".tmp-a.csv-*"))
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "Error: interrupted\n")
    assert not list(tmp_path.glob(".tmp-*"))


def test_another_pipe_that_breaks_is_a_failure() -> None:
    broken = verb_that("raise BrokenPipeError(32, 'the scheduler has gone')")
    done = subprocess.run(broken, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the scheduler has gone" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_a_terminal_cannot_show_is_told_by_its_number(data: Path) -> None:
    latin = {"PYTHONIOENCODING": "iso-8859-1"}
    listed = run("sources", "list", "--data", str(data), **latin)
    assert (listed.code, listed.err) == (0, "")
    assert "\\u0412\\u0435" in listed.out
    assert run("digest", "--since", "9999d", "--data", str(data), **latin).code == 0
    told = run("sources", "list", "--json", "--data", str(data), **latin)
    assert json.loads(told.out)[0]["name"] == "Вестник"


def test_brackets_in_a_path_are_no_markup(tmp_path: Path) -> None:
    data = tmp_path / "d[" / "b]"
    data.mkdir(parents=True)
    done = run("timeline", "--data", str(data))
    assert (done.code, done.err) == (0, "")
    assert f"No stories in {tmp_path}/d[/b] yet" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("digest", "--since", "999999d"), "more than a hundred years"),
        (("crawl", "-s", "DOWNLOAD_DELAY"), "NAME=VALUE"),
        (("crawl", "-s", "DOWNLOAD_DELAY=abc"), "write a number, for example DOWNLOAD_DELAY=1.0"),
        (("crawl", "-s", "DOWNLOAD_DELAY=nan"), "write a number"),
        (("crawl", "-s", "CONCURRENT_REQUESTS=1.5"), "write a whole number, for example CONCURRENT_REQUESTS=32"),
        (("crawl", "-s", "AUTOTHROTTLE_ENABLED=perhaps"), "AUTOTHROTTLE_ENABLED=False"),
        (("crawl", "-s", "RETRY_PRIORITY_ADJUST=low"), "write a whole number"),
        (("backfill", "gdelt", "--since", "2021", "-s", "DNS_TIMEOUT=soon"), "write a number"),
    ],
    ids=lambda part: part[-1] if isinstance(part, tuple) else "",
)
def test_values_that_cannot_be_are_told_with_code_2(data: Path, arguments: tuple[str, ...], words: str) -> None:
    done = CliRunner().invoke(main, [*arguments, "--data", str(data)])
    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize(
    "setting", ["DOWNLOAD_TIMEOUT=2.5", "CLOSESPIDER_TIMEOUT=0.5", "COOKIES_ENABLED=0", "TELNETCONSOLE_HOST=here"]
)
def test_values_that_scrapy_takes_are_let_through(data: Path, setting: str) -> None:
    assert CliRunner().invoke(main, ["crawl", "--dry-run", "-s", setting, "--data", str(data)]).exit_code == 0


@pytest.mark.parametrize(
    "verb", [("projects", "list"), ("explain", "https://tribune.example/1", "--file")], ids=lambda verb: verb[0]
)
def test_a_damaged_table_is_named(data: Path, tmp_path: Path, verb: tuple[str, ...]) -> None:
    for table in ("articles", "stories"):
        (month,) = (data / table).glob("*/*.parquet")
        month.write_bytes(b"no table")
    page = tmp_path / "page.html"
    page.write_text(f"<title>Film crew docks</title><p>{'A film crew works aboard the space station. ' * 20}</p>")
    done = run(*verb, *([str(page)] if verb[-1] == "--file" else []), "--data", str(data))
    assert done.code == 1
    assert "Traceback" not in done.err
    assert month.name in done.err


@pytest.mark.parametrize("verb", [("sources", "add"), ("sources", "test"), ("explain",)], ids=lambda verb: verb[-1])
def test_a_state_that_cannot_be_written_is_told_in_a_line(tmp_path: Path, verb: tuple[str, ...]) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".state").write_text("in the way of a folder")
    done = run(*verb, "http://tribune.localhost:9/", "--data", str(elsewhere))
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "state file" in line


def test_a_state_that_status_cannot_read_is_told_in_a_line(data: Path) -> None:
    (data / ".state" / "state.sqlite").mkdir(parents=True)
    done = run("status", "--data", str(data))
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "state file: unable to open" in line
