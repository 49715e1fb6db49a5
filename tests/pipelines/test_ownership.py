"""Which JSON-LD node is the page's own article: by its address and its headline."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.model import Page
from pipelines.pages import read_page
from pipelines.pages.ownership import own_articles
from tests.pipelines.page_texts import URL, page

HEADLINE = "Film crew lifts off"
OTHER = "https://orbit-daily.example/2015/01/01/rocket-explodes"
NOW = datetime(2021, 10, 6, 12, 0, tzinfo=UTC)
STATED = (
    f'<title>{HEADLINE} | Orbit Daily</title><link rel="canonical" href="{URL}"><meta property="og:title" content="{HEADLINE}">'
    '<meta property="article:published_time" content="2021-10-05T08:55:00Z"><meta name="author" content="Ada Orbit">'
)


def read(*nodes: dict[str, Any], head: str = STATED, url: str = URL) -> Page:
    found = read_page(
        page(head=f'{head}<script type="application/ld+json">{json.dumps(nodes)}</script>').encode(), url, now=NOW
    )
    assert found is not None
    return found


def own(
    *nodes: dict[str, Any], url: str = URL, declared: str = "", headings: tuple[str, ...] = (HEADLINE,)
) -> list[str]:
    """The headlines of the nodes that are taken for the page's own."""
    taken = own_articles(
        nodes, url=url, declared=(declared,), headings=headings, titles=headings, sites=frozenset({"orbitdaily"})
    )
    return [str(node.get("headline") or node.get("name") or "") for node in taken]


@pytest.mark.parametrize(
    "node",
    [
        {"@type": "NewsArticle", "headline": "Rocket explodes", "datePublished": "2015-01-01", "url": OTHER, "author": {"name": "Lev Soyuz"}},
        {"@type": "NewsArticle", "headline": "Rocket explodes", "datePublished": "2015-01-01", "author": {"name": "Lev Soyuz"}},
        {"@type": "NewsArticle", "datePublished": "2015-01-01", "mainEntityOfPage": {"@id": OTHER}, "author": {"name": "Lev Soyuz"}},
        {"@type": "VideoObject", "name": "Watch: ten films set in space", "uploadDate": "2019-03-03", "url": "https://orbit-daily.example/video/9"},
        {"@type": "VideoObject", "name": "Watch: ten films set in space", "uploadDate": "2019-03-03", "@id": f"{URL}#video"},
        {"@type": "VideoObject", "name": HEADLINE, "uploadDate": "2019-03-03", "url": "https://orbit-daily.example/video/9"},
        {"@type": "JobPosting", "name": "Camera operator wanted", "title": HEADLINE, "datePosted": "2020-01-01", "url": URL},
        {"@type": "Product", "name": "Telescope", "review": {"@type": "Review", "name": "Sharp", "datePublished": "2018-01-01", "author": {"name": "Lev Soyuz"}}},
        {"@type": "Movie", "name": "The Challenge", "review": {"@type": "Review", "datePublished": "2023-05-01", "author": {"name": "Lev Soyuz"}}},
    ],
)  # fmt: skip
def test_what_a_page_says_of_something_else_is_not_said_of_its_article(node: dict[str, Any]) -> None:
    found = read(node)
    assert (found.title, found.authors, found.date.day) == (HEADLINE, ("Ada Orbit",), date(2021, 10, 5))
    assert not found.date.conflict


@pytest.mark.parametrize(
    "place",
    [
        {"url": URL},
        {"url": URL.replace("https", "http") + "/"},
        {"url": URL.replace("//", "//www.") + "?utm_source=feed"},
        {"url": URL.removeprefix("https://orbit-daily.example")},
        {"url": f"{URL}/amp/"},
        {"url": URL.replace("orbit-daily.example", "cms.orbit-new.example")},
        {"url": f"https://web.archive.org/web/20211006000000/{URL}"},
        {"@id": f"{URL}#article"},
        {"mainEntityOfPage": URL},
        {"mainEntityOfPage": {"@type": "WebPage", "@id": URL}},
        {"mainEntityOfPage": {"@type": "WebPage", "url": URL}},
        {"mainEntityOfPage": {"@id": "https://orbit-daily.example/"}, "url": URL},
    ],
)
def test_a_node_with_the_pages_address_is_its_own(place: dict[str, Any]) -> None:
    assert own({"@type": "NewsArticle", "headline": "Two leave for orbit", **place}) == ["Two leave for orbit"]


def test_an_address_of_another_article_is_not_the_pages() -> None:
    node = {"@type": "NewsArticle", "headline": "Rocket explodes"}
    assert (
        own(node | {"url": "https://orbit-daily.example/read?id=6"}, url="https://orbit-daily.example/read?id=5") == []
    )
    assert own(node | {"@id": URL, "url": OTHER}) == []


def test_a_copy_has_the_address_of_its_original() -> None:
    node = {"@type": "NewsArticle", "headline": "Two leave for orbit", "url": "https://wire.example/two-leave"}
    assert own(node) == []
    assert own(node, declared="https://wire.example/two-leave/") == ["Two leave for orbit"]


@pytest.mark.parametrize(
    "url", ["https://orbit-daily.example/space/crew-lifts-off", "https://orbit-daily.example/", "1011185", "true"]
)
def test_the_headline_vouches_for_a_node_with_a_wrong_address(url: str) -> None:
    assert own({"@type": "NewsArticle", "headline": "Film crew lifts off!", "url": url}) != []


def test_a_short_title_vouches_for_nothing_that_it_is_a_part_of() -> None:
    assert own({"@type": "NewsArticle", "headline": "Crew lost in the Alps", "url": OTHER}, headings=("Crew",)) == []


def test_a_doubtful_node_counts_where_the_page_has_nothing_surer() -> None:
    node = {"@type": "NewsArticle", "headline": "Two leave for orbit"}
    assert own(node) == [], "h1 and title agree on another"
    assert own(node, headings=()) == ["Two leave for orbit"], "a shell for a script has no titles"
    assert own(node | {"url": OTHER}, headings=()) == ["Two leave for orbit"]
    assert own({"@type": "NewsArticle"}, {"@type": "NewsArticle", "headline": HEADLINE}) == [HEADLINE]
    assert own({"@type": "NewsArticle"}, {"@type": "WebPage", "name": HEADLINE, "url": URL}) == ["", HEADLINE]


def test_the_first_is_the_best() -> None:
    page_itself = {"@type": "WebPage", "name": HEADLINE, "@id": URL}
    unnamed = {"@type": "NewsArticle", "headline": f"{HEADLINE}, agency says"}
    named = {"@type": "BlogPosting", "headline": f"{HEADLINE} at dawn", "url": URL}
    assert own(page_itself, unnamed, named) == [f"{HEADLINE} at dawn", f"{HEADLINE}, agency says", HEADLINE]


def test_a_page_may_be_a_video_or_a_review() -> None:
    for kind in ("VideoObject", "Review"):
        found = read(
            {"@type": kind, "name": HEADLINE, "uploadDate": "2021-10-04", "datePublished": "2021-10-04"}, head=""
        )
        assert (found.date.day, found.date.source) == (date(2021, 10, 4), "jsonld")
    assert own({"@type": "Review", "author": "Ada Orbit"}) == [""]


def test_a_video_in_an_article_does_not_date_it() -> None:
    video = {"@type": "VideoObject", "name": HEADLINE, "uploadDate": "2021-09-01"}
    assert own({"@type": "NewsArticle", "headline": HEADLINE, "video": video}, video) == [HEADLINE]


def test_the_posts_of_a_live_blog_are_not_its_articles() -> None:
    posts = [{"@type": "BlogPosting", "headline": HEADLINE, "datePublished": "2021-10-01", "url": f"{URL}#post-1"}]
    found = read(
        {
            "@type": "LiveBlogPosting",
            "headline": HEADLINE,
            "url": URL,
            "datePublished": "2021-10-05",
            "liveBlogUpdate": posts,
        }
    )
    assert (found.date.day, found.date.conflict) == (date(2021, 10, 5), False)


@pytest.mark.parametrize(
    "value", [None, 7, "", "//", "http://[", "/" * 5_000, [], [[]], {"@id": 5}, [{"@id": []}], "\ud800://"]
)
def test_no_value_of_an_address_harms(value: object) -> None:
    node = {"@type": "NewsArticle", "headline": HEADLINE, "url": value, "@id": value, "mainEntityOfPage": value}
    assert own(node) == [HEADLINE]


def test_a_longer_headline_at_another_address_is_another_story() -> None:
    longer = {"@type": "NewsArticle", "headline": f"{HEADLINE}: what is known about the first feature made in orbit"}
    assert own(longer | {"url": OTHER}) == []
    assert len(own(longer)) == 1


def test_a_banner_is_no_headline_that_speaks_against_a_node() -> None:
    node = {"@type": "NewsArticle", "headline": "Two leave for orbit"}
    assert own(node, headings=("Orbit Daily",)) == ["Two leave for orbit"]
