"""Rights that a robots.txt reserves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.polling.reservations import reservations


@pytest.mark.parametrize(
    ("robots", "found"),
    [
        ("", ()),
        ("User-agent: *\nDisallow: /\n", ()),
        ("User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n", ("closed to AI agents: CCBot, GPTBot",)),
        ("user-agent: gptbot # training\r\nDisallow: /\r\n", ("closed to AI agents: GPTBot",)),
        ("User-agent: GPTBot\nDisallow: /private/\n", ()),
        ("User-agent: GPTBot\nAllow: /\n\nUser-agent: *\nDisallow: /\n", ()),
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n", ("Content-Signal: ai-train=no",)),
        ("Content-Signal: ai-train=yes\n", ()),
        ("# TDM-Reservation: 1\n", ("tdm-reservation: 1",)),
        ("TDM-Reservation: 0\n", ()),
        (
            "# Use of this site for text and data mining\n# or for training is prohibited.\nUser-agent: *\n",
            ("a comment reserves text and data mining or AI training",),
        ),
        (
            "# Die Nutzung für Text- und Data-Mining bleibt vorbehalten (§ 44b UrhG).\n",
            ("a comment reserves text and data mining or AI training",),
        ),
        ("# We write about artificial intelligence.\nUser-agent: *\nAllow: /\n", ()),
        ("Disallow: /text-and-data-mining-prohibited/\n", ()),
    ],
)
def test_reservations_are_found(robots: str, found: tuple[str, ...]) -> None:
    assert reservations(robots.encode()) == found


def test_several_stand_side_by_side() -> None:
    robots = "# tdm-reservation: 1\nUser-agent: ClaudeBot\nDisallow: /\nContent-Signal: ai-train=no\n"
    assert len(reservations(robots.encode())) == 3


@given(st.binary(max_size=2000))
def test_no_bytes_make_it_raise(robots: bytes) -> None:
    assert isinstance(reservations(b"User-agent: GPTBot\n" + robots), tuple)
