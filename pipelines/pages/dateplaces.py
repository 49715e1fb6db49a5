"""The places of a page that name a date, unread: `dates.decide` reads them and chooses."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from lxml.html import HtmlElement

from pipelines.dates import Statement
from pipelines.pages.jsonld import plain
from pipelines.pages.places import words
from pipelines.pages.structured import Structured

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "date", "pubdate", "publishdate", "publish-date", "publish_date", "published_at",
    "publisheddate", "published", "publication_date", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued",
    "dcterms.date", "dc.date", "dc.date.created", "dcterms.created", "date.created", "datecreated",
    "article_date_original", "article.published", "analyticsattributes.articledate",
    "citation_publication_date", "citation_date", "pub_date", "pdate", "og:pubdate",
    "rnews:datepublished", "originalpublicationdate", "bt:pubdate", "release_date",
    "content:publishdate", "displaydate", "ptime", "article.created",
)  # fmt: skip
_MODIFIED_META = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified",
    "last-modified", "date.modified", "dcterms.modified", "dc.date.modified", "lastmod",
    "article.updated", "date.updated", "revised", "dateupdate",
)  # fmt: skip
_DATE_BLOCKS = (
    ".//*[@itemprop='datePublished' or contains(@class, 'date') or contains(@class, 'publish')"
    " or contains(@class, 'time') or contains(@class, 'byline')]"
)
"""Elements in which outlets without `<time>` print the date."""
_LONGEST_BYLINE = 120
"""Characters of an element that prints a date: the containers around it have such class names too."""
_HAS_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_MOST = 5
"""Elements of one kind that are read: those after them belong to other articles."""


def statements(page: Structured, tree: HtmlElement) -> Iterator[Statement]:
    """What a page states about its date, the most trusted place of each kind first."""
    stated = [*_from_json(page), *_from_meta(page), *_from_times(page)]
    yield from stated
    if all(statement.modified for statement in stated):
        yield from _from_blocks(tree)


def _from_json(page: Structured) -> Iterator[Statement]:
    for article in page.articles[:2]:
        published = (plain(article.get(name)) for name in ("datePublished", "dateCreated", "uploadDate"))
        yield from (Statement("jsonld", value) for value in islice(filter(None, published), 1))
        if value := plain(article.get("dateModified")):
            yield Statement("jsonld", value, modified=True)


def _from_meta(page: Structured) -> Iterator[Statement]:
    for names, modified in ((_PUBLISHED_META, False), (_MODIFIED_META, True)):
        for name in names:
            yield from (Statement("meta", value, modified=modified) for value in page.meta.get(name, ())[:2])


def _from_times(page: Structured) -> Iterator[Statement]:
    times = sorted(page.times, key=lambda time: (not time.published, not time.in_article))
    for time in times[:_MOST]:
        if time.published or time.in_article:
            # The words often have the time of day where the attribute has the day only, and vice versa.
            for value in filter(None, (time.datetime, time.text)):
                yield Statement("time", value, modified=time.modified and not time.published)


def _from_blocks(tree: HtmlElement) -> Iterator[Statement]:
    blocks: list[HtmlElement] = tree.xpath(_DATE_BLOCKS)
    values = (block.get("content") or " ".join(words(block).split()) for block in blocks)
    dated = (value for value in values if len(value) <= _LONGEST_BYLINE and _HAS_YEAR.search(value))
    return (Statement("time", value) for value in islice(dated, _MOST))


def htmldate_statement(tree: HtmlElement, now: datetime | None, *, extensive: bool) -> Statement | None:
    """The day that htmldate finds in the page, for pages that state none.

    Args:
        tree: the page.
        now: instant of the visit, aware; later days are not taken.
        extensive: search the text as well. That takes 16 ms on average and up to 2.2 s, so it is for small
            pages without another date.
    """
    from htmldate import find_date  # noqa: PLC0415  # heavy, and seldom needed

    latest = (now + timedelta(days=1)).strftime("%Y-%m-%d") if now else None
    try:
        found = find_date(tree, extensive_search=extensive, original_date=True, max_date=latest)
    except (ValueError, TypeError, AttributeError):
        return None
    return Statement("htmldate", found) if found else None
