"""Which outlets answer, which fail, and which have fallen silent: silence must not pass for absence of news."""

from collections.abc import Iterable

import pandas as pd

from pipelines.catalogue.sources import Source

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

#: Runs in a row that must fail before a source is called failing: one bad answer is the weather.
FAILING_RUNS = 2


def source_health(runs: pd.DataFrame, sources: Iterable[Source]) -> pd.DataFrame:
    """How each outlet does, as far as the runs tell: the same question can be asked of any day in the past.

    `orbitwatch status` also knows what is remembered of each feed, and is what an operator should ask today.

    Args:
        runs: as `load_runs` gives them.
        sources: the outlets in force; others that only `runs` knows are left out.

    Returns:
        Those that need a person first, with the columns source, name, verdict ("failing": the last `FAILING_RUNS` runs
        failed; "silent": nothing new for longer than its max_silence_days; "not visited"; "off": disabled; "ok"),
        last_run, outcome and http_status (of the last run), reasons (of its failed requests, "" for none), failed_runs
        (in a row), last_new (last run that saw a new entry), silent_days (whole days from then, or from the
        first run, to the last answer: days on which nobody asked are not the outlet's silence), pages and stored (over
        all runs).
    """
    own = dict(list(runs.sort_values("started_at").groupby("source", sort=False)))
    rows = [_row(source, own.get(source.id)) for source in sources]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    order = {"failing": 0, "silent": 1, "not visited": 2, "ok": 3, "off": 4}
    table["rank"] = table["verdict"].map(order)
    table = table.sort_values(["rank", "source"], ignore_index=True).drop(columns="rank")
    return table.astype({"http_status": "Int64", "silent_days": "Int64"})


def _row(source: Source, runs: pd.DataFrame | None) -> tuple[object, ...]:
    if runs is None:
        verdict = "not visited" if source.enabled else "off"
        return (source.id, source.name, verdict, pd.NaT, "", pd.NA, "", 0, pd.NaT, pd.NA, 0, 0)
    last = runs.iloc[-1]
    failed_runs = int((runs["outcome"] == "failed")[::-1].cummin().sum())
    fresh = runs[runs["new_urls"] > 0]
    last_new = fresh["started_at"].iloc[-1] if len(fresh) else pd.NaT
    answered = runs[runs["outcome"] != "failed"]
    since, until = (fresh if len(fresh) else runs.head(1)), (answered if len(answered) else runs.head(1))
    silent_days = max((until["started_at"].iloc[-1] - since["started_at"].iloc[-1]).days, 0)
    verdict = "ok"
    if not source.enabled:
        verdict = "off"
    elif failed_runs >= FAILING_RUNS:
        verdict = "failing"
    elif silent_days > source.max_silence_days:
        verdict = "silent"
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
        silent_days,
        int(runs["pages"].sum()),
        int(runs["stored"].sum()),
    )
