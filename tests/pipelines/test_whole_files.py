"""Files that are replaced whole."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipelines.whole_files import replace_text


def test_a_file_keeps_its_permissions_unless_others_are_wanted(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o640)
    replace_text(path, "Вызов")
    assert (path.read_text(encoding="utf-8"), stat.S_IMODE(path.stat().st_mode)) == ("Вызов", 0o640)
    replace_text(path, "new", mode=0o644)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(OSError, match="folder"):
        replace_text(folder, "text")
    with pytest.raises(UnicodeEncodeError):
        replace_text(tmp_path / "file", "\ud800")
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_link_stays_and_leads_to_the_new_text(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file, link = tmp_path / "elsewhere" / "file", tmp_path / "link"
    file.write_text("old")
    link.symlink_to(file)
    replace_text(link, "new")
    assert (link.is_symlink(), file.read_text()) == (True, "new")


def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(pipe.read_text)
        replace_text(pipe, "text")
        assert reading.result(timeout=30) == "text"
    assert pipe.is_fifo()


def test_what_a_killed_process_left_is_removed_a_day_later(tmp_path: Path) -> None:
    old, fresh, other, own = (
        tmp_path / name
        for name in (".tmp-a.csv-abcd_123", ".tmp-a.csv-abcd_124", ".tmp-b.csv-abcd_123", ".tmp-a.csv-b")
    )
    for path in (old, fresh, other, own):
        path.write_text("half")
    now = fresh.stat().st_mtime
    for path in (old, other, own):
        os.utime(path, (now - 90_000, now - 90_000))
    replace_text(tmp_path / "a.csv", "whole")
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", fresh.name, other.name, own.name}
