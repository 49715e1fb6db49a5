import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.repeats import RepeatedTexts

WALL = "Latest: film crew reaches the station. Choose a plan to go on reading. Visit {n}f3ab."


def test_one_text_under_three_addresses_is_a_wall() -> None:
    texts = RepeatedTexts()
    for n, headline in enumerate(("Film crew docks", "Premiere moved", "Hatch opens")):
        assert not texts.is_repeated("tribune", WALL.format(n=n))
        texts.note("tribune", WALL.format(n=n), key=f"tribune/{n}", headline=headline)
    assert texts.is_repeated("tribune", WALL.format(n=7))
    assert not texts.is_repeated("gazette", WALL.format(n=7)), "another outlet may print the same"
    assert not texts.is_repeated("tribune", "Film crew docks")


def test_one_article_in_three_sections_is_not() -> None:
    texts = RepeatedTexts()
    for section in ("space", "film", "world"):
        texts.note("tribune", WALL, key=f"tribune/{section}/docks", headline="Film crew docks")
    assert not texts.is_repeated("tribune", WALL)


def test_nor_is_one_that_is_listed_with_a_word_before_or_behind() -> None:
    texts = RepeatedTexts()
    for n, headline in enumerate(("Film crew docks", "Science: Film crew docks", "FILM CREW DOCKS (video)")):
        texts.note("tribune", WALL, key=f"tribune/{n}", headline=headline)
    assert not texts.is_repeated("tribune", WALL)


def test_the_same_address_counts_once() -> None:
    texts = RepeatedTexts()
    for headline in ("Film crew docks", "Film crew has docked", "Film crew aboard"):
        texts.note("tribune", WALL, key="tribune/docks", headline=headline)
    assert not texts.is_repeated("tribune", WALL)


def test_without_headlines_addresses_decide() -> None:
    texts = RepeatedTexts()
    for n in range(3):
        texts.note("tribune", WALL, key=f"tribune/{n}", headline="")
    assert texts.is_repeated("tribune", WALL)


DATED = {
    "zh": ("2021年10月5日,俄罗斯摄制组飞往空间站。", "2021年10月17日,摄制组返回地面,导演表示影片将于2023年上映。"),
    "ja": (
        "ロシアの映画撮影隊が5日、宇宙ステーションに到着した。",
        "映画「挑戦」の撮影は12日間の予定で、17日に帰還する。",
    ),
    "ru": ("Съёмочная группа прибыла на МКС 5 октября.", "Режиссёр вернулся на Землю 17 октября."),
}


@pytest.mark.parametrize("language", DATED)
def test_articles_in_any_script_are_told_apart(language: str) -> None:
    texts, (one, other) = RepeatedTexts(), DATED[language]
    for n in range(3):
        texts.note("tribune", one, key=f"tribune/{n}", headline=f"Headline {n}")
    assert texts.is_repeated("tribune", one)
    assert not texts.is_repeated("tribune", other)


def test_a_number_for_each_visitor_makes_no_other_text_in_chinese_either() -> None:
    texts = RepeatedTexts()
    for n in range(3):
        texts.note("tribune", f"请先登录再继续阅读。访问编号{n}f3ab。", key=f"tribune/{n}", headline=f"Headline {n}")
    assert texts.is_repeated("tribune", "请先登录再继续阅读。访问编号9c1。")


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_repeated_after_three_addresses(text: str) -> None:
    texts = RepeatedTexts()
    for n in range(3):
        texts.note("tribune", text, key=f"tribune/{n}", headline=f"Headline {n}")
    assert texts.is_repeated("tribune", text)
