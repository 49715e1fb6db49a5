from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.feeds.dates import read_date
from pipelines.zone_names import AMBIGUOUS_NAMES, ZONES, printed_zone, source_zone

LIFT_OFF = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        "Tue, 05 Oct 2021 08:55:00 GMT",
        "Tue, 05 Oct 2021 11:55:00 +0300",
        "Tue, 05 Oct 2021 11:55:00 MSK",
        "Tue, 05 Oct 2021 12:55:00 MSD",
        "Tue, 5 Oct 2021 10:55 CEST",
        "Tue, 5 Oct 2021 09:55 CET",
        "Tue, 5 Oct 2021 10:55 EET",
        "Tue, 5 Oct 2021 11:55 EEST",
        "Tue, 05 Oct 2021 09:55:00 BST",
        "Tue, 05 Oct 2021 14:25:00 IST",
        "Tue, 05 Oct 2021 17:55:00 JST",
        "Tue, 05 Oct 2021 17:55:00 KST",
        "Tue, 05 Oct 2021 18:55:00 AEST",
        "Tue, 05 Oct 2021 04:55:00 EDT",
        "Tue, 05 Oct 2021 04:55:00 ET",
        "Tue, 05 Oct 2021 03:55:00 EST",
        "Tue, 05 Oct 2021 11:55:00 GMT+3",
        "Tue, 05 Oct 2021 08:55:00 Etc/GMT",
        "Tue, 05 Oct 2021 11:55:00 +0300 (Moscow Standard Time)",
        "2021-10-05T10:55:00+02:00[Europe/Paris]",
        "05 Oct 21 08:55 Z",
        "Tuesday, October 5, 2021 8:55 am UTC",
        "Tue Oct  5 08:55:00 UTC 2021",
        "2021-10-05T08:55:00Z",
        "2021-10-05T08:55Z",
        "2021-10-05T11:55:00.123456789+03:00",
        "2021-10-05 11:55:00 +0300",
        "2021-10-05T11:55+03",
        "20211005T085500Z",
        "2021-10-05T03:55:00-05:00",
        "2021-10-05T14:25:00+05:30",
    ],
)
def test_one_instant_printed_with_a_zone(printed):
    read = read_date(printed, ZoneInfo("Asia/Tokyo"))
    assert (read.instant.replace(second=0), read.precision, read.zone_known) == (LIFT_OFF, "minute", True)


@pytest.mark.parametrize(
    "printed",
    [
        "Tue, 05 Oct 2021 11:55:00",
        "2021-10-05T11:55:00",
        "2021-10-05 11:55",
        "Tue Oct  5 11:55:00 2021",
        "Tue, 05 Oct 2021 11:55:00 QQQ",
    ],
)
def test_without_a_known_zone_the_sources_own_is_assumed(printed):
    read = read_date(printed, ZoneInfo("Europe/Moscow"))
    assert (read.instant, read.precision, read.zone_known) == (LIFT_OFF, "minute", False)


@pytest.mark.parametrize(
    "printed", ["2021-10-05", "20211005", "Tue, 05 Oct 2021", "5 October 2021", "October 5, 2021", "2021/10/05"]
)
def test_a_day_stays_that_day_in_every_zone(printed):
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        read = read_date(printed, ZoneInfo(zone))
        assert (read.instant, read.precision) == (datetime(2021, 10, 5, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    ("printed", "first"), [("2021-10", datetime(2021, 10, 1, tzinfo=UTC)), ("2021", datetime(2021, 1, 1, tzinfo=UTC))]
)
def test_a_month_or_year_is_not_taken_for_a_day(printed, first):
    read = read_date(printed, UTC)
    assert (read.instant, read.precision) == (first, "none")


def test_the_end_of_a_day_and_leap_seconds():
    assert read_date("2021-10-05T24:00:00Z", UTC).instant == datetime(2021, 10, 6, tzinfo=UTC)
    assert read_date("2016-12-31T23:59:60Z", UTC).instant == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_other_languages_months():
    assert read_date("5 октября 2021 г., 11:55 мск", UTC, "ru").instant == LIFT_OFF


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "yesterday",
        "2021-02-31",
        "2021-13-01",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59-14:00",
        "Tue, 05 Oct 2021 25:00:00 Z",
    ],
)
def test_what_cannot_be_a_date(printed):
    assert read_date(printed, UTC) is None


@pytest.mark.parametrize(
    ("name", "zone", "hours"),
    [
        ("CST", "Asia/Shanghai", 8),
        ("CST", "America/Chicago", -6),
        ("IST", "Asia/Kolkata", 5.5),
        ("IST", "Asia/Jerusalem", 3),
        ("EST", "Australia/Sydney", 11),
        ("BST", "Asia/Dhaka", 6),
    ],
)
def test_names_that_zones_share_go_to_the_sources_own(name, zone, hours):
    summer_there = datetime(2021, 10, 20, 12, tzinfo=printed_zone(name, ZoneInfo(zone)))
    assert summer_there.utcoffset().total_seconds() / 3600 == hours


@pytest.mark.parametrize("printed", ["+14:30", "-1545", "UTC+99", "QQQ", ""])
def test_what_is_no_zone(printed):
    assert printed_zone(printed, UTC) is None


def test_moscow_time_was_four_hours_ahead_for_three_years():
    assert read_date("Tue, 07 Feb 2012 12:00:00 MSK", UTC).instant.hour == 8


def test_every_zone_of_the_tables_exists():
    for name in ZONES:
        assert printed_zone(name, UTC) is not None
    for names in AMBIGUOUS_NAMES.values():
        for name in names:
            assert source_zone(name) is not None


def test_an_unknown_source_zone_is_refused():
    with pytest.raises(ValueError, match="unknown time zone 'Mars/Gale'"):
        source_zone("Mars/Gale")


@given(st.one_of(st.text(), st.text("0123456789-:T+Zz ,OctTueMSK.", max_size=40)))
def test_never_raises(printed):
    read = read_date(printed, ZoneInfo("America/New_York"))
    assert read is None or read.instant.tzinfo is UTC
