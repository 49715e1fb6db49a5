"""When to ask a feed, what an answer means for the next time, and which of its entries to fetch.

Pure: `pipelines.state` remembers.
"""

from pipelines.polling.decisions import (
    Answer,
    PollState,
    body_hash,
    decide,
    is_dead,
    is_due,
    request_headers,
    unfinished,
    why_due,
)
from pipelines.polling.headers import parse_cache_control, parse_retry_after
from pipelines.polling.rules import FAILURES, Outcome

__all__ = [
    "FAILURES",
    "Answer",
    "Outcome",
    "PollState",
    "body_hash",
    "decide",
    "is_dead",
    "is_due",
    "parse_cache_control",
    "parse_retry_after",
    "request_headers",
    "unfinished",
    "why_due",
]
