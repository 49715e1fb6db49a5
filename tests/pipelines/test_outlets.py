"""Whose page an address is."""

import pytest

from pipelines.catalogue.outlets import Outlet, Outlets
from pipelines.catalogue.sources import Source
from tests.pipelines.backfill.warcs import SOURCES

OUTLETS = Outlets(SOURCES)


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://tribune.example/2021/a", Outlet("tribune", "Europe/Moscow")),
        ("http://www.tribune.example:8080/2021/a", Outlet("tribune", "Europe/Moscow")),
        ("https://tribune.example/space/a", Outlet("tribune-space", "Asia/Tokyo")),
        ("https://tribune.example/spacewalk", Outlet("tribune", "Europe/Moscow")),
        ("https://m.gazette.example/a", Outlet("gazette", "UTC")),
        ("https://news.elsewhere.co.uk/a", Outlet("elsewhere.co.uk", "UTC")),
        ("https://192.0.2.7/a", Outlet("192.0.2.7", "UTC")),
    ],
)
def test_a_page_belongs_to_the_source_with_the_nearest_front_page(url: str, outlet: Outlet) -> None:
    assert OUTLETS.of(url) == outlet
    assert OUTLETS.of(url) == outlet


@pytest.mark.parametrize(
    "url", ["", "dns:tribune.example", "http://[::1", "ftp://tribune.example/a", "https://", "x" * 9000]
)
def test_what_is_no_address_belongs_to_nobody(url: str) -> None:
    assert OUTLETS.of(url) is None


CHANNELS = Outlets(
    (
        *SOURCES,
        Source("gazette-sport", "Gazette Sport", "https://sport.gazette.example/"),
        Source("channel", "Channel", "https://video.example/@channel"),
        Source("en", "Herald", "https://herald.example/"),
        Source("ru", "Herald in Russian", "https://herald.example/"),
    )
)


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://tribune.example/2021/a", "tribune"),
        ("http://news.tribune.example:8080/a", "tribune"),
        ("https://tribune.example/space/a", "tribune-space"),
        ("https://gazette.example/a", "gazette"),
        ("https://sport.gazette.example/a", "gazette-sport"),
        ("https://video.example/@channel/1", "channel"),
        ("https://video.example/watch?v=1", ""),
        ("https://herald.example/a", ""),
        ("https://nottribune.example/a", ""),
        ("https://elsewhere.example/a", ""),
        ("no address", ""),
    ],
)
def test_an_owner_is_certain(url: str, owner: str) -> None:
    assert CHANNELS.owner(url) == owner
