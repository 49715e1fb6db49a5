from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.stamps import read_stamp, write_stamp


def test_there_and_back():
    assert read_stamp("20211005085500") == datetime(2021, 10, 5, 8, 55, tzinfo=UTC)
    moscow = datetime(2021, 10, 5, 11, 55, tzinfo=timezone(timedelta(hours=3)))
    assert write_stamp(moscow) == "20211005085500"


@pytest.mark.parametrize(
    "digits",
    ["", "2021", "20211305000000", "20211005246000", "19891231235959", "２０２１１００５０８５５００", "2021W10508550"],
)
def test_what_is_no_stamp(digits):
    with pytest.raises(ValueError, match=r"14 digits|older|isoformat|must be|invalid"):
        read_stamp(digits)


@given(st.datetimes(datetime(1990, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_second(instant):
    assert read_stamp(write_stamp(instant)) == instant.replace(microsecond=0)
