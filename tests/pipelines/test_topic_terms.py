"""Terms of a projects file are counted once an article, wherever the judge would see them."""

from pathlib import Path

import pytest

from pipelines.catalogue.projects import Projects, load_projects
from pipelines.topic.terms import TermCounter, TermUse

FILE = """
[vocabulary.shoot]
en = ["film crew*"]
[vocabulary.place]
en = ["in orbit"]
ru = ["на орбите"]

[[project]]
id = "challenge"
name = "The Challenge"
kind = "feature"
country = "RU"
titles = { en = ["The Challenge"], ru = ["Вызов"] }
ordinary = ["The Challenge"]
people = { "Yulia Peresild" = ["Пересильд"] }
vehicles = ["Soyuz MS-19"]
cues = [["russia*|moscow", "@maker"], ["moscow", "@place"]]
"""


@pytest.fixture
def projects(tmp_path: Path) -> Projects:
    path = tmp_path / "projects.toml"
    path.write_text(FILE, encoding="utf-8")
    return load_projects(path)


def counts(counter: TermCounter) -> dict[str, tuple[int, int]]:
    return {use.term: (use.accepted, use.rejected) for use in counter.uses() if use.accepted or use.rejected}


def test_every_term_is_named_as_it_is_written(projects: Projects) -> None:
    uses = list(TermCounter(projects).uses())
    assert TermUse("challenge", "ordinary", "The Challenge", 0, 0) in uses
    assert TermUse("challenge", "title", "Вызов", 0, 0) in uses
    assert TermUse("vocabulary.place", "ru", "на орбите", 0, 0) in uses
    assert [use.term for use in uses if use.kind == "cue"] == ["russia*", "moscow"]


def test_an_article_counts_once_for_a_term_and_on_its_side(projects: Projects) -> None:
    counter = TermCounter(projects)
    counter.add(title="«Вызов» снят", text="Пересильдом. Пересильд.\nВызов на орбите.", relevant=True)
    counter.add(title="Moscow", text="A film crew in orbit, and another film crew.", relevant=False)
    counter.add(title="Пересильд в театре", text="", relevant=False)
    assert counts(counter) == {
        "Вызов": (1, 0),
        "Пересильд": (1, 1),
        "на орбите": (1, 0),
        "moscow": (0, 1),
        "film crew*": (0, 1),
        "in orbit": (0, 1),
    }


def test_a_title_that_is_an_everyday_word_counts_as_a_title_only(projects: Projects) -> None:
    counter = TermCounter(projects)
    counter.add(title="It is the challenge of a life", text="", relevant=False)
    assert counts(counter) == {}
    counter.add(title="The Challenge is out", text="", relevant=True)
    assert counts(counter) == {"The Challenge": (1, 0)}
