"""How much of a page is parsed: the bound is on elements, and what is no element does not use it up."""

import pytest

from pipelines.pages import read_page
from pipelines.pages.bounds import within_bounds
from tests.pipelines.page_texts import PARAGRAPHS, URL, page, paragraphs

MANY = 50_000
ELEMENTS = "<i></i>" * MANY


def signs(source: str) -> int:
    return source.count("<") + source.count("=")


@pytest.mark.parametrize(
    "head",
    [
        f"<script>{'var a=1;' * MANY}</script>",
        f"<SCRIPT type='text/javascript'\nasync>{'if(a<b)' * MANY}</SCRIPT >",
        f"<style>{'a[href=x]{color:red}' * MANY}</style>",
        f"<!-- {'<p class=x>' * MANY} -->",
        f"<!--[if IE]><script>a</script><script>{'a=b;' * MANY}</script><![endif]-->",
        f"<script>{'a=b;' * 1_200_000}</script>",
        f"{'<!--' * MANY}--!>",
        f"<!--><script>{'a=b;' * MANY}</script>",
    ],
)
def test_what_stands_in_scripts_styles_and_comments_takes_nothing_from_the_article(head: str) -> None:
    found = read_page(page(head=head).encode(), URL)
    assert found is not None
    assert found.text == "\n".join(PARAGRAPHS)
    assert "truncated" not in found.flags


def test_the_statements_of_a_large_page_are_read() -> None:
    head = (
        f"<script>{'a=b;' * MANY}</script>"
        '<script type="application/LD+JSON">{"@type": "NewsArticle", "headline": "Crew in orbit"}</script>'
    )
    found = read_page(page(f"<div>{paragraphs()}</div>", head=head).encode(), URL)
    assert found is not None
    assert found.title == "Crew in orbit"


@pytest.mark.parametrize(
    "source",
    [
        ELEMENTS,
        f'<p title="<script>">{ELEMENTS}</p>',
        f'<p title="<script>">{ELEMENTS}</script>{ELEMENTS}',
        f"<scripture>{ELEMENTS}</scripture>",
        f"<script>{ELEMENTS}</scripture>{ELEMENTS}</script>{ELEMENTS}",
        f"<script type='application/ld+json'>{ELEMENTS}</script>",
        "<script></script>" * MANY,
        "<script " * MANY,
        "<script>" * MANY,
        "<!-- --><b>" * MANY,
        "<!--" * MANY + ELEMENTS,
    ],
)
def test_no_page_has_more_elements_parsed_than_the_bound(source: str) -> None:
    assert signs(within_bounds(source)[0]) <= 40_000


def test_a_page_within_the_bounds_is_left_as_it_is() -> None:
    source = page(head="<script>var a=1;</script><style>a{b:c}</style><!-- note -->")
    assert within_bounds(source) == (source, False)


def test_a_page_beyond_the_bounds_is_cut_and_says_so() -> None:
    assert within_bounds("x" * 4_000_001) == ("x" * 4_000_000, True)
    assert within_bounds("<p>" * 40_001) == ("<p>" * 40_000, True)


@pytest.mark.parametrize("empty", ["<!-->", "<!--->", "<!---->", "<script></script>"])
def test_what_is_empty_hides_nothing(empty: str) -> None:
    head = f"<script>{'a=b;' * MANY}</script>"
    found = read_page(page(f"{empty}<article>{paragraphs()}</article><!-- end -->", head=head).encode(), URL)
    assert found is not None
    assert found.text == "\n".join(PARAGRAPHS)
