"""Whole articles told from the side, and look-alikes in the same words."""

import tomllib
from collections import Counter
from pathlib import Path

from pipelines.model import Assessment
from pipelines.topic import assess

ARTICLES = tomllib.loads((Path(__file__).parents[1] / "data/topic_articles.toml").read_text(encoding="utf-8"))[
    "article"
]

# Judged wrongly today; one that comes right must leave its list, so that it stays right.
MISSED = {
    "La chanteuse de Lorient et son refrain tombé du ciel",
    "Toothpaste maker asks crew for a smile, and pays for the postage",
    "Uma câmera do Recife pega carona no cargueiro",
    "عروسک نمدی شیراز به خانه برگشت",
    "皮影戏上天记:一张驴皮和两小时的休息时间",
}
FALSE = {
    "Novitsky ends third tour with a smooth landing",
    "В Самаре сняли документальный фильм о человеке, который паял «Союзы»",
}
WRONG_PROJECTS = {
    "Dizinin son bölümü için oyuncu kapsüle biniyor",
    "Костюм без единой пуговицы: что сшили для Пересильд",
}


def judged(article: dict[str, str]) -> Assessment:
    return assess(title=article["title"], text=article["text"], language=article["lang"].partition("-")[0])


def test_the_articles_cover_languages_and_kinds_of_look_alike() -> None:
    assert sum(bool(article["projects"]) for article in ARTICLES) >= 50
    assert len({article["lang"] for article in ARTICLES}) >= 25
    assert len(Counter(article["kind"] for article in ARTICLES if not article["projects"])) >= 18


def test_articles_told_from_the_side_are_found() -> None:
    assert {a["title"] for a in ARTICLES if a["projects"] and not judged(a).relevant} == MISSED


def test_look_alikes_are_refused() -> None:
    assert {a["title"] for a in ARTICLES if not a["projects"] and judged(a).relevant} == FALSE


def test_projects_are_told_apart() -> None:
    found = [(a, judged(a)) for a in ARTICLES if a["projects"]]
    wrong = {a["title"] for a, verdict in found if verdict.relevant and set(verdict.projects) != set(a["projects"])}
    assert wrong == WRONG_PROJECTS
