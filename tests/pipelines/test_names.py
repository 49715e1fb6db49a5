"""Names in bylines: lists are taken apart, names are not."""

import json

import pytest

from pipelines.pages import extract_record
from pipelines.pages.names import names_in
from tests.pipelines.page_texts import URL, page

WHOLE = [
    "John E Smith", "Andrew Y Ng", "Robert I Field", "José Ortega y Gasset", "Carlos Drummond e Silva", "Antoni Gaudí i Cornet",
    "josé ortega y gasset", "Di Freeze", "Von Jones", "Text Clark", "Ja Morant", "Mary En Lai", "Smith, John", "Smith, John E.",
    "Иванов, Пётр", "Ursula von der Leyen", "Anne-Marie de la Cruz", "Sammy Davis, Jr", "Ada Orbit, PhD", "尤利娅·佩列西尔德",
]  # fmt: skip
LISTS = [
    ("Ada Orbit and Lev Soyuz", ["Ada Orbit", "Lev Soyuz"]),
    ("Ada Orbit And Lev Soyuz", ["Ada Orbit", "Lev Soyuz"]),
    ("ADA ORBIT AND LEV SOYUZ", ["ADA ORBIT", "LEV SOYUZ"]),
    ("By Ada Orbit, Lev Soyuz & Max Kosmos", ["Ada Orbit", "Lev Soyuz", "Max Kosmos"]),
    ("Ada Orbit y Lev Soyuz", ["Ada Orbit", "Lev Soyuz"]),
    ("José Ortega y Gasset e Ada Orbit", ["José Ortega y Gasset", "Ada Orbit"]),
    ("Анна Орбита и Лев Союз", ["Анна Орбита", "Лев Союз"]),
    ("Von Ada Orbit, dpa", ["Ada Orbit", "dpa"]),
    ("Ada Orbit y EFE", ["Ada Orbit", "EFE"]),
    ("Reuters, Staff", ["Reuters", "Staff"]),
    ("Ada Orbit; Lev Soyuz/Max Kosmos", ["Ada Orbit", "Lev Soyuz", "Max Kosmos"]),
    ("Ada Orbit · Lev Soyuz", ["Ada Orbit", "Lev Soyuz"]),
    ("张三、李四", ["张三", "李四"]),
    ("张三, 李四", ["张三", "李四"]),
]


@pytest.mark.parametrize("is_person", [False, True])
@pytest.mark.parametrize("name", WHOLE)
def test_a_name_stays_whole(name: str, is_person: bool) -> None:
    assert names_in(name, is_person=is_person) == [name.rstrip(".")]


@pytest.mark.parametrize("is_person", [False, True])
@pytest.mark.parametrize(("text", "names"), LISTS)
def test_a_list_is_taken_apart_wherever_it_stands(text: str, names: list[str], is_person: bool) -> None:
    assert names_in(text, is_person=is_person) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada and Lev", ["Ada", "Lev"]),
        ("Иванов и Петров", ["Иванов", "Петров"]),
        ("Doe, AFP", ["Doe", "AFP"]),
        ("Orbit & Sons", ["Orbit", "Sons"]),
        ("Ada Orbit, Baikonur", ["Ada Orbit", "Baikonur"]),
    ],
)
def test_a_byline_is_taken_apart_more_boldly_than_a_person(text: str, names: list[str]) -> None:
    assert names_in(text) == names
    assert names_in(text, is_person=True) == [text]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Written by Ada Orbit", "Ada Orbit"),
        ("by Reuters", "Reuters"),
        ("Von dpa", "dpa"),
        ("Di Redazione", "Redazione"),
        ("di Ada Orbit", "Ada Orbit"),
        ("Text: Clark", "Clark"),
        ("Par Soyuz", "Soyuz"),
        ("记者 张三", "张三"),
        ("Ada Orbit (Baikonur)", "Ada Orbit"),
        ("Ada Orbit - Science Reporter", "Ada Orbit"),
    ],
)
def test_what_leads_to_a_name_and_what_follows_it_is_taken_off(text: str, name: str) -> None:
    assert names_in(text) == [name]


@pytest.mark.parametrize("text", ["", "and", " and and and ", ",,,", "; ; ", "by", "By:", "&" * 600, " y " * 300])
def test_any_text_is_taken(text: str) -> None:
    assert all(len(name) <= 500 for name in names_in(text) + names_in(text, is_person=True))


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": "Ada and Lev"}, "Ada and Lev"),
        (["Ada and Lev", "Max Kosmos"], "Ada and Lev; Max Kosmos"),
        (["Ada and Lev"], "Ada; Lev"),
        ("Ada and Lev", "Ada; Lev"),
        ([{"name": "José Ortega y Gasset"}, {"name": "Di Freeze"}], "José Ortega y Gasset; Di Freeze"),
        ({"@type": "Person", "name": "Ada Orbit, Lev Soyuz"}, "Ada Orbit; Lev Soyuz"),
    ],
)
def test_json_says_what_is_one_name(author: object, names: str) -> None:
    node = json.dumps({"@type": "NewsArticle", "author": author})
    head = f'<script type="application/ld+json">{node}</script>'
    assert extract_record(page(head=head).encode(), URL)["author"] == names


def test_a_repeated_meta_element_names_one_writer_each() -> None:
    head = '<meta name="citation_author" content="Ada and Lev"><meta name="citation_author" content="Soyuz, Lev">'
    assert extract_record(page(head=head).encode(), URL)["author"] == "Ada and Lev; Soyuz, Lev"
