import html
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.matching import Matcher, Term, fold
from pipelines.scanner import Scanner
from pipelines.topic.markup import Markup
from pipelines.topic.spotting import longest_piece, spotter_of

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
SPOTTER, PATTERNS = spotter_of(map(Term.parse, TERMS))
SCANNER = Scanner((expression, number, flags) for number, (expression, flags) in enumerate(PATTERNS))


def spotted(page: str | bytes) -> set[str]:
    body = page if isinstance(page, bytes) else page.encode()
    markup, known = Markup(body), set[int]()
    hits = SPOTTER.apart(body, SCANNER.scan(body, most=10_000))
    return {TERMS[term] for end, number in hits for term in SPOTTER.standing(markup, number, end, known)}


@pytest.mark.parametrize(
    ("page", "term"),
    [
        ("<p>A film in space</p>", "in space"),
        ("IN SPACE", "in space"),
        ("in&nbsp;space", "in space"),
        ("in\xa0space", "in space"),
        ("the ISS.", "=ISS"),
        ("(ISS)", "=ISS"),
        ("l’ISS est", "=ISS"),
        ("国際宇宙ステーションISSで", "=ISS"),
        ("aboard <b>ISS</b>", "=ISS"),
        ("ＩＳＳで", "=ISS"),
        (r'{"articleBody": "A day.\nISS"}', "=ISS"),
        (r'{"articleBody": "En \u00f3rbita"}', "órbita"),
        ("en &oacute;rbita", "órbita"),
        ("EN &Oacute;RBITA", "órbita"),
        ("en &#243;rbita, &#xF3;rbita", "órbita"),
        (r'{"articleBody": "A day.\nApogees"}', "apogee*"),
        ("dans l&rsquo;ISS.", "l'iss"),
        ("dans l’ISS.", "l'iss"),
        ("Órbita", "órbita"),
        ("en ORBITA", "órbita"),
        ("apogees", "apogee*"),
        ("kapsułą", "kapsuł*"),
        ("kapsula", "kapsuł*"),
        ("Скоттом  Келли", "Скотт* Келли"),
        ("В КОСМОСЕ", "в космосе"),
        ("世界初、宇宙で", "宇宙"),
        ("ein Spielfilm.", "*film"),
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


def test_text_goes_on_behind_code() -> None:
    assert spotted("<script>in space in space</script><p>in space</p>") == {"in space"}
    assert spotted("<script>in space, and never closed: in space") == set()


def test_a_known_term_is_given_without_another_look() -> None:
    known = set[int]()
    page = b"at apogee, at apogee"
    hits = SCANNER.scan(page, most=10)
    found = [term for end, number in hits for term in SPOTTER.standing(Markup(page), number, end, known)]
    assert [TERMS[term] for term in found] == ["apogee*"] * 2
    assert known == {TERMS.index("apogee*")}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_patterns_have_one_order_in_every_process(seed: str) -> None:
    code = (
        "from pipelines.matching import Term\n"
        "from pipelines.topic.spotting import spotter_of\n"
        f"terms = map(Term.parse, {TERMS!r})\n"
        "print(spotter_of(terms)[1])"
    )
    done = subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True)
    assert done.stdout.decode().strip() == str(PATTERNS)


def test_without_terms_there_is_nothing_to_look_for() -> None:
    assert spotter_of([])[1] == []


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
