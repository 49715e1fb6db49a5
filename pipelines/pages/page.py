"""An article page's bytes to title, text, authors, language and date: what the judges work on.

One parse serves everything. The order matters for speed only: the statements of the page are
collected before trafilatura works on a copy of the tree, and htmldate is asked only where nothing else
names a date.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from datetime import timezone as fixed_zone
from functools import cache, partial
from typing import Any

from lxml import etree
from lxml.html import (
    HtmlComment,
    HtmlElement,
    HtmlEntity,
    HTMLParser,
    HtmlProcessingInstruction,
    document_fromstring,
)

from pipelines.dates import decide
from pipelines.encoding import decode
from pipelines.model import DateSource, Entry, Page, PublicationDate
from pipelines.pages import structured
from pipelines.pages.authors import find_authors
from pipelines.pages.body import read_body
from pipelines.pages.bounds import within_bounds
from pipelines.pages.dateplaces import htmldate_statement, statements
from pipelines.pages.headline import choose_title
from pipelines.pages.jsonld import plain
from pipelines.pages.keys import site_keys
from pipelines.pages.language import choose_language, declared_language
from pipelines.pages.paywall import is_paywalled
from pipelines.pages.structured import Structured
from pipelines.text import clean_text
from pipelines.urls import pick_canonical

_SMALL_SOURCE = 300_000
"""Characters of a page up to which htmldate may search its text; nine in ten of 763 real pages are smaller. It is
a bound on the time of a guess."""
UNSTATED = ("", "url")
"""Origins of a date that the page itself does not state."""
_MAX_TITLE = 1_000
_MAX_AUTHOR = 200
_MAX_TEXT = 1_000_000
_MAX_SUMMARY = 2_000


def read_page(
    body: bytes,
    url: str,
    *,
    charset: str = "",
    listed: Entry | None = None,
    listed_source: DateSource = "feed",
    timezone: str = "UTC",
    now: datetime | None = None,
    search_date: bool = True,
) -> Page | None:
    """Read an article page.

    Args:
        body: the bytes, transfer and content coding undone.
        url: the address that answered.
        charset: of the Content-Type header, "" when it names none.
        listed: the feed or sitemap entry that named the page; its date, title and author count where the
            page is silent.
        listed_source: whether `listed` comes from a "feed" or a "sitemap".
        timezone: IANA zone of the outlet, for times printed without one.
        now: instant of the visit, aware, against dates in the future; None leaves them unchecked.
        search_date: whether a page that states no day is searched for one. That is dear, the first time above all.

    Returns:
        The page; None only where there is no text at all. Never raises on bad bytes.
    """
    source = decode(body, charset=charset)[0]
    source, cut = within_bounds(source)
    flags = ["truncated"] if cut else []
    tree = _parse(source)
    if tree is None:
        return None
    page = structured.collect(tree, url)
    title = choose_title(page, url)
    people = find_authors(page, tree, site_keys(page.site_names, url))
    read = read_body(tree, source, page, _titles(page, title), people)
    text = clean_text(read.text, limit=_MAX_TEXT, keep_newlines=True)
    if not any(map(str.isalnum, text)):
        return None
    declared = declared_language(page)
    language, disagrees = choose_language(text, declared)
    date_language = declared or language
    evidence = list(statements(page, tree))
    settle = partial(
        decide,
        url=url,
        listed=listed,
        listed_source=listed_source,
        timezone=timezone,
        language=date_language,
        now=now,
    )
    date = settle(evidence)
    if search_date and date.source in UNSTATED:
        extensive = not date.source and len(source) <= _SMALL_SOURCE
        if guess := htmldate_statement(tree, now, extensive=extensive):
            date = settle([*evidence, guess])
    if disagrees:
        flags.append("language_disagrees")
    if date.conflict:
        flags.append("date_conflict")
    if not people and listed is not None and listed.author:
        people = tuple(name for name in listed.author.split("; ") if name)
    return Page(
        url=url,
        canonical_url=pick_canonical(url, page.canonical, page.first_meta("og:url")),
        title=clean_text(title or (listed.title if listed else ""), limit=_MAX_TITLE),
        text=text,
        summary=clean_text(_summary(page, listed), limit=_MAX_SUMMARY),
        authors=tuple(clean_text(name, limit=_MAX_AUTHOR) for name in people),
        language=language,
        language_declared=declared,
        date=date,
        paywalled=is_paywalled(page, read.raw),
        site_name=clean_text(page.site_names[0] if page.site_names else "", limit=_MAX_AUTHOR),
        extractor=read.extractor,
        flags=tuple(dict.fromkeys((*flags, *read.flags))),
    )


def extract_record(html: bytes, url: str) -> dict[str, Any]:
    """A page as a flat record, for scorers.

    Returns:
        text, title, date (ISO 8601 or ""), author ("A; B"), language and canonical; {} without text.
    """
    page = read_page(html, url)
    if page is None:
        return {}
    return {
        "text": page.text,
        "title": page.title,
        "date": _iso_date(page.date),
        "author": "; ".join(page.authors),
        "language": page.language,
        "canonical": page.canonical_url,
    }


def _iso_date(date: PublicationDate) -> str:
    """ISO 8601 of a decision: the day alone, or the instant with an offset that gives the printed day."""
    if date.precision != "minute" or date.instant is None or date.day is None:
        return date.day.isoformat() if date.day else ""
    offsets = (timedelta(hours=sign * hours) for hours in range(15) for sign in (1, -1))
    local = (date.instant.astimezone(fixed_zone(offset)) for offset in offsets)
    return next((time for time in local if time.date() == date.day), date.instant).isoformat()


def _parse(source: str) -> HtmlElement | None:
    """The tree of a page, None when nothing in it is markup or text."""
    tree = _loader()(source)
    if tree is None:
        try:
            tree = document_fromstring(
                source.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8", huge_tree=True)
            )
        except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
            return None
    return tree


@cache
def _loader() -> Callable[[str], HtmlElement | None]:
    """The parser of trafilatura, made to give every element the same class.

    lxml.html asks a function in Python for the class of each element, and again for those of every copy, to tell the
    parts of forms apart: a tenth of the time of an extraction, and nothing here looks at forms.
    """
    from trafilatura.utils import HTML_PARSER, load_html  # noqa: PLC0415  # half a second of imports

    HTML_PARSER.set_element_class_lookup(
        etree.ElementDefaultClassLookup(
            element=HtmlElement, comment=HtmlComment, pi=HtmlProcessingInstruction, entity=HtmlEntity
        )
    )
    return load_html


def _titles(page: Structured, title: str) -> list[str]:
    """All spellings of the headline, to recognise it where it stands in the text again."""
    stated = [plain(article.get("headline")) for article in page.articles[:1]]
    return [title, page.first_meta("og:title"), *page.headings[:3], *stated]


def _summary(page: Structured, listed: Entry | None) -> str:
    stated = page.first_meta("og:description", "description", "twitter:description")
    if not stated and page.articles:
        stated = plain(page.articles[0].get("description"))
    return stated or (listed.summary if listed else "")
