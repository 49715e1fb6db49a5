"""What reading verbs are asked to choose: mistakes are told from an absence of news."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from pipelines.store import Store
from tests.pipelines.rows import article

READING = [
    ("timeline",),
    ("digest",),
    ("export", "--format", "csv"),
    ("report", "--output", "-"),
]


@pytest.fixture
def filled(data: Path) -> Path:
    """Stories of October 2021 and January 2022; a project and an outlet of theirs are in no file."""
    store = Store(data)
    january = datetime(2022, 1, 20, 9, tzinfo=UTC)
    store.append(article(1))
    store.append(
        article(2, source="gazette", projects=("forgotten",), date=january.date(), published_at=january, language="de")
    )
    store.fold()
    return data


def ask(data: Path, *arguments: str) -> Result:
    verb, *rest = arguments
    return CliRunner().invoke(main, [verb, "--data", str(data), *rest])


@pytest.mark.parametrize("verb", READING)
def test_a_place_that_is_not_there_is_a_mistake(verb: tuple[str, ...], tmp_path: Path) -> None:
    done = ask(tmp_path / "dtaa", *verb)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "dtaa is no directory; name the data directory with --data" in done.stderr
    assert not (tmp_path / "dtaa").exists()


@pytest.mark.parametrize("verb", READING)
def test_a_place_before_the_first_run_is_none(verb: tuple[str, ...], tmp_path: Path) -> None:
    assert ask(tmp_path, *verb).exit_code == 0


def test_no_place_at_all_is_not_the_directory_one_is_in() -> None:
    done = CliRunner().invoke(main, ["timeline", "--data", ""])
    assert done.exit_code == 2
    assert "it is empty" in done.stderr


@pytest.mark.parametrize("verb", [("timeline",), ("timeline", "--json"), ("export", "--format", "csv")])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--project chalenge", "no project is called 'chalenge'; did you mean 'challenge'?"),
        ("--project x", "no project is called 'x'; see `orbitwatch projects list`"),
        ("--since 2022 --until 2021", "the window ends before it begins: it is from 2022-01-01 to 2021-12-31"),
        ("--since 2021-02-30", "'2021-02-30' is no day"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(verb: tuple[str, ...], options: str, said: str, filled: Path) -> None:
    done = ask(filled, *verb, *options.split())
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_an_outlet_that_nobody_knows_is_one_as_well(filled: Path) -> None:
    (filled / "sources.toml").write_text(
        '[[source]]\nid = "tribune"\nname = "Tribune"\nhome = "https://tribune.example/"\nlanguage = "en"\n'
        'feeds = ["https://tribune.example/feed"]\n'
    )
    done = ask(filled, "export", "--format", "jsonl", "--source", "tribun")
    assert done.exit_code == 2
    assert "no source is called 'tribun'; did you mean 'tribune'?" in done.stderr
    assert done.stdout == ""
    left = ask(filled, "export", "--format", "jsonl", "--source", "gazette")  # no longer in the file
    assert [json.loads(line)["story_id"] for line in left.stdout.splitlines()] == ["s2"]


def test_a_project_that_has_left_the_file_is_found_in_the_store(filled: Path) -> None:
    assert "forgotten" in ask(filled, "timeline", "--project", "forgotten").stdout
    nothing = ask(filled, "timeline", "--project", "forgotten", "--until", "2021")
    assert (nothing.exit_code, nothing.stderr) == (0, "")
    assert "Nothing matches" in nothing.stdout


@pytest.mark.parametrize("options", ["--since 2030", "--project see1", "--project challenge --until 1999"])
def test_nothing_that_matches_is_not_nothing_stored(options: str, filled: Path) -> None:
    done = ask(filled, "timeline", *options.split())
    assert done.exit_code == 0
    assert "Nothing matches" in done.stdout
    assert f"2 stories, from {date(2021, 10, 5)} to {date(2022, 1, 20)}" in done.stdout
    written = ask(filled, "export", "--format", "jsonl", *options.split())
    assert (written.exit_code, written.stdout, written.stderr) == (0, "", "")


def test_before_the_first_story_the_timeline_says_so(tmp_path: Path) -> None:
    assert "yet: run `orbitwatch crawl`" in ask(tmp_path, "timeline", "--project", "challenge").stdout


def test_a_digest_has_one_form(tmp_path: Path) -> None:
    done = ask(tmp_path, "digest", "--json", "--html")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--json and --html" in done.stderr
