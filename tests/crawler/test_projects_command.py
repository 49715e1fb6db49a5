"""`orbitwatch projects`: what is followed, and which terms earn their place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.store import Store
from tests.crawler.loopback import Done
from tests.pipelines.rows import article

Verb = Callable[..., Done]

PROJECTS = """
[vocabulary.shoot]
en = ["film crew*", "clapperboard"]
[vocabulary.place]
en = ["space station"]
[vocabulary.ground]
en = ["studio"]

[[project]]
id = "challenge"
name = "The Challenge"
kind = "feature"
country = "RU"
titles = { en = ["The Challenge"], ru = ["Вызов"] }
people = { "Yulia Peresild" = [] }
organisations = ["Roscosmos"]
never = ["parabolic"]
[[project.milestone]]
what = "launch"
date = 2021-10-05
source = "https://example.org/launch"
"""

LABELLED = [
    {"title": "Roscosmos launches cargo in parabolic gloom", "text": "From a studio.", "label": "irrelevant"},
    {"title": "Roscosmos names a chief", "text": "", "label": "irrelevant", "language": "en", "projects": []},
    {"title": "Roscosmos takes Yulia Peresild up", "text": "", "label": "relevant", "projects": ["challenge"]},
]


@pytest.fixture(autouse=True)
def store(data: Path) -> Store:
    store = Store(data)
    store.append(article(1, text="A film crew for «Вызов» works aboard the space station."))
    store.append(article(2, text="The Challenge, a game show.", projects=(), relevance=0.1))  # off topic by later rules
    store.fold()
    (data / "projects.toml").write_text(PROJECTS, encoding="utf-8")
    return store


@pytest.fixture
def labelled(tmp_path: Path) -> str:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, LABELLED)) + "\n\n", encoding="utf-8")
    return str(path)


def test_projects_are_listed_with_their_stories(orbitwatch: Verb) -> None:
    [project] = orbitwatch("projects list", "--json").json
    assert (project["id"], project["stories"], project["milestones"][0]["date"]) == ("challenge", 1, "2021-10-05")
    assert "The Challenge / Вызов" in orbitwatch("projects list").out


def test_terms_that_never_matched(orbitwatch: Verb) -> None:
    found = orbitwatch("projects check", "--json").json
    assert found["compared"] == {"stored": 1, "accepted": 0, "rejected": 0}
    assert [use["term"] for use in found["never_matched"]] == [
        "The Challenge",
        "Yulia Peresild",
        "Roscosmos",
        "parabolic",
    ]
    assert found["mostly_rejected"] == []


def test_terms_that_match_mostly_rejected_articles(orbitwatch: Verb, labelled: str) -> None:
    found = orbitwatch("projects check", "--labelled", labelled, "--json").json
    assert found["compared"] == {"stored": 1, "accepted": 1, "rejected": 2}
    assert [use["term"] for use in found["never_matched"]] == ["The Challenge"]
    assert found["mostly_rejected"] == [
        {"owner": "challenge", "kind": "support", "term": "Roscosmos", "accepted": 1, "rejected": 2}
    ]


def test_the_vocabulary_too(orbitwatch: Verb, labelled: str) -> None:
    found = orbitwatch("projects check", "--vocabulary", "--labelled", labelled, "--json").json
    assert ("vocabulary.shoot", "clapperboard") in {(use["owner"], use["term"]) for use in found["never_matched"]}
    # A studio speaks against an article: that is where it should stand.
    assert [use["term"] for use in found["mostly_rejected"]] == ["Roscosmos"]


def test_it_says_what_was_compared(orbitwatch: Verb, labelled: str) -> None:
    plain = orbitwatch("projects check").out
    assert "terms compared with 1 stored articles and 0 labelled ones" in plain
    assert "cannot be told from the store" in plain
    judged = orbitwatch("projects check", "--labelled", labelled).out
    assert "3 labelled ones, 2 of them rejected" in judged
    assert "Match mostly rejected articles" in judged
    assert "cannot be told" not in judged


def test_all_mistakes_of_the_file_are_shown(data: Path, orbitwatch: Verb) -> None:
    (data / "projects.toml").write_text(PROJECTS.replace('"feature"', '"opera"').replace('"RU"', '"Russia"'))
    done = orbitwatch("projects check")
    assert done.code == 2
    assert "opera" in done.err
    assert "Russia" in done.err


@pytest.mark.parametrize(
    "line", ["not JSON", "[]", '{"title": "A film"}', '{"title": "A film", "label": "maybe"}', '"relevant"', "{", "1"]
)
def test_a_labelled_line_that_cannot_be_used_is_named(line: str, tmp_path: Path, orbitwatch: Verb) -> None:
    path = tmp_path / "labelled.jsonl"
    path.write_text(f"{json.dumps(LABELLED[0])}\n{line}\n")
    done = orbitwatch("projects check", "--labelled", str(path))
    assert done.code == 2
    assert "line 2 cannot be used" in done.err
    assert "Traceback" not in done.err


def test_without_a_store_all_terms_are_unmatched(data: Path, tmp_path: Path, orbitwatch: Verb) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(PROJECTS, encoding="utf-8")
    done = orbitwatch("projects check", "--data", str(tmp_path / "nowhere"), "--projects", str(file), "--json")
    assert done.code == 0
    assert len(done.json["never_matched"]) == 5
    plain = orbitwatch("projects check", "--data", str(tmp_path / "nowhere"), "--projects", str(file)).out
    assert "no article yet to compare them with" in plain
    assert "Never matched" not in plain


def test_of_many_terms_the_first_are_named(data: Path, orbitwatch: Verb) -> None:
    many = ", ".join(f'"Agency {number}"' for number in range(20))
    (data / "projects.toml").write_text(PROJECTS.replace('["Roscosmos"]', f"[{many}]"), encoding="utf-8")
    plain = " ".join(orbitwatch("projects check").out.split())
    assert "Agency 9 (support) and 11 more" in plain
    assert len(orbitwatch("projects check", "--json").json["never_matched"]) == 23
