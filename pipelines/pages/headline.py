"""The headline: a weighed vote of the places that carry it, after the site's name is taken off each."""

import re
from collections.abc import Iterable

from pipelines.pages.jsonld import plain
from pipelines.pages.keys import key, site_keys
from pipelines.pages.structured import Structured

_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«›‹:/~*⋆⁄]+\s+|\s*[|｜]\s*|\s*::\s*|\s+-(?=\S)|(?<=[^\x00-\x7f])[-_－—–](?=[^\x00-\x7f])|_"
)
"""What stands between a headline and the name of its site. The unspaced ones are the habit of Chinese and
Japanese pages."""

_SHORT = 8
"""Characters, letters and digits only, below which a title candidate cannot vouch for another by being part
of it."""


def choose_title(page: Structured, url: str) -> str:
    """The headline of a page without the name of its site; "" when the page has no title of any kind."""
    candidates = [(text, weight) for text, weight in _candidates(page) if text]
    names = site_keys((*page.site_names, *_site_headings(page)), url)
    cleaned = [(without_site(text, names), weight) for text, weight in candidates]
    votes: dict[str, float] = {}
    spelling: dict[str, str] = {}
    for text, weight in cleaned:
        if (name := key(text)) and name not in names:
            votes[name] = votes.get(name, 0.0) + weight
            spelling.setdefault(name, text)
    if not votes:
        return cleaned[0][0] if cleaned else ""
    if len(candidates) == 1 and candidates[0][0] == page.title:
        # Nothing but the title element: what follows a bar is the site, known or not.
        return re.split(r"\s+[|»]\s+", cleaned[0][0], maxsplit=1)[0]

    def support(name: str) -> float:
        # A headline inside a longer candidate (with a kicker, with a name that is not known) has half of
        # its vote.
        inside = sum(w for other, w in votes.items() if other != name and name in other) if len(name) >= _SHORT else 0.0
        return votes[name] + inside / 2

    return spelling[max(votes, key=support)]


def _candidates(page: Structured) -> Iterable[tuple[str, float]]:
    if page.articles:
        node = page.articles[0]
        yield plain(node.get("headline")) or plain(node.get("name")), 8.0
    for heading in page.headings[:3]:
        yield heading, 3.0 if len(page.headings) == 1 or heading == page.headings[0] else 1.5
    yield page.first_meta("og:title"), 2.0
    yield page.first_meta("twitter:title"), 1.0
    yield page.first_meta("headline", "dc.title", "sailthru.title", "parsely-title"), 1.0
    yield page.title, 1.5


def _site_headings(page: Structured) -> list[str]:
    """Headings that end the title after a separator: the banner of the site, set as h1."""
    tails = {key(page.title[found.end() :]) for found in _SEPARATOR.finditer(page.title)}
    return [heading for heading in page.headings if key(heading) in tails]


def without_site(title: str, names: frozenset[str]) -> str:
    """Take the site's name off the end or the beginning of a title, as often as it stands there.

    >>> without_site("Film crew lifts off | News | Orbit Daily", frozenset({"orbitdaily"}))
    'Film crew lifts off | News'
    """
    while True:
        cuts = [found.span() for found in _SEPARATOR.finditer(title)]
        for start, end in (*cuts[-1:], *cuts[:1], *cuts):
            head, tail = title[:start].strip(), title[end:].strip()
            if tail and key(tail) in names and key(head):
                title = head
                break
            if head and key(head) in names and key(tail):
                title = tail
                break
        else:
            return title
