"""What a run is asked to do, and what it plans to fetch."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.settings import ORBITWATCH_MAX_PAGES_PER_SOURCE
from pipelines.model import DiscoveredVia, Entry

if TYPE_CHECKING:
    from pipelines.catalogue.project import Projects


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a run is asked to do.

    Attributes:
        data: the data directory.
        projects: the rules, read once: whatever becomes of their file meanwhile, a run judges by one version, and its
            stored verdicts name that one.
        limit: article pages at most, None for all.
        pages_per_source: article pages of one source at most.
        keep_raw: whether the pages of stored articles are kept, see `pipelines.raw`.
    """

    data: Path
    projects: "Projects"
    limit: int | None = None
    pages_per_source: int = ORBITWATCH_MAX_PAGES_PER_SOURCE
    keep_raw: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """An article page to fetch.

    Attributes:
        key: match key of its address.
        source: id of the source.
        url: the address to ask for.
        via: how it became known.
        listing: the feed or sitemap that named it; "" for another try of an earlier run's.
        signature: what the listing said, see `pipelines.polling.listings.entry_signature`.
        entry: the listing's entry.
        at: for a web archive: the instant whose copy is asked for; None when nothing is known.
        replay: whether a web archive is asked for it, and not the outlet.
    """

    key: str
    source: str
    url: str
    via: DiscoveredVia
    listing: str
    signature: int
    entry: Entry | None
    at: datetime | None = None
    replay: bool = False
