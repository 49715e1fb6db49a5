"""Whose page is it? Addresses against the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.catalogue.sources import Source
from pipelines.urls import fetch_url, registered_domain

_MOST_SITES = 65_536
"""Sites that are remembered: a month of CC-NEWS has some 30,000."""


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who published a page.

    Attributes:
        source: id of the source in the catalogue; the registered domain for an outlet that it lacks.
        timezone: IANA zone for dates printed without one.
    """

    source: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class _Home:
    """Where an outlet has its front page: host without "www.", and path without the last slash."""

    host: str
    path: str
    outlet: Outlet


class Outlets:
    """Finds the outlet of an address.

    A registered domain that several sources share goes to the one whose front page has the same host and the longest
    beginning of the path; in doubt to the first in the catalogue.

    Args:
        sources: the catalogue.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self._homes: dict[str, list[_Home]] = {}
        for source in sources:
            parts = urlsplit(source.home)
            home = _Home(_bare(parts.hostname), parts.path.rstrip("/"), Outlet(source.id, source.timezone))
            self._homes.setdefault(registered_domain(source.home), []).append(home)
        self._candidates = lru_cache(_MOST_SITES)(self._look_up)

    def of(self, url: str) -> Outlet | None:
        """The outlet of an absolute address; None when that is no http address of a host. Never raises."""
        homes = self._candidates("/".join(url.split("/", 3)[:3]))
        if len(homes) < 2:
            return homes[0].outlet if homes else None
        parts = urlsplit(url)
        host = _bare(parts.hostname)
        return max(homes, key=lambda home: (home.host == host, _depth(home.path, parts.path))).outlet

    def owner(self, url: str) -> str:
        """The id of the source that certainly printed an address, "" when none did or several may have.

        It lies on the host of the front page, or on one below it, and in the folder where the front page is:
        other videos on a platform are not those of the channel that the catalogue has.
        """
        parts = urlsplit(url)
        host = _bare(parts.hostname)
        homes = [
            home
            for home in self._candidates("/".join(url.split("/", 3)[:3]))
            if home.host and f".{host}".endswith(f".{home.host}") and _depth(home.path, parts.path) >= 0
        ]
        nearest = max(((len(home.host), len(home.path)) for home in homes), default=None)
        found = {home.outlet.source for home in homes if (len(home.host), len(home.path)) == nearest}
        return found.pop() if len(found) == 1 else ""

    def _look_up(self, site: str) -> list[_Home]:
        """The outlets on the domain of a site, "https://www.outlet.example"."""
        try:
            domain = registered_domain(fetch_url(site))
        except ValueError:
            return []
        return self._homes.get(domain) or [_Home("", "", Outlet(domain))]


def _bare(host: str | None) -> str:
    return (host or "").lower().removeprefix("www.")


def _depth(folder: str, path: str) -> int:
    """Characters of a folder that a path is in, -1 when it is not."""
    return len(folder) if path == folder or path.startswith(f"{folder}/") else -1
