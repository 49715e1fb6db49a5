"""Reads GDELT's bulk files in a process of its own: 50 MB of knowledge graph take seconds."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from crawler.cache import cache_folder
from crawler.worker import Worker

if TYPE_CHECKING:
    from pipelines.backfill.gdelt import BulkFile
    from pipelines.backfill.gdelt_records import Record
    from pipelines.catalogue.project import Projects

#: Seconds for one file; the largest quarter hours of the knowledge graph take a tenth of it.
TIME_LIMIT = 120.0

Read = tuple[list["Record"], Counter[str]]


class GdeltReader(Worker):
    """Reads files one after the other, in a process that is started at the first one.

    Args:
        projects: the rules.
    """

    def __init__(self, projects: "Projects") -> None:
        super().__init__("gdelt", _prepare, (projects,), TIME_LIMIT)

    async def promising(self, body: bytes, file: "BulkFile") -> Read:
        """The articles of a file that are worth fetching, and what was left out; raises as `Worker.ask`."""
        return cast("Read", await self.ask(body, file))


def _prepare(projects: "Projects") -> "Callable[[bytes, BulkFile], Read]":
    from pipelines.backfill.gdelt_records import Records  # noqa: PLC0415 - the parent never needs these
    from pipelines.backfill.worth_fetching import is_worth_fetching  # noqa: PLC0415
    from pipelines.topic import Judge  # noqa: PLC0415

    judge = Judge(projects, kept=cache_folder())

    def read(body: bytes, file: "BulkFile") -> Read:
        records = Records(body, file)
        kept, others = [], 0
        for record in records:
            if is_worth_fetching(judge, url=record.url, title=record.title, description=record.description):
                kept.append(record)
            else:
                others += 1
        return kept, records.left_out + Counter({"other_subject": others})

    return read
