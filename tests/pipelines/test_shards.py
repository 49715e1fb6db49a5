from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.sources import load_sources
from pipelines.polling.shards import MOST, Shard


def parts(home: str, of: int) -> list[int]:
    return [number for number in range(1, of + 1) if Shard(number, of).holds(home)]


@given(home=st.text() | st.from_regex(r"https://[a-z]{1,9}\.(org|co\.uk|ru)/", fullmatch=True), of=st.integers(1, 20))
def test_every_source_belongs_to_exactly_one_part(home: str, of: int) -> None:
    assert len(parts(home, of)) == 1


def test_the_parts_are_the_same_on_every_host_and_for_ever() -> None:
    homes = ["https://tribune.example/", "https://gazette.example/", "https://news.co.uk/", "https://вестник.рф/"]
    assert [parts(home, 8) for home in homes] == [[3], [8], [7], [7]]


def test_what_is_one_outlet_to_the_network_is_in_one_part() -> None:
    homes = ["https://example.co.uk/", "https://www.example.co.uk/film", "http://feeds.EXAMPLE.co.uk:8080/rss"]
    assert len({tuple(parts(home, MOST)) for home in homes}) == 1


def test_the_sources_of_the_project_are_divided_fairly() -> None:
    sources = load_sources()
    sizes = Counter(parts(source.home, 4)[0] for source in sources)
    assert sum(sizes.values()) == len(sources)
    assert min(sizes[number] for number in range(1, 5)) > len(sources) / 4 / 2


@pytest.mark.parametrize(("written", "shard"), [("3/8", Shard(3, 8)), (" 1/1 ", Shard(1, 1)), ("8/8", Shard(8, 8))])
def test_a_shard_is_read(written: str, shard: Shard) -> None:
    assert Shard.parse(written) == shard


@pytest.mark.parametrize("written", ["", "3", "0/8", "9/8", "3/0", "-1/8", "3/8/9", "1/1001", "٣/٨", "a/b"])
def test_what_is_no_shard_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="3/8"):
        Shard.parse(written)
