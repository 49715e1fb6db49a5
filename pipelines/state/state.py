"""What to fetch next: the memory between runs, in one SQLite file that may be deleted without loss.

Stories are never here. Without the file all feeds are read again and pages fetched a second time; the store
recognises them. Write an article's fate here only after the store has it, so that a crash costs a second
fetch and no story.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from pipelines.catalogue.sources import Source
from pipelines.polling import PollState, is_due, why_due
from pipelines.polling.headers import MAX_WAIT
from pipelines.polling.listings import (
    MAX_TRIES,
    NO_TRIES,
    Failure,
    Fate,
    FetchReason,
    Seen,
    digest,
    fetch_reason,
    retry_wait,
)
from pipelines.state.file import StateFile
from pipelines.state.rows import EPOCH, failure_row, instant, micros, poll_row, read_failure, read_poll
from pipelines.state.units import SCHEMA, Units

_SCHEMA = (
    "PRAGMA application_id = 1332896339",  # "OrbS": marks the file as ours
    "PRAGMA user_version = 2",
    # Columns in the order of PollState's fields; instants and waits as in `state_rows`.
    """CREATE TABLE polls (
        url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, body_hash TEXT, interval REAL,
        last_checked INTEGER, last_success INTEGER, last_new INTEGER, next_due INTEGER, not_before INTEGER,
        failures REAL, failing_since INTEGER, last_outcome TEXT, last_status INTEGER, not_modified INTEGER,
        gone INTEGER, moved_to TEXT
    ) WITHOUT ROWID""",
    "CREATE TABLE hosts (host TEXT PRIMARY KEY, not_before INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE robots (authority TEXT PRIMARY KEY, status INTEGER, body BLOB, fetched_at INTEGER)",
    # With a rowid, pages filled in order keep no room for what comes between: after a million keys in order,
    # a thousand more took 28 to 42 ms, and 6 without; keys in any order cost the same in both.
    """CREATE TABLE seen (
        key INTEGER PRIMARY KEY, signature INTEGER, outcome TEXT, fetches INTEGER, first_seen INTEGER,
        last_seen INTEGER
    ) WITHOUT ROWID""",
    """CREATE TABLE failures (
        key TEXT PRIMARY KEY, source TEXT, url TEXT, reason TEXT, discovered_via TEXT, signature INTEGER,
        listed TEXT, tries INTEGER, next_try INTEGER
    ) WITHOUT ROWID""",
    SCHEMA,
)
_APPLICATION, _VERSION = 1332896339, 2
# RFC 9309 section 2.5 asks to read 500 KiB of a robots.txt; the crawler reads no more.
_MAX_ROBOTS = 512_000


class Due(NamedTuple):
    """A feed or news sitemap to ask now.

    Attributes:
        source: whose it is.
        url: its address.
        why: in words.
    """

    source: Source
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """A robots.txt as it was answered.

    Attributes:
        authority: scheme, host and port it speaks for, for example "https://example.org".
        status: HTTP status.
        body: at most its first 512,000 bytes.
        fetched_at: instant of the answer.
    """

    authority: str
    status: int
    body: bytes
    fetched_at: datetime


def host_of(url: str) -> str:
    """Host and port of an address, in lower case: who is asked, and may ask us to wait."""
    return urlsplit(url).netloc.lower()


class State:
    """The state file, open.

    Every method raises `StateError` (an OSError) when the file cannot be read or written. A file found
    damaged is set aside; the next run then begins with a fresh one.

    Args:
        path: for example `data/.state/state.sqlite`.

    Attributes:
        units: which parts of backfills are done.
    """

    def __init__(self, path: Path) -> None:
        self._file = StateFile(path, application=_APPLICATION, version=_VERSION, schema=_SCHEMA)
        self.units = Units(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._file.close()

    @property
    def set_aside(self) -> str:
        """What was wrong with an earlier file and where it is now, for the log; "" when nothing was."""
        return self._file.set_aside

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A block whose writes all happen or none does: the end of a run in one commit."""
        with self._file.transaction():
            yield

    def polls(self) -> dict[str, PollState]:
        """What is known of every feed and news sitemap visited so far, by address."""
        with self._file.reading() as connection:
            rows = connection.execute("SELECT * FROM polls").fetchall()
        return {row[0]: read_poll(row) for row in rows}

    def save_polls(self, states: Iterable[PollState]) -> None:
        """Remember states, each in place of the earlier one of its address."""
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO polls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [poll_row(state) for state in states],
            )

    def due(self, sources: Iterable[Source], now: datetime, *, everything: bool = False) -> list[Due]:
        """Which feeds and news sitemaps of enabled sources to ask now, the longest overdue first.

        Args:
            sources: as loaded.
            now: the time.
            everything: True disregards the intervals, but never a server's own word (Retry-After).
        """
        polls, held = self.polls(), self.held_hosts(now)
        found = []
        for source in sources:
            for url in source.listings if source.enabled else ():
                state = polls.get(url, PollState(url))
                why = why_due(state, now)
                if not is_due(state, now):
                    if not everything or not is_due(replace(state, next_due=None), now):
                        continue
                    why = f"asked for, else {why}"
                if host_of(url) not in held:
                    found.append((state.next_due or EPOCH, Due(source, url, why)))
        return [due for _, due in sorted(found, key=lambda pair: pair[0])]

    def hold_host(self, host: str, until: datetime, now: datetime) -> None:
        """Ask nothing of a host (see `host_of`) before `until`, or before a later instant of `held_hosts`."""
        later = max(until, self.held_hosts(now).get(host, until))
        with self._file.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO hosts VALUES (?, ?)", (host, micros(later)))

    def held_hosts(self, now: datetime) -> dict[str, datetime]:
        """The hosts that asked to be left alone beyond `now`, each with its instant.

        One further away than a host may ask for was written by a clock that was ahead, and counts for nothing.
        """
        farthest = now + timedelta(seconds=MAX_WAIT)
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT host, not_before FROM hosts WHERE not_before > ? AND not_before <= ?",
                (micros(now), micros(farthest)),
            )
            return {host: instant(until) for host, until in rows}

    def robots(self, authority: str) -> RobotsCopy | None:
        """The last copy kept for an authority; None when there is none."""
        with self._file.reading() as connection:
            row = connection.execute("SELECT * FROM robots WHERE authority = ?", (authority,)).fetchone()
        return row and RobotsCopy(row[0], row[1], row[2], instant(row[3]))

    def save_robots(self, copy: RobotsCopy) -> None:
        """Keep a copy in place of the earlier one; the caller keeps no answers that say nothing (5xx)."""
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
                (copy.authority, copy.status, copy.body[:_MAX_ROBOTS], micros(copy.fetched_at)),
            )

    def seen(self, keys: Iterable[str]) -> dict[str, Seen]:
        """What is known of articles, by match key; those never fetched are absent."""
        found = {}
        with self._file.reading() as connection:
            for key in keys:
                row = connection.execute(
                    "SELECT signature, outcome, fetches, first_seen, last_seen FROM seen WHERE key = ?",
                    (digest(key),),
                ).fetchone()
                if row is not None:
                    found[key] = Seen(row[0], row[1], row[2], instant(row[3]), instant(row[4]))
        return found

    def wanted(
        self, listed: Mapping[str, int], *, elsewhere: bool = False, own: Callable[[str], bool] = lambda _: False
    ) -> dict[str, FetchReason]:
        """Which entries of a list to fetch, and why. Articles that failed are left to `retries`.

        Args:
            listed: `entry_signature` by match key.
            elsewhere: as for `fetch_reason`.
            own: asked of a match key whether the list is that of the outlet that printed it.

        Returns:
            Match key -> reason, in the list's order.
        """
        seen = self.seen(listed)
        reasons = {
            key: fetch_reason(seen.get(key), signature, elsewhere=elsewhere, own=partial(own, key))
            for key, signature in listed.items()
        }
        wanted = {key: reason for key, reason in reasons.items() if reason is not None}
        failed = self._failed_before(wanted)
        return {key: reason for key, reason in wanted.items() if key not in failed}

    def mark_seen(self, fates: Iterable[Fate], now: datetime) -> None:
        """Remember what became of articles: those that the store has, and those that need no storing."""
        moment = micros(now)
        fates = list(fates)
        # In the order of the keys, neighbours share a page of the table.
        rows = sorted((digest(fate.key), fate.signature, fate.outcome, 1, moment, moment) for fate in fates)
        with self._file.transaction() as connection:
            connection.executemany(
                "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
                "signature = excluded.signature, outcome = excluded.outcome, fetches = fetches + 1, "
                "last_seen = excluded.last_seen",
                rows,
            )
            connection.executemany("DELETE FROM failures WHERE key = ?", [(fate.key,) for fate in fates])

    def mark_failed(self, failures: Iterable[Failure], now: datetime) -> list[Failure]:
        """Count one more failed fetch for each article, except for those that failed through no fault of theirs.

        Returns:
            Those given up by this: they are marked as seen with "failed:<reason>", and only a change of their
            listing brings them back.
        """
        given_up = []
        with self._file.transaction() as connection:
            for failed in failures:
                row = connection.execute("SELECT tries FROM failures WHERE key = ?", (failed.key,)).fetchone()
                counted = replace(failed, tries=(row[0] if row else 0) + (failed.reason not in NO_TRIES))
                if counted.tries >= MAX_TRIES:
                    given_up.append(counted)
                    continue
                connection.execute(
                    "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (*failure_row(counted), micros(now + retry_wait(max(1, counted.tries)))),
                )
            self.mark_seen([Fate(each.key, f"failed:{each.reason}", each.signature) for each in given_up], now)
        return given_up

    def retries(self, sources: Iterable[Source], now: datetime) -> list[Failure]:
        """Failed articles of enabled sources to try again now, longest waiting first.

        There is none of a host that asked to wait. Those of other sources wait until these are visited again. Also
        given are those whose turn is further away than any wait: a clock that was ahead has put it there.
        """
        held, visited = self.held_hosts(now), {source.id for source in sources if source.enabled}
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT key, source, url, reason, discovered_via, signature, listed, tries FROM failures "
                "WHERE next_try <= ? OR next_try > ? ORDER BY next_try, key",
                (micros(now), micros(now + retry_wait(MAX_TRIES))),
            ).fetchall()
        return [read_failure(row) for row in rows if row[1] in visited and host_of(row[2]) not in held]

    def _failed_before(self, keys: Iterable[str]) -> set[str]:
        with self._file.reading() as connection:
            rows = [connection.execute("SELECT key FROM failures WHERE key = ?", (key,)).fetchone() for key in keys]
        return {row[0] for row in rows if row}
