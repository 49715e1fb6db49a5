"""Errands for `orbitwatch sources`: what an outlet offers, and what a listing would give. Nothing is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import answers
from crawler.fetching import FetchError, Visit
from crawler.promising import is_promising
from pipelines.catalogue.sources import Source
from pipelines.discovery import FrontPage, Listing, candidates, read_front_page, read_listing
from pipelines.urls import match_key

if TYPE_CHECKING:
    from scrapy.http import Response

    from pipelines.model import Entry
    from pipelines.topic import Judge

#: Levels of a sitemap index that are followed, and its children that are tried.
_DEPTH, _CHILDREN = 1, 2


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that was asked.

    Attributes:
        source: id of the source, "" for an address that belongs to none.
        url: as asked for.
        listing: what it lists, None when nothing.
        problem: why not, "" otherwise.
        unseen: entries that no run has fetched yet.
    """

    source: str
    url: str
    listing: Listing | None = None
    problem: str = ""
    unseen: int = 0


async def explore(visit: Visit, home: str) -> tuple[FrontPage, str, list[Tried]]:
    """The front page, the address where it answered, and every address that could list its articles.

    Raises:
        FetchError: when the front page cannot be had.
    """
    response = await visit.get(home)
    page = read_front_page(response.body, response.url, charset=answers.charset(answers.content_type(response)))
    parts = urlsplit(response.url)
    robots = visit.state.robots(f"{parts.scheme}://{parts.netloc}")  # asked before the page
    tried = [await _try(visit, "", url) for url in candidates(page, robots.body if robots else b"", response.url)]
    if all(attempt.listing is None for attempt in tried) and (listing := _listing_of(response, "UTC")) is not None:
        tried.append(Tried("", home, listing))  # the address was that of a feed
    return page, response.url, tried


async def visit_listings(visit: Visit, sources: Iterable[Source]) -> list[Tried]:
    """Every listing of the sources, one after the other."""
    return [await _try(visit, source.id, url, source.timezone) for source in sources for url in source.listings]


def first_fetched(entries: Sequence["Entry"], judge: "Judge") -> list[tuple["Entry", bool]]:
    """Entries in the order in which a run fetches them, each with whether its words pass the gate."""
    judged = [(entry, is_promising(entry, judge)) for entry in entries if entry.url]
    return sorted(judged, key=lambda pair: not pair[1])


async def _try(visit: Visit, source: str, url: str, timezone: str = "UTC", depth: int = 0) -> Tried:
    try:
        response = await visit.get(url)
    except FetchError as error:
        return Tried(source, url, problem=str(error))
    listing = _listing_of(response, timezone)
    if listing is None:
        return Tried(source, url, problem=answers.why_nothing(response))
    if listing.children and not listing.entries and depth < _DEPTH:
        # What an index is for shows in its newest child, which stands first or last.
        for child in dict.fromkeys((listing.children[-1], listing.children[0])[:_CHILDREN]):
            inner = await _try(visit, source, child, timezone, depth + 1)
            if inner.listing is not None and inner.listing.kind == "news_sitemap":
                return Tried(source, url, Listing(url, "news_sitemap", entries=inner.listing.entries), "", inner.unseen)
    keys = {match_key(entry.url) for entry in listing.entries if entry.url}
    return Tried(source, url, listing, unseen=len(keys) - len(visit.state.seen(keys)))


def _listing_of(response: "Response", timezone: str) -> Listing | None:
    return read_listing(response.body, response.url, content_type=answers.content_type(response), timezone=timezone)
