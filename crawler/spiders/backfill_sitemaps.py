"""The past of outlets from their own archive sitemaps."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler import answers
from crawler.backfill.units import Found, NotRead, Reading, Unit
from crawler.listing_reader import ListingReader
from crawler.spiders.backfill import BackfillSpider
from crawler.worker import WorkerDiedError, WorkerTimeoutError
from pipelines.backfill.archives import choose_children, choose_entries, periods_of
from pipelines.backfill.window import Window
from pipelines.catalogue.sources import Source
from pipelines.model import Sitemap
from pipelines.sitemaps import ROBOTS_LIMIT, robots_sitemaps
from pipelines.urls import registered_domain

#: Levels of an index that are followed; the protocol has one, a few sites have two.
_DEEPEST = 3
#: Bytes and seconds for a sitemap. 50 MiB are allowed unpacked, and what is as large is mostly gzipped.
_MAX_BYTES, _SECONDS = 16 * 2**20, 60.0
_ROBOTS_SECONDS = 10.0
#: Articles and sitemaps without a date come after the others.
_LAST = datetime.max.replace(tzinfo=UTC)

#: What a sitemap has that was not read, and may be there another day; a sound one without entries is done.
_UNREAD = frozenset({"not_a_sitemap", "empty", "hostile"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapUnit(Unit):
    """A sitemap.

    Attributes:
        address: where it is.
        depth: indexes above it.
    """

    address: str
    depth: int


class BackfillSitemapsSpider(BackfillSpider[Source, SitemapUnit]):
    """Reads the archive sitemaps of outlets: those of `sources.toml`, else those that robots.txt names."""

    name = "backfill_sitemaps"
    walkers = 16  # outlets at a time; one request at a time to each host

    def __init__(self, *, window: Window, chosen: Sequence[Source], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._window = window
        self._chosen = chosen
        self._reader = ListingReader()

    def end(self) -> None:
        """Ends the reader, too."""
        super().end()
        self._reader.close()

    def targets(self) -> Iterator[Source]:
        """The outlets."""
        return iter(self._chosen)

    def count_targets(self) -> int:
        """The outlets."""
        return len(self._chosen)

    def name_target(self, target: Source) -> str:
        """The outlet's id."""
        return target.id

    def is_awaited(self, host: str) -> bool:  # noqa: ARG002 - of the base class
        """Every outlet: a walker has no other host to go to."""
        return True

    async def roots(self, target: Source) -> Sequence[SitemapUnit]:
        """Its archive sitemaps."""
        addresses = target.sitemaps or robots_sitemaps(await self._robots(target), url=target.home)
        # Where sites keep it that do not say where.
        return [self._unit(address, target.id) for address in addresses or (urljoin(target.home, "/sitemap.xml"),)]

    async def read(self, unit: SitemapUnit) -> Reading:
        """The articles of a urlset, or the sitemaps of an index."""
        source = self.run.sources[unit.source]
        response = await self.lists.get(unit.address, unit.source, max_bytes=_MAX_BYTES, seconds=_SECONDS)
        try:
            sitemap = await self._reader.sitemap(response.body, url=response.url, timezone=source.timezone)
        except (WorkerTimeoutError, WorkerDiedError) as error:
            raise NotRead("too_large") from error
        if answers.is_nothing(sitemap) and not _UNREAD.isdisjoint(sitemap.problems):
            raise NotRead(answers.why_nothing(response))
        skipped: Counter[str] = Counter()
        further = self._further(sitemap, unit, skipped)
        entries = choose_entries(sitemap.entries, self._window)
        skipped.update(entries.skipped)
        homes = {registered_domain(source.home), registered_domain(unit.address)}
        own = [entry for entry in entries.read if registered_domain(entry.url) in homes]
        skipped["other_site"] += len(entries.read) - len(own)
        found = [Found(source.id, entry) for entry in own]
        found.sort(key=lambda each: each.entry.published or each.entry.updated or _LAST)
        return Reading(tuple(found), further, skipped=+skipped, broken="truncated" in sitemap.problems)

    async def _robots(self, source: Source) -> bytes:
        """The robots.txt of an outlet; b"" when there is none."""
        parts = urlsplit(source.home)
        authority = f"{parts.scheme}://{parts.netloc}"
        if self.run.state.robots(authority) is None:
            with suppress(NotRead):  # a copy is kept of what is asked before anything else
                await self.lists.get(
                    f"{authority}/robots.txt", source.id, max_bytes=ROBOTS_LIMIT, seconds=_ROBOTS_SECONDS
                )
        kept = self.run.state.robots(authority)
        return kept.body if kept else b""

    def _further(self, index: Sitemap, unit: SitemapUnit, skipped: Counter[str]) -> tuple[SitemapUnit, ...]:
        """The sitemaps of an index that may hold articles of the days, oldest first: originals come before copies."""
        children = choose_children(index, self._window)
        skipped.update(children.skipped)
        if children.read and unit.depth >= _DEEPEST:
            skipped["too_deep"] += len(children.read)
            return ()
        lastmods = dict(zip(index.children, index.lastmods, strict=False))
        periods = periods_of(index.children)

        def age(address: str) -> tuple[date, datetime]:
            period = periods[address]
            return period[0] if period else date.max, lastmods.get(address) or _LAST

        return tuple(
            self._unit(address, unit.source, lastmods.get(address), unit.depth + 1)
            for address in sorted(children.read, key=age)
        )

    def _unit(self, address: str, source: str, changed_at: datetime | None = None, depth: int = 0) -> SitemapUnit:
        key = f"sitemap {address} {self._window.since}..{self._window.until}"
        return SitemapUnit(key, source, changed_at, address=address, depth=depth)
