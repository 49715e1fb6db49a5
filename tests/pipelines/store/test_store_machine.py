"""Any history at all: articles added, moved, repeated; kills, power cuts, refusals, rebuilds, lost caches; against a dict."""

import itertools
import os
import shutil
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from memory_files import Killed, MemoryFiles, dice
from scenarios import article_ids, claim, die_at, new_disk, told

from pipelines.model import Article
from pipelines.schema import ARTICLES, STORIES
from pipelines.store import Store, check, rebuild_stories
from pipelines.store.rows import row_of, to_rows, to_table
from pipelines.store.stories import derive_story

DAYS = [date(2020, 9, 22), date(2021, 5, 13), date(2021, 9, 30), date(2021, 10, 5), date(2023, 4, 20)]


class StoreMachine(RuleBasedStateMachine):
    """`known` is the model: what has been acknowledged, by id. `offered` also has what was given and not acknowledged."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(mkdtemp())
        self.root = self.folder / "data"
        self.known: dict[str, Article] = {}
        self.offered: dict[str, Article] = {}
        self.disk = MemoryFiles()

    def teardown(self) -> None:
        self.store.heal()
        assert check(self.root, read_data=True, files=self.disk).sound
        before = self.disk.contents(self.root)
        rebuild_stories(self.store)
        assert self.disk.contents(self.root) == before
        shutil.rmtree(self.folder)

    @initialize()
    def begin(self) -> None:
        self.disk = new_disk(self.root)
        self.store = Store(self.root, files=self.disk)

    @rule(batch=st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), max_size=3))
    def add(self, batch: list[tuple[int, int]]) -> None:
        """New articles and old ones; the story and the day of each follow from its number."""
        articles = []
        for number, outlet in batch:
            day = DAYS[number * 3 % 5] + timedelta(days=number)
            new = told(number, 1 + number % 4, day, source=f"outlet{outlet}")
            offered = self.offered.setdefault(f"a{number}", new)
            articles.append((offered, [claim(number, offered.date)]))
        self.store.append_many(articles)
        self.known |= {article.article_id: article for article, _ in articles}

    @rule()
    def fold(self) -> None:
        self.store.fold()

    @rule()
    def rebuild(self) -> None:
        rebuild_stories(self.store)

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.root / ".state", ignore_errors=True)
        self.store = Store(self.root, files=self.disk)

    @rule(point=st.integers(1, 120), seed=st.none() | st.integers(0, 9))
    def die_while_folding(self, point: int, seed: int | None) -> None:
        """By a kill, or with a seed by a power cut."""
        die_at(self.disk, point)
        with suppress(Killed):
            self.store.fold()
        self.disk = self.disk.after_kill() if seed is None else self.disk.after_power_cut(dice(seed))
        self.store = Store(self.root, files=self.disk)

    @rule(number=st.integers(13, 16), point=st.integers(1, 12), seed=st.none() | st.integers(0, 9))
    def die_while_adding(self, number: int, point: int, seed: int | None) -> None:
        article = self.offered.setdefault(f"a{number}", told(number, 1 + number % 4, DAYS[number % 5]))
        die_at(self.disk, point)
        with suppress(Killed):
            self.store.append(article)
            self.known[article.article_id] = article
        self.disk = self.disk.after_kill() if seed is None else self.disk.after_power_cut(dice(seed))
        self.store = Store(self.root, files=self.disk)

    @rule()
    def heal(self) -> None:
        self.store.heal()
        ids = set(article_ids(self.store))
        assert self.known.keys() <= ids <= self.offered.keys()
        self.known |= {id_: self.offered[id_] for id_ in ids}
        rows = to_rows(to_table(ARTICLES, [row_of(article) for article in self.known.values()]))
        by_story = {key: list(group) for key, group in itertools.groupby(sorted(rows, key=_story), key=_story)}
        stored = {row["story_id"]: row for month in self.store.stories() for row in to_rows(month)}
        assert stored == {story: derive_story(articles) for story, articles in by_story.items()}
        claims = [row["claim_id"] for month in self.store.milestones() for row in to_rows(month)]
        assert len(set(claims)) == len(claims)

    @invariant()
    def readable(self) -> None:
        """At any moment every file is whole and has the one schema, and no id is there twice."""
        for table in (ARTICLES, STORIES):
            months = [self.store.months.read(table, stem) for stem in self.store.months.stems(table)]
            ids = [id_ for month in months for id_ in month.column(table.key[0]).to_pylist()]
            assert len(set(ids)) == len(ids)


def _story(row: dict[str, object]) -> str:
    return str(row["story_id"])


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(
    max_examples=300 if os.environ.get("ORBITWATCH_TORTURE") else 12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
)
