"""The two readings that share trafilatura's steps give what trafilatura gives by itself."""

from copy import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.etree import tostring
from lxml.html import HtmlElement
from trafilatura import bare_extraction, html2txt, load_html
from trafilatura.htmlprocessing import prune_unwanted_nodes
from trafilatura.settings import Extractor
from trafilatura.xpaths import RAW_TREE_PRUNE_XPATH, REMOVE_COMMENTS_AND_LISTS_XPATH

from pipelines.pages import read_page, readings
from pipelines.pages.readings import Readings, prune, text_length
from tests.pipelines.page_texts import PARAGRAPHS, RUSSIAN, URL, paragraphs

FORUM = '<script type="application/ld+json">{"@type": "DiscussionForumPosting"}</script>'
REMARKS = "".join(f'<div class="comment" id="comment-{n}"><p>{PARAGRAPHS[n % 3]}</p></div>' for n in range(12))
MENU = "<ul>" + "".join(f'<li class="item"><a href="/{n}">Section number {n}</a></li>' for n in range(60)) + "</ul>"
FRAGMENTS = {
    "article": f"<article><h1>Film crew lifts off</h1>{paragraphs(PARAGRAPHS)}</article>",
    "body": f'<div class="article-body">{paragraphs(PARAGRAPHS[:2])}</div>',
    "Russian": f'<div class="entry-content">{paragraphs(RUSSIAN)}</div>',
    "bare": "".join(f"<div>{text}</div>" for text in PARAGRAPHS),
    "short": "<p>A short notice about a film that will be shot in orbit.</p>",
    "remarks": f'<section class="comments">{REMARKS}</section>',
    "list of remarks": f'<ol class="commentlist"><li><p>{PARAGRAPHS[0]}</p></li></ol>',
    "service of remarks": f'<div id="disqus_thread"><p>{PARAGRAPHS[1]}</p></div><ol id="disqus_thread"><li>One</li></ol>',
    "remarks aside": f'<aside class="comments"><p>{PARAGRAPHS[1]}</p></aside>',
    "forum": FORUM + REMARKS,
    "menu": f"<nav>{MENU}</nav>{MENU}",
    "teasers": "".join(f'<div class="Teaser"><p>{text}</p></div>' for text in PARAGRAPHS),
    "next article": f'<div class="infinite-scroll"><article><h2>Next</h2>{paragraphs(PARAGRAPHS)}</article></div>tail',
    "banners": '<div class="x-footer" id="y">Imprint</div><div id="y" class="footer">Contact</div><p id="onetrust">Cookies?</p>',
    "aside": f"<aside>{paragraphs(PARAGRAPHS)}</aside><footer><p>All rights reserved.</p></footer>",
    "table": f"<table><tr><th>Crew</th></tr><tr><td>{PARAGRAPHS[0]}</td></tr></table>",
    "inline": "<p>Split<script>var a = 1;</script>word, <b>bold</b>\u00ad and&#8203;<br>so on<style>p{}</style>.</p>",
    "control": "<p>Words with &#1; a control character that XML does not allow, and more of them after it.</p>",
}


def tree_of(*names: str) -> HtmlElement:
    tree = load_html(f"<html><head><title>T</title></head><body>{''.join(map(FRAGMENTS.get, names))}</body></html>")  # type: ignore[arg-type]
    assert tree is not None
    return tree


def by_trafilatura(tree: HtmlElement, *, fast: bool) -> str:
    options = Extractor(output_format="python", fast=fast, comments=False)
    document = bare_extraction(tree, options=options)
    return (getattr(document, "text", None) or "").strip()


def check(*names: str) -> None:
    tree = tree_of(*names)
    before = tostring(tree)
    found = Readings(tree)
    assert found.fast == by_trafilatura(tree, fast=True)
    assert found.careful == by_trafilatura(tree, fast=False)
    assert tostring(tree) == before


@pytest.mark.parametrize("name", FRAGMENTS)
def test_readings_are_trafilaturas(name: str) -> None:
    check(name)
    check("menu", name)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(list(FRAGMENTS)), min_size=2, max_size=6))
def test_readings_of_any_page_are_trafilaturas(names: list[str]) -> None:
    check(*names)


def test_the_careful_reading_alone_is_the_same() -> None:
    tree = tree_of("menu", "teasers", "short")
    assert Readings(tree).careful == by_trafilatura(tree, fast=False)


@pytest.mark.parametrize("name", FRAGMENTS)
def test_pages_are_pruned_and_measured_as_trafilatura_does(name: str) -> None:
    tree = tree_of("aside", name, "remarks", "short")
    assert text_length(tree) == len(html2txt(tree))
    ours, theirs = copy(tree), copy(tree)
    prune(ours)
    prune_unwanted_nodes(theirs, RAW_TREE_PRUNE_XPATH)
    if name != "forum":
        prune_unwanted_nodes(theirs, REMOVE_COMMENTS_AND_LISTS_XPATH)
    assert tostring(ours) == tostring(theirs)


@pytest.mark.parametrize(
    ("names", "compared"),
    [
        (("article",), 0),
        (("article", "remarks"), 0),
        (("short",), 1),
        (("article", "aside", "aside", "aside"), 1),
        ((), 0),
    ],
)
def test_the_careful_reading_is_asked_only_where_much_is_missing(
    names: tuple[str, ...], compared: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def compare(*arguments: object) -> object:
        asked.append(arguments)
        return arguments[2:4]

    monkeypatch.setattr(readings, "compare_extraction", compare)
    read_page(tostring(tree_of(*names)), URL)
    assert len(asked) == compared
