"""The worker process that reads the few pages that pass the gate.

Extraction costs tens of milliseconds for a usual page and many seconds for a hostile one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from crawler.worker import Worker

if TYPE_CHECKING:
    from pipelines.catalogue.projects import Projects
    from pipelines.intake import Examined
    from pipelines.model import Fetched

#: Seconds for one page. The slowest of 439 real pages took trafilatura 1.4 s; the node cap keeps hostile ones below
# about 5.
TIME_LIMIT = 20.0


class ExtractionWorker(Worker):
    """Reads pages one after the other in a process that is started at the first one.

    Args:
        projects: the rules.
        time_limit: seconds for one page.
    """

    def __init__(self, projects: "Projects", *, time_limit: float = TIME_LIMIT) -> None:
        super().__init__("extraction", page_reader, (projects,), time_limit)

    async def examine(self, fetched: "Fetched", timezone: str, now: datetime) -> "Examined":
        """What `pipelines.intake.examine` says of the page; raises as `Worker.ask`."""
        return cast("Examined", await self.ask(fetched, timezone, now))


def page_reader(projects: "Projects") -> "Callable[[Fetched, str, datetime], Examined]":
    """What the process answers with, by these rules: `pipelines.intake.examine` of a page, its zone and the time."""
    from pipelines.intake import examine  # noqa: PLC0415 - the parent never needs these
    from pipelines.milestones import ClaimFinder  # noqa: PLC0415
    from pipelines.topic import Judge  # noqa: PLC0415

    judge, finder = Judge(projects), ClaimFinder(projects)

    def read(fetched: "Fetched", timezone: str, now: datetime) -> "Examined":
        return examine(fetched, judge=judge, finder=finder, timezone=timezone, now=now)

    return read
