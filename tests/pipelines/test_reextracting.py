"""Articles read again from their raw records come out as today's rules read them, and stay the same articles."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from pipelines import reextracting
from pipelines.catalogue.projects import Projects, load_projects
from pipelines.intake import STORY_INDEX, Arrival, Examined, Intake, Settled, examine, open_index
from pipelines.intake.keeping import raw_of
from pipelines.milestones import ClaimFinder
from pipelines.model import Fetched, PublicationDate
from pipelines.raw import RawFile, RawPlace, find_raw, read_raw
from pipelines.reextracting import READ, Reextracted, Reread, reextract
from pipelines.store import Store, StoreFault, check
from pipelines.topic import Judge

NOON = datetime(2021, 11, 2, 12, tzinfo=UTC)
DAY = date(2021, 10, 5)

#: Two outlets in their own words, and a copy of the first.
DOCKED = (
    "The actress Yulia Peresild and the director Klim Shipenko arrived at the International Space Station on Tuesday to shoot scenes of the feature film The Challenge.",
    "It is the first feature film shot in orbit. They will return to Earth on 17 October 2021, after twelve days of filming.",
)
STUDIO = (
    "A film studio is to be docked to the International Space Station in 2024, its makers said, with room for a film crew of six.",
    "The module is called SEE-1 and is built for Space Entertainment Enterprise, which also produces the film that Tom Cruise wants to shoot there.",
)
PAGES = {
    "https://tribune.example/docked": ("Film crew docks", DOCKED),
    "https://gazette.example/studio": ("A film studio above the Earth", STUDIO),
    "https://courier.example/docked": ("Film crew docks", DOCKED),
}


def page(url: str, *, edited: str = "") -> Fetched:
    title, paragraphs = PAGES[url]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs, edited))
    body = f"""<html lang="en"><head><title>{title}</title>
        <meta property="article:published_time" content="{DAY}T12:00:00Z"><meta name="author" content="Ada Holm"></head>
        <body><article><h1>{title}</h1>{text}</article></body></html>"""
    source = url.removeprefix("https://").partition(".")[0]
    return Fetched(source, url, url, body.encode(), "utf-8", NOON, "feed")


class Rules:
    """Today's rules, and those of a predecessor that read pages less well."""

    def __init__(self, projects: Projects) -> None:
        self.version = projects.version
        self._judge, self._finder = Judge(projects), ClaimFinder(projects)

    def today(self, fetched: Fetched) -> Examined:
        return examine(fetched, judge=self._judge, finder=self._finder, timezone="UTC", now=fetched.fetched_at)

    def before(self, fetched: Fetched) -> Examined:
        """With the menu in the text, the outlet's name in the title, no author, and the day of the last change."""
        found = self.today(fetched)
        assert found.page is not None
        later = PublicationDate(NOON.date(), NOON, "minute", "htmldate")
        read = replace(
            found.page,
            title=f"{found.page.title} - News",
            text=f"Home News Sport\n{found.page.text}",
            authors=(),
            date=later,
            extractor="older 1",
        )
        return replace(found, page=read, claims=found.claims[:1])

    def reread_all(self, places: Sequence[RawPlace]) -> Iterator[Reread | None]:
        for place in places:
            fetched = read_raw(place).fetched
            yield Reread(replace(fetched, body=b""), self.today(fetched))


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(load_projects())


Crawl = Callable[..., list[Settled]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def crawl(store: Store, rules: Rules) -> Crawl:
    """A run that keeps raw records; each has an hour of its own."""
    runs = iter(range(1000))

    def run(reading: Callable[[Fetched], Examined], *pages: Fetched) -> list[Settled]:
        started = NOON + timedelta(hours=next(runs))
        run_id = f"{started:%Y%m%dT%H%M%S.%f}Z"
        raw = RawFile(store.root, run_id, store.files, lambda: started)
        store.heal()
        with open_index(store, store.root / STORY_INDEX) as index:
            intake = Intake(store, index, run_id=run_id, rules_version="older rules", raw=raw)
            arrivals = []
            for fetched in pages:
                examined = reading(fetched)
                packed = raw_of(fetched, examined, first_seen=None, timezone="UTC")
                arrivals.append(Arrival(replace(fetched, body=b""), examined, raw=packed))
            settled = intake.settle(arrivals)
        store.fold()
        return settled

    return run


@pytest.fixture
def older(store: Store, rules: Rules, crawl: Crawl) -> Store:
    """Three articles as the predecessor read them."""
    assert [settled.fate for settled in crawl(rules.before, *map(page, PAGES))] == ["stored"] * 3
    return store


def again(store: Store, rules: Rules, *, dry_run: bool = False) -> Reextracted:
    archive = find_raw(store.root, set(articles(store).index))
    return reextract(store, archive, rules.reread_all, rules_version=rules.version, dry_run=dry_run)


def articles(store: Store) -> pd.DataFrame:
    return pd.read_parquet(store.root / "articles").set_index("article_id").sort_index()


def contents(store: Store) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(store.root.glob("*/year=*/*.parquet"))}


def forget_index(store: Store) -> None:
    for file in (store.root / STORY_INDEX).parent.glob("stories.sqlite*"):
        file.unlink()


def test_articles_are_read_again_and_stay_the_same_articles(older: Store, rules: Rules, tmp_path: Path) -> None:
    before = articles(older)
    report = again(older, rules)
    assert (len(report.read), report.changed, report.moved, report.unreadable) == (3, 3, 3, 0)
    after = articles(older)
    others = [name for name in after.columns if name not in READ]
    pd.testing.assert_frame_equal(after[others], before[others])

    fresh = Store(tmp_path / "fresh")
    with open_index(fresh, fresh.root / STORY_INDEX) as index:
        intake = Intake(fresh, index, run_id="run", rules_version=rules.version)
        intake.settle([Arrival(fetched, rules.today(fetched)) for fetched in map(page, PAGES)])
    fresh.fold()
    columns = ["url", *READ]
    by_url = [articles(each).reset_index()[columns].sort_values("url", ignore_index=True) for each in (older, fresh)]
    pd.testing.assert_frame_equal(*by_url)
    assert set(after["date"]) == {DAY}

    claims = [pd.read_parquet(each.root / "milestones") for each in (older, fresh)]
    told = [sorted(zip(each["source"], each["milestone"], each["published"], strict=True)) for each in claims]
    assert told[0] == told[1] != []
    assert set(claims[0]["article_id"]) <= set(after.index)
    assert older.months.read(reextracting.ARTICLES, "2021-11").num_rows == 0
    assert check(older.root, read_data=True).sound


def test_a_second_time_changes_no_byte(older: Store, rules: Rules) -> None:
    again(older, rules)
    before = contents(older)
    report = again(older, rules)
    assert (len(report.read), report.changed) == (3, 0)
    assert contents(older) == before


def test_a_dry_run_says_the_same_and_changes_nothing(older: Store, rules: Rules) -> None:
    before = contents(older)
    tried = again(older, rules, dry_run=True)
    assert contents(older) == before
    assert tried == again(older, rules)


def test_a_page_that_cannot_be_read_keeps_what_it_has(older: Store, rules: Rules) -> None:
    before = contents(older)
    archive = find_raw(older.root, set(articles(older).index))
    answers = [None, Reread(page(next(iter(PAGES))), Examined(reason="no_text")), None]
    report = reextract(older, archive, lambda places: answers, rules_version=rules.version)
    assert (report.read, report.changed, report.unreadable) == (set(), 0, 3)
    assert contents(older) == before


def test_a_page_that_is_off_topic_today_keeps_its_row(older: Store, rules: Rules) -> None:
    archive = find_raw(older.root, set(articles(older).index))

    def strict(places: Sequence[RawPlace]) -> Iterator[Reread | None]:
        for reread in rules.reread_all(places):
            assessment = replace(reread.examined.assessment, relevant=False, score=0.1, projects=())
            yield replace(reread, examined=replace(reread.examined, assessment=assessment, claims=()))

    assert reextract(older, archive, strict, rules_version="r").changed == 3
    assert [list(projects) for projects in articles(older)["projects"]] == [[], [], []]
    assert pd.read_parquet(older.root / "milestones").empty
    assert pd.read_parquet(older.root / "stories").empty


def test_killed_between_batches_it_ends_like_one_that_was_not(
    older: Store, rules: Rules, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reextracting, "BATCH", 1)
    amend, done = older.amend, iter(range(9))

    def killed(batch: object) -> None:
        if next(done) == 1:
            raise KeyboardInterrupt
        amend(batch)

    with monkeypatch.context() as patched:
        patched.setattr(older, "amend", killed)
        with pytest.raises(KeyboardInterrupt):
            again(older, rules)
    assert set(articles(older)["extractor"]) > {"older 1"}
    assert again(older, rules).changed == 2
    assert set(articles(older)["date"]) == {DAY}
    assert check(older.root, read_data=True).sound


def test_the_unchanged_page_is_no_new_version_afterwards(older: Store, rules: Rules, crawl: Crawl) -> None:
    again(older, rules)
    forget_index(older)
    assert [settled.fate for settled in crawl(rules.today, *map(page, PAGES))] == ["duplicate"] * 3
    assert len(articles(older)) == 3
    correction = page(
        "https://tribune.example/docked", edited="A correction was made to the name of the ship on Tuesday."
    )
    (settled,) = crawl(rules.today, correction)
    assert settled.fate == "stored"
    assert (settled.article.role, settled.article.revision) == ("update", 1)


def test_every_stored_article_has_its_record_and_no_other_page_has(store: Store, rules: Rules, crawl: Crawl) -> None:
    first, *rest = map(page, PAGES)
    crawl(rules.today, first)
    crawl(rules.today, first, *rest)
    archive = find_raw(store.root, set(articles(store).index))
    assert sorted(archive.places) == list(articles(store).index)
    assert (archive.records, archive.without_article) == (3, 0)


def test_a_crash_after_the_record_and_before_the_journal_costs_nothing(
    store: Store, rules: Rules, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = page("https://tribune.example/docked")
    with monkeypatch.context() as patched:

        def killed(rows: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(store, "append_many", killed)
        with pytest.raises(KeyboardInterrupt):
            crawl(rules.before, fetched)
    orphaned = find_raw(store.root, set())
    assert (orphaned.records, orphaned.without_article) == (1, 1)
    later = replace(fetched, fetched_at=NOON + timedelta(hours=1))
    assert crawl(rules.before, later)[0].fate == "stored"
    (article_id,) = articles(store).index
    archive = find_raw(store.root, {article_id})
    assert archive.records == 2
    assert read_raw(archive.places[article_id]).fetched == later
    assert again(store, rules).changed == 1


def test_without_its_record_no_article_is_acknowledged(
    store: Store, rules: Rules, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = page("https://tribune.example/docked")
    with monkeypatch.context() as patched:

        def full(self: RawFile, records: object) -> None:
            raise StoreFault("cannot keep raw records", OSError(28, "full"))

        patched.setattr(RawFile, "append", full)
        with pytest.raises(StoreFault):
            crawl(rules.today, fetched)
    store.heal()
    assert not (store.root / "articles").exists()
    assert crawl(rules.today, fetched)[0].fate == "stored"
