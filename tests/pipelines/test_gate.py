import html
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.projects import load_projects
from pipelines.topic import Judge, may_be_relevant
from pipelines.topic.gate import LONGEST_VISIBLE, MANY_TAGS, visible

DATA = Path(__file__).parents[1] / "data"
CASES = tomllib.loads((DATA / "topic_cases.toml").read_text(encoding="utf-8"))
ARTICLES = tomllib.loads((DATA / "topic_articles.toml").read_text(encoding="utf-8"))["article"]
CHARSETS = {
    "ru": ("windows-1251", "koi8-r"),
    "bg": ("windows-1251",),
    "uk": ("windows-1251",),
    "zh": ("gb18030",),
    "zh-hant": ("big5",),
    "ja": ("shift_jis", "euc-jp"),
    "ko": ("euc-kr",),
    "de": ("iso-8859-1",),
    "fr": ("iso-8859-1",),
    "es": ("iso-8859-1",),
    "pl": ("iso-8859-2",),
    "tr": ("iso-8859-9",),
    "el": ("iso-8859-7",),
    "ar": ("windows-1256",),
}


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_projects())


def page(title: str, text: str, *, charset: str = "utf-8", around: str = "") -> str:
    return f"""<!doctype html><html><head><meta charset="{charset}"><title>{title} | The Daily Comet</title></head>
<body><nav><ul><li><a href="/sport">Sport</a></li></ul></nav>{around}
<article><h1>{title}</h1><p>{text}</p></article>
<footer><a href="/imprint">Imprint</a></footer></body></html>"""


def accepted(judge: Judge) -> list[dict[str, str]]:
    cases = [*CASES["relevant"], *CASES["lookalikes"], *ARTICLES]
    return [c for c in cases if judge.assess(title=c["title"], text=c["text"], language=c["lang"]).relevant]


def as_references(text: str) -> str:
    return "".join(c if c.isascii() else f"&#{ord(c)};" for c in text)


def wrapped(text: str) -> str:
    """The text as a hand-written page has it: a word a line, the long ones in italics."""
    return "\n    ".join(f"<i>{word}</i>" if len(word) > 12 else word for word in text.split())


def test_what_is_accepted_later_is_never_refused(judge: Judge) -> None:
    lost = [c["title"] for c in accepted(judge) if not judge.may_be_relevant(page(c["title"], c["text"]).encode())]
    assert lost == []


@pytest.mark.parametrize("unseen", ["\xad", "&shy;", "\u200b", "\u200c", "\u200e", "\u2060", "\ufeff"])
def test_what_nobody_sees_hides_no_article(judge: Judge, unseen: str) -> None:
    title, text = "The Challenge", "A feature film shot on the International Space Station by Yulia Peresild."
    hidden = (
        " ".join(f"{word[:2]}{unseen}{word[2:]}" if len(word) > 3 else word for word in s.split())
        for s in (title, text)
    )
    assert judge.may_be_relevant(page(*hidden).encode())


def test_an_article_with_captions_and_teasers_between_its_paragraphs_is_not_lost(judge: Judge) -> None:
    between = "<figcaption>Photo: Marlowe &amp; Day</figcaption><p>Subscribe to our letter.</p><h2>Read on</h2>" * 3
    lost = []
    for article in ARTICLES:
        if judge.assess(
            title=article["title"], text=article["text"], language=article["lang"].partition("-")[0]
        ).relevant:
            paragraphs = [part.replace("\n", " ") for part in article["text"].split("\n\n")]
            source = page(article["title"], f"</p>{between}<p>".join(paragraphs))
            if not judge.may_be_relevant(source.encode()):
                lost.append(article["title"])
    assert lost == []


def test_nothing_is_lost_in_legacy_charsets_with_and_without_a_header(judge: Judge) -> None:
    lost, tried = [], 0
    for case in accepted(judge):
        for charset in CHARSETS.get(case["lang"], ()):
            source = page(case["title"], case["text"], charset=charset)
            body = source.encode(charset, "xmlcharrefreplace")
            for header in ("", charset):
                tried += 1
                if not judge.may_be_relevant(body, charset=header):
                    lost.append((charset, header, case["title"]))
    assert lost == []
    assert tried > 150


@pytest.mark.parametrize("hide", [as_references, html.escape, str.upper, lambda text: text.replace(" ", "\xa0")])
def test_nothing_is_lost_in_another_spelling(judge: Judge, hide: Callable[[str], str]) -> None:
    lost = []
    for case in accepted(judge):
        title, text = hide(case["title"]), hide(case["text"])
        if hide is str.upper and not judge.assess(title=title, text=text).relevant:
            continue  # a few terms count only in their own case
        if not judge.may_be_relevant(page(title, text).encode()):
            lost.append(case["title"])
    assert lost == []


def test_nothing_is_lost_in_wrapped_lines_with_inline_markup(judge: Judge) -> None:
    lost = [
        c["title"] for c in accepted(judge) if not judge.may_be_relevant(page(c["title"], wrapped(c["text"])).encode())
    ]
    assert lost == []


def test_nothing_is_lost_that_stands_only_in_escaped_json_ld(judge: Judge) -> None:
    lost = []
    for case in accepted(judge):
        data = json.dumps({"@type": "NewsArticle", "headline": case["title"], "articleBody": case["text"]})
        source = f'<html><head><script type="application/ld+json">{data}</script></head><body><div id=app></div>'
        if not judge.may_be_relevant(source.encode()):
            lost.append(case["title"])
    assert lost == []


def test_a_link_inside_a_sentence_belongs_to_it() -> None:
    body = page("Evening news", 'The crew will <a href="/x">shoot a feature film</a> aboard the ISS in October.')
    assert may_be_relevant(body.encode())


@pytest.mark.parametrize(
    "around",
    [
        "<aside><p>Tom Cruise will shoot a film aboard the space station</p></aside>",
        '<ul><li><a href="/1">Russian actress shoots first film in space</a></li></ul>',
        '<div class="teaser"><a href="/1"><h3>Russian actress shoots first film in space</h3></a></div>',
        '<script>var related = "Tom Cruise will shoot a film aboard the space station";</script>',
        "<footer><p>Tom Cruise will shoot a film aboard the space station</p></footer>",
    ],
)
def test_menus_teasers_and_scripts_do_not_count(around: str) -> None:
    body = page("Town hall gets a new roof", "The council voted on Tuesday.", around=around)
    assert not may_be_relevant(body.encode())


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Town hall gets a new roof", "The council voted on Tuesday. Cameras were allowed for the first time."),
        ("Streaming service cancels three series", "The dramas did not find enough viewers."),
        ("Dreharbeiten für neuen Krimi in Kiel", "Gesperrt sind der Hafen und zwei Straßen."),
        ("В Казани снимают сериал о хоккеистах", "Премьера намечена на осень."),
        ("人気ドラマ、来春に映画化", "撮影は北海道で行われる。"),
    ],
)
def test_an_ordinary_page_is_refused(title: str, text: str) -> None:
    assert not may_be_relevant(page(title, text).encode())


def test_pages_without_anything_are_refused() -> None:
    for body in (b"", b"\x00", b"<html>", b"\xff\xfe", b"%PDF-1.7 film in space"[:8]):
        assert not may_be_relevant(body)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=3000), st.sampled_from(["", "utf-8", "nonsense", "gb18030", "utf-7"]))
def test_any_bytes_get_an_answer(body: bytes, charset: str) -> None:
    assert may_be_relevant(body + b" film in space " + body, charset=charset) in {True, False}


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=400))
def test_any_markup_can_be_read(source: str) -> None:
    page = f"<p>{source}</p><script type='application/ld+json'>{source}</script><a>{source}"
    seen = visible(page.encode("utf-8", "replace"))
    assert seen is None or all(line == " ".join(line.split()) for line in (*seen.headings, *seen.lines))


def test_a_hostile_page_is_read_in_bounds() -> None:
    source = b"<p>" * 10_000 + b"film in space " * 50_000 + b'"headline":"' * 20_000 + b"<a>" * 10_000
    seen = visible(source)
    assert seen is not None
    assert sum(len(line) for line in seen.lines) < 1_000_000
    assert visible(b"<p>" * (MANY_TAGS + 1)) is None
    assert may_be_relevant(source) in {True, False}
    assert may_be_relevant(b"Yulia Peresild films in space" + b"<p>" * (MANY_TAGS + 1))


def test_an_endless_line_is_cut() -> None:
    seen = visible(b"in space " * LONGEST_VISIBLE)
    assert seen is not None
    assert [len(line) for line in seen.lines] == [LONGEST_VISIBLE]
