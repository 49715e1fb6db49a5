import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill import addresses
from pipelines.backfill.addresses import BadLine, Listed, read_addresses

LIST = """# what a colleague sent

https://outlet.example/lift-off#top
  https://outlet.example/a?b=1&c  \toutlet
http://other.example/landing\tother\t2021-10-17
https://outlet.example/lift-off
outlet.example/no-scheme
https://outlet.example:port/
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_list(ends, encoding):
    read = read_addresses(LIST.replace("\n", ends).encode(encoding))
    assert read.addresses == (
        Listed("https://outlet.example/lift-off", "", 3),
        Listed("https://outlet.example/a?b=1&c", "outlet", 4),
        Listed("http://other.example/landing", "other", 5),
    )
    assert [line.line for line in read.bad] == [7, 8]
    assert read.bad[0] == BadLine(7, "not an absolute address")
    assert (read.bad_lines, read.repeated) == (2, 1)


def test_letters_of_any_language():
    (listed,) = read_addresses("https://пример.example/вызов\n".encode()).addresses
    assert listed.url.startswith("https://xn--")


def test_the_first_bad_lines_are_kept_and_all_are_counted():
    read = read_addresses(b"no address\n" * 5_000)
    assert (len(read.bad), read.bad_lines) == (100, 5_000)


def test_too_large_a_list(monkeypatch):
    monkeypatch.setattr(addresses, "LIST_LIMIT", 2**20)
    with pytest.raises(ValueError, match="more than 1 MiB; split it"):
        read_addresses(b"#" * (2**20 + 1))


@given(st.binary())
def test_any_bytes(body):
    read = read_addresses(body)
    assert all(listed.url.startswith("http") for listed in read.addresses)
    assert len(read.bad) <= read.bad_lines
