from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import Statement, day_in_url, decide
from pipelines.dates.texts import read_date
from pipelines.feeds.dates import read_date as read_feed_date
from pipelines.model import Entry

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2021, 10, 6, 12, 0, tzinfo=UTC)
LAUNCH = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "instant"),
    [
        ("2021-10-05T08:55:00Z", "", LAUNCH),
        ("2021-10-05T11:55:00.123+0300", "", LAUNCH),
        ("Tue, 05 Oct 2021 11:55:00 MSK", "", LAUNCH),
        ("Tue, 05 Oct 2021 17:55:00 JST", "", LAUNCH),
        ("Tue, 05 Oct 2021 10:55:00 CEST", "", LAUNCH),
        ("October 5, 2021 4:55 AM EDT", "en", LAUNCH),
        ("Oct. 5, 2021 at 4:55 a.m. ET", "en", LAUNCH),
        ("Tue Oct 05 11:55:00 MSK 2021", "", LAUNCH),
        ("20211005T085500Z", "", LAUNCH),
        ("1633424100", "", LAUNCH),
        ("1633424100000", "", LAUNCH),
        ("2021-10-05 10:55:00.0", "de", LAUNCH),
        ("5. Oktober 2021, 10:55 Uhr", "de", LAUNCH),
        ("5 октября 2021, 11:55 мск", "ru", LAUNCH),
        ("05/10/2021 à 10h55", "fr", LAUNCH),
        ("2021年10月5日 午前10時55分", "ja", LAUNCH),
        ("2021年10月5日 10:55", "zh", LAUNCH),
        ("2021년 10월 5일 오전 10:55", "ko", LAUNCH),
        ("10:55, 5 October 2021", "en-GB", LAUNCH),
        ("2021-10-05T04:55:00\u221204:00", "", LAUNCH),
        ("20211005T08:55:00Z", "", LAUNCH),
        ("Tue Oct 05 11:55:00 GMT+03:00 2021", "", LAUNCH),
        ("2021. október 5., kedd 10:55", "hu", LAUNCH),
        ("Kedd, 2021. okt. 5-én 10:55", "hu", LAUNCH),
        ("2021 m. spalio 5 d., antradienis, 10:55", "lt", LAUNCH),
        ("5.10.2021 - 10.55", "fi", LAUNCH),
    ],
)
def test_printed_times_become_instants(text: str, language: str, instant: datetime) -> None:
    reading = read_date(text, zone=BERLIN, language=language)
    assert reading is not None
    assert reading.instant == instant
    assert reading.precision == "minute"
    assert reading.day == date(2021, 10, 5)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("5 de octubre de 2021", "es"), ("5 октября 2021 года", "ru"), ("5 października 2021", "pl"), ("5. října 2021", "cs"),
        ("5 жовтня 2021", "uk"), ("5 Ekim 2021", "tr"), ("5 ottobre 2021", "it"), ("5. lokakuuta 2021", "fi"),
        ("October 5th, 2021", "de"), ("05.10.2021", "de"), ("2021/10/5", "ja"), ("20211005", ""), ("10/05/2021", "en-us"),
        ("25/09/2021".replace("25/09", "05/10"), "en-gb"), ("2021 spalio 5", "lt"), ("2021. gada 5. oktobrī", "lv"),
        ("2021 жылғы 5 қазан", "kk"), ("2021 October 5", "en"), ("2021-Oct-05", "en"), ("10-05-2021", "en-us"), ("05-10-2021", "en"),
    ],
)  # fmt: skip
def test_month_names_and_orders_of_the_languages(text: str, language: str) -> None:
    reading = read_date(text, language=language)
    assert reading is not None
    assert (reading.day, reading.instant, reading.precision) == (date(2021, 10, 5), None, "day")


@pytest.mark.parametrize(
    "text", ["", "today", "12:30", "2021-13-45", "31.02.2021", "05/10/2021", "0000-00-00", "2021", "5 listopadfoo"]
)
def test_what_names_no_one_day_is_not_read(text: str) -> None:
    assert read_date(text, language="en") is None


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", date(2021, 5, 10)),
        ("America/Indiana/Knox", date(2021, 5, 10)),
        ("Pacific/Honolulu", date(2021, 5, 10)),
        ("Europe/London", date(2021, 10, 5)),
        ("Australia/Sydney", date(2021, 10, 5)),
        ("Asia/Kolkata", date(2021, 10, 5)),
        ("America/Toronto", None),
        ("Asia/Tokyo", None),
        ("UTC", None),
    ],
)
def test_the_outlets_zone_tells_which_english_it_prints(zone: str, day: date | None) -> None:
    reading = read_date("05/10/2021", zone=ZoneInfo(zone), language="en")
    assert (reading and reading.day) == day


@pytest.mark.parametrize(("language", "month"), [("es", 10), ("en-gb", 10), ("en-us", 5)])
def test_a_language_with_one_order_keeps_it_in_every_zone(language: str, month: int) -> None:
    for zone in ("America/New_York", "Europe/London"):
        reading = read_date("05/10/2021", zone=ZoneInfo(zone), language=language)
        assert reading is not None
        assert reading.day.month == month


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oct. 5, 2021 (updated 2021-10-06)", "en"),
        ("5 octobre 2021, mis à jour le 2021/10/06", "fr"),
        ("5 oktober 2021 - 13.30", "sv"),
    ],
)
def test_the_first_day_counts_whatever_its_form(text: str, language: str) -> None:
    reading = read_date(text, language=language)
    assert reading is not None
    assert reading.day == date(2021, 10, 5)


def test_a_longer_month_name_wins_over_its_beginning() -> None:
    july, june = read_date("7. červenec 2021", language="cs"), read_date("7. červen 2021", language="cs")
    assert july is not None
    assert june is not None
    assert (july.day.month, june.day.month) == (7, 6)


def test_twenty_four_oclock_is_the_next_midnight() -> None:
    reading = read_date("2021-10-05T24:00:00+03:00")
    assert reading is not None
    assert reading.instant == datetime(2021, 10, 5, 21, 0, tzinfo=UTC)


def test_a_missing_zone_is_known_to_be_missing() -> None:
    with_zone, without = read_date("2021-10-05 10:55 CEST"), read_date("2021-10-05 10:55", zone=BERLIN)
    assert with_zone is not None
    assert without is not None
    assert (with_zone.instant, without.instant) == (LAUNCH, LAUNCH)
    assert (with_zone.zone_known, without.zone_known) == (True, False)


@given(st.text(max_size=300), st.sampled_from(["", "en", "ru", "ja", "ar", "xx"]))
def test_any_text_is_read_or_refused(text: str, language: str) -> None:
    reading = read_date(text, language=language)
    assert reading is None or reading.precision in ("day", "minute")


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_iso_dates_come_back_as_they_were(moment: datetime) -> None:
    aware = moment.replace(microsecond=0, tzinfo=UTC)
    reading = read_date(aware.isoformat())
    assert reading is not None
    assert reading.instant == aware


def test_jsonld_is_trusted_before_everything_else() -> None:
    found = decide(
        [Statement("time", "2021-10-05 12:00"), Statement("meta", "2021-10-05T09:00:00Z"), Statement("jsonld", "2021-10-05T08:55:00Z")],
        now=NOW,
    )  # fmt: skip
    assert (found.instant, found.source, found.precision) == (LAUNCH, "jsonld", "minute")
    assert [item.source for item in found.evidence] == ["jsonld", "meta", "time"]
    assert not found.conflict


def test_a_bare_day_takes_its_time_from_evidence_that_agrees() -> None:
    found = decide([Statement("jsonld", "2021-10-05"), Statement("time", "2021-10-05T11:55:00+03:00")], now=NOW)
    assert (found.day, found.instant, found.source) == (date(2021, 10, 5), LAUNCH, "time")


@pytest.mark.parametrize("midnight", ["2021-10-05T00:00:00Z", "2021-10-05 00:00", "2021-10-05T00:00:00.000+00:00"])
def test_midnight_gives_way_to_a_real_time(midnight: str) -> None:
    assert decide([Statement("jsonld", midnight), Statement("meta", "2021-10-05T08:55:00Z")], now=NOW).instant == LAUNCH


@pytest.mark.parametrize("real", ["2021-10-05T20:00:00Z", "2021-10-05T12:36:37+00:00"])
def test_zeros_elsewhere_in_a_time_are_no_midnight(real: str) -> None:
    assert decide([Statement("jsonld", real), Statement("time", "2021-10-05 21:00")], now=NOW).source == "jsonld"


def test_a_naive_time_takes_its_zone_from_the_same_time_elsewhere() -> None:
    found = decide(
        [Statement("jsonld", "2021-10-05 11:55:00"), Statement("meta", "2021-10-05T11:55:00+03:00")], now=NOW
    )
    assert (found.instant, found.source) == (LAUNCH, "meta")


def test_a_naive_time_is_read_in_the_outlets_zone() -> None:
    found = decide([Statement("jsonld", "2021-10-05T11:55:00")], timezone="Europe/Moscow", now=NOW)
    assert found.instant == LAUNCH
    assert not found.evidence[0].zone_known


def test_modified_is_never_taken_for_published() -> None:
    found = decide([Statement("jsonld", "2021-10-05T08:55:00Z", modified=True)], now=NOW)
    assert (found.day, found.instant, found.precision, found.source) == (None, None, "none", "")
    assert found.evidence[0].rejected == "modified"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2031-10-05", "future"),
        ("2021-10-08T00:00:00Z", "future"),
        ("1970-01-01T00:00:00Z", "before_1990"),
        ("soon", "unreadable"),
    ],
)
def test_impossible_dates_are_rejected_with_a_reason(raw: str, reason: str) -> None:
    found = decide([Statement("jsonld", raw)], now=NOW)
    assert found.precision == "none"
    assert found.evidence[0].rejected == reason


def test_a_day_ahead_is_another_zone_and_allowed() -> None:
    assert decide([Statement("jsonld", "2021-10-07T11:00:00Z")], now=NOW).day == date(2021, 10, 7)


def test_days_apart_are_a_conflict_and_a_day_apart_is_none() -> None:
    assert decide([Statement("jsonld", "2021-10-05"), Statement("meta", "2021-10-02")], now=NOW).conflict
    assert not decide([Statement("jsonld", "2021-10-05"), Statement("meta", "2021-10-04")], now=NOW).conflict


def test_the_printed_day_is_the_outlets_not_utcs() -> None:
    late = decide([Statement("jsonld", "2021-10-05T22:30:00Z")], timezone="Europe/Moscow", now=NOW)
    assert (late.day, late.instant) == (date(2021, 10, 6), datetime(2021, 10, 5, 22, 30, tzinfo=UTC))
    printed = decide(
        [Statement("jsonld", "2021-10-05T22:30:00Z"), Statement("time", "6 October 2021")], language="en", now=NOW
    )
    assert printed.day == date(2021, 10, 6)
    offset = decide([Statement("jsonld", "2021-10-06T01:30:00+03:00")], now=NOW)
    assert (offset.day, offset.instant) == (date(2021, 10, 6), datetime(2021, 10, 5, 22, 30, tzinfo=UTC))


def test_the_feed_helps_a_page_without_a_date() -> None:
    entry = Entry("https://orbit-daily.example/a", published=LAUNCH, date_precision="minute")
    found = decide([], listed=entry, timezone="Asia/Tokyo", now=NOW)
    assert (found.day, found.instant, found.source) == (date(2021, 10, 5), LAUNCH, "feed")
    assert decide([], listed=entry, listed_source="sitemap", now=NOW).source == "sitemap"


def test_a_search_of_the_text_decides_nothing_that_was_refused() -> None:
    refused = decide([Statement("jsonld", "10/05/2021"), Statement("htmldate", "2021-05-10")], language="en", now=NOW)
    assert (refused.precision, [item.rejected for item in refused.evidence]) == ("none", ["unreadable", "ambiguous"])
    known = decide(
        [Statement("jsonld", "10/05/2021"), Statement("htmldate", "2021-05-10")],
        language="en",
        timezone="America/New_York",
        now=NOW,
    )
    assert (known.day, known.source) == (date(2021, 10, 5), "jsonld")
    elsewhere = decide([Statement("time", "oktoobri 5. 2021"), Statement("htmldate", "2021-10-05")], now=NOW)
    assert (elsewhere.day, elsewhere.source) == (date(2021, 10, 5), "htmldate")


def test_a_year_alone_is_no_first_of_january() -> None:
    guessed = decide([Statement("htmldate", "2021-01-01")], now=NOW)
    assert (guessed.precision, guessed.evidence[0].rejected) == ("none", "year_only")
    assert decide([Statement("time", "2021-01-01")], now=NOW).day == date(2021, 1, 1)


@pytest.mark.parametrize(
    ("printed", "zone", "instant"),
    [
        ("2021-10-05 08:55 CST", "Asia/Shanghai", "2021-10-05T00:55:00+00:00"),
        ("5 Oct 2012 08:55 MSK", "Europe/Moscow", "2012-10-05T04:55:00+00:00"),
        ("5 October 2021 08:55 EST", "Australia/Sydney", "2021-10-04T21:55:00+00:00"),
        ("5 Oct 2021 08:55 ACST", "UTC", "2021-10-04T23:25:00+00:00"),
    ],
)
def test_pages_and_feeds_read_one_instant(printed: str, zone: str, instant: str) -> None:
    on_page, in_feed = read_date(printed, zone=ZoneInfo(zone)), read_feed_date(printed, ZoneInfo(zone))
    assert on_page is not None
    assert in_feed is not None
    assert on_page.instant == in_feed.instant == datetime.fromisoformat(instant)
    assert on_page.zone_known
    assert in_feed.zone_known


def test_the_address_names_a_day() -> None:
    assert decide([], url="https://orbit-daily.example/2021/10/05/lift-off", now=NOW).source == "url"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://e.example/2021/10/05/x", date(2021, 10, 5)),
        ("https://e.example/news/20211005-lift-off", date(2021, 10, 5)),
        ("https://e.example/lift-off-2021-10-05.html", date(2021, 10, 5)),
        ("https://e.example/2021/10/x", None),
        ("https://e.example/id/120211005123", None),
        ("https://e.example/2021/02/30/x", None),
        ("https://2021.10.05.example/x", None),
        ("https://e.example/x?d=2021-10-05", None),
    ],
)
def test_days_in_addresses(url: str, day: date | None) -> None:
    assert day_in_url(url) == day


def test_an_unknown_zone_counts_as_utc() -> None:
    assert decide([Statement("jsonld", "2021-10-05T08:55:00")], timezone="Mars/Olympus", now=NOW).instant == LAUNCH
