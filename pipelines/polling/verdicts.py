"""When does a source need a person? The rules alone, with their numbers.

Two judges apply them: `pipelines.polling.health` to what is remembered of each feed, which is today's answer, and
`pipelines.analysis.health` to what runs have written down, which answers for any day in the past.
"""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from pipelines.polling.rules import FAILURES
from pipelines.urls import registered_domain

FAILING = 2.0
"""Weights of failures in a row (`pipelines.polling.FAILURES`) from which a person is asked: two hard ones, four soft or
eight temporary ones. With the waits between tries these are 6, 18 and 42 hours, so an outage of a night passes."""

WALLED_SHARE, WALLED_PAGES = 0.5, 5
"""A source is walled when half of its pages are walls, and these are five: outlets challenge now and then."""

SILENT_GAPS, LEAST_GAPS, LEAST_SILENCE = 5, 5, timedelta(days=2)
"""A source is silent after five times its usual gap (the alarm that querido-diario and Huginn use), once five gaps are
known, and never within two days: a weekend is no failure."""

MOVED_SHARE, MOVED_ARTICLES = 0.8, 5
"""A source has moved when four in five of its stored articles, and these are five, are on one registered domain that is
not its home's: some articles are always a partner's, and a name that was sold takes all of them along."""

RECENT = timedelta(days=30)
"""Rhythm and walls are judged by the runs of this time; it is also what `orbitwatch status` looks at unless told."""

WALLS = ("bot_wall", "consent_wall", "login", "repeated_text")
"""Reasons for which a page was no article, although there may be one behind it."""


def weight(reasons: Container[str]) -> float:
    """Of one failed visit: that of its worst reason. What is no way to fail (a host that is paused) weighs nothing.

    >>> weight(["timeout", "gone"]), weight(["paused"]), weight([])
    (1.0, 0.0, 0.0)
    """
    return max((heavy for reason, heavy in FAILURES.items() if reason in reasons), default=0.0)


def is_failing(failures: float, *, gone: bool) -> bool:
    """Whether failures in a row weigh enough; a listing that is gone (410) needs a successor at once."""
    return gone or failures >= FAILING


def silence(silent_for: timedelta, gap: timedelta | None, limit: timedelta) -> Literal["", "limit", "rhythm"]:
    """Whether a source is silent: beyond the limit of its entry in sources.toml, or against its own rhythm.

    Args:
        silent_for: from the last thing new to the last answer; days on which nobody asked are not the outlet's silence.
        gap: `usual_gap`.
        limit: its max_silence_days.
    """
    if silent_for > limit:
        return "limit"
    if gap is not None and silent_for > max(SILENT_GAPS * gap, LEAST_SILENCE):
        return "rhythm"
    return ""


def usual_gap(instants: Sequence[datetime]) -> timedelta | None:
    """The median time between runs that found something new; None while too few are known."""
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(instants)]
    return timedelta(seconds=median(gaps)) if len(gaps) >= LEAST_GAPS else None


def walls(pages: int, failed: Mapping[str, int], dropped: Mapping[str, int]) -> tuple[dict[str, int], int]:
    """Walls by reason, and the number of pages that they are part of; ({}, 0) when they are few.

    Args:
        pages: that answered.
        failed: requests by reason; a challenge that comes with an error's status is one of them.
        dropped: pages by reason.
    """
    found = {reason: count for reason in WALLS if (count := dropped.get(reason, 0) + failed.get(reason, 0))}
    answered, count = pages + failed.get("bot_wall", 0), sum(found.values())
    return (found, answered) if count >= WALLED_PAGES and count >= WALLED_SHARE * answered else ({}, 0)


def moved_domain(domains: Mapping[str, int], home: str) -> str:
    """The registered domain to which a source has moved, "" when it has not.

    Args:
        domains: numbers of its stored articles by registered domain.
        home: address of its front page.

    >>> moved_domain({"old.example": 1, "new.example": 9}, "https://www.old.example/")
    'new.example'
    """
    if not domains:
        return ""
    most = max(domains, key=lambda domain: domains[domain])
    count = domains[most]
    elsewhere = most != registered_domain(home) and count >= MOVED_ARTICLES
    return most if elsewhere and count >= MOVED_SHARE * sum(domains.values()) else ""
