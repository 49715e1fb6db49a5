"""CPU time, measured and shared out."""

from datetime import UTC, datetime

from crawler.usage import cpu_seconds, share_out
from pipelines.model import SourceRun

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_it_grows_and_is_shared_out_by_pages() -> None:
    before = cpu_seconds()
    rows = [SourceRun("r", NOON, "busy", pages=8), SourceRun("r", NOON, "idle")]
    share_out(rows, 5.0)
    assert [row.cpu_seconds for row in rows] == [4.5, 0.5]
    share_out([], 5.0)
    assert cpu_seconds() >= before > 0
