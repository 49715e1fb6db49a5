import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching import Matcher, Term, fold
from pipelines.topic.spotting import MOST_HITS, Spotter, longest_piece

TERMS = (
    "in space",
    "=ISS",
    "l'iss",
    "apogee*",
    "órbita",
    "kapsuł*",
    "Скотт* Келли",
    "в космосе",
    "宇宙",
    "*film",
    "nav* cargo",
    "'",
)
SPOTTER = Spotter((written, Term.parse(written)) for written in TERMS)


def spotted(page: str | bytes) -> set[str]:
    found: set[str] = set()

    def seen(term: int, _offset: int) -> bool:
        found.add(TERMS[term])
        return False

    SPOTTER.spot(page if isinstance(page, bytes) else page.encode(), seen)
    return found


@pytest.mark.parametrize(
    ("page", "term"),
    [
        ("<p>A film in space</p>", "in space"),
        ("IN SPACE", "in space"),
        ("in&nbsp;space", "in space"),
        ("in\xa0space", "in space"),
        ("the ISS", "=ISS"),
        ("(ISS)", "=ISS"),
        ("aboard <b>ISS</b>", "=ISS"),
        ("ＩＳＳで", "=ISS"),
        (r'{"articleBody": "A day.\nISS"}', "=ISS"),
        (r'{"articleBody": "A day.\nApogees"}', "apogee*"),
        ("dans l&rsquo;ISS", "l'iss"),
        ("dans l’ISS", "l'iss"),
        ("Órbita", "órbita"),
        ("en ORBITA", "órbita"),
        ("apogees", "apogee*"),
        ("kapsułą", "kapsuł*"),
        ("kapsula", "kapsuł*"),
        ("Скоттом  Келли", "Скотт* Келли"),
        ("В КОСМОСЕ", "в космосе"),
        ("世界初、宇宙で", "宇宙"),
        ("ein Spielfilm", "*film"),
        ("nave cargo", "nav* cargo"),
        ('<meta name="description" content="Shot in space">', "in space"),
        ('<script type="application/ld+json">{"headline": "Shot in space"}</script>', "in space"),
        ("a < b, in space", "in space"),
    ],
)
def test_a_term_is_found_as_it_may_stand(page: str, term: str) -> None:
    assert term in spotted(page)


@pytest.mark.parametrize(
    "page",
    [
        "the mission",
        "an iss",
        "Swiss",
        "indoor spaces",
        '<img alt="in space">',
        '<a href="/shot in space">x</a>',
        "<script>var title = 'in space';</script>",
        "<STYLE>in space</STYLE>",
        "post-ISS",
        "ein Filmemacher",
        "nave e cargo",
        "宇航",
    ],
)
def test_parts_of_words_markup_and_code_are_not_terms(page: str) -> None:
    assert spotted(page) == set()


def test_code_ends_where_the_next_tag_begins() -> None:
    assert spotted("<script>in space in space</script><p>in space</p>") == {"in space"}
    assert spotted("<script>in space, and never closed: in space") == set()


def test_the_search_ends_when_told_and_when_there_is_too_much() -> None:
    assert SPOTTER.spot(b"at apogee, at apogee", lambda _term, _offset: True)
    assert not SPOTTER.spot(b"apogee " * MOST_HITS, lambda _term, _offset: False)
    assert SPOTTER.spot(b"apogee " * (MOST_HITS + 1), lambda _term, _offset: False)


def test_without_terms_nothing_is_found() -> None:
    assert not Spotter([]).spot(b"in space", lambda _term, _offset: True)


@pytest.mark.parametrize(
    ("written", "piece"),
    [("dans l'espace", "espace"), ("=ISS", "ISS"), ("nav* cargo", "cargo"), ("на орбите Земли", "орбите"), ("*", "")],
)
def test_the_longest_piece_of_a_term_is_looked_for(written: str, piece: str) -> None:
    assert longest_piece(written) == piece


WORDS = st.sampled_from(
    ["in", "space", "ISS", "apogees", "Órbita", "в", "космосе", "宇宙", "Скотт", "Келли", "film", ",", "–", "x"]
)
MATCHER = Matcher((Term.parse(written), written) for written in TERMS)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=12), st.booleans())
def test_what_an_article_names_is_found_in_its_page(words: list[str], escaped: bool) -> None:
    text = " ".join(words)
    named = {hit.tag for hit in MATCHER.find(fold(text))}
    assert named <= spotted(f"<p>{html.escape(text) if escaped else text}</p>")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_searched(noise: bytes) -> None:
    assert "in space" in spotted(noise + b"<p> in space </p>" + noise)
