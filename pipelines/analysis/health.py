"""Which outlets answer, which fail, and which have fallen silent: silence must not pass for absence of news.

The rules are in `pipelines.polling.verdicts`; this is their application to the runs table.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pandas as pd

from pipelines.accounting import BACKFILL
from pipelines.catalogue.sources import Source
from pipelines.polling.verdicts import RECENT, is_failing, silence, usual_gap, walls, weight

_COLUMNS = [
    "source",
    "name",
    "verdict",
    "last_run",
    "outcome",
    "http_status",
    "reasons",
    "failed_runs",
    "last_new",
    "silent_days",
    "pages",
    "stored",
]

UNWELL = ("failing", "silent", "walled")
"""Verdicts that need a person, the worst first."""


def source_health(runs: pd.DataFrame, sources: Iterable[Source]) -> pd.DataFrame:
    """How each outlet does, as far as the runs tell: the same question can be asked of any day in the past.

    `orbitwatch status` also knows what is remembered of each feed, and is what an operator should ask today.

    Args:
        runs: as `load_runs` gives them; those of backfills are left out, since they ask no feed.
        sources: the outlets in force; others that only `runs` knows are left out.

    Returns:
        Those that need a person first, with the columns source, name, verdict ("failing": the last runs failed, and
        their failures weigh enough; "silent": nothing new for longer than its max_silence_days, or than its own rhythm
        lets expect; "walled": walls stand where pages should; "not visited"; "off": disabled; "ok"),
        last_run, outcome and http_status (of the last run), reasons (of its failed requests, "" for none), failed_runs
        (in a row), last_new (last run that saw a new entry), silent_days (whole days from then, or from the
        first run, to the last answer: days on which nobody asked are not the outlet's silence), pages and stored (over
        all runs).
    """
    polls = runs[runs["outcome"] != BACKFILL]
    own = dict(list(polls.sort_values("started_at").groupby("source", sort=False)))
    rows = [_row(source, own.get(source.id)) for source in sources]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    order = (*UNWELL, "not visited", "ok", "off")
    table["rank"] = table["verdict"].map(order.index)
    table = table.sort_values(["rank", "source"], ignore_index=True).drop(columns="rank")
    return table.astype({"http_status": "Int64", "silent_days": "Int64"})


def _row(source: Source, runs: pd.DataFrame | None) -> tuple[object, ...]:
    if runs is None:
        verdict = "not visited" if source.enabled else "off"
        return (source.id, source.name, verdict, pd.NaT, "", pd.NA, "", 0, pd.NaT, pd.NA, 0, 0)
    last = runs.iloc[-1]
    failed_runs = int((runs["outcome"] == "failed")[::-1].cummin().sum())
    failures = [dict(failed) for failed in runs["failed"].tail(failed_runs)]
    fresh = runs[runs["new_urls"] > 0]
    last_new = fresh["started_at"].iloc[-1] if len(fresh) else pd.NaT
    answered = runs[runs["outcome"] != "failed"]
    since, until = (fresh if len(fresh) else runs.head(1)), (answered if len(answered) else runs.head(1))
    silent_for = max(until["started_at"].iloc[-1] - since["started_at"].iloc[-1], pd.Timedelta(0)).to_pytimedelta()
    recent = runs[runs["started_at"] > last["started_at"] - RECENT]
    gap = usual_gap([instant.to_pydatetime() for instant in recent.loc[recent["new_urls"] > 0, "started_at"]])
    verdict = "ok"
    if not source.enabled:
        verdict = "off"
    elif is_failing(sum(map(weight, failures)), gone=bool(failures) and "gone" in failures[-1]):
        verdict = "failing"
    elif silence(silent_for, gap, timedelta(days=source.max_silence_days)):
        verdict = "silent"
    elif walls(int(recent["pages"].sum()), _added(recent["failed"]), _added(recent["dropped"]))[0]:
        verdict = "walled"
    return (
        source.id,
        source.name,
        verdict,
        last["started_at"],
        last["outcome"],
        last["http_status"] if pd.notna(last["http_status"]) else pd.NA,
        ", ".join(sorted(dict(last["failed"]))),
        failed_runs,
        last_new,
        silent_for.days,
        int(runs["pages"].sum()),
        int(runs["stored"].sum()),
    )


def _added(counts: Iterable[Any]) -> Counter[str]:
    """Counts by reason of several runs."""
    total: Counter[str] = Counter()
    for each in counts:
        total.update(dict(each))  # pairs, as Arrow's maps come
    return total
