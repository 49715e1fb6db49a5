from datetime import UTC, datetime, timedelta

import pytest

from pipelines.clock import clock_from, system_clock


def test_a_played_clock_starts_where_it_is_told_and_runs_on() -> None:
    start = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)
    clock = clock_from(start)
    first, second = clock(), clock()
    assert start <= first <= second < start + timedelta(minutes=5)
    assert first.tzinfo is UTC


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        clock_from(datetime(2021, 10, 5))  # noqa: DTZ001 - the mistake under test


def test_the_system_clock_is_aware() -> None:
    assert system_clock().tzinfo is UTC
