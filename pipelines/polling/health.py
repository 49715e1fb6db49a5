"""How well is a source today? By what is remembered of its feeds and what runs did for it. Pure.

The rules are in `pipelines.polling.verdicts`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from pipelines.catalogue.sources import Source
from pipelines.polling import PollState, is_due, why_due
from pipelines.polling.verdicts import is_failing, moved_domain, silence, usual_gap, walls
from pipelines.urls import registered_domain

Verdict = Literal["ok", "notice", "person", "off"]


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """One feed or news sitemap.

    Attributes:
        url: its address.
        due: whether a run would ask it now.
        why: why, or why not, in words.
        last_outcome: of the last answer, "" before the first.
        last_success: instant, None before the first.
        failing_since: instant, None while all is well.
        moved_to: where permanent redirects lead, "" when they do not.
    """

    url: str
    due: bool
    why: str
    last_outcome: str
    last_success: datetime | None
    failing_since: datetime | None
    moved_to: str


@dataclass(frozen=True, slots=True)
class Health:
    """One source.

    Attributes:
        source: its id.
        verdict: "person" when somebody must act, "notice" when somebody may, "ok", or "off" when it is not visited.
        last_success: when one of its listings last answered.
        last_new: when one last named something new.
        silent_for: from the last thing new to the last success; None before both.
        usual_gap: the median time between runs that found something new, None while that is not known.
        pages, stored: of the runs looked at.
        failures: requests without a usable answer, by reason, in these runs.
        dropped: pages that could not be used, by reason, in these runs.
        feeds: its listings.
        reservations: what its robots.txt reserves.
        needs: what a person must do, a sentence each.
        notices: what a person may like to know.
    """

    source: str
    verdict: Verdict
    last_success: datetime | None = None
    last_new: datetime | None = None
    silent_for: timedelta | None = None
    usual_gap: timedelta | None = None
    pages: int = 0
    stored: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    feeds: tuple[FeedHealth, ...] = ()
    reservations: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recency:
    """When a source was last heard of.

    Attributes:
        last_success: when one of its listings last answered.
        last_new: when one last named something new.
    """

    last_success: datetime | None
    last_new: datetime | None

    @property
    def silent_for(self) -> timedelta | None:
        """From the last thing new to the last success; None before both.

        Measured at the last success: days on which nobody asked are not the outlet's silence.
        """
        return self.last_success - self.last_new if self.last_success and self.last_new else None


def recency(source: Source, polls: Mapping[str, PollState]) -> Recency:
    """What is remembered of a source's listings, by address, taken together."""
    states = [polls[url] for url in source.listings if url in polls]
    return Recency(
        max((s.last_success for s in states if s.last_success), default=None),
        max((s.last_new for s in states if s.last_new), default=None),
    )


def health(
    source: Source,
    polls: Mapping[str, PollState],
    runs: Iterable[Mapping[str, Any]],
    now: datetime,
    *,
    reserved: tuple[str, ...] = (),
    domains: Mapping[str, int] | None = None,
) -> Health:
    """Judge a source.

    Args:
        source: as in sources.toml.
        polls: what is remembered, by address of the listing.
        runs: its rows of the runs table in the order of time: `started_at`, `new_urls`, `pages`, `stored`, `failed` and
            `dropped` (counts by reason).
        now: the time.
        reserved: of `pipelines.polling.reservations`.
        domains: numbers of its articles stored in that time, by registered domain.
    """
    states = [polls.get(url, PollState(url)) for url in source.listings]
    feeds = tuple(_feed(state, now) for state in states)
    rows = list(runs)
    failures, dropped = _added(rows, "failed"), _added(rows, "dropped")
    heard = recency(source, polls)
    gap = usual_gap([row["started_at"] for row in rows if row["new_urls"]])
    pages = sum(int(row["pages"]) for row in rows)
    needs = [*_broken(source, states), *_silence(source, heard.silent_for, gap), *_walls(pages, failures, dropped)]
    moved, elsewhere = _moved(source, states, domains or {})
    needs += elsewhere
    notices = moved + [
        f"{s.url}: {s.last_outcome}" for s in states if s.failures and not is_failing(s.failures, gone=s.gone)
    ]
    verdict: Verdict = "off" if not source.enabled else "person" if needs else "notice" if notices else "ok"
    return Health(
        source.id,
        verdict,
        heard.last_success,
        heard.last_new,
        heard.silent_for,
        gap,
        pages,
        sum(int(row["stored"]) for row in rows),
        failures,
        dropped,
        feeds,
        reserved,
        tuple(needs) if source.enabled else (),
        tuple(notices) if source.enabled else (),
    )


def _feed(state: PollState, now: datetime) -> FeedHealth:
    return FeedHealth(
        state.url,
        is_due(state, now),
        why_due(state, now),
        state.last_outcome,
        state.last_success,
        state.failing_since,
        state.moved_to,
    )


def _broken(source: Source, states: list[PollState]) -> list[str]:
    """Listings that are gone, or have failed for long."""
    needs = []
    for state in states:
        if state.gone:
            needs.append(f"{state.url} is gone (410): find its successor with `orbitwatch sources add {source.home}`")
        elif is_failing(state.failures, gone=False) and state.failing_since is not None:
            status = f" (HTTP {state.last_status})" if state.last_status else ""
            needs.append(f"{state.url} has failed since {state.failing_since:%Y-%m-%d}: {state.last_outcome}{status}")
    return needs


def _silence(source: Source, silent_for: timedelta | None, gap: timedelta | None) -> list[str]:
    if silent_for is None:
        return []
    against = silence(silent_for, gap, timedelta(days=source.max_silence_days))
    days = f"nothing new for {silent_for.days} days"
    if against == "limit":
        return [f"{days}, more than max_silence_days = {source.max_silence_days}"]
    return [f"{days}, where {_span(gap)} is usual"] if against and gap is not None else []


def _walls(pages: int, failures: Mapping[str, int], dropped: Mapping[str, int]) -> list[str]:
    found, answered = walls(pages, failures, dropped)
    if not found:
        return []
    count = sum(found.values())
    return [f"{count} of {answered} pages were walls ({', '.join(found)}): visit it seldom, or switch it off"]


def _moved(source: Source, states: list[PollState], domains: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What has moved for good: within its domain, and to another one, where somebody should look who is there.

    Names of outlets are sold, and a feed that answers from a stranger's domain reads as well as any.
    """
    within, elsewhere = [], []
    for state in states:
        if not state.moved_to:
            continue
        told = f"{state.url} has moved for good to {state.moved_to}"
        if registered_domain(state.moved_to) == registered_domain(state.url):
            within.append(f"{told}: change it in sources.toml")
        else:
            elsewhere.append(f"{told}, another domain: if it is the same outlet still, change it in sources.toml")
    if domain := moved_domain(domains, source.home):
        elsewhere.append(
            f"its articles are on {domain} now: if it is the same outlet still, change home in sources.toml"
        )
    return within, elsewhere


def _added(rows: list[Mapping[str, Any]], column: str) -> dict[str, int]:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(dict(row[column] or {}))
    return dict(sorted(total.items()))


def _span(wait: timedelta) -> str:
    return f"{wait.days} days" if wait.days >= 2 else f"{max(round(wait.total_seconds() / 3600), 1)} h"
