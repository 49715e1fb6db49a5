import tomllib
from pathlib import Path

import pytest

from pipelines.catalogue.projects import load_projects
from pipelines.matching import Term
from pipelines.topic import Judge
from pipelines.topic.anchors import MOST_HITS, MOST_PLACES, PASSAGE, SIGNS_WITHIN, Anchors
from pipelines.topic.evidence import Reader, stem

CASES = tomllib.loads((Path(__file__).parents[1] / "data" / "topic_cases.toml").read_text(encoding="utf-8"))
FAR = b"<p>The council met on Tuesday.</p>" * (PASSAGE // 20)


@pytest.fixture(scope="module")
def anchors() -> Anchors:
    projects = load_projects()
    return Anchors(Reader(projects), by_words=True)


@pytest.mark.parametrize(
    "page",
    [
        "<p>Yulia Peresild on stage</p>",
        "<p>A documentary on the space station</p>",
        "<p>映画を宇宙ステーションで</p>",
        "<p>The capsule, the airlock and the cosmonauts wait for the film crew</p>",
        "<p>The actress, a Russian, will be followed by a director</p>",
    ],
)
def test_a_page_with_what_articles_have_is_found(anchors: Anchors, page: str) -> None:
    assert anchors.found_in(page.encode())


@pytest.mark.parametrize(
    "page",
    [
        "<p>A documentary on the town hall</p>",
        "<p>The crew of the space station is back</p>",
        "<p>A film about a cosmonaut</p>",
        "<p>A film of NASA: cargo, a module</p>",
        "<p>Die Herausforderung: der neue Haushalt</p>",
        "<p>An actress on the town hall's stage</p>",
        "<script>'A documentary on the space station'</script>",
    ],
)
def test_a_page_without_is_not(anchors: Anchors, page: str) -> None:
    assert not anchors.found_in(page.encode())


def test_a_page_in_another_charset_is_given_in_utf_8(anchors: Anchors) -> None:
    page = "<p>Юлия Пересильд на орбите</p>"
    assert anchors.found_in(page.encode("windows-1251"), charset="windows-1251") == page.encode()
    assert anchors.found_in(page.encode()) == page.encode()


def test_film_and_place_belong_together_only_when_close(anchors: Anchors) -> None:
    assert anchors.found_in(b"<p>On the space station</p><p>a documentary was made</p>")
    assert not anchors.found_in(b"<p>On the space station</p>" + FAR + b"<p>a documentary was made</p>")


def test_signs_may_stand_far_apart_in_one_article(anchors: Anchors) -> None:
    signs = [b"<p>cosmonauts</p>", b"<p>an airlock</p>", b"<p>a film in a capsule</p>"]
    assert anchors.found_in(FAR.join(signs))
    assert not anchors.found_in((FAR * (SIGNS_WITHIN // len(FAR) + 1)).join(signs))


def test_short_signs_count_beside_a_long_one(anchors: Anchors) -> None:
    assert anchors.found_in(b"<p>Cosmonauts, a module</p>" + FAR + b"<p>a film of the cargo</p>")
    assert not anchors.found_in(b"<p>A module</p>" + FAR + b"<p>a film of the cargo</p>")


def test_a_short_name_needs_words_around_it_or_a_place_in_orbit(anchors: Anchors) -> None:
    assert not anchors.found_in(b"<p>Toyota Urban Cruiser: the film</p>")
    assert anchors.found_in(b"<p>Liman shoots his film aboard the station in orbit</p>")
    assert anchors.found_in(b"<p>Liman on Monday</p>" + FAR + b"<p>around the space station</p>")


def test_a_page_of_needles_is_taken_for_one_with_what_is_looked_for(anchors: Anchors) -> None:
    assert not anchors.found_in(b"mission " * MOST_HITS)
    assert anchors.found_in(b"mission " * (MOST_HITS + 1))


def test_a_page_with_a_place_in_every_line_is_read_within_bounds(anchors: Anchors) -> None:
    line = b"<p>On the space station.</p>"
    assert not anchors.found_in(line * (MOST_PLACES // 4))
    assert anchors.found_in(line * (MOST_PLACES + 1))


def test_two_signs_are_enough_when_one_is_long(anchors: Anchors) -> None:
    assert anchors.enough({stem(Term.parse("cosmonaut*")), stem(Term.parse("the hatch"))})
    assert not anchors.enough({stem(Term.parse("cosmonaut*"))})
    assert not anchors.enough({stem(Term.parse("module")), stem(Term.parse("cargo")), stem(Term.parse("space"))})


def test_what_the_anchors_leave_out_is_not_accepted(anchors: Anchors) -> None:
    judge = Judge(load_projects())
    left = [
        case["title"]
        for kind in CASES
        for case in CASES[kind]
        if not anchors.found_in(f"<h1>{case['title']}</h1><p>{case['text']}</p>".encode())
        and judge.assess(title=case["title"], text=case["text"], language=case["lang"]).relevant
    ]
    assert left == []


def test_without_vocabulary_every_name_is_enough() -> None:
    projects = load_projects()
    anchors = Anchors(Reader(projects), by_words=False)
    assert anchors.found_in(b"<p>Die Herausforderung: der neue Haushalt</p>")
    assert not anchors.found_in(b"<p>A documentary on the space station</p>")
