import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.netguard import is_public, literal_address, parse_networks

LOOPBACK = parse_networks(["127.0.0.0/8"])


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"]
)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "192.88.99.1", "not-an-address", "",
        "fec0::1", "::7f00:1", "::a00:1", "::ffff:0:7f00:1", "::ffff:0:a00:1", "2001:1::1", "192.0.0.9", "3fff::1", "5f00::1", "4000::1",
        "100:0:0:1::1",
    ],
)  # fmt: skip
def test_other_addresses_do_not(address: str) -> None:
    assert not is_public(address)


def test_a_range_can_be_opened_and_no_more_than_that() -> None:
    assert is_public("127.0.0.1", LOOPBACK)
    assert is_public("::ffff:127.0.0.1", LOOPBACK)
    assert not is_public("10.0.0.1", LOOPBACK)
    assert is_public("fec0::1", parse_networks(["fec0::/10"]))


def test_a_bad_range_is_named() -> None:
    with pytest.raises(ValueError, match=r"127\.0\.0\.1/40"):
        parse_networks(["10.0.0.0/8", "127.0.0.1/40"])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("8.8.8.8", "8.8.8.8"), ("8.8.8.8.", "8.8.8.8"), ("0x7f.1", "127.0.0.1"), ("0177.0.0.1", "127.0.0.1"), ("2130706433", "127.0.0.1"),
        ("0", "0.0.0.0"), ("::1", "::1"), ("2606:4700:4700::1111", "2606:4700:4700::1111"), ("FE80::1%eth0", "fe80::1%eth0"),
        ("example.org", None), ("1.2.3.4.example.org", None), ("1.2.3.4.5", None), ("", None), ("kiosk\0", None), ("münchen.example", None),
    ],
)  # fmt: skip
def test_a_host_that_spells_an_address_is_known(host: str, address: str | None) -> None:
    assert literal_address(host) == address


@given(st.text() | st.from_regex(r"\[?[0-9a-fx:.%]{1,40}\]?", fullmatch=True))
def test_any_host_is_an_address_or_a_name(host: str) -> None:
    address = literal_address(host)
    assert address is None or isinstance(is_public(address), bool)
