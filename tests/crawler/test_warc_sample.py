"""What a backfill from WARC files would come to, by the beginnings of two of them."""

import random
from pathlib import Path

import pytest

from crawler.backfill import warc_sample
from crawler.backfill.warc_sample import estimate
from pipelines.backfill.warc_job import WarcFile
from pipelines.catalogue.projects import load_projects
from pipelines.topic import Judge
from tests.pipelines.backfill.warcs import WANTED, packed, record


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_projects())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of ten records that are no pages, too large for a sample."""
    noise = random.Random(5)  # noqa: S311 - the same noise every time
    path = tmp_path / "one.warc.gz"
    path.write_bytes(packed(*(record(body=noise.randbytes(300_000), kind="resource") for _ in range(10))))
    return path


@pytest.fixture(autouse=True)
def _small_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_sample, "SAMPLED_BYTES", 1_000_000)


def test_a_file_of_unknown_size_is_taken_to_be_like_those_that_are_known(path: Path, judge: Judge) -> None:
    size = path.stat().st_size
    found = estimate([WarcFile(str(path), size), WarcFile(str(path)), WarcFile("unread")], WANTED, judge, retries=0)
    assert found.bytes == 3 * size
    assert found.records == pytest.approx(30, abs=6)


def test_where_no_size_is_known_files_are_as_long_as_was_read(path: Path, judge: Judge) -> None:
    found = estimate([WarcFile(str(path))] * 3, WANTED, judge, retries=0)
    assert found.bytes == 3 * found.sampled_bytes > 0


def test_a_file_that_was_read_to_its_end_is_known(path: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc_sample, "SAMPLED_BYTES", 10_000_000)
    found = estimate([WarcFile(str(path))], WANTED, judge, retries=0)
    assert (found.bytes, found.records) == (path.stat().st_size, 10)
