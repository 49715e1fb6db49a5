"""`orbitwatch export`: what is asked for, whole or not at all."""

import csv
import io
import json
import stat
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser
import pytest

from crawler.commands.export import _target
from pipelines.store import Store
from tests.crawler.loopback import Done
from tests.pipelines.rows import article

Verb = Callable[..., Done]


@pytest.fixture(autouse=True)
def store(data: Path) -> Store:
    store = Store(data)
    january = datetime(2022, 1, 20, 9, tzinfo=UTC)
    store.append(article(1, title="=cmd|'/c calc'!A1"))
    store.append(article(2, story_id="s1", role="copy", matched_article_id="a1", source="gazette"))
    store.append(article(3, projects=("see1",), date=january.date(), published_at=january))
    store.fold()
    return store


def rows(done: Done) -> list[dict[str, str]]:
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out.removeprefix("\ufeff"))))


def test_stories_for_a_spreadsheet(orbitwatch: Verb) -> None:
    found = rows(orbitwatch("export", "--format", "csv"))
    assert [row["story_id"] for row in found] == ["s1", "s3"]
    assert found[0]["title"] == "'=cmd|'/c calc'!A1"
    assert found[0]["articles"] == "2"


def test_raw_cells_for_programs(orbitwatch: Verb) -> None:
    assert rows(orbitwatch("export", "--format", "csv", "--raw"))[0]["title"] == "=cmd|'/c calc'!A1"
    assert orbitwatch("export", "--format", "atom", "--raw").code == 2


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--project see1", ["a3"]),
        ("--source gazette", ["a2"]),
        ("--since 2022", ["a3"]),
        ("--until 2021-10-05", ["a1", "a2"]),
        ("--since 2021-10 --until 2021-12 --project challenge --source tribune", ["a1"]),
        ("--project see1 --until 2021", []),
    ],
)
def test_articles_can_be_chosen(options: str, expected: list[str], orbitwatch: Verb) -> None:
    done = orbitwatch("export", "--format", "jsonl", "--articles", *options.split())
    assert [json.loads(line)["article_id"] for line in done.out.splitlines()] == expected


def test_a_feed(orbitwatch: Verb) -> None:
    done = orbitwatch("export", "--format", "atom", "--project", "challenge")
    feed = feedparser.parse(done.out)
    assert not feed.bozo
    assert feed.feed.title == "Orbitwatch stories: challenge"
    assert [entry.title for entry in feed.entries] == ["=cmd|'/c calc'!A1"]
    assert feed.feed.updated == "2021-10-05T13:00:00+00:00"


def test_an_empty_feed_is_valid(store: Store, orbitwatch: Verb) -> None:
    store.append(article(4, projects=("a b",)))
    store.fold()
    feed = feedparser.parse(orbitwatch("export", "--format", "atom", "--project", "a b", "--until", "1999").out)
    assert not feed.bozo
    assert (feed.feed.id, feed.entries) == ("urn:orbitwatch:stories:a%20b:1999", [])


def test_a_file_is_replaced_when_all_is_written(data: Path, tmp_path: Path, orbitwatch: Verb) -> None:
    target = tmp_path / "stories.csv"
    target.write_text("old")
    done = orbitwatch("export", "--format", "csv", "--output", str(target))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert len(target.read_text("utf-8-sig").splitlines()) == 3
    assert [path.name for path in tmp_path.iterdir() if path != data] == ["stories.csv"]
    usual = tmp_path / "usual"
    usual.touch()
    assert target.stat().st_mode == usual.stat().st_mode  # others may read it, where they usually may


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "stories.csv"
    target.write_text("old")

    def fail() -> None:
        with _target(target) as out:
            out.write(b"half a ro")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.glob(".*")) == []


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, orbitwatch: Verb) -> None:
    done = orbitwatch("export", "--format", "csv", "--output", str(tmp_path / "missing" / "stories.csv"))
    assert done.code == 1
    assert "cannot be written: No such file or directory" in done.err


def test_a_device_is_written_and_not_replaced(orbitwatch: Verb) -> None:
    assert orbitwatch("export", "--format", "csv", "--output", "/dev/null").code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_day_that_is_none_is_a_usage_error(orbitwatch: Verb) -> None:
    done = orbitwatch("export", "--format", "csv", "--since", "yesterday")
    assert done.code == 2
    assert "is no day" in done.err


def test_before_the_first_story_there_is_a_heading_only(tmp_path: Path, orbitwatch: Verb) -> None:
    done = orbitwatch("export", "--format", "csv", "--until", str(date(1999, 1, 1)))
    assert rows(done) == []
    assert done.out.removeprefix("\ufeff").startswith('"story_id"')
