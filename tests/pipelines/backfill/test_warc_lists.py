"""Lists of WARC files, and which of them hold something of the days asked for."""

import gzip
from datetime import date

import pytest

from pipelines.backfill.warc_lists import month_list, months_between, read_paths, within
from pipelines.backfill.window import Window


def named(stamp: str) -> str:
    return f"crawl-data/CC-NEWS/2021/10/CC-NEWS-{stamp}-00001.warc.gz"


def test_a_list_is_one_path_a_line_packed_or_not() -> None:
    text = b"a/1.warc.gz\r\n\n# a note\n b/2.warc.gz \na/1.warc.gz\n"
    assert read_paths(text) == read_paths(gzip.compress(text)) == ("a/1.warc.gz", "b/2.warc.gz")


@pytest.mark.parametrize("body", [gzip.compress(b"a\n" * 50)[:-9], gzip.compress(bytes(70 * 2**20)), b"\xff\xfe\x00"])
def test_what_is_no_list_is_told(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_paths(body)


def test_a_window_leaves_out_the_files_of_other_days() -> None:
    stamps = ("20211001000000", "20211003120000", "20211005120000", "20211007120000", "20211009120000")
    paths = [*map(named, stamps), "other/archive.warc.gz"]
    found = within(paths, Window(date(2021, 10, 5), date(2021, 10, 5)))
    # One begun before and not ended by then, the day's own, and what has no date in its name.
    assert found == (named("20211003120000"), named("20211005120000"), "other/archive.warc.gz")
    assert within(paths, None) == tuple(paths)


def test_the_last_file_of_a_list_may_go_on_for_long() -> None:
    paths = [named("20211001000000"), named("20211002000000")]
    assert within(paths, Window(date(2021, 10, 20), date(2021, 10, 21))) == (named("20211002000000"),)


def test_months_run_over_the_end_of_a_year() -> None:
    assert list(months_between((2021, 11), (2022, 2))) == [(2021, 11), (2021, 12), (2022, 1), (2022, 2)]
    assert list(months_between((2022, 2), (2021, 11))) == []
    assert month_list(2021, 3) == "crawl-data/CC-NEWS/2021/03/warc.paths.gz"
