"""Which story is it, and is it new? The step that writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.accounting import PageFate
from pipelines.intake.drafts import Draft
from pipelines.intake.examining import Examined
from pipelines.model import Article, Fetched

if TYPE_CHECKING:
    from pipelines.dedupe import StoryIndex
    from pipelines.raw import RawFile
    from pipelines.store import Store

STORY_INDEX = ".state/stories.sqlite"
"""The story index's file, below the data directory."""

#: Columns of the articles that the story index needs.
_REPLAYED = [
    "article_id",
    "story_id",
    "role",
    "matched_article_id",
    "similarity",
    "revision",
    "canonical_url",
    "title",
    "text",
    "date",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that has been examined and waits for its fate.

    Attributes:
        fetched: where it came from; its body is not needed any more.
        examined: what was found in it.
        first_seen: when its address was first fetched, None when that is now.
        raw: its raw record, b"" when none is to be kept.
    """

    fetched: Fetched
    examined: Examined
    first_seen: datetime | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a page.

    Attributes:
        fate: for the books.
        reason: why it was dropped, "" otherwise.
        article: the stored row, None unless the fate is "stored".
    """

    fate: PageFate
    reason: str = ""
    article: Article | None = None


def open_index(store: "Store", path: Path) -> "StoryIndex":
    """The story index, with every stored article in it and no other.

    The index is a cache. What it lacks, because it is new, was deleted or its last transaction was lost, it takes from
    the store. One that knows articles which the store has lost (a damaged month, an older copy put back) is made anew,
    or they would be duplicates for ever.

    Args:
        store: what its journal holds must have been folded (`Store.heal`): the index knows that already.
        path: the file.

    Raises:
        StoreError: when the store cannot be read.
        OSError: when the index can be neither read nor written.
    """
    from pipelines.dedupe import StoryIndex  # noqa: PLC0415 - a worker that examines pages never opens one

    stored = sum(table.num_rows for table in store.articles(columns=["article_id"]))
    index = StoryIndex(path)
    if len(index) < stored:
        _replay_missing(store, index)
    # Also after that: others may have stored what it lacks, while it knows what was lost.
    if len(index) > stored:
        index.close()
        forget_index(path)
        index = StoryIndex(path)
        _replay_missing(store, index)
    return index


def forget_index(path: Path) -> None:
    """Removes the file of a story index that nobody has open; `open_index` makes it anew."""
    for file in path.parent.glob(f"{path.name}*"):  # SQLite's own files beside it go with it
        file.unlink()


def _replay_missing(store: "Store", index: "StoryIndex") -> None:
    for month in store.articles(columns=_REPLAYED):
        rows = month.to_pylist()
        missing = set(index.missing(row["article_id"] for row in rows))
        index.replay(row for row in rows if row["article_id"] in missing)


class Intake:
    """Gives examined pages their story and hands them to the store.

    Args:
        store: journals articles.
        index: knows the stories so far.
        run_id: goes into every row.
        rules_version: version of projects.toml and the rules.
        raw: keeps the raw records of drafts that have one; None when the run keeps none.
    """

    def __init__(
        self, store: "Store", index: "StoryIndex", *, run_id: str, rules_version: str, raw: "RawFile | None" = None
    ) -> None:
        self._store = store
        self._index = index
        self._run_id = run_id
        self._rules_version = rules_version
        self._raw = raw

    def settle(self, arrivals: Sequence[Arrival]) -> list[Settled]:
        """Decides the fates of pages, and stores those that are relevant and new.

        Returns:
            One fate for each arrival, in their order.

        Raises:
            StoreError: when the journal, or a raw record, cannot be written; none of them is then acknowledged.
            OSError: when the index cannot.
        """
        fates: list[Settled | None] = []
        drafts = []
        for arrival in arrivals:
            fetched, examined = arrival.fetched, arrival.examined
            page, assessment = examined.page, examined.assessment
            if page is None or assessment is None:
                fates.append(Settled("dropped", examined.reason or "no_text"))
            elif not assessment.relevant:
                fates.append(Settled("off_topic"))
            else:
                fates.append(None)
                drafts.append(
                    Draft.of(
                        fetched,
                        page,
                        assessment,
                        examined.claims,
                        first_seen=arrival.first_seen,
                        rules_version=self._rules_version,
                        raw=arrival.raw,
                    )
                )
        stored = iter(self.store(drafts))
        return [fate or next(stored) for fate in fates]

    def store(self, drafts: Sequence[Draft]) -> list[Settled]:
        """Stores the drafts that are new, all of them with one sync.

        They are given their stories in the order of their publication, not of their arrival, so that the outlet that
        had a story first is its original.

        Returns:
            One fate for each draft, in their order: stored or duplicate.

        Raises:
            StoreError: when the journal, or a raw record, cannot be written; none of them is then acknowledged.
            OSError: when the index cannot.
        """
        new: dict[str, Draft] = {}
        fates: list[Settled | None] = []
        for draft in drafts:
            article_id = draft.article.article_id
            # The id speaks of the first reading. A page that was read again by newer rules shows what is stored.
            known = article_id in new or self._index.has(article_id) or self._index.shows(draft.document())
            fates.append(Settled("duplicate") if known else None)
            if not known:
                new[article_id] = draft
        stored = iter(self._store_new(list(new.values())))
        return [fate or Settled("stored", article=next(stored)) for fate in fates]

    def _store_new(self, drafts: list[Draft]) -> list[Article]:
        # The index keeps an article only once the journal has it: one that it alone knew would be a duplicate for ever.
        with self._index.placing([draft.document() for draft in drafts]) as matches:
            rows = [draft.placed(match, self._run_id) for draft, match in zip(drafts, matches, strict=True)]
            if self._raw is not None:
                # Before the journal, so that every article that is stored has its record.
                self._raw.append(draft.raw for draft in drafts)
            self._store.append_many(rows)
        return [article for article, _ in rows]
