"""The story index is a cache: deleted at any time, it comes back from the store and answers as if nothing had been."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake import Arrival, Examined, Intake, Settled, open_index
from pipelines.model import Assessment, Fetched, Page, PublicationDate
from pipelines.store import Store
from tests.pipelines.dedupe_texts import (
    CHINESE,
    CHINESE_TITLE,
    LAUNCH,
    LAUNCH_TITLE,
    RUSSIAN,
    RUSSIAN_TITLE,
    STUDIO,
    STUDIO_TITLE,
    british,
    paragraphs,
    rewritten,
    scanned,
)

FIRST_DAY = date(2021, 9, 25)

#: What outlets print: originals, copies of all kinds, cuts that overlap, a box below everything, texts of one line and of none.
BOX = "\nSubscribe to the Orbit Letter for all films that are shot above the Earth, every Friday in your mailbox."
PRINTED = [
    (LAUNCH_TITLE, LAUNCH),
    (LAUNCH_TITLE, british(LAUNCH)),
    ("Film crew in orbit", rewritten(LAUNCH)),
    (LAUNCH_TITLE, scanned(LAUNCH)),
    (LAUNCH_TITLE, paragraphs(LAUNCH, 0, 1, 2) + BOX),
    ("The Challenge begins", paragraphs(LAUNCH, 3, 4, 5, 6)),
    (STUDIO_TITLE, STUDIO),
    (STUDIO_TITLE, STUDIO + BOX),
    ("Studio above the Earth", paragraphs(STUDIO, 0, 1) + BOX),
    (CHINESE_TITLE, CHINESE),
    (CHINESE_TITLE, CHINESE.split("\n")[0]),
    (RUSSIAN_TITLE, RUSSIAN),
    ("Friday's letter", BOX.strip()),
    ("One line", "A film crew is in orbit."),
    ("Untitled", "?"),
]

#: One page: what it prints, at which of a few addresses, and how many days after the first.
pages = st.lists(
    st.tuples(st.integers(0, len(PRINTED) - 1), st.integers(0, 9), st.integers(0, 80)), min_size=1, max_size=9
)


def arrival(number: int, printed: int, address: int, days: int) -> Arrival:
    title, text = PRINTED[printed]
    url = f"https://outlet{address % 4}.example/{address}"
    instant = datetime(2021, 9, 25, 12, tzinfo=UTC) + timedelta(days=days, minutes=number)
    day = PublicationDate(day=FIRST_DAY + timedelta(days=days), instant=instant, precision="minute", source="jsonld")
    page = Page(url=url, canonical_url=url, title=title, text=text, language="en", date=day)
    fetched = Fetched(f"outlet{address % 4}", url, url, b"", "", instant, "feed")
    return Arrival(fetched, Examined(page, Assessment(relevant=True, score=0.9, projects=("challenge",))))


def settle(data: Path, runs: Sequence[Sequence[Arrival]]) -> list[Settled]:
    """What some runs make of their pages, each with the index opened as the crawl opens it."""
    settled: list[Settled] = []
    for number, arrivals in enumerate(runs):
        store = Store(data)
        with open_index(store, data / ".state" / "stories.sqlite") as index:
            settled += Intake(store, index, run_id=f"r{number}", rules_version="r").settle(arrivals)
        store.fold()
    return settled


def answers(settled: Sequence[Settled]) -> list[tuple[object, ...]]:
    return [
        (s.fate, a.article_id, a.story_id, a.role, a.matched_article_id, a.similarity, a.revision)
        if (a := s.article)
        else (s.fate,)
        for s in settled
    ]


@settings(max_examples=25, deadline=None)
@given(pages, pages, pages)
def test_what_comes_later_gets_the_same_story_after_the_index_was_deleted(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]], later: list[tuple[int, int, int]]
) -> None:
    before, after = (
        [[arrival(number, *page) for number, page in enumerate(run)] for run in runs]
        for runs in ([first, second], [later])
    )
    with tempfile.TemporaryDirectory() as folder:
        grown, rebuilt = Path(folder) / "grown", Path(folder) / "rebuilt"
        settle(grown, before)
        shutil.copytree(grown, rebuilt)
        for file in (rebuilt / ".state").glob("stories.sqlite*"):
            file.unlink()
        assert answers(settle(rebuilt, after)) == answers(settle(grown, after))


def test_articles_that_the_store_has_lost_are_new_when_they_come_again(tmp_path: Path) -> None:
    """A damaged month is emptied, or an older copy of the tables put back, and the index beside them stays."""
    data = tmp_path / "data"
    launch, studio = arrival(0, 0, 0, 0), arrival(1, 6, 1, 40)
    settle(data, [[launch], [studio]])
    for table in ("articles", "stories"):
        shutil.copytree(data / table, tmp_path / "older" / table)
    russian = arrival(2, 11, 2, 1)
    settle(data, [[russian]])
    for table in ("articles", "stories"):
        shutil.rmtree(data / table)
        shutil.copytree(tmp_path / "older" / table, data / table)
    again = settle(data, [[launch, studio, russian]])
    assert [settled.fate for settled in again] == ["duplicate", "duplicate", "stored"]


def test_what_another_host_has_stored_does_not_hide_what_was_lost(tmp_path: Path) -> None:
    data = tmp_path / "data"
    launch, studio = arrival(0, 0, 0, 0), arrival(1, 6, 1, 40)
    settle(data, [[launch, studio]])
    (data / "articles/year=2021/2021-09.parquet").unlink()  # that of the launch
    index = (data / ".state" / "stories.sqlite").read_bytes()
    settle(data, [[arrival(2, 11, 2, 1), arrival(3, 9, 3, 2)]])
    (data / ".state" / "stories.sqlite").write_bytes(index)  # of a host that does not know the two
    assert [settled.fate for settled in settle(data, [[launch, studio]])] == ["stored", "duplicate"]
