"""Lengths of time, told to people."""

import pytest

from crawler.durations import spoken


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (600, "10 min"), (30_000, "8.3 h"), (400_000, "4.6 days")],
)
def test_a_time_as_a_person_would_say_it(seconds: float, text: str) -> None:
    assert spoken(seconds) == text
