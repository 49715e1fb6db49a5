"""Stories that grow from run to run."""

import errno
import random
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipelines.dedupe import StoryIndex, cluster_documents
from pipelines.dedupe.fingerprint import MAX_CHARACTERS
from pipelines.dedupe.postings import COMMON
from pipelines.model import Match
from tests.pipelines.dedupe_texts import (
    LAUNCH,
    LAUNCH_TITLE,
    STUDIO,
    STUDIO_TITLE,
    british,
    doc,
    forecast,
    paragraphs,
    rewritten,
    scanned,
)


@pytest.fixture
def index(tmp_path: Path) -> StoryIndex:
    return StoryIndex(tmp_path / "state" / "stories.sqlite")


def row(document: dict[str, Any], match: Match) -> dict[str, Any]:
    """The articles-table row that the store would keep."""
    return {
        "article_id": document["id"],
        "story_id": match.story_id,
        "role": match.role,
        "matched_article_id": match.matched_article_id,
        "similarity": match.similarity,
        "revision": match.revision,
        **{name: document[name] for name in ("title", "text", "url", "date")},
    }


def postings(path: Path) -> list[tuple[int, ...]]:
    """What the index has written down of shingles."""
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT * FROM postings").fetchall()


def a_month_of_news() -> list[dict[str, Any]]:
    """Two stories with copies, a daily template and short notices, through October."""
    documents = [
        doc(1, LAUNCH_TITLE, LAUNCH),
        doc(2, STUDIO_TITLE, STUDIO, date="2021-10-05"),
        doc(3, LAUNCH_TITLE, british(LAUNCH), date="2021-10-05"),
        doc(4, "Film crew in orbit", rewritten(LAUNCH), date="2021-10-06"),
        doc(5, STUDIO_TITLE, paragraphs(STUDIO, 0, 1), date="2021-10-06"),
        doc(6, LAUNCH_TITLE, scanned(LAUNCH), date="2021-10-07"),
        doc(7, "Studio above the Earth", STUDIO, date="2021-10-09"),
        doc(8, LAUNCH_TITLE, paragraphs(LAUNCH, 0, 1, 2), date="2021-10-12"),
    ]
    for day in range(1, 29):
        title, text = forecast(
            ("Baikonur", "Plesetsk")[day % 2], day, 7 + day * 5 % 13, 50 + day * 7 % 41, 10 + day * 3 % 29
        )
        documents.append(doc(100 + day, title, text, date=f"2021-10-{day:02d}"))
    return sorted(documents, key=lambda document: (document["date"], document["id"]))


def test_a_story_collects_its_copies_and_says_what_they_are(index: StoryIndex) -> None:
    original, copy, teaser, other = index.place(
        [
            doc(1, LAUNCH_TITLE, LAUNCH),
            doc(2, "Crew in orbit", LAUNCH, date="2021-10-06"),
            doc(3, LAUNCH_TITLE, paragraphs(LAUNCH, 0), date="2021-10-06"),
            doc(4, STUDIO_TITLE, STUDIO, date="2021-10-06"),
        ]
    )
    assert original == Match(original.story_id, "original", None, 1.0, 0)
    assert copy == Match(original.story_id, "copy", "a0001", 1.0, 0)
    assert (teaser.story_id, teaser.role) == (original.story_id, "excerpt")
    assert teaser.matched_article_id in {"a0001", "a0002"}
    assert teaser.similarity > 0.9
    assert other.role == "original"
    assert other.story_id != original.story_id


def test_story_ids_follow_from_the_first_article(tmp_path: Path) -> None:
    first, second = (
        [match.story_id for match in StoryIndex(tmp_path / name).place(a_month_of_news())] for name in "ab"
    )
    assert first == second == cluster_documents(a_month_of_news())


def test_the_answers_come_in_the_order_of_the_batch() -> None:
    documents = a_month_of_news()
    expected = dict(zip((document["id"] for document in documents), cluster_documents(documents), strict=True))
    random.Random(7).shuffle(documents)  # noqa: S311 - a fixed order, no secret
    assert cluster_documents(documents) == [expected[document["id"]] for document in documents]


def test_runs_give_the_same_stories_as_one_pass(index: StoryIndex) -> None:
    documents = a_month_of_news()
    streamed = []
    for start in range(0, len(documents), 5):
        streamed += index.add(documents[start : start + 5])
        index.reopen()
    assert streamed == cluster_documents(documents)


@pytest.mark.parametrize(("chunk", "held"), [(1, 0), (40, 0), (40, 100), (1, 10**6)])
def test_how_much_is_read_at_once_changes_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, held: int
) -> None:
    documents = a_month_of_news()
    with StoryIndex(tmp_path / "whole") as index:
        expected, rows = index.place(documents), postings(tmp_path / "whole")
    monkeypatch.setattr("pipelines.dedupe.index.CHUNK", chunk)
    monkeypatch.setattr("pipelines.dedupe.postings.HELD", held)
    with StoryIndex(tmp_path / "parts") as index:
        assert index.place(documents) == expected
        assert postings(tmp_path / "parts") == rows


@pytest.mark.parametrize("seed", range(4))
def test_an_index_made_again_in_any_order_answers_as_the_old_one_did(tmp_path: Path, seed: int) -> None:
    documents = a_month_of_news()
    early, late = documents[:24], documents[24:]
    with StoryIndex(tmp_path / "grown") as grown, StoryIndex(tmp_path / "made") as made:
        history = [row(document, match) for document, match in zip(early, grown.place(early), strict=True)]
        random.Random(seed).shuffle(history)  # noqa: S311 - a fixed order, no secret
        assert made.replay(history) == len(history)
        assert made.replay(history) == 0
        assert made.place(late) == grown.place(late)


def test_a_replayed_story_keeps_an_id_that_today_would_be_another(index: StoryIndex) -> None:
    document = doc(1, LAUNCH_TITLE, LAUNCH)
    index.replay([row(document, Match("s-of-old", "original"))])
    assert index.add([doc(2, LAUNCH_TITLE, british(LAUNCH))]) == ["s-of-old"]
    assert index.place([document]) == [Match("s-of-old", "original")]


def test_an_article_that_comes_twice_in_a_batch_is_placed_once(index: StoryIndex) -> None:
    one, other = index.place([doc(1, LAUNCH_TITLE, LAUNCH)] * 2)
    assert one == other
    assert len(index) == 1


def test_an_article_that_is_known_gets_its_answer_again(index: StoryIndex) -> None:
    documents = a_month_of_news()
    first = index.place(documents)
    assert index.place(documents) == first
    assert len(index) == len(documents)


def test_a_changed_text_at_an_address_is_an_update(index: StoryIndex) -> None:
    url = "https://kosmokurier.example/film"
    first = doc(1, LAUNCH_TITLE, LAUNCH, url=url)
    second = doc(2, LAUNCH_TITLE, LAUNCH + "\nThe hatch was opened at 15:00 GMT.", url=url, date="2021-10-06")
    third = doc(3, "Crew welcomed aboard", rewritten(LAUNCH), url=url, date="2022-10-06")
    matches = [index.place([document])[0] for document in (first, second, third)]
    assert [match.story_id for match in matches] == [matches[0].story_id] * 3
    assert [match.role for match in matches] == ["original", "update", "update"]
    assert [match.revision for match in matches] == [0, 1, 2]
    assert [match.matched_article_id for match in matches] == [None, "a0001", "a0002"]


def test_the_same_text_at_an_address_is_no_revision(index: StoryIndex) -> None:
    url = "https://kosmokurier.example/film"
    index.place([doc(1, LAUNCH_TITLE, LAUNCH, url=url)])
    (again,) = index.place([doc(2, LAUNCH_TITLE, british(LAUNCH), url=url)])
    assert (again.role, again.revision, again.matched_article_id) == ("copy", 0, "a0001")


def test_what_an_address_has_shown_is_known_under_any_id(index: StoryIndex) -> None:
    first = doc(1, LAUNCH_TITLE, LAUNCH)
    index.add([first])
    assert index.shows(first | {"id": "another"})
    assert not index.shows(first | {"id": "another", "title": "Film crew in orbit"})
    assert not index.shows(first | {"id": "another", "text": LAUNCH.replace(",", ";")})
    assert not index.shows(first | {"id": "another", "url": "https://elsewhere.example/1"})


def test_a_text_beyond_what_is_compared_is_not_known_by_its_beginning(index: StoryIndex) -> None:
    long = doc(1, LAUNCH_TITLE, LAUNCH * (MAX_CHARACTERS // len(LAUNCH) + 1))
    index.add([long])
    assert not index.shows(long | {"id": "another", "text": f"{long['text']} The end."})


def test_an_address_that_shows_something_else_starts_a_story(index: StoryIndex) -> None:
    url = "https://kosmokurier.example/latest"
    first, second = (index.place([document])[0] for document in (
        doc(1, LAUNCH_TITLE, LAUNCH, url=url), doc(2, STUDIO_TITLE, STUDIO, url=url, date="2021-11-02")
    ))  # fmt: skip
    assert second.story_id != first.story_id
    assert (second.role, second.revision) == ("original", 1)


def test_spellings_of_an_address_are_one_address(index: StoryIndex) -> None:
    plain = doc(1, LAUNCH_TITLE, LAUNCH, url="https://kosmokurier.example/film")
    tracked = doc(2, LAUNCH_TITLE, LAUNCH + "\nMore soon.", url="http://www.kosmokurier.example/film?utm_source=feed")
    assert [match.role for match in index.place([plain, tracked])] == ["original", "update"]


def test_the_outlet_that_published_first_is_the_original(index: StoryIndex) -> None:
    late = {**doc(1, LAUNCH_TITLE, LAUNCH), "published": "2021-10-05T15:00:00+00:00"}
    early = {**doc(2, LAUNCH_TITLE, british(LAUNCH)), "published": "2021-10-05T09:10:00+00:00"}
    assert [match.role for match in index.place([late, early])] == ["copy", "original"]


def test_a_match_key_stands_for_the_address(index: StoryIndex) -> None:
    plain = {**doc(1, LAUNCH_TITLE, LAUNCH), "match_key": "kosmokurier.example/film"}
    mobile = {**doc(2, LAUNCH_TITLE, LAUNCH + "\nMore soon."), "match_key": "kosmokurier.example/film"}
    assert [match.role for match in index.place([plain, mobile])] == ["original", "update"]


def test_a_late_original_joins_the_story_of_its_copies(index: StoryIndex) -> None:
    (copy,) = index.place([doc(2, LAUNCH_TITLE, british(LAUNCH), date="2021-10-07")])
    (late,) = index.place([doc(1, LAUNCH_TITLE, LAUNCH, date="2021-10-05")])
    assert late.story_id == copy.story_id


def test_near_copies_are_looked_for_in_the_window_and_equal_words_for_ever(index: StoryIndex) -> None:
    (first,) = index.add([doc(1, LAUNCH_TITLE, LAUNCH, date="2021-10-05")])
    assert index.add([doc(2, LAUNCH_TITLE, rewritten(LAUNCH), date="2021-11-06")]) == [first]
    assert index.add([doc(3, "Year in film", scanned(rewritten(LAUNCH)), date="2022-10-05")]) != [first]
    assert index.add([doc(4, LAUNCH_TITLE, british(LAUNCH), date="2023-10-05")]) == [first]
    assert index.add([doc(5, LAUNCH_TITLE, scanned(LAUNCH), date="2021-09-10")]) == [first], "and backwards in time"


@pytest.mark.parametrize("gap", [0, 1, 20, 34, 35, 36, 37, 60, 71, 100])
def test_the_window_is_exact_wherever_the_periods_lie(index: StoryIndex, gap: int) -> None:
    for start in (date(2021, 10, 5).toordinal() + offset for offset in range(0, 35, 7)):
        with StoryIndex(":memory:") as fresh:
            old = doc(1, LAUNCH_TITLE, LAUNCH, date=date.fromordinal(start).isoformat())
            new = doc(2, LAUNCH_TITLE, scanned(LAUNCH), date=date.fromordinal(start + gap).isoformat())
            one, other = fresh.add([old]) + fresh.add([new])
            assert (one == other) == (gap <= 35)


def test_boilerplate_of_an_outlet_joins_nothing(index: StoryIndex) -> None:
    box = (
        "Sign up to our newsletter and get the day's top stories delivered straight to your inbox every morning at seven\n"
        "The views expressed in the comments are those of our readers and do not reflect the opinion of the publisher\n"
        "Follow us on all networks, send your story ideas to the newsdesk and contact our team at any time of the day"
    )
    subjects = [
        "Dancers rehearse",
        "Harvest begins",
        "Bridge reopens",
        "Choir wins prize",
        "Road floods",
        "Museum moves",
        "Cat found",
    ]
    documents = [
        doc(
            number,
            subject,
            f"{subject} in the town of Number{number}, the {subject.split()[0].lower()} office said on Monday.\n{box}",
        )
        for number, subject in enumerate(subjects)
    ]
    assert len(documents) > COMMON
    assert len(set(index.add(documents))) == len(documents)


def test_a_story_with_many_copies_does_not_take_itself_for_boilerplate(index: StoryIndex) -> None:
    stories = index.add(
        [doc(number, LAUNCH_TITLE, f"{LAUNCH}\nPrinted by outlet {number}.") for number in range(4 * COMMON)]
    )
    assert len(set(stories)) == 1
    assert index.add([doc(999, "Crew in orbit", scanned(LAUNCH), date="2021-10-08")]) == stories[:1]


def test_empty_texts_are_stories_of_their_own(index: StoryIndex) -> None:
    documents = [doc(1, LAUNCH_TITLE, ""), doc(2, STUDIO_TITLE, ""), doc(3, "", "")]
    assert len(set(index.add(documents))) == 3


@pytest.mark.parametrize("broken", [{"id": ""}, {"date": ""}, {"date": "yesterday"}, {"date": None}])
def test_a_broken_document_is_refused_and_nothing_remembered(index: StoryIndex, broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"has no id|needs a date"):
        index.place([doc(1, LAUNCH_TITLE, LAUNCH), {**doc(2, STUDIO_TITLE, STUDIO), **broken}])
    assert len(index) == 0


def test_a_row_without_a_story_is_refused_and_nothing_remembered(index: StoryIndex) -> None:
    rows = [
        row(doc(1, LAUNCH_TITLE, LAUNCH), Match("s-1", "original")),
        {**doc(2, STUDIO_TITLE, STUDIO), "story_id": ""},
    ]
    with pytest.raises(ValueError, match="story_id"):
        index.replay(rows)
    assert len(index) == 0


def test_dates_may_be_dates(index: StoryIndex) -> None:
    one, other = index.add(
        [{**doc(1, LAUNCH_TITLE, LAUNCH), "date": date(2021, 10, 5)}, doc(2, LAUNCH_TITLE, british(LAUNCH))]
    )
    assert one == other


def test_what_could_not_be_written_elsewhere_is_not_remembered(index: StoryIndex) -> None:
    with pytest.raises(OSError, match="full"), index.placing([doc(1, LAUNCH_TITLE, LAUNCH)]) as matches:  # noqa: PT012
        assert matches[0].role == "original"
        raise OSError("disk full")
    assert len(index) == 0
    (match,) = index.place([doc(2, LAUNCH_TITLE, british(LAUNCH))])
    assert match.role == "original", "the lost one is no one's original"


def test_a_copy_of_the_files_at_any_moment_is_a_sound_index(index: StoryIndex, tmp_path: Path) -> None:
    """What a power cut leaves: the last whole batch, never half of one."""
    documents = a_month_of_news()
    sizes = []
    for start in range(0, len(documents), 6):
        with index.placing(documents[start : start + 6]):
            crashed = tmp_path / f"crash{start}"
            shutil.copytree(tmp_path / "state", crashed)
            with StoryIndex(crashed / "stories.sqlite") as left:
                sizes.append(len(left))
                known = [document["id"] for document in documents[:start]]
                assert left.missing(document["id"] for document in documents) == [
                    document["id"] for document in documents if document["id"] not in known
                ]
    assert sizes == list(range(0, len(documents), 6))


def test_two_writers_do_not_mix(index: StoryIndex, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "state" / "stories.sqlite", timeout=0, isolation_level=None)
    with index.placing([doc(1, LAUNCH_TITLE, LAUNCH)]), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_disk_that_is_full_is_told_with_the_file_and_nothing_of_the_batch_is_remembered(
    index: StoryIndex, tmp_path: Path
) -> None:
    index.place([doc(1, LAUNCH_TITLE, LAUNCH)])
    database = index._file._database
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")
    many = [doc(number, f"{LAUNCH_TITLE} {number}", f"{LAUNCH} Take {number}.") for number in range(2, 40)]
    with pytest.raises(OSError, match="story index: database or disk is full") as told:
        index.place(many)
    assert (told.value.errno, told.value.filename) == (errno.ENOSPC, str(tmp_path / "state" / "stories.sqlite"))
    assert len(index) == 1
    database.execute(f"PRAGMA max_page_count = {pages * 100}")
    assert len(index.place(many)) == len(many)


def test_damage_that_shows_late_is_told_with_what_mends_it(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    with StoryIndex(path) as index:
        index.place([doc(1, LAUNCH_TITLE, LAUNCH)])
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xff" * len(content[8192:])
    path.write_bytes(content)
    with StoryIndex(path) as index, pytest.raises(OSError, match="rebuild --index"):
        index.place([doc(2, LAUNCH_TITLE, LAUNCH)])


def test_an_index_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "stories.sqlite").mkdir()
    with pytest.raises(OSError, match="story index: unable to open"):
        StoryIndex(tmp_path / "stories.sqlite")


def test_a_damaged_file_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    path.write_bytes(b"no database " * 1000)
    with StoryIndex(path) as index:
        assert len(index) == 0
        assert index.place([doc(1, LAUNCH_TITLE, LAUNCH)])[0].role == "original"


def test_a_file_of_other_rules_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "stories.sqlite"
    with StoryIndex(path, window_days=10) as index:
        index.place([doc(1, LAUNCH_TITLE, LAUNCH)])
    with StoryIndex(path, window_days=10) as index:
        assert index.has("a0001")
    with StoryIndex(path, window_days=20) as index:
        assert not index.has("a0001")


def test_a_copy_of_a_cut_copy_finds_the_original() -> None:
    """Two copies cut in different places have little in common with each other; the original has all of both."""
    paragraphs = [
        f"Paragraph {n} of the agency's report tells what part {n} of the training asked of the actress and the director: "
        f"{' '.join(f'detail{n}x{k}' for k in range(24))} and that is all of part {n}."
        for n in range(8)
    ]
    index = StoryIndex(":memory:")

    def place(name: str, kept: list[int], title: str) -> str:
        text = "\n".join(paragraphs[n] for n in kept)
        document = {"id": name, "title": title, "text": text, "url": f"https://{name}.example/a", "date": "2021-10-05"}
        return index.place([document])[0].story_id

    whole = place("wire", list(range(8)), "Training of the film crew in eight parts")
    assert place("front", [0, 1, 2, 3, 4], "What the crew learned first") == whole
    assert place("back", [3, 4, 5, 6, 7], "How the last weeks before the flight were spent") == whole


def test_forgotten_periods_find_no_near_copies_but_equal_words_and_addresses(tmp_path: Path) -> None:
    old = doc(1, LAUNCH_TITLE, LAUNCH, date="2021-01-05")
    with StoryIndex(tmp_path / "i", keep_days=35) as index, StoryIndex(tmp_path / "all") as whole:
        for each in (index, whole):
            each.add([old])
            each.add([doc(2, STUDIO_TITLE, STUDIO, date="2021-10-05")])
        late = doc(3, "Film crew in orbit", rewritten(LAUNCH), date="2021-01-06")
        assert whole.place([late])[0].matched_article_id == old["id"]
        assert index.place([late])[0].role == "original"
        same = doc(4, LAUNCH_TITLE, LAUNCH, date="2021-01-07")
        assert index.add([same]) == whole.add([same])
        assert index.place([doc(5, LAUNCH_TITLE, scanned(LAUNCH), url=old["url"])])[0].role == "update"


def test_a_file_that_forgets_is_made_again_when_it_is_to_remember(tmp_path: Path) -> None:
    path = tmp_path / "i"
    with StoryIndex(path, keep_days=35) as index:
        index.add([doc(1, LAUNCH_TITLE, LAUNCH)])
    with StoryIndex(path) as index:
        assert len(index) == 0
