"""The raw record of a page that may become an article."""

from datetime import datetime

from pipelines.intake.drafts import article_id_of
from pipelines.intake.examining import Examined
from pipelines.model import Fetched
from pipelines.raw import RawRecord, encode


def raw_of(fetched: Fetched, examined: Examined, *, first_seen: datetime | None, timezone: str) -> bytes:
    """Packs a page into its raw record; b"" for one that will not be stored.

    To be called as soon as the page is examined, so that its body need not be held until it is settled: packed it
    has a fifth of the bytes.

    Args:
        fetched: the page with its body.
        examined: what was found in it.
        first_seen: when its address was first fetched, None when that is now.
        timezone: IANA zone of the outlet.
    """
    if examined.page is None or examined.assessment is None or not examined.assessment.relevant:
        return b""
    article_id = article_id_of(examined.page)
    return encode(RawRecord(article_id, fetched, first_seen or fetched.fetched_at, timezone))
