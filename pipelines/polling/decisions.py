"""When is a feed due next? Pure decisions: the old state, what happened and the time in; the new state out.

The rules and their reasons are in `pipelines.polling.rules`. The interval follows Media Cloud's duplicate-share rule: a
poll that finds nearly everything known already came too early, one that finds little known came late. Headers
and the feed's own ttl may lengthen a wait, as in miniflux, but none may silence a source. Failures push polls
further apart, and no feed is ever given up: "a surprising number of feeds come back", as Media Cloud's
authors say of 180,000 of them.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from pipelines.polling import rules
from pipelines.polling.headers import MAX_WAIT, freshness, parse_retry_after
from pipelines.polling.rules import FAILURES, Outcome

# Real ETags and dates have under 100 characters; longer ones would only carry someone's data about.
_MAX_VALIDATOR = 512


@dataclass(frozen=True, slots=True)
class PollState:
    """What is remembered of one feed or news sitemap.

    Attributes:
        url: its address, as in sources.toml.
        etag: as the server sent it with the last list that was read; "" without one.
        last_modified: likewise, never reformatted.
        body_hash: of the last body read, "" before the first.
        interval: time between polls, before headers and failures have their say.
        last_checked: the last answer of any kind.
        last_success: the last answer that was read, or said that nothing changed.
        last_new: the last answer with an entry that was new; the first success when there was none.
        next_due: when to ask again; None at once.
        not_before: the server's own word (Retry-After): not even a forced run asks earlier.
        failures: weights of the failures since the last success, added up.
        failing_since: the first of them.
        last_outcome: of the last answer, "" before the first.
        last_status: HTTP status of the last answer, None without one.
        not_modified: 304s since the last full answer.
        gone: True after a 410.
        moved_to: where permanent redirects lead, for a person to put into sources.toml; "" when they do not.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    interval: timedelta = rules.FIRST_INTERVAL
    last_checked: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    next_due: datetime | None = None
    not_before: datetime | None = None
    failures: float = 0.0
    failing_since: datetime | None = None
    last_outcome: Outcome | Literal[""] = ""
    last_status: int | None = None
    not_modified: int = 0
    gone: bool = False
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a poll brought.

    Attributes:
        outcome: read anew, unchanged, or how it failed.
        status: HTTP status, None when there was no answer.
        headers: of the answer, names in lower case; those of no use here do no harm.
        body_hash: `body_hash()` of what was read.
        known: entries that were seen before.
        new: entries that were not.
        ttl: seconds for which the feed itself asks to be left alone, None when it does not.
        moved_to: the address that answered, when every redirect on the way was permanent (301, 308).
    """

    outcome: Outcome
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body_hash: str = ""
    known: int = 0
    new: int = 0
    ttl: int | None = None
    moved_to: str = ""


def body_hash(body: bytes) -> str:
    """32 hexadecimal digits that tell one feed document from another."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def request_headers(state: PollState) -> dict[str, str]:
    """Validators to send: the ETag, or else the Last-Modified, exactly as they came.

    Only one of them: with both, servers that look at either answer 304 although the other has changed.
    Neither when it is time for a full answer.
    """
    if state.not_modified >= rules.FULL_GET_EVERY:
        return {}
    if state.etag:
        return {"If-None-Match": state.etag}
    return {"If-Modified-Since": state.last_modified} if state.last_modified else {}


def is_due(state: PollState, now: datetime) -> bool:
    """Would a scheduled run ask now?

    Also where a clock that was ahead has put the next visit far away. A server's own word holds even then, for as long
    as one may.
    """
    return not _must_wait(state, now) and (state.next_due is None or state.next_due <= now or _is_ahead(state, now))


def is_dead(state: PollState, now: datetime) -> bool:
    """Is this a sitemap of an index that has had nothing new for long, and needs no look now?

    Never dead for good: it is looked at every `GONE_INTERVAL`.
    """
    if state.last_new is None or state.last_checked is None or _is_ahead(state, now):
        return False
    return now - state.last_new > rules.DEAD_AFTER and now - state.last_checked < rules.GONE_INTERVAL


def why_due(state: PollState, now: datetime) -> str:
    """Why a scheduled run asks now, or why it does not, for a person."""
    if state.not_before is not None and _must_wait(state, now):
        return f"waits {_words(state.not_before - now)} more, as the server asked"
    if state.last_checked is None:
        return "never visited"
    if _is_ahead(state, now):
        return f"due: the last visit is dated {state.last_checked:%Y-%m-%d %H:%M} UTC, by a clock that was ahead"
    if state.next_due is None:
        return "read again, as the last run was cut short"
    waited = "due" if state.next_due <= now else f"due in {_words(state.next_due - now)}"
    if state.gone:
        return f"{waited}: gone (410), looked at every {_words(rules.GONE_INTERVAL)}"
    if state.failures:
        return f"{waited}: tried again after {state.last_outcome}"
    return f"{waited}: every {_words(max(state.interval, state.next_due - state.last_checked))}"


def decide(old: PollState, answer: Answer, now: datetime) -> PollState:
    """The state after an answer.

    Args:
        old: the state before; `PollState(url)` for a feed never visited.
        answer: what happened.
        now: when, aware.

    Returns:
        What to store once the articles of the answer are stored (see `unfinished` when some are not).
    """
    old = _past(old, now)
    new = _failed(old, answer, now) if answer.outcome in FAILURES else _succeeded(old, answer, now)
    wait = parse_retry_after(answer.headers.get("retry-after", ""), now)
    not_before = None if wait is None else now + timedelta(seconds=wait)
    if not_before is not None and new.next_due is not None:
        new = replace(new, next_due=max(new.next_due, not_before))
    return replace(
        new,
        not_before=not_before,
        last_checked=now,
        last_outcome=answer.outcome,
        last_status=answer.status,
    )


def unfinished(state: PollState) -> PollState:
    """The state for a run that ended before all articles of the answer were fetched: the list is read again.

    Without it a 304 would hide them until the list changes, and by then they may have left it.
    """
    return replace(state, etag="", last_modified="", body_hash="", not_modified=0, next_due=None)


def _is_ahead(state: PollState, now: datetime) -> bool:
    """Is the last visit dated later than today, so that only a wrong clock can have set what follows from it?"""
    return state.last_checked is not None and state.last_checked > now + rules.CLOCK_SLACK


def _must_wait(state: PollState, now: datetime) -> bool:
    """Has the server asked to be left alone for longer? None can for more than `MAX_WAIT`."""
    return state.not_before is not None and now < state.not_before <= now + timedelta(seconds=MAX_WAIT)


def _past(state: PollState, now: datetime) -> PollState:
    """The state with nothing that is still to come in its history: silence and failures count from today."""
    return replace(
        state,
        last_success=None if _is_ahead(state, now) else state.last_success,
        last_new=min(state.last_new, now) if state.last_new else None,
        failing_since=min(state.failing_since, now) if state.failing_since else None,
    )


def _succeeded(old: PollState, answer: Answer, now: datetime) -> PollState:
    full = answer.outcome != "not_modified"
    last_new = now if answer.new else old.last_new or now
    interval = _interval(old, answer, now - last_new, now)
    # The feed's ttl and the headers are floors: they can ask for patience, not for haste.
    asked = min(max(answer.ttl or 0, freshness(answer.headers, now)), MAX_WAIT)
    new = replace(
        old,
        interval=interval,
        last_success=now,
        last_new=last_new,
        next_due=now + max(interval, timedelta(seconds=asked)),
        failures=0.0,
        failing_since=None,
        not_modified=0 if full else old.not_modified + 1,
        gone=False,
        moved_to=answer.moved_to if answer.moved_to != old.url else "",
    )
    if not full:
        # Validators belong to the body that was read with them; those of a 304 are not taken over.
        return new
    return replace(
        new,
        etag=_validator(answer.headers.get("etag", "")),
        last_modified=_validator(answer.headers.get("last-modified", "")),
        body_hash=answer.body_hash or old.body_hash,
    )


def _interval(old: PollState, answer: Answer, quiet: timedelta, now: datetime) -> timedelta:
    """By Media Cloud's rule, which needs two successes in a row: a first visit finds everything new."""
    if old.last_success is None or old.failures:
        return old.interval
    entries = answer.known + answer.new
    known = answer.known / entries if answer.outcome == "ok" and entries else 1.0
    if known >= rules.MOSTLY_KNOWN:
        step = rules.LENGTHEN_QUIET if quiet >= rules.QUIET_AFTER else rules.LENGTHEN
        return min(old.interval + step, rules.MAX_INTERVAL)
    if known < rules.MOSTLY_NEW and now - old.last_success <= old.interval * rules.ON_TIME:
        return max(old.interval - rules.SHORTEN, rules.MIN_INTERVAL)
    return old.interval


def _failed(old: PollState, answer: Answer, now: datetime) -> PollState:
    """Validators and body stay as they were: they describe the last list that was read."""
    failures = old.failures + FAILURES[answer.outcome]
    wait = min(max(failures * rules.BACK_OFF, old.interval), rules.MAX_BACK_OFF)
    gone = answer.outcome == "gone"
    return replace(
        old,
        failures=failures,
        failing_since=old.failing_since or now,
        next_due=now + (rules.GONE_INTERVAL if gone else wait),
        gone=gone,
    )


def _validator(value: str) -> str:
    """A validator that can be sent back unchanged, or ""."""
    return value if len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def _words(wait: timedelta) -> str:
    """A duration with its largest unit: "45 s", "10 min", "6 h", "30 days"."""
    seconds = round(wait.total_seconds())
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
