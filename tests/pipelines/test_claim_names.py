"""The names of projects inside a sentence: titles, people, ships, and what only describes them."""

import sys

from pipelines.catalogue.projects import load_projects
from pipelines.milestones.projects import NameFinder

NAMES = NameFinder(load_projects())


def test_a_title_in_quotation_marks_is_a_title() -> None:
    names = NAMES.find("Премьера «Вызова» и «Вызов» в прокате", ["challenge"])
    assert [name.title for name in names] == [True, True]


def test_a_word_that_any_film_has_describes_none() -> None:
    for text in ("Angekündigt wurde der Film im Mai.", "O filme foi anunciado.", "The movie opens", "电影上映"):
        assert NAMES.find(text, ["challenge", "cruise-liman"]) == [], text


def test_the_work_for_a_sentence_of_names_grows_with_their_number() -> None:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        found = NAMES.find("俄" * 1_500, ["challenge"])
    finally:
        sys.setprofile(None)
    assert len(found) == 1_500
    assert calls < 100 * 1_500
