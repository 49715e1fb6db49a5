"""What Prometheus may know of the last run: a file for the textfile collector of node_exporter.

Everything is a gauge of the last run, because a counter would have to outlive the process. Names and units follow
https://prometheus.io/docs/practices/naming/, the form is the text exposition format 0.0.4.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.summary import Summary
from pipelines.catalogue.sources import Source
from pipelines.model import SourceRun
from pipelines.polling import PollState
from pipelines.polling.health import recency
from pipelines.polling.verdicts import silence
from pipelines.whole_files import replace_text

#: Exit codes of runs that did their work: 3 means that some sources failed, which is ordinary among a hundred.
SUCCESSES = (0, 3)

_LAST_SUCCESS = "orbitwatch_last_success_timestamp_seconds"
_REMEMBERED = re.compile(rf"^{_LAST_SUCCESS} ([0-9.e+]{{1,40}})$", re.MULTILINE)

#: Bytes of an earlier file that are looked at: a thousand sources fill half of it.
_READ = 1_000_000

Sample = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that has ended.

    Attributes:
        version: of the program.
        started_at, finished_at: by the run's clock.
        cpu_seconds: of the process and its children.
        exit_code: as the shell sees it.
        summary: what it did; None for a run that had nothing to do, or failed before it could.
        sources: all sources; () when the file of sources could not be read.
        polls: what is remembered of their listings, by address.
    """

    version: str
    started_at: datetime
    finished_at: datetime
    cpu_seconds: float
    exit_code: int
    summary: Summary | None = None
    sources: tuple[Source, ...] = ()
    polls: Mapping[str, PollState] | None = None


def write_metrics(path: Path, ended: Ended) -> None:
    """Replace the file by what is known now.

    Raises:
        OSError: when it cannot be written.
    """
    text = render(ended, last_success=_last_success(path))
    replace_text(path, text, mode=0o644)  # the collector is another user


def _last_success(path: Path) -> float | None:
    """What the file says of an earlier run: it must outlast runs that fail."""
    with suppress(OSError, ValueError), path.open(encoding="utf-8") as file:
        if found := _REMEMBERED.search(file.read(_READ)):
            return float(found[1])
    return None


def render(ended: Ended, *, last_success: float | None = None) -> str:
    """The metrics in the text exposition format.

    Args:
        ended: the run.
        last_success: end of the last successful run before this one in seconds since 1970, None when there was none.
    """
    if ended.exit_code in SUCCESSES:
        last_success = ended.finished_at.timestamp()
    rows = ended.summary.rows if ended.summary else ()
    families = (*_of_the_run(ended, last_success), *_of_its_rows(rows), *_of_sources(ended))
    return "".join(_family(name, text, samples) for name, text, samples in families)


def _of_the_run(ended: Ended, last_success: float | None) -> Iterator[tuple[str, str, list[Sample]]]:
    seconds = (ended.finished_at - ended.started_at).total_seconds()
    yield "orbitwatch_build_info", "The program that ran last.", [({"version": ended.version}, 1)]
    yield "orbitwatch_last_run_timestamp_seconds", "When the last run ended.", [({}, ended.finished_at.timestamp())]
    if last_success is not None:
        yield _LAST_SUCCESS, "When the last run with exit code 0 or 3 ended.", [({}, last_success)]
    yield "orbitwatch_last_run_exit_code", "Exit code of the last run.", [({}, ended.exit_code)]
    yield "orbitwatch_last_run_duration_seconds", "Time that the last run took.", [({}, seconds)]
    yield "orbitwatch_last_run_cpu_seconds", "CPU time of the last run and its workers.", [({}, ended.cpu_seconds)]
    visited = len(ended.summary.rows) if ended.summary else 0
    yield "orbitwatch_last_run_sources", "Sources that the last run visited, 0 when none was due.", [({}, visited)]


def _of_its_rows(rows: Iterable[SourceRun]) -> Iterator[tuple[str, str, list[Sample]]]:
    rows = list(rows)
    yield (
        "orbitwatch_last_run_requests",
        "Requests of the last run.",
        [({"source": row.source}, row.requests) for row in rows],
    )
    yield (
        "orbitwatch_last_run_received_bytes",
        "Bytes that the last run received.",
        [({"source": row.source}, row.bytes) for row in rows],
    )
    yield (
        "orbitwatch_last_run_new_entries",
        "Entries of feeds that the last run saw first.",
        [({"source": row.source}, row.new_urls) for row in rows],
    )
    yield (
        "orbitwatch_last_run_pages",
        "Article pages that the last run fetched, by what became of them.",
        [({"source": row.source, "fate": fate}, count) for row in rows for fate, count in _fates(row)],
    )
    yield (
        "orbitwatch_last_run_dropped_pages",
        "Pages of the last run that could not be used, by reason.",
        _by_reason((row.source, row.dropped) for row in rows),
    )
    yield (
        "orbitwatch_last_run_failed_requests",
        "Requests of the last run without a usable answer, by reason.",
        _by_reason((row.source, row.failed) for row in rows),
    )


def _fates(row: SourceRun) -> tuple[tuple[str, int], ...]:
    dropped = sum(row.dropped.values())
    return ("stored", row.stored), ("duplicate", row.duplicates), ("off_topic", row.off_topic), ("dropped", dropped)


def _by_reason(counts: Iterable[tuple[str, Mapping[str, int]]]) -> list[Sample]:
    return [
        ({"source": source, "reason": reason}, count)
        for source, reasons in counts
        for reason, count in sorted(reasons.items())
    ]


def _of_sources(ended: Ended) -> Iterator[tuple[str, str, list[Sample]]]:
    """What is remembered of the enabled sources, visited by this run or not."""
    if ended.polls is None:
        return
    success: list[Sample] = []
    new: list[Sample] = []
    silent: list[Sample] = []
    for source in ended.sources:
        if not source.enabled:
            continue
        heard, label = recency(source, ended.polls), {"source": source.id}
        if heard.last_success:
            success.append((label, heard.last_success.timestamp()))
        if heard.last_new:
            new.append((label, heard.last_new.timestamp()))
        if heard.silent_for is not None:
            # By the limit alone: the rhythm is in the tables, which an idle run never opens.
            against = silence(heard.silent_for, None, timedelta(days=source.max_silence_days))
            silent.append((label, bool(against)))
    yield (
        "orbitwatch_source_last_success_timestamp_seconds",
        "When a listing of the source last answered.",
        success,
    )
    yield "orbitwatch_source_last_new_timestamp_seconds", "When the source last listed something new.", new
    yield "orbitwatch_source_silent", "1 when nothing has been new for longer than max_silence_days.", silent


def _family(name: str, text: str, samples: list[Sample]) -> str:
    lines = [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
    lines += [f"{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return "\n".join(lines) + "\n" if samples else ""


def _labels(labels: Mapping[str, str]) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.3f}"
