from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill import gdelt
from pipelines.backfill.gdelt import KINDS, BulkFile, file_at, files_by_rule, read_file_list
from pipelines.backfill.window import Window

BASE = "http://data.example"
DAY = Window(date(2021, 10, 5), date(2021, 10, 5))
MASTER = f"{BASE}/gdeltv2/masterfilelist.txt"
MD5 = "0123456789abcdef0123456789abcdef"


def names(files):
    return [file.url.rpartition("/")[2] for file in files]


class TestByRule:
    def test_the_article_list_may_appear_in_the_first_minutes_of_each_quarter_hour(self):
        files = list(files_by_rule(BASE, DAY))
        assert len(files) == 96 * 8
        assert files[0] == BulkFile(
            f"{BASE}/gdeltv3/gal/20211005000000.gal.json.gz", "gal", datetime(2021, 10, 5, tzinfo=UTC)
        )
        assert names(files[7:10]) == [f"20211005{t}00.gal.json.gz" for t in ("0007", "0015", "0016")]
        assert files[-1].instant == datetime(2021, 10, 5, 23, 52, tzinfo=UTC)

    @pytest.mark.parametrize(("kind", "ending"), [("gkg", "csv"), ("export", "CSV"), ("mentions", "CSV")])
    def test_tables_come_every_quarter_hour_in_two_streams(self, kind, ending):
        files = list(files_by_rule(BASE + "/", DAY, kind))
        assert len(files) == 96 * 2
        assert [file.url for file in files[:3]] == [
            f"{BASE}/gdeltv2/20211005000000.{kind}.{ending}.zip",
            f"{BASE}/gdeltv2/20211005000000.translation.{kind}.{ending}.zip",
            f"{BASE}/gdeltv2/20211005001500.{kind}.{ending}.zip",
        ]
        assert [file.translated for file in files[:2]] == [False, True]

    @pytest.mark.parametrize("kind", KINDS)
    def test_names_say_what_the_rule_says(self, kind):
        for file in list(files_by_rule(BASE, DAY, kind))[:20]:
            assert file_at(file.url) == file

    def test_the_graph_stands_in_for_the_years_before_the_article_list(self):
        files = list(files_by_rule(BASE, Window(date(2019, 12, 31), date(2020, 1, 1))))
        assert [(file.kind, file.instant.year) for file in (files[0], files[191], files[192], files[-1])] == [
            ("gkg", 2019),
            ("gkg", 2019),
            ("gal", 2020),
            ("gal", 2020),
        ]

    def test_there_is_nothing_before_the_first_file(self):
        assert list(files_by_rule(BASE, Window(date(2015, 1, 1), date(2015, 2, 17)))) == []
        first = next(files_by_rule(BASE, Window(date(2015, 1, 1), date(2015, 2, 18))))
        assert first.url == f"{BASE}/gdeltv2/20150218230000.gkg.csv.zip"
        assert list(files_by_rule(BASE, Window(date(2019, 12, 31), date(2019, 12, 31)), "gal")) == []


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            "20211005000000.gkg.csv.zip.exe",
            "20211305000000.gkg.csv.zip",
            "2021.gkg.csv.zip",
            "20211005000000.geg.json.gz",
        ],
    )
    def test_what_is_none_of_these_files(self, name):
        assert file_at(f"{BASE}/gdeltv2/{name}") is None
        assert file_at(f"http://[/{name}") is None

    def test_unpacked_and_gzipped_copies(self):
        assert file_at("http://mirror.example/20211005000000.gkg.csv").kind == "gkg"
        assert file_at("http://mirror.example/20211005000000.translation.MENTIONS.CSV.gz").translated


class TestList:
    def test_files_of_the_days_and_kinds_wanted(self):
        body = "\n".join(
            f"150383 {MD5.upper()} {BASE}/gdeltv2/{name}"
            for name in (
                "20211004234500.gkg.csv.zip",
                "20211005001500.gkg.csv.zip",
                "20211005000000.export.CSV.zip",
                "20211005000000.gkg.csv.zip",
                "20211005000000.gkg.csv.zip",
                "20211006000000.gkg.csv.zip",
            )
        )
        read = read_file_list(body.encode(), url=MASTER, window=DAY, kinds={"gkg"})
        assert names(read.files) == ["20211005000000.gkg.csv.zip", "20211005001500.gkg.csv.zip"]
        assert (read.files[0].size, read.files[0].md5, read.bad_lines) == (150383, MD5, 0)

    @pytest.mark.parametrize("address", ["http://elsewhere.example/a/b/{}", "https://data.example/gdeltv2/{}", "{}"])
    def test_no_list_sends_to_another_host(self, address):
        line = f"1 {MD5} {address.format('20211005000000.gkg.csv.zip')}"
        read = read_file_list(line.encode(), url=MASTER, window=DAY, kinds={"gkg"})
        assert [file.url for file in read.files] == [f"{BASE}/gdeltv2/20211005000000.gkg.csv.zip"]

    def test_bad_lines_are_counted(self):
        good = f"1 {MD5} {BASE}/gdeltv2/20211005000000.gkg.csv.zip"
        body = f"{good}\r\n\r\n  \n{MD5}\nx {MD5} y\n1 {MD5} http://[/20211005000000.gkg.csv.zip\n1 {MD5} {BASE}/index.html\n"
        read = read_file_list(body.encode(), url=MASTER, window=DAY, kinds={"gkg"})
        assert (len(read.files), read.bad_lines) == (1, 4)

    @pytest.mark.parametrize("body", [b"", b"\n \n", b"<html>Not found</html>", b"\x1f\x8b\x08"])
    def test_what_is_no_list(self, body):
        with pytest.raises(ValueError, match="not a list"):
            read_file_list(body, url=MASTER, window=DAY, kinds=KINDS)

    def test_no_more_bytes_than_the_whole_list_has(self, monkeypatch):
        monkeypatch.setattr(gdelt, "LIST_LIMIT", 2**20)
        with pytest.raises(ValueError, match="more than 1 MiB"):
            read_file_list(b" " * (2**20 + 1), url=MASTER, window=DAY, kinds=KINDS)

    @given(
        st.lists(
            st.binary() | st.sampled_from([b"1 ", MD5.encode(), b" http://", b"20211005000000.gkg.csv.zip", b"\n"])
        )
    )
    def test_any_bytes(self, pieces):
        line = f"1 {MD5} {BASE}/gdeltv2/20211005000000.gkg.csv.zip\n".encode()
        read = read_file_list(line + b"".join(pieces), url=MASTER, window=DAY, kinds=KINDS)
        assert all(file.url.startswith(f"{BASE}/gdeltv2/") for file in read.files)
