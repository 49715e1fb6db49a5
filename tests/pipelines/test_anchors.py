import tomllib
from pathlib import Path

import pytest

from pipelines.catalogue.projects import load_projects
from pipelines.matching import Term
from pipelines.topic import Judge
from pipelines.topic.anchors import MOST_HITS, MOST_MATCHES, MOST_PARTS, SIGNS_WITHIN, Anchors, Found
from pipelines.topic.evidence import Reader
from pipelines.topic.written import stem

CASES = tomllib.loads((Path(__file__).parents[1] / "data" / "topic_cases.toml").read_text(encoding="utf-8"))
FAR = b"<p>The council met on Tuesday.</p>" * 50


@pytest.fixture(scope="module")
def anchors() -> Anchors:
    projects = load_projects()
    return Anchors(Reader(projects), by_words=True)


def found(anchors: Anchors, page: str | bytes, charset: str = "") -> list[Found]:
    return list(anchors.found_in(page.encode() if isinstance(page, str) else page, charset=charset))


@pytest.mark.parametrize(
    "page",
    [
        "<p>Yulia Peresild on stage</p>",
        "<p>On the space station</p>",
        "<p>宇宙ステーションで</p>",
        "<p>The capsule, the airlock and the cosmonauts wait</p>",
        "<p>The actress, a Russian, will be followed by a director</p>",
    ],
)
def test_a_page_with_what_articles_have_is_found(anchors: Anchors, page: str) -> None:
    assert found(anchors, page)


@pytest.mark.parametrize(
    "page",
    [
        "<p>A documentary on the town hall</p>",
        "<p>A film about a cosmonaut</p>",
        "<p>A film of NASA: cargo, a module</p>",
        "<p>An actress on the town hall's stage</p>",
        "<script>'A documentary on the space station'</script>",
    ],
)
def test_a_page_without_is_not(anchors: Anchors, page: str) -> None:
    assert not found(anchors, page)


def test_titles_and_places_come_with_a_page(anchors: Anchors) -> None:
    page = (
        b'<title>Up and &quot;down&quot;</title><meta property="og:title" content="Up">'
        b'<H1 class="a"><b>Up</b> again</H1><p>On the space station</p>'
    )
    (one,) = found(anchors, page)
    assert one.page == one.text == page
    assert one.titles == ['Up and "down"', 'content="Up"', "Up again"]
    assert one.places == [page.index(b"station") + len(b"station")]


def test_a_page_in_another_charset_is_given_in_utf_8(anchors: Anchors) -> None:
    page = "<p>Юлия Пересильд на орбите</p>"
    for charset in ("windows-1251", ""):
        (one,) = found(anchors, page.encode("windows-1251"), charset)
        assert one.page == one.text == page.encode()


def test_what_another_spelling_hides_is_given_as_it_is_read(anchors: Anchors) -> None:
    page = "<p>Юлия Пере\u00adсильд</p>"
    (one,) = found(anchors, page)
    assert one.page == page.encode()
    assert "Пересильд" in one.text.decode()
    assert one.places == [one.text.index(b"<", 4)]


def test_signs_may_stand_far_apart_in_one_article(anchors: Anchors) -> None:
    signs = [b"<p>cosmonauts</p>", b"<p>an airlock</p>"]
    assert found(anchors, FAR.join(signs))
    assert not found(anchors, (FAR * (SIGNS_WITHIN // len(FAR) + 1)).join(signs))


def test_short_signs_count_beside_a_long_one(anchors: Anchors) -> None:
    assert found(anchors, b"<p>Cosmonauts, a module</p>" + FAR + b"<p>the cargo</p>")
    assert not found(anchors, b"<p>A module</p>" + FAR + b"<p>the cargo</p>")


def test_a_page_of_needles_is_taken_for_one_with_what_is_looked_for(anchors: Anchors) -> None:
    assert not found(anchors, b"mission " * MOST_HITS)
    (one,) = found(anchors, b"mission " * (MOST_HITS + 1))
    assert one.places is None
    (one,) = found(anchors, b"<script></script>" * (MOST_MATCHES // 2 + 1))
    assert one.places is None
    assert not found(anchors, b"actress " * (MOST_PARTS // 4))
    (one,) = found(anchors, b"actress " * (MOST_PARTS + 1))
    assert one.places is None


def test_places_are_told_of_a_text_whether_they_are_enough_or_not(anchors: Anchors) -> None:
    text = b"A cosmonaut waits.\nNothing here.\nOn the space station."
    assert anchors.places_in(text) == (text, [text.index(b" waits"), len(text) - 1])
    assert anchors.places_in(b"Nothing here.") == (b"Nothing here.", [])
    assert anchors.places_in(b"mission " * (MOST_HITS + 1))[1] is None


def test_places_are_told_of_a_text_without_what_nobody_sees(anchors: Anchors) -> None:
    seen = b"A cosmonaut waits on the space station."
    assert anchors.places_in("A cosmo\u200bnaut waits on the sp\xadace sta\u2060tion.".encode()) == anchors.places_in(
        seen
    )


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
        if not found(anchors, f"<h1>{case['title']}</h1><p>{case['text']}</p>")
        and judge.assess(title=case["title"], text=case["text"], language=case["lang"]).relevant
    ]
    assert left == []


def test_without_vocabulary_only_names_count() -> None:
    anchors = Anchors(Reader(load_projects()), by_words=False)
    assert found(anchors, "<p>Die Herausforderung: der neue Haushalt</p>")
    assert not found(anchors, "<p>A documentary on the space station</p>")
