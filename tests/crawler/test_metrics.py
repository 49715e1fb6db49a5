"""The file for Prometheus, read by Prometheus' own parser."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crawler.metrics import Ended, render, write_metrics
from crawler.summary import Summary
from pipelines.catalogue.sources import Source
from pipelines.model import SourceRun
from pipelines.polling import PollState
from tests.crawler.loopback import Done, Web, sources_toml

STARTED = datetime(2021, 10, 5, 9, 0, tzinfo=UTC)
ENDED = STARTED + timedelta(seconds=90)


def read(text: str) -> dict[tuple[str, ...], float]:
    """Values by name and label values."""
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            key = (sample.name.removeprefix("orbitwatch_"), *sample.labels.values())
            assert key not in found
            found[key] = sample.value
    return found


def ended(code: int = 0, *rows: SourceRun) -> Ended:
    total = SourceRun("r", STARTED, "")
    summary = Summary("r", STARTED, ENDED, rows, total, (), code) if rows else None
    return Ended("0.1.0", STARTED, ENDED, 2.5, code, summary)


def source(name: str, *, enabled: bool = True) -> Source:
    return Source(name, name.title(), "https://a.example/", feeds=(f"https://{name}.example/feed",), enabled=enabled)


def test_the_last_run_by_source_and_reason() -> None:
    row = SourceRun(
        "r", STARTED, "tribune", requests=9, new_urls=7, pages=6, stored=2, duplicates=1, off_topic=1, bytes=5
    )
    row.dropped = {"soft_404": 2}
    row.failed = {'odd "reason"\\\n': 1}
    found = read(render(ended(3, row)))
    assert found["build_info", "0.1.0"] == 1
    assert found["last_run_timestamp_seconds",] == ENDED.timestamp()
    assert found["last_success_timestamp_seconds",] == ENDED.timestamp()
    assert (found["last_run_exit_code",], found["last_run_duration_seconds",], found["last_run_cpu_seconds",]) == (
        3,
        90,
        2.5,
    )
    assert found["last_run_sources",] == 1
    fates = {fate: found["last_run_pages", "tribune", fate] for fate in ("stored", "duplicate", "off_topic", "dropped")}
    assert fates == {"stored": 2, "duplicate": 1, "off_topic": 1, "dropped": 2}
    assert sum(fates.values()) == row.pages
    assert found["last_run_dropped_pages", "tribune", "soft_404"] == 2
    assert found["last_run_failed_requests", "tribune", 'odd "reason"\\\n'] == 1
    assert found["last_run_requests", "tribune"] == 9
    assert found["last_run_received_bytes", "tribune"] == 5
    assert found["last_run_new_entries", "tribune"] == 7


def test_what_is_remembered_of_sources() -> None:
    days = timedelta(days=1)
    polls = {
        "https://tribune.example/feed": PollState("", last_success=ENDED, last_new=ENDED - 15 * days),
        "https://gazette.example/feed": PollState("", last_success=ENDED - days, last_new=ENDED - 2 * days),
        "https://closed.example/feed": PollState("", last_success=ENDED),
    }
    sources = (source("tribune"), source("gazette"), source("closed", enabled=False), source("never"))
    found = read(render(Ended("0.1.0", STARTED, ENDED, 0, 0, None, sources, polls)))
    assert found["source_last_success_timestamp_seconds", "tribune"] == ENDED.timestamp()
    assert found["source_last_new_timestamp_seconds", "gazette"] == (ENDED - 2 * days).timestamp()
    assert (found["source_silent", "tribune"], found["source_silent", "gazette"]) == (1, 0)
    assert not {"closed", "never"} & {part for key in found for part in key}


def test_the_last_success_outlasts_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "orbitwatch.prom"
    path.write_bytes(b"\xff not ours")
    write_metrics(path, ended(1))
    assert ("last_success_timestamp_seconds",) not in read(path.read_text())
    write_metrics(path, ended(0))
    later = ENDED + timedelta(days=1)
    write_metrics(path, Ended("0.1.0", later, later, 0, 1))
    found = read(path.read_text())
    assert found["last_success_timestamp_seconds",] == ENDED.timestamp()
    assert (found["last_run_timestamp_seconds",], found["last_run_exit_code",]) == (later.timestamp(), 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.iterdir()] == ["orbitwatch.prom"]


@pytest.fixture
def two(web: Web, data: Path) -> None:
    article = web.serve("tribune", "/bakery", "<html><body><p>The bakery reopens.</p></body></html>")
    data.mkdir()
    feed = web.feed("tribune", ("Old bakery reopens", article))
    sources = ({"id": "tribune", "feeds": [feed]}, {"id": "gazette", "feeds": [web.url("gazette", "/gone")]})
    (data / "sources.toml").write_text(sources_toml(*sources))


def test_runs_write_it_idle_ones_too(two: None, data: Path, tmp_path: Path, orbitwatch: Callable[..., Done]) -> None:
    path = tmp_path / "orbitwatch.prom"
    assert orbitwatch("crawl", "--metrics", str(path)).code == 3
    found = read(path.read_text())
    assert found["last_run_pages", "tribune", "off_topic"] == 1
    assert found["last_run_failed_requests", "gazette", "not_found"] == 1
    assert found["last_run_sources",] == 2
    visited = found["source_last_success_timestamp_seconds", "tribune"]
    assert orbitwatch("crawl", "--metrics", str(path)).code == 0
    found = read(path.read_text())
    assert (found["last_run_sources",], found["last_run_exit_code",]) == (0, 0)
    assert found["source_last_success_timestamp_seconds", "tribune"] == visited
    (data / "sources.toml").write_text("[[source]]\n")
    assert orbitwatch("crawl", "--metrics", str(path)).code == 2
    assert read(path.read_text())["last_run_exit_code",] == 2


def test_a_file_that_cannot_be_written_is_told_and_changes_nothing(
    two: None, tmp_path: Path, orbitwatch: Callable[..., Done]
) -> None:
    done = orbitwatch("crawl", "--metrics", str(tmp_path / "nowhere" / "orbitwatch.prom"))
    assert done.code == 3
    assert "the metrics are not written" in done.err
    assert "No such file or directory" in done.err
