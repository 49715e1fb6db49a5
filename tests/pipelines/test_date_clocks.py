"""Times of day beside a date: which one, at which half of the day, in which zone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates.clocks import Clock, clock_beside, hour_of_day

DAY = "05.10.2021"


def clock(text: str, language: str = "") -> Clock | None:
    start = text.index(DAY)
    return clock_beside(text, start, start + len(DAY), language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Publié le 05.10.2021 à 10h30 et modifié le 06.10.2021", "fr"),
        ("PUBLIÉ LE 05.10.2021 À 10H30 ET MODIFIÉ LE 06.10.2021", "fr"),
        ("05.10.2021 um 10:30 ist sie gestartet", "de"),
        ("05.10.2021 10:30 Art Berlin", "de"),
        ("05.10.2021 10:30 Mt Everest", "en"),
        ("05.10.2021 10:30 West Africa Desk", "en"),
        ("05.10.2021 10:30 z Warszawy", "pl"),
        ("05.10.2021 10:30-11:45 Uhr", "de"),
        ("05.10.2021 10:30 - 11:45", "de"),
        ("05.10.2021 10:30 (МСК+2)", "ru"),
        ("05.10.2021 10:30 +5 photos", "en"),
    ],
)
def test_words_and_spans_of_time_are_no_zones(text: str, language: str) -> None:
    assert clock(text, language) == Clock(10, 30)


@pytest.mark.parametrize(
    ("behind", "zone"),
    [
        (" 10:30 ET", "ET"),
        (" 10:30 Hrs IST", "IST"),
        (" 10:30 Uhr (MESZ)", "MESZ"),
        (" 10:30 мск", "мск"),
        (", 10:30 МСК", "МСК"),
        (" 10:30 (gmt+7)", "gmt+7"),
        (" 10:30 UTC-5", "UTC-5"),
        (" 10:30 -0500", "-0500"),
        ("T10:30-05:00", "-05:00"),
        (" 10:30:00-05:00", "-05:00"),
        (" 10:30+05:30", "+05:30"),
        ("T10:30+03", "+03"),
        (" 10:30 (+3)", "+3"),
        ("T10:30-500", "-500"),
        ("T10:30z", "z"),
        (" 10:30 Z", "Z"),
    ],
)
def test_zones_as_they_are_printed(behind: str, zone: str) -> None:
    assert clock(DAY + behind) == Clock(10, 30, 0, zone)


def test_american_time_on_a_french_page() -> None:
    assert clock(f"{DAY} 10:30 a.m. ET", "fr") == Clock(10, 30, 0, "ET")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"10:30 {DAY} (обновлено: 12:00 06.10.2021)", Clock(10, 30)),
        (f"10:30, {DAY} | 12:00", Clock(10, 30)),
        (f"12:00 | {DAY} 10:30", Clock(10, 30)),
        (f"Upd. 12:00, publ. 10:30 {DAY}", Clock(10, 30)),
        (f"{DAY} (обновлено: 12:00)", None),
        (f"{DAY}, mis à jour à 12h00", None),
        (f"{DAY}, 06.10.2021 12:00", None),
        (f"{DAY}, 06.10.21", None),
        (f"{DAY} 30.99", None),
        (f"{DAY} 10.30-11.45", Clock(10, 30)),
        (f"{DAY} and a long sentence that goes on until 12:00", None),
    ],
)
def test_the_time_next_to_the_date_counts(text: str, expected: Clock | None) -> None:
    assert clock(text) == expected


@pytest.mark.parametrize(
    ("printed", "hour"),
    [
        ("10:30 م", 22),
        ("10:30 ص", 10),
        ("10:30 مساءً", 22),
        ("10:30 صباحًا", 10),
        ("مساءً 10:30", 22),
        ("10:30 موسكو", 10),
        ("10:30 μ.μ.", 22),
        ("10:30 π.μ.", 10),
        ("10:30 μμ", 22),
        ("10:30 p. m.", 22),
        ("10:30pm", 22),
        ("12:30 a.m.", 0),
        ("10:30 ÖS", 22),
        ("10:30 вечера", 22),
        ("오전 10:30", 10),
        ("오후 10:30", 22),
        ("PM 10:30", 22),
        ("上午10:30", 10),
        ("下午10:30", 22),
        ("下午10：30", 22),
        ("晚上10:30", 22),
        ("晚上12:30", 0),
        ("中午12:30", 12),
        ("凌晨1点05分", 1),
        ("午後0時5分", 12),
        ("रात 10:30 बजे", 22),
        ("सुबह 10:30 बजे", 10),
        ("22:30 م", 22),
        ("um 10:30", 10),
    ],
)
def test_halves_of_the_day_in_many_languages(printed: str, hour: int) -> None:
    found = clock(f"{DAY} {printed}")
    assert found is not None
    assert (found.hour, found.zone) == (hour, "")


def test_the_year_sign_before_a_time_is_no_half_of_the_day() -> None:
    assert clock(f"{DAY}م 10:30") == Clock(10, 30)


@given(st.integers(0, 23))
def test_an_hour_without_a_sign_stays(hour: int) -> None:
    assert hour_of_day(hour, "") == hour_of_day(hour, "o'clock") == hour


@given(st.integers(1, 12), st.sampled_from(["am", "pm", "रात", "中午"]))
def test_a_sign_keeps_the_hour_on_the_dial(hour: int, sign: str) -> None:
    assert hour_of_day(hour, sign) % 12 == hour % 12
