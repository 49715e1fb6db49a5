"""Dates as newspapers write them, and the day they mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.milestones.dates import find_dates
from pipelines.milestones.days import Resolved, definite_side, resolve
from pipelines.milestones.rules import RULES_FOLDER, Tense, load_rules

LANGUAGES = sorted(path.stem for path in RULES_FOLDER.glob("*.toml"))


def read(
    language: str, text: str, published: date | None, tense: Tense = "open", anchor: date | None = None
) -> list[Resolved | None]:
    rules = load_rules(language)
    assert rules is not None
    return [resolve(m, published=published, tense=tense, anchor=anchor) for m in find_dates(text, rules.calendar)]


SEPTEMBER = date(2021, 9, 14)  # a Tuesday
AFTERWARDS = date(2021, 10, 8)  # a Friday


@pytest.mark.parametrize(
    ("language", "text", "published", "tense", "expected", "precision"),
    [
        ("en", "on October 5, 2021", SEPTEMBER, "open", date(2021, 10, 5), "day"),
        ("en", "on the 5th of October 2021", SEPTEMBER, "open", date(2021, 10, 5), "day"),
        ("en", "next month", SEPTEMBER, "future", date(2021, 10, 1), "month"),
        ("en", "last year", SEPTEMBER, "past", date(2020, 1, 1), "year"),
        ("en", "in the autumn of 2021", SEPTEMBER, "future", date(2021, 1, 1), "year"),
        ("en", "late 2024", SEPTEMBER, "future", date(2024, 1, 1), "year"),
        ("en", "October of next year", date(2020, 11, 5), "future", date(2021, 10, 1), "month"),
        ("en", "on Tuesday", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("en", "next Monday", date(2021, 12, 14), "future", date(2021, 12, 20), "day"),
        ("en", "two days ago", AFTERWARDS, "past", date(2021, 10, 6), "day"),
        ("en", "from October 2021 to April 2022", date(2025, 8, 20), "past", date(2021, 10, 1), "month"),
        ("en", "last summer", date(2000, 3, 17), "past", date(1999, 1, 1), "year"),
        ("en", "10/05/2021", SEPTEMBER, "open", date(2021, 10, 5), "day"),
        ("ru", "5 октября", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ru", "5 октября", SEPTEMBER, "future", date(2021, 10, 5), "day"),
        ("ru", "12 апреля позапрошлого года", date(2025, 5, 26), "past", date(2023, 4, 12), "day"),
        ("ru", "осенью 2021 года", SEPTEMBER, "future", date(2021, 1, 1), "year"),
        ("ru", "с 5 по 17 октября", SEPTEMBER, "future", date(2021, 10, 5), "day"),
        ("de", "am 5. Oktober", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("de", "05.10.2021", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("de", "zwischen Oktober 2021 und April 2022", date(2025, 8, 20), "past", date(2021, 10, 1), "month"),
        ("fr", "ce mardi", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("fr", "lundi prochain", date(2021, 12, 14), "future", date(2021, 12, 20), "day"),
        ("es", "el pasado día 5", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("es", "5 de octubre de 2021", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("it", "il prossimo 5 ottobre", SEPTEMBER, "future", date(2021, 10, 5), "day"),
        ("pt", "nesta terça-feira (5)", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("nl", "vorig jaar september", date(2021, 5, 19), "past", date(2020, 9, 1), "month"),
        ("pl", "5 października 2021 roku", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("cs", "5. října", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("tr", "5 Ekim'de", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("tr", "5 EKİM'DE", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("tr", "14 KASIM'DA", SEPTEMBER, "future", date(2021, 11, 14), "day"),
        ("uk", "5 жовтня 2021 року", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("vi", "hôm 5/10", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("id", "Selasa (5/10/2021)", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ar", "٥ أكتوبر ٢٠٢١", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("hi", "5 अक्टूबर 2021", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ja", "今月5日", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ja", "2021年10月5日", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ko", "지난 5일", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("ko", "오는 17일", AFTERWARDS, "future", date(2021, 10, 17), "day"),
        ("zh", "去年4月12日", date(2024, 3, 14), "past", date(2023, 4, 12), "day"),
        ("zh", "本月５日", AFTERWARDS, "past", date(2021, 10, 5), "day"),
        ("zh", "上周五", date(2021, 10, 18), "past", date(2021, 10, 15), "day"),
        ("it", "il primo gennaio", date(2023, 4, 14), "past", date(2023, 1, 1), "day"),
        ("ar", "في الأول من يونيو", date(2021, 5, 14), "future", date(2021, 6, 1), "day"),
        ("zh", "10月17日", date(2021, 10, 5), "past", date(2021, 10, 17), "day"),
        ("fr", "1er juin", date(2021, 5, 14), "past", date(2021, 6, 1), "day"),
        ("fr", "depuis le 20 avril", date(2023, 4, 25), "future", date(2023, 4, 20), "day"),
        ("de", "seit Ende Oktober", date(2020, 11, 12), "future", date(2020, 10, 1), "month"),
        ("es", "entre el 5 y el 17 de octubre de 2021", date(2023, 4, 21), "past", date(2021, 10, 5), "day"),
        ("es", "esta madrugada", AFTERWARDS, "past", AFTERWARDS, "day"),
        ("nl", "vannacht", AFTERWARDS, "past", AFTERWARDS, "day"),
    ],
)
def test_one_date(language: str, text: str, published: date, tense: Tense, expected: date, precision: str) -> None:
    assert read(language, text, published, tense) == [Resolved(expected, precision)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "12 days later", date(2021, 10, 17)),
        ("en", "the same day", date(2021, 10, 5)),
        ("en", "one week later", date(2021, 10, 12)),
        ("zh", "八天后", date(2021, 10, 13)),
        ("de", "zwölf Tage später", date(2021, 10, 17)),
        ("ko", "같은 날", date(2021, 10, 5)),
        ("ja", "3時間半後", date(2021, 10, 5)),
        ("nl", "na ruim drie uur", date(2021, 10, 5)),
        ("ru", "через три часа", date(2021, 10, 5)),
    ],
)
def test_what_counts_from_a_day_in_the_text(language: str, text: str, expected: date) -> None:
    assert read(language, text, AFTERWARDS, "past", anchor=date(2021, 10, 5)) == [Resolved(expected, "day")]
    assert read(language, text, AFTERWARDS, "past") == [None]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("it", "il primo film"),
        ("es", "a las 5.55 de la mañana"),
        ("de", "früh am Morgen"),
        ("en", "five years after the plan became public"),
        ("en", "They may march on"),
        ("ja", "12日間の撮影"),
        ("ko", "12일간 촬영했다"),
        ("en", "MS-19 and Room 237"),
    ],
)
def test_what_only_looks_like_a_date(language: str, text: str) -> None:
    assert read(language, text, AFTERWARDS) == []


def test_days_that_do_not_exist_mean_nothing() -> None:
    assert read("en", "on February 30, 2021", AFTERWARDS) == [None]


def test_without_a_publication_date_only_full_dates_are_read() -> None:
    assert read("en", "on October 5, 2021", None) == [Resolved(date(2021, 10, 5), "day")]
    assert read("en", "next month", None) == [None]


def test_a_plan_without_a_year_is_not_pushed_a_year_ahead() -> None:
    assert read("en", "on October 5", AFTERWARDS, "future") == [Resolved(date(2021, 10, 5), "day")]


def test_a_year_of_the_sentence_before_rules_a_past_date() -> None:
    rules = load_rules("en")
    assert rules is not None
    (mention,) = find_dates("on October 5", rules.calendar)
    assert resolve(mention, published=date(2025, 1, 9), tense="past", year=2021) == Resolved(date(2021, 10, 5), "day")


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("in May 2020", "past"),
        ("last Friday", "past"),
        ("in December 2024", "future"),
        ("next month", "future"),
        ("in October 2021", "open"),
        ("on October 5", "open"),
    ],
)
def test_the_side_of_today_that_a_date_is_on_by_its_own_words(text: str, side: Tense) -> None:
    rules = load_rules("en")
    assert rules is not None
    (mention,) = find_dates(text, rules.calendar)
    assert definite_side(mention, AFTERWARDS) == side


@given(st.text(max_size=300), st.sampled_from(LANGUAGES), st.dates(), st.sampled_from(["past", "future", "open"]))
def test_any_text_can_be_read(text: str, language: str, published: date, tense: Tense) -> None:
    assert isinstance(read(language, text + " 5 10 2021 31", published, tense, anchor=published), list)


@given(st.dates(min_value=date(1957, 1, 1), max_value=date(2049, 12, 31)))
def test_iso_days_are_read_as_they_are(day: date) -> None:
    assert read("en", f"on {day.isoformat()}", None) == [Resolved(day, "day")]
