from datetime import UTC, date, datetime

import pytest

from pipelines.backfill.window import Window

OCTOBER = Window(date(2021, 10, 1), date(2021, 10, 31))


def test_both_days_are_included():
    assert OCTOBER.start == datetime(2021, 10, 1, tzinfo=UTC)
    assert OCTOBER.end == datetime(2021, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "may"),
    [
        (datetime(2021, 9, 30, 10, tzinfo=UTC), True),  # 1 October on Kiritimati
        (datetime(2021, 9, 30, 9, 59, tzinfo=UTC), False),
        (datetime(2021, 11, 1, 11, 59, tzinfo=UTC), True),  # 31 October on Baker Island
        (datetime(2021, 11, 1, 12, tzinfo=UTC), False),
    ],
)
def test_a_day_that_it_is_anywhere_on_earth(instant, may):
    assert OCTOBER.may_hold(instant) == may


def test_overlap():
    assert OCTOBER.may_overlap(date(2021, 10, 31), date(2021, 11, 30))
    assert not OCTOBER.may_overlap(date(2021, 11, 1), date(2021, 11, 30))
    assert not OCTOBER.may_overlap(date(2021, 9, 1), date(2021, 9, 30))


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (date(2021, 10, 2), date(2021, 10, 1), "before it begins"),
        (date(1989, 1, 1), date(2021, 1, 1), "between"),
        (date(2021, 1, 1), date.max, "between"),
    ],
)
def test_impossible_windows(since, until, text):
    with pytest.raises(ValueError, match=text):
        Window(since, until)
