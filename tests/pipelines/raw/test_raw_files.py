"""Files of raw records: what is appended is on the disk, and what is whole is found again."""

import errno
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.model import Fetched
from pipelines.raw import RawFile, RawRecord, encode, find_raw, read_raw
from pipelines.store import LocalFiles, StoreFault

sys.path.insert(0, str(Path(__file__).parents[1] / "store"))
from memory_files import MemoryFiles, dice

NOON = datetime(2021, 10, 5, 12, tzinfo=UTC)
RUN = "20211005T120000.000000Z"


def record(number: int, **said: object) -> RawRecord:
    url = f"https://tribune.example/{number}"
    body = f"<html><p>The film crew, part {number}.</p></html>".encode() * 20
    return RawRecord(f"a{number}", Fetched("tribune", url, url, body, "utf-8", NOON, "feed"), NOON, "UTC")


def raw_file(root: Path, run: str = RUN) -> RawFile:
    return RawFile(root, run, LocalFiles(), lambda: NOON)


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A file with the records 1, 2 and 3, of two batches."""
    file = raw_file(tmp_path)
    file.append(map(encode, [record(1), record(2)]))
    file.append([b"", encode(record(3))])
    return tmp_path


def found(root: Path) -> dict[str, RawRecord]:
    archive = find_raw(root, {f"a{number}" for number in range(10)})
    return {id_: read_raw(place) for id_, place in archive.places.items()}


def only_file(root: Path) -> Path:
    (path,) = root.rglob("*.warc.gz")
    return path


def test_records_are_found_by_their_article(three: Path) -> None:
    assert found(three) == {f"a{number}": record(number) for number in (1, 2, 3)}
    archive = find_raw(three, {"a2"})
    assert (list(archive.places), archive.records, archive.without_article, archive.damaged) == (["a2"], 3, 2, 0)


def test_without_a_folder_nothing_is_found(tmp_path: Path) -> None:
    assert find_raw(tmp_path, {"a1"}).records == 0


def test_nothing_to_keep_makes_no_file(tmp_path: Path) -> None:
    raw_file(tmp_path).append([b""])
    assert not (tmp_path / "raw").exists()


def cuts(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield from (content[:length] for length in range(0, len(content), 97))


def test_a_torn_file_gives_what_is_whole(three: Path) -> None:
    path = only_file(three)
    counts = set()
    for content in cuts(path):
        path.write_bytes(content)
        whole = found(three)
        assert all(whole[f"a{number}"] == record(number) for number in range(1, len(whole) + 1))
        counts.add(len(whole))
    assert counts == {0, 1, 2}


def test_damage_in_the_middle_costs_its_own_record_only(three: Path) -> None:
    path = only_file(three)
    place = find_raw(three, {"a2"}).places["a2"]
    content = bytearray(path.read_bytes())
    content[place.offset + 60] ^= 0xFF
    path.write_bytes(content)
    archive = find_raw(three, {"a1", "a2", "a3"})
    assert (sorted(archive.places), archive.damaged) == (["a1", "a3"], 1)
    assert found(three)["a3"] == record(3)


def test_a_file_of_something_else_is_passed_over(three: Path) -> None:
    (three / "raw" / "2021" / "notes.warc.gz").write_bytes(b"no archive")
    (three / "raw" / "README").write_text("no year")
    assert len(found(three)) == 3


def test_of_two_records_of_an_article_the_later_counts(tmp_path: Path) -> None:
    later = replace(record(1), fetched=replace(record(1).fetched, fetched_at=NOON.replace(hour=13)))
    raw_file(tmp_path).append([encode(record(1))])
    raw_file(tmp_path, "20211005T130000.000000Z").append([encode(later)])
    assert found(tmp_path) == {"a1": later}


def test_a_run_that_goes_on_begins_another_file(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        raw_file(tmp_path).append([encode(record(number))])
    names = sorted(path.name for path in tmp_path.rglob("*.warc.gz"))
    assert names == [f"{RUN}.warc.gz", f"{RUN}_002.warc.gz", f"{RUN}_003.warc.gz"]
    assert len(found(tmp_path)) == 3


def test_a_run_that_goes_on_keeps_nothing_twice(three: Path) -> None:
    records = [encode(record(number)) for number in (2, 3, 4)]
    for _ in range(3):
        again = raw_file(three)
        again.append(records[:1])
        again.append(records[1:])
    assert (find_raw(three, ()).records, sorted(found(three))) == (4, ["a1", "a2", "a3", "a4"])
    assert len(list(three.rglob("*.warc.gz"))) == 2
    raw_file(three, "20211005T130000.000000Z").append(records)
    assert find_raw(three, ()).records == 7, "another run keeps what it stores"


def test_what_a_killed_run_had_torn_it_keeps_again(three: Path) -> None:
    path = only_file(three)
    path.write_bytes(path.read_bytes()[:-5])
    raw_file(three).append([encode(record(number)) for number in (1, 2, 3)])
    archive = find_raw(three, ())
    assert (archive.records, archive.damaged, sorted(found(three))) == (3, 1, ["a1", "a2", "a3"])


def test_what_a_killed_run_had_not_synced_is_synced_before_it_is_relied_on(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, synced = LocalFiles(), []
    monkeypatch.setattr(files, "fsync", synced.append)
    RawFile(three, RUN, files, lambda: NOON).append([encode(record(1))])
    assert len(synced) == 1


def test_a_full_disk_is_told_and_the_next_record_stands_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = LocalFiles()
    file = RawFile(tmp_path, RUN, files, lambda: NOON)
    file.append([encode(record(1))])

    def full(handle: int, data: bytes | memoryview) -> int:
        LocalFiles.write(files, handle, bytes(data)[:50])
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(files, "write", full)
        with pytest.raises(StoreFault, match=r"cannot keep raw records in .*No space left"):
            file.append([encode(record(2))])
    file.append([encode(record(3))])
    assert sorted(found(tmp_path)) == ["a1", "a3"]


def test_what_was_appended_survives_a_power_cut(tmp_path: Path) -> None:
    root = Path("/data")
    disk = MemoryFiles()
    disk.make_root(root)
    file = RawFile(root, RUN, disk, lambda: NOON)
    chance = dice(5)
    for number in (1, 2, 3):
        file.append([encode(record(number))])
        after = tmp_path / str(number)
        disk.after_power_cut(chance).dump(root, after)
        assert len(found(after)) == number
