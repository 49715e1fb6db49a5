import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.matching import Matcher, Term, fold
from pipelines.topic.evidence import original


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("film", "A FILM, filmed", ["FILM"]),
        ("movie*", "movies moviegoer removie", ["movies", "moviegoer"]),
        ("*film", "Weltraumfilm filmt", ["Weltraumfilm"]),
        ("=ISS", "iss ISS misst ISS-Crew", ["ISS", "ISS"]),
        ("Скотт* Келли", "со Скоттом Келли", ["Скоттом Келли"]),
        ("съёмки", "Съемки СЪЁМКИ", ["Съемки", "СЪЁМКИ"]),
        ("電影", "拍電影院", ["電影"]),
        ("ロケ", "ロケット、宇宙ロケ", ["ロケ"]),
        ("ドラマ", "テレビドラマで", ["ドラマ"]),
        ("우주", "우주에서", ["우주"]),
        ("فيلم", "بالفيلم والفيلمي", ["فيلم"]),
        ("फिल्म*", "फ़िल्मों", ["फ़िल्मों"]),
        ("в космосе", "снято в космосе", ["в космосе"]),
        (
            "space station",
            "sp\xadace sta\u200btion, space\u2060 sta\ufefftion",
            ["sp\xadace sta\u200btion", "space\u2060 sta\ufefftion"],
        ),
        ("a film", "a  film", []),
    ],
)
def test_terms_respect_the_words_of_their_script(term: str, text: str, found: list[str]) -> None:
    hits = Matcher([(Term.parse(term), "tag")]).find(fold(text))
    words = [original(text, hit.start, hit.end) for hit in hits]
    assert words == found


def test_names_take_an_ending_and_no_more() -> None:
    matcher = Matcher([(Term.parse("Пересильд", name=True), "peresild"), (Term.parse("Kara", name=True), "kara")])
    assert [hit.tag for hit in matcher.find(fold("Пересильдом Пересильдовичами Karate Kara"))] == ["peresild", "kara"]


@given(st.text(st.characters(codec=None), max_size=80))
def test_folding_twice_changes_nothing_and_keeps_small_letters_as_long(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert len(folded.lower()) == len(folded)
