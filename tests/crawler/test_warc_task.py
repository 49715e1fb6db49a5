"""Reading one file: the same bytes every time, in the same memory, whatever its pages do."""

import gzip
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from crawler.backfill import warc_task
from crawler.backfill.warc_task import ExtractionBrokenError, WarcOrder, WarcRead, read_warc
from crawler.worker import Worker, WorkerDiedError
from pipelines.backfill.warc_output import read_draft, read_output
from pipelines.catalogue.projects import load_projects
from pipelines.intake import Draft
from pipelines.raw import decode
from tests.pipelines.backfill.warcs import CAPTURED, OFF_TOPIC, ON_TOPIC, SOURCES, packed, record

PROJECTS = load_projects()
ORDER = WarcOrder(pickle.dumps(PROJECTS), PROJECTS.version, SOURCES, retries=0)


@pytest.fixture(autouse=True)
def _bench_cleared() -> Iterator[None]:
    yield
    while warc_task._benches:
        warc_task._benches.pop().worker.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = [
        record("https://tribune.example/1"),
        record("https://tribune.example/2", OFF_TOPIC),
        record("https://gazette.example/3"),
    ]
    path = tmp_path / "one.warc.gz"
    path.write_bytes(packed(*rows))
    return path


def drafts_of(output: Path) -> list[Draft]:
    return [read_draft(output, *place[3:]) for place in read_output(output).places]


def dropped(tmp_path: Path, read: WarcRead) -> dict[str, dict[str, int]]:
    path = tmp_path / "output"
    path.write_bytes(read.output)
    return {source: counts.dropped for source, counts in read_output(path).tally.outlets.items()}


def test_a_file_gives_its_drafts_and_the_same_bytes_again(file: Path, tmp_path: Path) -> None:
    first, second = read_warc(str(file), ORDER), read_warc(str(file), ORDER)
    assert first == second
    assert (first.records, first.passed, first.drafts) == (3, 2, 2)
    assert first.bytes_read == file.stat().st_size
    path = tmp_path / "output"
    path.write_bytes(first.output)
    articles = [draft.article for draft in drafts_of(path)]
    assert [article.source for article in articles] == ["tribune", "gazette"]
    assert {(article.fetched_at, article.first_seen_at) for article in articles} == {(CAPTURED, CAPTURED)}
    assert {article.rules_version for article in articles} == {PROJECTS.version}


def test_a_file_with_much_on_topic_comes_in_parts(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [record(f"https://tribune.example/{n}", *([OFF_TOPIC] if n % 2 else [])) for n in range(9)]
    file.write_bytes(packed(*rows))
    whole = read_warc(str(file), ORDER)
    monkeypatch.setattr("pipelines.backfill.warc_output.PART", 1)
    parts = [read_warc(str(file), ORDER)]
    while parts[-1].further is not None:
        parts.append(read_warc(str(file), ORDER, parts[-1].further))
    assert [part.drafts for part in parts] == [1, 1, 1, 1, 1, 0]
    one, many = tmp_path / "one", tmp_path / "many"
    one.write_bytes(whole.output)
    many.write_bytes(b"".join(part.output for part in parts))
    assert read_output(many).tally == read_output(one).tally
    assert drafts_of(many) == drafts_of(one)
    assert sum(part.records for part in parts) == whole.records == 9


def test_drafts_have_the_records_of_their_pages_when_asked_for(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.write_bytes(read_warc(str(file), replace(ORDER, keep_raw=True)).output)
    drafts = drafts_of(path)
    assert len(drafts) == 2
    for draft in drafts:
        raw = decode(gzip.decompress(draft.raw))
        assert (raw.article_id, raw.fetched.body) == (draft.article.article_id, ON_TOPIC)
        assert (raw.fetched.fetched_at, raw.first_seen, raw.fetched.discovered_via) == (CAPTURED, CAPTURED, "ccnews")
    assert decode(gzip.decompress(drafts[0].raw)).timezone == "Europe/Moscow"


def test_pages_that_take_too_long_are_counted_and_the_file_goes_on(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warc_task, "TIME_LIMIT", 0.0)
    read = read_warc(str(file), ORDER)
    assert read.drafts == 0
    assert dropped(tmp_path, read) == {"tribune": {"extraction_timeout": 1}, "gazette": {"extraction_timeout": 1}}


def test_a_page_that_kills_extraction_costs_itself_only(file: Path, tmp_path: Path) -> None:
    read_warc(str(file), ORDER)
    (process,) = (child for child in psutil.Process().children() if "crawler.worker_process" in child.cmdline())
    process.kill()
    read = read_warc(str(file), ORDER)
    assert read.drafts == 1
    assert dropped(tmp_path, read) == {"tribune": {"extraction_failed": 1}, "gazette": {}}


def test_where_no_page_can_be_read_the_file_is_left_for_another_try(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_question: object) -> None:
        raise WorkerDiedError("killed")

    file.write_bytes(packed(*(record(f"https://tribune.example/{n}") for n in range(3))))
    monkeypatch.setattr(Worker, "ask_and_wait", killed)
    with pytest.raises(ExtractionBrokenError, match="none of 3 pages"):
        read_warc(str(file), ORDER)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    page = OFF_TOPIC.replace(b"</article>", b"<p>The bridge is old.</p>" * 8_000 + b"</article>")
    member = gzip.compress(record(body=page), 1)
    code = (
        "import pickle, resource, sys\n"
        "from crawler.backfill.warc_task import WarcOrder, read_warc\n"
        "from pipelines.catalogue.projects import load_projects\n"
        "read = read_warc(sys.argv[1], WarcOrder(pickle.dumps(load_projects()), '', (), retries=0))\n"
        "print(read.records, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)\n"
    )
    peaks = []
    for count in (60, 600):
        path = tmp_path / f"{count}.warc.gz"
        path.write_bytes(member * count)
        done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
        records, peak = map(int, done.stdout.split())
        assert records == count
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 16, peaks
