"""A digest made fit for a channel."""

from dataclasses import replace
from datetime import UTC, date, datetime

from pipelines.analysis.digest import Digest, NewStory
from pipelines.analysis.digest_text import as_text
from pipelines.analysis.message import fitted, for_chat, headline, shortened

DAY = date(2021, 10, 5)
STORY = NewStory("s1", DAY, "tribune", "R&D @home", "https://a.example/1", "en", (), 1)
FOUND = Digest(datetime(2021, 10, 5, tzinfo=UTC), datetime(2021, 10, 6, tzinfo=UTC), (STORY,) * 8)


def test_the_subject_counts() -> None:
    assert headline(FOUND) == "Orbitwatch: 8 new stories"
    assert headline(replace(FOUND, stories=(STORY,))) == "Orbitwatch: 1 new story"


def test_a_shortened_digest_says_what_is_missing() -> None:
    text = as_text(shortened(FOUND, 3))
    assert text.count("https://a.example/1") == 3
    assert "New stories: 8\n" in text
    assert text.endswith("\n  and 5 more\n")
    assert as_text(shortened(FOUND, 8)) == as_text(FOUND)


def test_it_takes_the_longest_form_that_fits() -> None:
    whole = len(as_text(FOUND))
    assert fitted(FOUND, as_text, whole) == as_text(FOUND)
    assert fitted(FOUND, as_text, whole - 1) == as_text(shortened(FOUND, 5))
    assert fitted(FOUND, as_text, 20) == ""


def test_words_stay_readable_and_lose_their_power() -> None:
    assert for_chat(FOUND).stories[0].title == "R＆D \ufe6bhome"
