"""check, migrate and rebuild, as an operator runs them on a real small store."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from crawler.commands import rebuild
from pipelines.catalogue.projects import load_projects
from pipelines.events import update_events
from pipelines.intake import STORY_INDEX, open_index
from pipelines.store import Store, check
from tests.crawler.loopback import Done
from tests.pipelines.rows import article, milestone

Verb = Callable[..., Done]

FILMED = (
    "The actress Yulia Peresild and the director Klim Shipenko arrived at the International Space Station on 5 October 2021 "
    "to shoot scenes of the feature film The Challenge. They will return to Earth on 17 October 2021."
)
GARDEN = "The town council has opened a garden behind the library. Roses were planted, and a band played."


@pytest.fixture
def store(data: Path) -> Store:
    """A film that older rules did not see, and a garden that they took for a film."""
    store = Store(data)
    store.append(article(1, title="Film crew docks", text=FILMED, projects=(), relevance=0.1))
    store.append(article(2, title="Roses", text=GARDEN), [milestone(2, published=date(2021, 10, 5))])
    later = datetime(2021, 11, 3, 12, tzinfo=UTC)
    copied = {"story_id": "s1", "role": "copy", "matched_article_id": "a1", "similarity": 0.95}
    store.append(
        article(
            3, title="Film crew docks", text=FILMED, source="gazette", date=later.date(), published_at=later, **copied
        )
    )
    store.fold()
    update_events(store, load_projects(), store.unrelated_months())
    return store


def contents(data: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(data.glob("*/year=*/*.parquet"))}


def ids(data: Path, table: str) -> list[str]:
    return sorted(pd.read_parquet(data / table)[{"articles": "article_id", "stories": "story_id"}[table]])


# --- check


def test_a_sound_store_needs_no_words(store: Store, orbitwatch: Verb) -> None:
    done = orbitwatch("check", "--read-data")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_a_sound_store_in_json(store: Store, orbitwatch: Verb) -> None:
    done = orbitwatch("check", "--json")
    assert done.code == 0
    assert done.json["sound"] is True
    assert done.json["rows"] == {"articles": 3, "stories": 2, "milestones": 1, "events": 2, "runs": 0}


def test_damage_is_named_and_repaired(store: Store, data: Path, orbitwatch: Verb) -> None:
    month = data / "stories/year=2021/2021-10.parquet"
    month.write_bytes(month.read_bytes()[:-30])
    (data / "articles" / "notes.txt").write_text("not a table")
    found = orbitwatch("check")
    assert found.code == 1
    assert "damaged" in found.out
    assert "notes.txt" in found.out
    assert "check --read-data --repair" in found.err
    assert "Traceback" not in found.err
    repaired = orbitwatch("check", "--repair", "--json")
    assert repaired.code == 0
    assert {problem["kind"]: bool(problem["repaired"]) for problem in repaired.json["problems"]} == {
        "foreign": True,
        "damaged": True,
        "article_without_story": True,
        "event_without_story": True,
    }
    assert len(repaired.json["quarantined"]) == 2
    assert orbitwatch("check", "--read-data").code == 0
    assert ids(data, "stories") == ["s1", "s2"]


def test_a_waiting_journal_needs_no_person(store: Store, orbitwatch: Verb) -> None:
    store.append(article(4))
    done = orbitwatch("check", "--json")
    assert (done.code, done.json["sound"]) == (0, True)
    assert [problem["kind"] for problem in done.json["problems"]] == ["journal_waiting"]


@pytest.mark.parametrize("verb", ["check", "migrate", "rebuild --index", "rebuild --dry-run"])
def test_while_another_run_works(verb: str, store: Store, data: Path, orbitwatch: Verb) -> None:
    before = contents(data)
    with store.lock():
        done = orbitwatch(verb)
    assert done.code == 75
    assert "the store is in use by" in done.err
    assert contents(data) == before


@pytest.mark.parametrize("verb", ["check", "migrate", "rebuild"])
def test_a_misspelt_directory_is_not_taken_for_a_store(verb: str, data: Path, orbitwatch: Verb) -> None:
    done = orbitwatch(verb)
    assert done.code == 2
    assert "is no directory" in done.err
    assert not data.exists()


def test_stories_without_events_are_named_and_get_them_by_a_repair(store: Store, data: Path, orbitwatch: Verb) -> None:
    whole = contents(data)
    store.replace_events([])
    found = orbitwatch("check", "--json")
    assert found.code == 1
    assert [problem["kind"] for problem in found.json["problems"]] == ["story_without_event"]
    assert orbitwatch("check", "--repair").code == 0
    assert contents(data) == whole
    assert orbitwatch("check", "--read-data").out == ""


def test_a_repair_folds_the_journal_of_a_killed_run_and_makes_its_events(
    store: Store, data: Path, orbitwatch: Verb
) -> None:
    store.append(article(5, story_id="s5", canonical_url="https://tribune.example/5"))
    assert orbitwatch("check", "--repair").code == 0
    assert "s5" in set(pd.read_parquet(data / "events")["story_id"])
    assert store.unrelated_months() == frozenset()
    assert orbitwatch("check", "--read-data").out == ""


def test_after_a_repair_the_articles_of_a_damaged_month_may_come_back(
    store: Store, data: Path, orbitwatch: Verb
) -> None:
    with open_index(store, data / STORY_INDEX) as index:
        assert index.has("a3")
    (data / "articles/year=2021/2021-11.parquet").write_bytes(b"")
    orbitwatch("check", "--repair")
    assert not (data / STORY_INDEX).exists()
    with open_index(store, data / STORY_INDEX) as index:
        assert index.missing(["a1", "a2", "a3"]) == ["a3"]


def test_a_story_that_comes_back_into_the_table_has_an_event(store: Store, data: Path, orbitwatch: Verb) -> None:
    store.replace_verdicts(
        "2021-10", {"a2": {"projects": [], "relevance": 0.1, "matched_terms": [], "rules_version": "r0"}}
    )
    orbitwatch("rebuild", "--stories")
    orbitwatch("rebuild", "--events")
    assert set(pd.read_parquet(data / "events")["story_id"]) == {"s1"}
    store.replace_verdicts(
        "2021-10", {"a2": {"projects": ["challenge"], "relevance": 0.9, "matched_terms": [], "rules_version": "r1"}}
    )
    orbitwatch("rebuild", "--stories")
    assert set(pd.read_parquet(data / "events")["story_id"]) == {"s1", "s2"}


# --- migrate


def test_a_store_of_today_has_nothing_to_migrate(store: Store, data: Path, orbitwatch: Verb) -> None:
    before = contents(data)
    assert orbitwatch("migrate", "--json").json == {"schema_version": 1, "files": 0}
    assert "Nothing to do" in orbitwatch("migrate").out
    assert contents(data) == before


def test_a_newer_store_is_refused(store: Store, data: Path, orbitwatch: Verb) -> None:
    (data / ".orbitwatch.json").write_text('{"schema_version": 99}')
    done = orbitwatch("migrate")
    assert done.code == 1
    assert "newer version" in done.err


# --- rebuild


def test_everything_is_made_again(store: Store, data: Path, orbitwatch: Verb) -> None:
    done = orbitwatch("rebuild", "--json")
    assert done.code == 0, done.err
    report = done.json
    assert report["dry_run"] is False
    assert (report["topic"]["articles"], report["topic"]["changed"]) == (3, 3)
    assert [turned["article_id"] for turned in report["topic"]["on_topic"]] == ["a1"]
    assert [turned["title"] for turned in report["topic"]["off_topic"]] == ["Roses"]
    assert report["milestones"]["gone"] == 1
    assert report["stories"] == {"stories": 1, "changed": 1, "withdrawn": 1, "without_articles": 0}
    assert report["events"] == {"events": 1}
    assert report["index"] == {"articles": 3}
    assert ids(data, "articles") == ["a1", "a2", "a3"]
    assert ids(data, "stories") == ["s1"]
    assert check(data, read_data=True).sound
    before = contents(data)
    again = orbitwatch("rebuild")
    assert again.code == 0
    assert "3 articles, 0 changed" in again.out
    assert contents(data) == before


def test_a_dry_run_changes_nothing_and_says_what_would(store: Store, data: Path, orbitwatch: Verb) -> None:
    store.append(article(4))
    before, journal = contents(data), (data / ".journal.jsonl").read_bytes()
    done = orbitwatch("rebuild", "--dry-run")
    assert done.code == 0
    for words in ("Nothing was changed", "No longer on topic: 1", "Roses", "3 articles, 3 changed", "2 to derive"):
        assert words in done.out
    assert contents(data) == before
    assert (data / ".journal.jsonl").read_bytes() == journal
    assert not (data / STORY_INDEX).exists()


def test_parts_can_be_chosen(store: Store, data: Path, orbitwatch: Verb) -> None:
    assert set(orbitwatch("rebuild", "--stories", "--json").json) == {"dry_run", "stories"}
    assert set(orbitwatch("rebuild", "--milestones", "--json").json) == {"dry_run", "milestones"}
    assert ids(data, "stories") == ["s1", "s2"]
    assert set(orbitwatch("rebuild", "--topic", "--json").json) == {"dry_run", "topic", "stories"}
    assert ids(data, "stories") == ["s1"]


def test_the_index_is_made_anew_from_the_articles(store: Store, data: Path, orbitwatch: Verb) -> None:
    (data / ".state").mkdir(exist_ok=True)
    (data / STORY_INDEX).write_bytes(b"no database")
    (data / f"{STORY_INDEX}-wal").write_bytes(b"of another one")
    assert orbitwatch("rebuild", "--index", "--json").json["index"] == {"articles": 3}
    with open_index(store, data / STORY_INDEX) as index:
        assert index.has("a3")
        document = {"id": "new", "title": "Film crew docks", "text": FILMED, "url": "x", "date": "2021-10-06"}
        assert index.add([document]) == ["s1"]


def test_mistakes_in_the_projects_file_stop_it_before_anything(store: Store, data: Path, orbitwatch: Verb) -> None:
    (data / "projects.toml").write_text('[[project]]\nid = "X"\n')
    before = contents(data)
    done = orbitwatch("rebuild")
    assert done.code == 2
    assert "projects.toml" in done.err
    assert contents(data) == before


def test_an_interrupted_rebuild_says_how_to_go_on(store: Store, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.rejudging.rejudge", interrupted)
    done = CliRunner().invoke(rebuild.rebuild, ["--data", str(data)])
    assert done.exit_code == 130
    assert "run it again to finish" in done.output
    assert check(data).sound  # and the lock is free again


def test_a_closed_pipe_is_a_quiet_end(store: Store, data: Path) -> None:
    command = f"{sys.executable} -m crawler rebuild --dry-run --data {data} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("On topic now") or done.stdout.startswith("No longer on topic")
    assert "Traceback" not in done.stderr


def test_json_is_one_document(store: Store, orbitwatch: Verb) -> None:
    assert json.loads(orbitwatch("rebuild", "--dry-run", "--json").out)["dry_run"] is True
