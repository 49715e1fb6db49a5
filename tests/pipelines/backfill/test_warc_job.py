"""A job knows what it was asked and what is done of it."""

import errno
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.backfill.warc_job import Job, JobSpec, WarcFile
from pipelines.store import StoreLocked
from tests.pipelines.backfill.warcs import SOURCES

FILES = (WarcFile("/archive/a.warc.gz", 10), WarcFile("https://archive.example/b.warc.gz"))
SPEC = JobSpec(FILES, "2021-10-01", "", ("tribune",), "rules-1", "0.1.0")


def at(hour: int) -> Callable[[], datetime]:
    return lambda: datetime(2026, 11, 25, hour, tzinfo=UTC)


def test_the_same_question_is_the_same_job_in_any_order(tmp_path: Path) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    again = Job(tmp_path, replace(SPEC, files=(*reversed(FILES), FILES[0])), SOURCES, at(9))
    assert (again.folder, again.run_id, again.started_at) == (job.folder, job.run_id, job.started_at)
    assert job.started_at == at(3)()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe{",
        b'{"run_id": "r", "started_at": "2026-11',
        b"[1]",
        b"{}",
        b'{"run_id": "r", "started_at": "soon", "sources": []}',
        b'{"run_id": "r", "started_at": "2026-11-25", "sources": [["tribune"]]}',
        b'{"run_id": "r", "started_at": 7, "sources": []}',
    ],
)
def test_a_damaged_record_is_begun_anew_and_what_was_read_stays(tmp_path: Path, damage: bytes) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    job.keep(FILES[1], b"what it gave")
    (job.folder / "job.json").write_bytes(damage)
    again = Job(tmp_path, SPEC, SOURCES, at(9))
    assert again.started_at == at(9)()
    assert [source.id for source in again.sources] == [source.id for source in job.sources]
    assert again.waiting() == [FILES[0]]
    assert Job(tmp_path, SPEC, [], at(11)).run_id == again.run_id != job.run_id


@pytest.mark.parametrize(
    "other",
    [
        replace(SPEC, files=FILES[:1]),
        replace(SPEC, files=(replace(FILES[0], size=11), FILES[1])),
        replace(SPEC, since="2021-10-02"),
        replace(SPEC, until="2021-10-02"),
        replace(SPEC, sources=()),
        replace(SPEC, rules_version="rules-2"),
        replace(SPEC, program="0.2.0"),
        replace(SPEC, keep_raw=True),
    ],
)
def test_another_question_is_another_job(tmp_path: Path, other: JobSpec) -> None:
    job, second = Job(tmp_path, SPEC, SOURCES, at(3)), Job(tmp_path, other, SOURCES, at(3))
    assert second.folder != job.folder
    assert second.run_id != job.run_id


def test_a_file_is_done_when_its_output_is_kept(tmp_path: Path) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    assert (job.waiting(), job.outputs()) == (list(FILES), [])
    job.keep(FILES[1], b"what it gave")
    again = Job(tmp_path, SPEC, SOURCES, at(4))
    assert again.waiting() == [FILES[0]]
    assert [path.read_bytes() for path in again.outputs()] == [b"what it gave"]


def test_what_a_killed_run_left_half_written_is_no_output(tmp_path: Path) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    staging = job.folder / ".tmp"
    staging.mkdir(exist_ok=True)
    (staging / job.output(FILES[0]).name).write_bytes(b"half")
    assert job.waiting() == list(FILES)
    job.keep(FILES[0], b"whole")
    assert [path.read_bytes() for path in job.outputs()] == [b"whole"]


def test_a_file_in_parts_is_done_with_the_last(tmp_path: Path) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    job.keep(FILES[0], b"one ", last=False)
    job.keep(FILES[1], b"another file")
    job.keep(FILES[0], b"two ", first=False, last=False)
    assert job.waiting() == [FILES[0]]
    again = Job(tmp_path, SPEC, SOURCES, at(4))  # killed there, and begun again
    again.keep(FILES[0], b"one, two, ", last=False)
    again.keep(FILES[0], b"three", first=False)
    assert again.waiting() == []
    assert again.output(FILES[0]).read_bytes() == b"one, two, three"


def test_when_the_disk_is_full_the_file_waits_and_takes_no_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(tmp_path, SPEC, SOURCES, at(3))
    job.keep(FILES[0], b"one ", last=False)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="full"):
        job.keep(FILES[0], b"two", first=False)
    assert job.waiting() == list(FILES)
    assert [path.name for path in job.folder.rglob("*.gz")] == []


def test_a_job_keeps_the_catalogue_of_its_beginning(tmp_path: Path) -> None:
    Job(tmp_path, SPEC, SOURCES[:1], at(3))
    (source,) = Job(tmp_path, SPEC, SOURCES, at(4)).sources
    assert (source.id, source.home, source.timezone) == ("tribune", "https://tribune.example/", "Europe/Moscow")


def test_two_runs_do_not_work_on_one_job(tmp_path: Path) -> None:
    job, second = (Job(tmp_path, SPEC, SOURCES, at(3)) for _ in range(2))
    with job.lock(), pytest.raises(StoreLocked), second.lock():
        pass
    with second.lock():
        assert second.started_at + timedelta(hours=1) == at(4)()
