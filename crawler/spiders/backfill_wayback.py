"""The past of outlets from a web archive: its index says what there is, its replay gives the pages."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.backfill.units import Found, NotRead, Reading, Unit
from crawler.spiders.backfill import BackfillSpider
from pipelines.backfill.cdx import ANSWER_LIMIT, CdxError, query_address, read_answer
from pipelines.backfill.scopes import Scope
from pipelines.backfill.window import Window
from pipelines.model import Entry
from pipelines.state import host_of

#: Seconds for an answer of the index, which works long for a large site.
_SECONDS = 180.0
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Site:
    """What is asked for.

    Attributes:
        name: for a person.
        scope: the addresses.
        source: id of the source; "" for whatever each address is of.
    """

    name: str
    scope: Scope
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexUnit(Unit):
    """A page of the archive's index.

    Attributes:
        site: what it is about.
        resume_key: where it begins, "" for the first.
        after: the last address of the page before.
    """

    site: Site
    resume_key: str = ""
    after: str = ""


class BackfillWaybackSpider(BackfillSpider[Site, IndexUnit]):
    """Reads the index of a web archive, site by site, and replays the earliest good copy of each page."""

    name = "backfill_wayback"

    def __init__(self, *, window: Window, sites: Sequence[Site], index: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._window = window
        self._sites = sites
        self._index = index
        self.vital = host_of(index)

    def targets(self) -> Iterator[Site]:
        """The sites."""
        return iter(self._sites)

    def count_targets(self) -> int:
        """The sites."""
        return len(self._sites)

    def name_target(self, target: Site) -> str:
        """As it was asked for."""
        return target.name

    def is_awaited(self, host: str) -> bool:  # noqa: ARG002 - of the base class
        """There is no other host than the archive's."""
        return True

    async def roots(self, target: Site) -> Sequence[IndexUnit]:
        """The first page of the index."""
        return [self._unit(target)]

    def follow(self, unit: IndexUnit, onward: str) -> tuple[IndexUnit]:
        """The page of the index after one that is done."""
        resume_key, _, after = onward.partition("\n")
        return (self._unit(unit.site, resume_key, after),)

    async def read(self, unit: IndexUnit) -> Reading:
        """The captures of a page of the index, oldest first, and the next page."""
        site = unit.site
        address = query_address(self._index, site.scope, self._window, resume_key=unit.resume_key)
        response = await self.lists.get(
            address, unit.source, max_bytes=ANSWER_LIMIT, seconds=_SECONDS, statuses=(_FORBIDDEN,)
        )
        try:
            answer = read_answer(response.body, after=unit.after)
        except CdxError as error:
            raise NotRead(
                error.reason if response.status != _FORBIDDEN or error.reason == "blocked" else "forbidden"
            ) from error
        found = [
            Found(source, Entry(capture.original), capture.captured_at)
            for capture in sorted(answer.captures, key=lambda capture: capture.captured_at)
            if (source := site.source or self.run.source_of(capture.original))
        ]
        if not answer.resume_key:
            return Reading(tuple(found), skipped=answer.left_out)
        onward = f"{answer.resume_key}\n{answer.last_urlkey}"
        return Reading(tuple(found), self.follow(unit, onward), onward, answer.left_out)

    def _unit(self, site: Site, resume_key: str = "", after: str = "") -> IndexUnit:
        key = f"wayback {query_address(self._index, site.scope, self._window, resume_key=resume_key)}"
        source = site.source or self.run.source_of(f"http://{site.scope.url}")
        return IndexUnit(key, source, site=site, resume_key=resume_key, after=after)
