"""What is new since when."""

from datetime import date, timedelta

from pipelines.analysis import Digest, build_digest
from pipelines.analysis.digest_text import as_text
from tests.pipelines.frames import articles, milestones, noon, project, run, runs, source, stories
from tests.pipelines.rows import article, milestone

OLD, SINCE, NEW, UNTIL = noon(2021, 5, 20), noon(2021, 6, 1), noon(2021, 6, 2), noon(2021, 6, 3)
SOURCES = [source("tribune", name="The Tribune"), source("gazette", max_silence_days=10)]
ROWS = [
    article(1, date=date(2021, 5, 13), first_seen_at=OLD, fetched_at=OLD),
    article(2, date=date(2021, 6, 2), first_seen_at=NEW, fetched_at=NEW, title="Line\nbreak \x1b[31m\u202egnp"),
    article(3, date=date(2021, 6, 4), first_seen_at=noon(2021, 6, 4), fetched_at=noon(2021, 6, 4)),
]
CLAIMS = [
    milestone(1),
    milestone(2, article_id="a2", published=date(2021, 6, 1)),  # says what was known
    milestone(5, article_id="a2", published=date(2021, 6, 2), claimed_date=date(2021, 1, 1), claimed_precision="year"),
    milestone(3, article_id="a2", published=date(2021, 6, 2), claimed_date=date(2021, 10, 20), source="gazette"),
    milestone(4, article_id="a3", published=date(2021, 6, 4), claimed_date=date(2021, 11, 1)),  # still to come
]
RUNS = [
    run("tribune", OLD, new_urls=1),
    run("tribune", NEW, new_urls=1),
    run("gazette", noon(2021, 5, 23, 0), new_urls=1),
]
RUNS += [run("gazette", day) for day in (SINCE, noon(2021, 6, 3, 8))]  # asked, and nothing new


def digest(since: timedelta = UNTIL - SINCE) -> Digest:
    return build_digest(
        stories(*ROWS),
        articles(*ROWS),
        milestones(*CLAIMS),
        runs(*RUNS),
        projects=[project("challenge", name="The Challenge")],
        sources=SOURCES,
        since=UNTIL - since,
        until=UNTIL,
    )


def test_only_what_was_not_known_before_is_new() -> None:
    found = digest()
    assert [story.story_id for story in found.stories] == ["s2"]
    assert [(claim.date, claim.first_source) for claim in found.claims] == [(date(2021, 10, 20), "gazette")]
    assert [(move.from_date, move.to_date, move.days) for move in found.moved] == [
        (date(2021, 10, 5), date(2021, 10, 20), 15)
    ]


def test_a_claim_is_told_as_its_first_outlet_s() -> None:
    day = {"published": NEW.date(), "claimed_date": date(2021, 10, 20)}
    claims = milestones(
        milestone(1, article_id="a1", source="late", **day),
        milestone(2, article_id="a2", source="early", **day),
        printed_at={"a1": NEW, "a2": NEW - timedelta(hours=2)},
    )
    rows = [article(number, fetched_at=NEW) for number in (1, 2)]
    found = build_digest(
        stories(*rows), articles(*rows), claims[::-1], runs(), projects=[], sources=[], since=SINCE, until=UNTIL
    )
    assert [(claim.first_source, claim.sources) for claim in found.claims] == [("early", 2)]


def test_a_source_that_fell_silent_is_told_once() -> None:
    assert [source.source for source in digest().unwell] == ["gazette"]
    assert digest(timedelta(hours=3)).unwell == ()  # it was silent three hours ago as well


def test_nothing_new_is_said_so() -> None:
    found = digest(timedelta(hours=1))
    assert not found
    assert "Nothing new." in as_text(found)


def test_the_text_is_lines_that_a_terminal_can_bear() -> None:
    text = as_text(digest())
    assert "The Challenge: launch: 5 Oct 2021 -> 20 Oct 2021 (+15 days; Gazette)" in text
    assert "  2021-06-02 Line break [31mgnp (The Tribune)\n      https://tribune.example/2\n" in text
    assert "Gazette: silent, nothing new for 11 days" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_before_the_first_run() -> None:
    empty = build_digest(
        stories(), articles(), milestones(), runs(), projects=[], sources=SOURCES, since=SINCE, until=UNTIL
    )
    assert not empty
