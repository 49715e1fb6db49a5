import tomllib
from pathlib import Path
from unicodedata import category
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.worth_fetching import is_worth_fetching, words_of_address
from pipelines.catalogue.projects import load_projects
from pipelines.topic import Judge

CASES = tomllib.loads((Path(__file__).parents[2] / "data" / "topic_cases.toml").read_text(encoding="utf-8"))["relevant"]
NUMBERED = "https://outlet.example/news/48151623"


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_projects())


def slug_of(title: str) -> str:
    words = "".join(char if category(char)[0] in "LMN" else " " for char in title.lower()).split()
    return f"https://outlet.example/2021/10/05/{quote('-'.join(words))}.html"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://outlet.example/2021/10/05/soyuz-ms-19-lifts_off.html?id=7#top", "soyuz ms 19 lifts off"),
        ("https://outlet.example/science/2021-10-05/a+b/", "science a b"),
        ("https://outlet.example/%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2-%D0%BC%D0%BA%D1%81", "вызов мкс"),
        ("https://outlet.example/", ""),
        ("http://[", ""),
    ],
)
def test_words_of_an_address(url, words):
    assert words_of_address(url) == words


def test_most_headlines_are_enough(judge):
    by_title = [case for case in CASES if is_worth_fetching(judge, url=NUMBERED, title=case["title"])]
    by_address = [case for case in by_title if is_worth_fetching(judge, url=slug_of(case["title"]))]
    assert len(by_title) >= 0.85 * len(CASES)
    assert len(by_address) >= 0.97 * len(by_title)


def test_a_description_helps(judge):
    assert not is_worth_fetching(judge, url=NUMBERED, title="Wanted: a woman who can act")
    description = "A film is to be shot on the International Space Station."
    assert is_worth_fetching(judge, url=NUMBERED, title="Wanted: a woman who can act", description=description)


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://outlet.example/2021/10/05/council-votes-on-new-roads", "Council votes on new roads"),
        ("https://outlet.example/space/cosmonauts-repair-leak-on-space-station", "Cosmonauts repair leak"),
        (NUMBERED, ""),
    ],
)
def test_the_rest_of_the_news_is_not_fetched(judge, url, title):
    assert not is_worth_fetching(judge, url=url, title=title)


@given(url=st.text(), title=st.text(), description=st.text())
def test_any_text(judge, url, title, description):
    is_worth_fetching(judge, url=f"https://outlet.example/{url}", title=title, description=description)
    words_of_address(url)
