import pytest

from pipelines.scanner import CASELESS, ONCE, Scanner
from pipelines.topic.passages import HEADINGS, LONGEST, LONGEST_HEADING, MOST, REACH, headings, passages

WORDS = b"<p>The council met on Tuesday.</p>" * (3 * REACH // 34)


def places(page: bytes, word: bytes = b"orbit") -> list[int]:
    return [at + len(word) for at in range(len(page)) if page.startswith(word, at)]


def read(page: bytes) -> list[str]:
    return passages(page, places(page), reach=REACH).split("\n")


def test_only_what_stands_around_a_place_is_read() -> None:
    page = WORDS + b"<p>A film shot in orbit.</p>" + WORDS
    (line,) = read(page)
    assert "A film shot in orbit." in line
    assert len(line) < 2 * REACH + 10


def test_places_close_to_each_other_share_a_passage_and_others_do_not() -> None:
    one = b"<p>In orbit.</p>"
    assert len(read(one + one)) == 1
    assert len(read(one + WORDS + one)) == 2


def test_a_passage_of_many_places_is_cut_and_nothing_is_read_twice() -> None:
    page = b" ".join(b"orbit %d" % number for number in range(1_000))
    lines = read(page)
    assert all(len(line) <= LONGEST + 2 * REACH for line in lines)
    words = " ".join(lines).split()
    assert len(words) == len({*words}) + words.count("orbit") - 1


def test_of_many_passages_those_with_most_places_are_read_in_their_order() -> None:
    single = [b"<p>orbit alone %d</p>" % number for number in range(3 * MOST)]
    single[MOST] += b"<p>orbit again orbit</p>"
    lines = read(WORDS.join(single))
    assert len(lines) == MOST
    assert "orbit again" in lines[-1]
    assert [f"alone {number}" in line for number, line in enumerate(lines)] == [True] * (MOST - 1) + [False]


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"x" * REACH + b' class="a">in orbit<b class="' + b"y" * REACH, "in orbit"),
        (b"<meta content='" + b"x " * REACH + b"in orbit' name='description'>", "x in orbit"),
        (b"1 > 0 in orbit, 0 < 1", "0 in orbit, 0"),
    ],
)
def test_a_tag_that_a_passage_begins_or_ends_in_is_not_read(page: bytes, text: str) -> None:
    (line,) = read(page)
    assert text in line
    assert "class" not in line
    assert "y" not in line


SCANNER = Scanner((begin, number, CASELESS | ONCE) for number, begin in enumerate(HEADINGS))


def titles(page: bytes) -> list[str]:
    return headings(page, SCANNER.scan(page, most=9))


def test_headings_are_read_without_their_markup() -> None:
    page = (
        b'<TITLE data-x>A &amp; B</TITLE><meta property="og:title" content="A, B"><h1><span>A</span>\n and B</h1>'
        rb'<script>{"Headline": "A \u0026 B", "headline": "C"}</script><title>D</title>'
    )
    assert titles(page) == ["A & B", 'content="A, B"', "A and B", "A & B"]


@pytest.mark.parametrize(
    "page", [b"<title>", b"<h1>x", b'"headline": "x', b"<title>" + b"x" * LONGEST_HEADING + b"</title>"]
)
def test_a_heading_without_an_end_is_none(page: bytes) -> None:
    assert titles(page) == []
