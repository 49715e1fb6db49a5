"""The newsroom's outlets: who they are and how each of them publishes.

All are invented. Their habits are those of real outlets: what a page says of its date, where its charset is
declared (or is not), which feed it offers, and what is broken about it since when.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

FeedFormat = Literal["rss", "atom", "rdf", "json", "news_sitemap"]
FeedDates = Literal["gmt", "offset", "named", "naive", "iso"]
FeedFault = Literal["", "dead", "html", "slow", "broken"]

FEED_PATHS: Mapping[FeedFormat, str] = {
    "rss": "/rss.xml",
    "atom": "/atom.xml",
    "rdf": "/index.rdf",
    "json": "/feed.json",
    "news_sitemap": "/news-sitemap.xml",
}
SITEMAP_PATH = "/sitemap.xml"


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet of the newsroom.

    Attributes:
        id: source id, and the name under `.localhost` (RFC 6761, section 6.3: always the loopback).
        name: as printed.
        tagline: under the name on its pages.
        language: BCP 47 tag.
        country: ISO 3166-1 code.
        timezone: IANA name; its dates are printed in this zone.
        kind: as in sources.toml.
        template: which page template it uses; each gives other evidence of the date.
        accent: CSS colour.
        path: pattern of its article addresses.
        sections: slug to label.
        words: what its pages say around an article ("by", "related", "cookies", ...), in its language.
        about: the footer.
        feed: what lists its latest articles.
        feed_dates: how the feed prints them: RFC 822 in GMT, with offset or with a named zone; naive local;
            or ISO 8601.
        feed_fault: what is wrong with the feed: gone (410), an HTML page instead, slow, or XML that is not
            well formed.
        feed_fault_since: from when on; None for always.
        links: how the feed spells an address: plain, with tracker parameters, or as AMP page.
        charset: of its pages (and of its RSS feed).
        charset_in: where pages declare it: the Content-Type header, a meta tag, or nowhere.
        validators: which validators (RFC 9110, section 8.8) its answers carry.
        robots_missing: True when robots.txt answers 404.
        crawl_delay: seconds asked for in robots.txt, 0 for none.
        closed_section: the section that robots.txt disallows, though the feed lists its articles.
        fetch: as in sources.toml.
    """

    id: str
    name: str
    tagline: str
    language: str
    country: str
    timezone: str
    kind: str
    template: str
    accent: str
    path: str
    sections: Mapping[str, str]
    words: Mapping[str, str]
    about: str
    feed: FeedFormat
    feed_dates: FeedDates = "iso"
    feed_fault: FeedFault = ""
    feed_fault_since: datetime | None = None
    links: Literal["plain", "utm", "amp"] = "plain"
    charset: str = "utf-8"
    charset_in: Literal["header", "meta", "nowhere"] = "header"
    validators: Literal["both", "etag", "last-modified", "none"] = "both"
    robots_missing: bool = False
    crawl_delay: float = 0.0
    closed_section: str = ""
    fetch: Literal["all", "matching"] = "all"

    @property
    def host(self) -> str:
        """Its name on the loopback."""
        return f"{self.id}.localhost"

    @property
    def zone(self) -> ZoneInfo:
        """The zone its dates are printed in."""
        return ZoneInfo(self.timezone)

    @property
    def feed_path(self) -> str:
        """Where its feed or news sitemap is."""
        return FEED_PATHS[self.feed]

    @property
    def right_to_left(self) -> bool:
        """True when its script runs from right to left."""
        return self.language == "ar"

    def fault_at(self, now: datetime) -> FeedFault:
        """What is wrong with the feed at `now`."""
        since = self.feed_fault_since
        return self.feed_fault if since is None or since <= now else ""


@cache
def load_outlets() -> tuple[Outlet, ...]:
    """All outlets, in the order of their ports.

    Raises:
        TypeError: if outlets.toml has a key that `Outlet` lacks, or lacks one that it needs.
    """
    content = tomllib.loads((files(__package__) / "outlets.toml").read_text(encoding="utf-8"))
    return tuple(Outlet(words=content["words"][row["language"]], **row) for row in content["outlet"])
