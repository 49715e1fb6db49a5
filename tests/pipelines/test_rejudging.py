"""Stored articles judged again come out as the crawl would judge them today, and no article is lost by it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from crawler.judging import FEW, judging
from pipelines.catalogue.projects import Projects, load_projects
from pipelines.dedupe import StoryIndex
from pipelines.intake import Arrival, Intake, examine
from pipelines.milestones import ClaimFinder
from pipelines.model import Fetched
from pipelines.rejudging import Rejudge, StoredArticle, rejudge
from pipelines.store import Store, check, rebuild_stories
from pipelines.topic import Judge
from tests.pipelines.rows import article, milestone

FILMED = (
    "The actress Yulia Peresild and the director Klim Shipenko arrived at the International Space Station on 5 October 2021 "
    "aboard Soyuz MS-19 to shoot scenes of the feature film The Challenge.\n"
    "It is the first feature film shot in orbit. They will return to Earth on 17 October 2021, after twelve days of filming."
)
GARDEN = (
    "The town council has opened a garden behind the library. Roses were planted, and a band played until the evening."
)
NOON = datetime(2021, 10, 5, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def projects() -> Projects:
    return load_projects()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Articles 1 and 2 were judged wrongly by older rules; 3 is a copy of 2, and told in another month."""
    store = Store(tmp_path / "data")
    forgotten = {"projects": (), "relevance": 0.1, "matched_terms": ()}
    store.append(article(1, title="Film crew docks", text=FILMED, **forgotten))
    store.append(article(2, title="Roses for readers", text=GARDEN), [milestone(2, published=date(2021, 10, 5))])
    november = {"date": date(2021, 11, 2), "published_at": NOON.replace(month=11, day=2)}
    store.append(article(3, title="Roses for readers", text=GARDEN, story_id="s2", role="copy", **november))
    store.fold()
    return store


@pytest.fixture
def again(store: Store, projects: Projects) -> Callable[..., object]:
    def run(*, topic: bool = True, milestones: bool = True, dry_run: bool = False) -> object:
        judge = Rejudge(projects, topic=topic, milestones=milestones)
        return rejudge(store, lambda batch: map(judge, batch), dry_run=dry_run)

    return run


def contents(store: Store) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(store.root.glob("*/year=*/*.parquet"))}


def stored(store: Store, name: str) -> pd.DataFrame:
    return pd.read_parquet(store.root / name)


def test_verdicts_claims_and_stories_follow_the_rules(store: Store, again: Callable, projects: Projects) -> None:
    report = again()
    assert (report.articles, report.changed) == (3, 3)
    assert [turned.article_id for turned in report.on_topic] == ["a1"]
    assert [turned.article_id for turned in report.off_topic] == ["a2", "a3"]
    assert report.stories == {"s1", "s2"}
    rows = stored(store, "articles").set_index("article_id")
    assert {id_: list(ids) for id_, ids in rows["projects"].items()} == {"a1": ["challenge"], "a2": [], "a3": []}
    assert rows["relevance"]["a1"] > 0.9
    assert rows["relevance"]["a2"] < 0.1
    assert set(rows["rules_version"]) == {projects.version}
    assert list(rows["text"]) == [FILMED, GARDEN, GARDEN]
    rebuild_stories(store)
    assert list(stored(store, "stories")["story_id"]) == ["s1"]
    claimed = stored(store, "milestones")
    assert set(claimed["article_id"]) == {"a1"}
    assert ("return", date(2021, 10, 17)) in set(zip(claimed["milestone"], claimed["claimed_date"], strict=True))
    assert (report.claims, report.claims_new, report.claims_gone) == (len(claimed), len(claimed), 1)
    assert check(store.root, read_data=True).sound


def test_a_second_time_changes_no_byte(store: Store, again: Callable) -> None:
    again()
    rebuild_stories(store)
    before = contents(store)
    report = again()
    assert (report.articles, report.changed, report.claims_new, report.claims_gone) == (3, 0, 0, 0)
    rebuild_stories(store)
    assert contents(store) == before


def test_a_dry_run_says_the_same_and_changes_nothing(store: Store, again: Callable) -> None:
    before = contents(store)
    tried = again(dry_run=True)
    assert contents(store) == before
    assert tried == again()


def test_claims_alone_go_by_the_stored_projects(store: Store, again: Callable) -> None:
    report = again(topic=False)
    assert (report.changed, report.off_topic, report.claims_gone) == (0, [], 1)
    rows = stored(store, "articles").set_index("article_id")
    assert list(rows["projects"]["a1"]) == []  # so nothing is claimed about it
    assert stored(store, "milestones").empty


def test_topic_alone_leaves_the_claims(store: Store, again: Callable) -> None:
    report = again(milestones=False)
    assert (report.changed, report.claims) == (3, 0)
    assert list(stored(store, "milestones")["claim_id"]) == ["c2"]


def test_what_waits_in_the_journal_is_judged_too(store: Store, again: Callable) -> None:
    store.append(article(4, text=GARDEN))
    assert again().articles == 4


def test_months_are_told_as_they_begin(store: Store, projects: Projects) -> None:
    judge, told = Rejudge(projects, topic=True, milestones=False), []
    rejudge(store, lambda batch: map(judge, batch), on_month=lambda *said: told.append(said))
    assert told == [("2021-10", 0, 2), ("2021-11", 1, 2)]


def test_the_crawl_and_a_rebuild_judge_alike(tmp_path: Path, projects: Projects) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in FILMED.split("\n"))
    body = f"""<html lang=en><head><title>Film crew docks</title>
        <meta property="article:published_time" content="2021-10-05T12:00:00Z"></head>
        <body><article><h1>Film crew docks</h1>{paragraphs}</article></body></html>"""
    url = "https://tribune.example/film-crew"
    fetched = Fetched("tribune", url, url, body.encode(), "utf-8", NOON, "feed")
    examined = examine(fetched, judge=Judge(projects), finder=ClaimFinder(projects), timezone="UTC", now=NOON)
    store = Store(tmp_path / "data")
    with StoryIndex(":memory:") as index:
        intake = Intake(store, index, run_id="run", rules_version=projects.version)
        assert intake.settle([Arrival(fetched, examined)])[0].fate == "stored"
    store.fold()
    assert not stored(store, "milestones").empty
    before = contents(store)
    judge = Rejudge(projects, topic=True, milestones=True)
    assert rejudge(store, lambda batch: map(judge, batch)).changed == 0
    assert contents(store) == before


def test_many_processes_judge_like_one(projects: Projects) -> None:
    told = [
        StoredArticle(f"a{number}", "s1", "tribune", "", "Film crew docks", text, "en", date(2021, 10, 5), (), 0.0, ())
        for number, text in enumerate([FILMED, GARDEN] * 20)
    ]
    with judging(projects, topic=True, milestones=True, articles=FEW) as by_many:
        judged = list(by_many(told))
    with judging(projects, topic=True, milestones=True, articles=1) as by_one:
        assert judged == list(by_one(told))
    assert [bool(judgement.verdict["projects"]) for judgement in judged] == [True, False] * 20
