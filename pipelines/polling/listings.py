"""Which entries of a feed or sitemap are fetched, and how often: pure rules; `pipelines.state` remembers."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pipelines.model import DiscoveredVia, Entry

FetchReason = Literal["new", "changed", "elsewhere"]

MAX_FETCHES = 25
"""Fetches of one article for changes of its listing: the first and 24 more, the number at which
lemon24/reader stops (HASH_CHANGED_LIMIT): some feeds name a new time at every poll."""
MAX_TRIES = 5
"""Failed fetches of one article before it is given up. With `retry_wait` they span ten hours: an outage of a
night passes, and a page that always fails costs five requests."""

NO_TRIES = frozenset({"store_failed", "worker_broken"})
"""Reasons that say nothing of the page: a full disk, or a machine on which no page can be read. However often they
come, the page is not given up for them."""


class Seen(NamedTuple):
    """What is known of an article that had its fate.

    Attributes:
        signature: `entry_signature` of the entry that led to the last fetch.
        outcome: "stored", "off_topic", "duplicate", "dropped:<reason>" or "failed:<reason>".
        fetches: how many there were.
        first_seen: instant of the first.
        last_seen: instant of the last.
    """

    signature: int
    outcome: str
    fetches: int
    first_seen: datetime
    last_seen: datetime


class Fate(NamedTuple):
    """What became of a fetched article: `key` is its `pipelines.urls.match_key`, the others as in `Seen`."""

    key: str
    outcome: str
    signature: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be fetched, with all that another try needs when its list no longer names it.

    Attributes:
        key: `pipelines.urls.match_key` of its address.
        source: id of the source.
        url: the address to ask for.
        reason: why the last try failed, as in `pipelines.polling.rules.FAILURES`.
        discovered_via: how it became known.
        signature: `entry_signature` of its entry.
        listed: the entry, None for a bare address.
        tries: failed so far; counted by the state.
    """

    key: str
    source: str
    url: str
    reason: str
    discovered_via: DiscoveredVia = "feed"
    signature: int = 0
    listed: Entry | None = None
    tries: int = 0


def digest(key: str) -> int:
    """8 bytes of a match key as a signed integer, the form SQLite keeps best.

    Two of 10 million articles share a digest with probability 3e-6; then one of them would not be fetched.
    """
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def entry_signature(entry: Entry, listing: str) -> int:
    """What a list says of an article, in 64 bits.

    The upper half names the list, the lower one stands for the article's title and last change there. Two
    lists word one article differently (a feed and a news sitemap mostly do), so `has_changed` compares only
    what the same list said.

    Args:
        entry: the entry.
        listing: address of the feed or sitemap.
    """
    words = f"{entry.title}\n{entry.updated.isoformat() if entry.updated else ''}"
    return (digest(listing) >> 32 << 32) | (digest(words) & 0xFFFF_FFFF)


def has_changed(old: int, new: int) -> bool:
    """Does the list that led to the last fetch say something else now? Both are of `entry_signature`."""
    return old >> 32 == new >> 32 and old != new


def fetch_reason(
    seen: Seen | None, signature: int, *, elsewhere: bool = False, own: Callable[[], bool] = lambda: False
) -> FetchReason | None:
    """Why an entry is fetched, None when it is not.

    Args:
        seen: what is known of its article.
        signature: of the entry.
        elsewhere: whether an article that another list led to in vain is tried once more: a page that is gone, or has
            become a wall, may still be in an archive. Not for lists that are polled: two would take turns for ever.
        own: asked whether the list is that of the outlet that printed the article. Such a one is believed once when
            another's list has led there in vain: others name what is not printed yet.
    """
    if seen is None:
        return "new"
    if seen.fetches >= MAX_FETCHES:
        return None
    if has_changed(seen.signature, signature):
        return "changed"
    in_vain = seen.outcome.startswith(("failed:", "dropped:"))
    if in_vain and seen.signature >> 32 != signature >> 32 and (elsewhere or (seen.fetches == 1 and own())):
        return "elsewhere"
    return None


def retry_wait(tries: int) -> timedelta:
    """Time before the next try after so many failed: an hour longer each time."""
    return timedelta(hours=tries)
