"""`orbitwatch backfill warc`: the real command, real processes, files on the disk, behind HTTP and in a bucket."""

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import distributed
import pandas as pd
import psutil
import pytest

from crawler.newsroom.outlets import load_outlets
from crawler.newsroom.site import Site
from crawler.newsroom.stories import load_stories
from crawler.newsroom.truth import truth_of
from pipelines.analysis import load_articles, load_events, load_milestones, load_runs
from pipelines.analysis import load_stories as stories_of
from pipelines.catalogue.projects import load_projects
from pipelines.intake import STORY_INDEX, Arrival, Intake, examine, open_index
from pipelines.milestones import ClaimFinder
from pipelines.model import Fetched
from pipelines.raw import RawRecord, find_raw, read_raw
from pipelines.store import Store
from pipelines.topic import Judge
from tests.crawler.loopback import Answer, Asked, Done, Web
from tests.pipelines.backfill.warcs import OFF_TOPIC, ON_TOPIC, packed, record
from tests.pipelines.rows import article

Backfill = Callable[..., Done]

END = datetime(2026, 1, 1, tzinfo=UTC)
OUTLETS = {"meridian", "tribune", "screenwire", "coastline"}


def pages_of(site: Site, now: datetime) -> Iterator[bytes]:
    """A site's articles as an archive keeps them: each a day after its publication, with its request before it."""
    for listed in site.listed(now):
        answer = site.answer(site.path(listed.story), now)
        if answer.status == 200:
            captured = listed.story.published + timedelta(days=1)
            charset = f"; charset={answer.charset}" if answer.charset else ""
            yield record(listed.address, b"", kind="request", at=captured)
            yield record(listed.address, answer.body, content_type=answer.media_type + charset, at=captured)


@pytest.fixture(scope="session")
def sites() -> list[Site]:
    return [Site(outlet, load_stories(), f"https://{outlet.id}.example") for outlet in load_outlets()]


def written(path: Path, sites: Iterable[Site]) -> Path:
    path.write_bytes(packed(*(row for site in sites for row in pages_of(site, END))))
    return path


@pytest.fixture(scope="session")
def archive(sites: list[Site], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four files with what an agency and three of those who copy it published, one outlet each."""
    folder = tmp_path_factory.mktemp("archive")
    few = [site for site in sites if site.outlet.id in OUTLETS]
    names = [f"CC-NEWS-202110{5 + number:02}120000-{number:05}.warc.gz" for number in range(len(few))]
    return [written(folder / name, [site]) for name, site in zip(names, few, strict=True)]


def command(data: Path, *arguments: Any) -> list[str]:
    return [sys.executable, "-m", "crawler", "backfill", "warc", "--data", str(data), *map(str, arguments)]


def backfill(data: Path, *arguments: Any, **environment: str) -> Done:
    done = subprocess.run(
        command(data, *arguments),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, **environment},
    )
    return Done(done.returncode, done.stdout, done.stderr)


def tables(data: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for what says when and by which run they were written."""
    runs = load_runs(data).drop(columns=["run_id", "started_at", "finished_at", "cpu_seconds"])
    found = {
        "articles": load_articles(data).drop(columns="run_id"),
        "stories": stories_of(data),
        "milestones": load_milestones(data),
        "events": load_events(data),
        "runs": runs.sort_values("source"),
    }
    return {name: json.loads(table.to_json(orient="records", date_format="iso")) for name, table in found.items()}


@pytest.fixture(scope="session")
def whole(archive: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What an undisturbed run of one worker stores."""
    data = tmp_path_factory.mktemp("whole")
    done = backfill(data, *archive, "--workers", 1)
    assert (done.code, done.out, done.err) == (0, "", "")
    return tables(data)


@pytest.fixture(scope="session")
def raw_records(archive: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, RawRecord]:
    """What an undisturbed run of one worker keeps."""
    data = tmp_path_factory.mktemp("raw")
    done = backfill(data, *archive, "--workers", 1, "--keep-raw")
    assert (done.code, done.out, done.err) == (0, "", "")
    return kept(data)


def test_every_story_on_topic_is_found_once_and_look_alikes_are_not(sites: list[Site], tmp_path: Path) -> None:
    done = backfill(tmp_path / "data", written(tmp_path / "all.warc.gz", sites), "--workers", 1)
    assert (done.code, done.out, done.err) == (0, "", "")
    # A page without text has its headline, and that is on topic; a soft 404 is no page of its story.
    truth = {one.url: one for one in truth_of(sites) if one.barrier not in {"no_text", "soft_404"}}
    stored = [url for url in load_articles(tmp_path / "data")["canonical_url"] if url in truth]
    assert len(stored) == len(set(stored))
    on_topic = {url for url, one in truth.items() if one.relevant}
    assert on_topic <= set(stored)
    # One of thirty: "El Desafío" is a game show with the Spanish title of the film.
    assert {truth[url].lookalike for url in set(stored) - on_topic} <= {"reality-show"}


def test_what_the_archive_knows_goes_into_the_rows(whole: dict[str, list[dict[str, Any]]]) -> None:
    for row in whole["articles"]:
        assert row["fetched_at"] == row["first_seen_at"]
        assert row["source"] == row["domain"]  # the catalogue has none of these outlets
    assert {row["outcome"] for row in whole["runs"]} == {"backfill"}
    for row in whole["runs"]:
        assert row["pages"] == row["stored"] + row["duplicates"] + row["off_topic"] + sum(
            n for _, n in row["dropped"] or []
        )


def kept(data: Path) -> dict[str, RawRecord]:
    """The raw records of the stored articles: every article has one, and nothing is kept twice or besides."""
    stored = set(load_articles(data)["article_id"])
    archive = find_raw(data, stored)
    assert (archive.records, archive.without_article) == (len(stored), 0)
    return {article_id: read_raw(place) for article_id, place in archive.places.items()}


def test_order_of_files_number_of_workers_and_kept_pages_make_no_difference(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], raw_records: dict[str, RawRecord], tmp_path: Path
) -> None:
    done = backfill(tmp_path, *reversed(archive), "--workers", 3, "--keep-raw", "--json")
    assert done.code == 0, done.err
    assert done.json["files_done"] == 4
    assert tables(tmp_path) == whole
    assert kept(tmp_path) == raw_records


def test_kept_pages_are_read_again_and_say_what_is_stored(archive: list[Path], tmp_path: Path) -> None:
    assert backfill(tmp_path, archive[0], "--workers", 1, "--keep-raw").code == 0
    rows = tables(tmp_path)["articles"]
    called = [sys.executable, "-m", "crawler", "rebuild", "--from-raw", "--json", "--data", str(tmp_path)]
    done = subprocess.run(called, capture_output=True, text=True, timeout=120, check=True)
    raw = json.loads(done.stdout)["raw"]
    assert (raw["records"], raw["read"], raw["changed"], raw["unreadable"]) == (len(rows), len(rows), 0, 0)
    assert tables(tmp_path)["articles"] == rows


def test_what_a_killed_run_has_left_in_the_journal_gets_its_events(archive: list[Path], tmp_path: Path) -> None:
    day = datetime(2019, 5, 6, 12, tzinfo=UTC)
    Store(tmp_path).append(article(1, story_id="s1", date=day.date(), published_at=day))
    assert backfill(tmp_path, archive[0], "--workers", 1).code == 0
    stories = set(stories_of(tmp_path)["story_id"])
    assert set(load_events(tmp_path)["story_id"]) == stories > {"s1"}


def streamed(sites: Iterable[Site], data: Path) -> None:
    """Stores the same pages as crawls of those days would, one after the other as they were published."""
    projects = load_projects()
    judge, finder = Judge(projects), ClaimFinder(projects)
    arrivals = []
    for site in sites:
        for listed in site.listed(END):
            answer = site.answer(site.path(listed.story), END)
            at, url = listed.story.published + timedelta(days=1), listed.address
            source = f"{site.outlet.id}.example"
            fetched = Fetched(source, url, url, answer.body, answer.charset, at, "ccnews")
            arrivals.append(Arrival(fetched, examine(fetched, judge=judge, finder=finder, timezone="UTC", now=at)))
    store = Store(data)
    with store.lock(), open_index(store, data / STORY_INDEX) as index:
        intake = Intake(store, index, run_id="streamed", rules_version=projects.version)
        for arrival in sorted(arrivals, key=published):
            intake.settle([arrival])
        store.fold()


def published(arrival: Arrival) -> datetime:
    page = arrival.examined.page
    return (page.date.instant if page else None) or arrival.fetched.fetched_at


def test_the_rows_are_those_of_crawls_in_those_days(
    whole: dict[str, list[dict[str, Any]]], sites: list[Site], tmp_path: Path
) -> None:
    streamed([site for site in sites if site.outlet.id in OUTLETS], tmp_path)
    for name, load in {"articles": load_articles, "stories": stories_of, "milestones": load_milestones}.items():
        rows = json.loads(
            load(tmp_path).drop(columns="run_id", errors="ignore").to_json(orient="records", date_format="iso")
        )
        assert rows == whole[name]
    assert len(whole["stories"]) < len(whole["articles"])


def started(data: Path, *arguments: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(data, *arguments),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that all its processes can be killed at once
    )


def wait_for(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> bool:
    """Looks every few milliseconds whether something has happened; False when the process has ended before."""
    while not condition():
        if process.poll() is not None:
            return False
        time.sleep(0.005)
    return True


def outputs(data: Path) -> list[Path]:
    return list(data.glob(".state/backfill/*/outputs/*.jsonl.gz"))


def test_killed_at_any_moment_and_begun_again_it_comes_to_the_same_rows(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], raw_records: dict[str, RawRecord], tmp_path: Path
) -> None:
    moments = random.Random(20211005)  # noqa: S311 - the same moments every time
    stages: list[Callable[[], bool]] = [
        lambda: bool(list(tmp_path.glob(".state/backfill/*/job.json"))),
        lambda: len(outputs(tmp_path)) >= 1,
        lambda: len(outputs(tmp_path)) >= 3,
        (tmp_path / "raw").exists,
        (tmp_path / ".journal.jsonl").exists,
        (tmp_path / "stories").exists,
    ]
    killed = 0
    for stage in stages:
        process = started(tmp_path, *archive, "--workers", 2, "--keep-raw")
        if wait_for(stage, process):
            time.sleep(moments.random() * 0.3)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
    assert killed >= 3
    done = backfill(tmp_path, *archive, "--workers", 2, "--keep-raw")
    assert done.code == 0, done.err
    assert tables(tmp_path) == whole
    assert kept(tmp_path) == raw_records
    assert len(outputs(tmp_path)) == 4


def workers_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Dask's worker processes that are in the middle of a task: each has a process beside it that reads pages."""
    try:
        children = psutil.Process(process.pid).children()
        return [child for child in children if any(map(reads_pages, child.children()))]
    except psutil.Error:
        return []


def reads_pages(process: psutil.Process) -> bool:
    return "crawler.worker_process" in process.cmdline()


def test_a_worker_killed_in_mid_task_costs_nothing(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    process = started(tmp_path, *archive, "--workers", 2)
    workers: list[psutil.Process] = []
    assert wait_for(lambda: bool(workers.extend(workers_of(process)) or workers), process)
    workers[0].kill()
    _, errors = process.communicate(timeout=240)
    assert process.returncode == 0, errors
    assert tables(tmp_path) == whole


def test_workers_that_die_as_they_start_are_told_in_a_line(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    killing = tmp_path / "killing"
    killing.mkdir()
    (killing / "sitecustomize.py").write_text(
        "import os, sys\nif 'spawn_main' in ' '.join(sys.orig_argv):\n    os.kill(os.getpid(), 9)\n"
    )
    failed = backfill(tmp_path / "data", *archive, "--workers", 2, PYTHONPATH=str(killing))
    assert (failed.code, failed.out) == (1, "")
    (line,) = failed.err.splitlines()
    assert "workers did not start" in line
    assert "the same command goes on" in line
    assert backfill(tmp_path / "data", *archive, "--workers", 2).code == 0
    assert tables(tmp_path / "data") == whole


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_its_processes_keeps_what_is_done(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], tmp_path: Path, number: signal.Signals
) -> None:
    process = started(tmp_path, *archive, "--workers", 1)
    assert wait_for(lambda: len(outputs(tmp_path)) >= 1, process)
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (130, "")
    stored = len(load_articles(tmp_path))
    assert 0 < stored <= len(whole["articles"])
    assert backfill(tmp_path, *archive, "--workers", 2).code == 0
    ids = [row["article_id"] for row in tables(tmp_path)["articles"]]
    assert sorted(ids) == sorted(row["article_id"] for row in whole["articles"])


def test_begun_again_when_all_is_done_nothing_is_read_again(archive: list[Path], tmp_path: Path) -> None:
    path = shutil.copy(archive[0], tmp_path / "one.warc.gz")
    first = backfill(tmp_path / "data", path, "--workers", 1, "--json")
    path.write_bytes(bytes(path.stat().st_size))  # what reads it again finds nothing
    again = backfill(tmp_path / "data", path, "--workers", 1, "--json")
    assert again.code == first.code == 0
    for key in ("run_id", "started_at", "files_done", "drafts", "records", "skipped"):
        assert again.json[key] == first.json[key]
    assert again.json["total"]["stored"] == first.json["total"]["stored"] > 0


def served(content: dict[str, bytes]) -> Callable[[Asked], Answer]:
    """Files as a web server gives them, whole or in ranges."""

    def answer(asked: Asked) -> Answer:
        body = content[asked.path]
        wanted = asked.headers.get("range", "").removeprefix("bytes=")
        if not wanted:
            return 200, {"Accept-Ranges": "bytes"}, body
        first, _, last = wanted.partition("-")
        start, end = int(first), min(int(last or len(body)), len(body) - 1)
        return 206, {"Content-Range": f"bytes {start}-{end}/{len(body)}"}, body[start : end + 1]

    return answer


@pytest.fixture
def common_crawl(web: Web, archive: list[Path]) -> tuple[str, dict[str, bytes]]:
    """A server with a month of CC-NEWS: its list, and the files that are on it."""
    folder = "crawl-data/CC-NEWS/2021/10"
    content = {f"/{folder}/{path.name}": path.read_bytes() for path in archive}
    content[f"/{folder}/warc.paths.gz"] = gzip.compress("".join(f"{path[1:]}\n" for path in content).encode())
    for path in content:
        web.routes[f"127.0.0.1:{web.port}", path] = served(content)
    return f"http://127.0.0.1:{web.port}/", content


def fetched_files(web: Web) -> set[str]:
    return {asked.path for asked in web.asked if asked.path.endswith(".warc.gz")}


def test_only_the_files_of_the_days_asked_for_are_fetched(
    common_crawl: tuple[str, dict[str, bytes]], web: Web, tmp_path: Path
) -> None:
    base, content = common_crawl
    days = ("--since", "2021-10-04", "--until", "2021-10-04")
    done = backfill(tmp_path, "--month", "2021-10", "--base", base, *days, "--workers", 1, "--json")
    assert (done.code, done.json["files"]) == (0, 1), done.err
    assert fetched_files(web) == {min(content)}
    articles = load_articles(tmp_path) if (tmp_path / "articles").exists() else pd.DataFrame({"fetched_at": []})
    assert all(abs(at - datetime(2021, 10, 4, 12, tzinfo=UTC)) < timedelta(days=2) for at in articles["fetched_at"])


def test_a_month_of_cc_news_is_read_from_its_list_and_what_is_not_there_is_tried_again_next_time(
    common_crawl: tuple[str, dict[str, bytes]], web: Web, whole: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    base, content = common_crawl
    lost = sorted(content)[1]
    web.routes[f"127.0.0.1:{web.port}", lost] = (503, {}, b"")
    once = ("--month", "2021-10", "--base", base, "--workers", 2, "--retries", 0, "--json")
    first = backfill(tmp_path, *once)
    assert (first.code, first.json["files"], first.json["files_done"]) == (3, 4, 3), first.err
    assert [address.endswith(lost) for address in first.json["unreadable"]] == [True]
    assert lost in first.err
    web.routes[f"127.0.0.1:{web.port}", lost] = served(content)
    web.asked.clear()
    second = backfill(tmp_path, *once)
    assert (second.code, second.json["files_done"]) == (0, 4), second.err
    assert fetched_files(web) == {lost}
    assert second.json["run_id"] == first.json["run_id"]
    assert len(tables(tmp_path)["articles"]) == len(whole["articles"])


def test_a_cluster_reads_what_a_machine_of_its_own_would(
    archive: list[Path], whole: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster:
        done = backfill(tmp_path, *archive, "--scheduler", cluster.scheduler_address)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert tables(tmp_path) == whole


def test_a_file_in_a_bucket_is_read(archive: list[Path], tmp_path: Path, bucket: str) -> None:
    import s3fs

    place = f"{bucket.removeprefix('s3://')}/one.warc.gz"
    s3fs.S3FileSystem().put(str(archive[0]), place)
    done = backfill(tmp_path, f"s3://{place}", "--workers", 1, "--json")
    assert done.code == 0, done.err
    assert done.json["total"]["stored"] > 0


def test_pages_that_hang_or_kill_extraction_cost_themselves_only(tmp_path: Path) -> None:
    nested = ON_TOPIC.replace(b"</article>", b"</article>" + b"<div>" * 400_000)
    path = tmp_path / "hostile.warc.gz"
    rows = [
        record("https://a.example/1", nested),
        record("https://a.example/2", OFF_TOPIC),
        record("https://a.example/3"),
    ]
    path.write_bytes(packed(*rows))
    done = backfill(tmp_path / "data", path, "--workers", 1, "--json")
    assert done.code == 0, done.err
    total = done.json["total"]
    assert (total["pages"], total["off_topic"]) == (3, 1)
    assert list(load_articles(tmp_path / "data")["url"]).count("https://a.example/3") == 1


def test_an_estimate_reads_the_beginning_and_stores_nothing(archive: list[Path], tmp_path: Path) -> None:
    done = backfill(tmp_path / "data", *archive, "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["files"] == 4
    assert done.json["bytes"] == sum(path.stat().st_size for path in archive)
    assert 0 < done.json["passing"] < done.json["pages"] < done.json["records"]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--month"),
        (("--to", "2021-12"), "--month"),
        (("--month", "2021-13"), "2021-10"),
        (("--month", "2021-10", "--to", "2021-09"), "before --month"),
        (("missing.warc.gz",), "no such file"),
        (("missing.paths.gz",), "missing.paths.gz"),
        (("http://127.0.0.1:9/warc.paths.gz", "--retries", "0"), "127.0.0.1:9"),
        (("missing.warc.gz", "--source", "nobody"), "nobody"),
    ],
)
def test_mistakes_are_told_with_code_2(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = backfill(tmp_path, *arguments)
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


def test_what_is_no_warc_is_named_and_tried_again(tmp_path: Path) -> None:
    good, other = tmp_path / "good.warc.gz", tmp_path / "error.warc.gz"
    good.write_bytes(packed(record(body=OFF_TOPIC)))
    other.write_bytes(gzip.compress(b"<html><title>503 Service Unavailable</title></html>"))
    alone = backfill(tmp_path / "data", other, "--workers", 1, "--json")
    assert (alone.code, alone.json["files_done"]) == (1, 0)
    for _ in range(2):
        both = backfill(tmp_path / "data", good, other, "--workers", 1, "--json")
        assert (both.code, both.json["files_done"], both.json["records"]) == (3, 1, 1)
        assert both.json["unreadable"] == {str(other): "no WARC file, since no record can be read in it"}
        assert f"{other} was not read: no WARC" in both.err
    sampled = backfill(tmp_path / "data", other, "--dry-run")
    assert sampled.code == 1
    assert f"{other}: no WARC" in sampled.err
    assert "Traceback" not in sampled.err


def test_a_missing_extra_is_named(archive: list[Path], tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import importlib.util as u\nreal = u.find_spec\n"
        "u.find_spec = lambda name, *more: None if name == 'fastwarc' else real(name, *more)\n"
    )
    done = backfill(tmp_path, archive[0], PYTHONPATH=str(hidden))
    assert done.code == 2
    assert "orbitwatch[backfill]" in done.err
