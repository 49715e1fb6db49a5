"""When a feed is due next: every rule by itself, then all of them over weeks of polls."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.polling import (
    FAILURES,
    Answer,
    PollState,
    body_hash,
    decide,
    is_dead,
    is_due,
    parse_cache_control,
    parse_retry_after,
    request_headers,
    rules,
    unfinished,
    why_due,
)
from pipelines.polling.headers import MAX_WAIT, freshness, parse_http_date

URL = "https://gazette.example/feed/"
NOW = datetime(2021, 10, 5, 8, 55, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KNOWN = PollState(
    URL,
    etag='"v1"',
    last_modified="Tue, 05 Oct 2021 07:00:00 GMT",
    body_hash="ab",
    interval=2 * HOUR,
    last_checked=NOW - 2 * HOUR,
    last_success=NOW - 2 * HOUR,
    last_new=NOW - 2 * HOUR,
    next_due=NOW,
)


def read(known: int, new: int, **others: Any) -> Answer:
    return replace(Answer("ok", status=200, body_hash="cd", known=known, new=new), **others)


def after(answer: Answer, old: PollState = KNOWN, now: datetime = NOW) -> PollState:
    return decide(old, answer, now)


# The interval


@pytest.mark.parametrize(
    ("answer", "interval"),
    [
        (read(known=20, new=0), 2 * HOUR + timedelta(minutes=10)),
        (read(known=67, new=33), 2 * HOUR + timedelta(minutes=10)),
        (read(known=66, new=34), 2 * HOUR),
        (read(known=33, new=67), 2 * HOUR),
        (read(known=32, new=68), HOUR),
        (read(known=0, new=0), 2 * HOUR + timedelta(minutes=10)),
        (Answer("not_modified", status=304), 2 * HOUR + timedelta(minutes=10)),
        (Answer("unchanged", status=200), 2 * HOUR + timedelta(minutes=10)),
    ],
)
def test_share_of_known_entries_sets_the_interval(answer: Answer, interval: timedelta) -> None:
    state = after(answer)
    assert state.interval == interval
    assert state.next_due == NOW + interval


def test_a_first_visit_says_nothing_of_the_rhythm() -> None:
    state = after(read(known=0, new=30), PollState(URL))
    assert (state.interval, state.last_success, state.last_new) == (rules.FIRST_INTERVAL, NOW, NOW)


def test_the_first_success_after_a_failure_says_nothing_of_the_rhythm() -> None:
    failing = after(Answer("timeout"))
    state = after(read(known=0, new=30), failing, NOW + HOUR)
    assert (state.interval, state.failures, state.failing_since) == (KNOWN.interval, 0.0, None)


def test_a_late_visit_shortens_nothing_but_may_lengthen() -> None:
    late = NOW + 9 * HOUR
    assert after(read(known=0, new=30), now=late).interval == KNOWN.interval
    assert after(read(known=30, new=0), now=late).interval > KNOWN.interval


def test_a_feed_without_news_for_a_month_rests_sooner() -> None:
    quiet = replace(KNOWN, last_new=NOW - 31 * DAY)
    assert after(Answer("not_modified"), quiet).interval == 3 * HOUR


def test_intervals_have_ends() -> None:
    assert (
        after(read(0, 9), replace(KNOWN, interval=rules.MIN_INTERVAL, last_success=NOW - rules.MIN_INTERVAL)).interval
        == rules.MIN_INTERVAL
    )
    assert after(read(9, 0), replace(KNOWN, interval=rules.MAX_INTERVAL)).interval == rules.MAX_INTERVAL


# What the server asks


@pytest.mark.parametrize(
    ("headers", "ttl", "wait"),
    [
        ({"cache-control": "max-age=14400"}, None, 4 * HOUR),
        ({"cache-control": "public, max-age=60"}, None, 2 * HOUR),
        ({"cache-control": "max-age=31536000"}, None, DAY),
        ({"expires": "Tue, 05 Oct 2021 13:55:00 GMT"}, None, 5 * HOUR),
        ({}, 3 * 3600, 3 * HOUR),
        ({}, 10**9, DAY),
        ({"retry-after": "10800"}, None, 3 * HOUR),
    ],
)
def test_headers_and_ttl_are_floors_but_silence_nobody(
    headers: dict[str, str], ttl: int | None, wait: timedelta
) -> None:
    state = after(read(known=1, new=1, headers=headers, ttl=ttl))
    assert state.next_due == NOW + wait


def test_retry_after_is_the_servers_word() -> None:
    state = after(Answer("rate_limited", status=429, headers={"retry-after": "Tue, 05 Oct 2021 20:55:00 GMT"}))
    assert state.not_before == state.next_due == NOW + 12 * HOUR
    assert not is_due(replace(state, next_due=NOW), NOW)
    assert why_due(replace(state, next_due=NOW), NOW) == "waits 12 h more, as the server asked"
    assert after(read(1, 1), state, NOW + 12 * HOUR).not_before is None


# Failures


def test_failures_add_up_and_waits_grow_in_a_line() -> None:
    state, now, waits = KNOWN, NOW, []
    for _ in range(5):
        state = decide(state, Answer("forbidden", status=403), now)
        assert state.next_due is not None
        waits.append(state.next_due - now)
        now = state.next_due
    assert waits == [6 * HOUR, 12 * HOUR, 18 * HOUR, 24 * HOUR, 30 * HOUR]
    assert (state.failures, state.failing_since, state.last_outcome, state.last_status) == (
        5.0,
        NOW,
        "forbidden",
        403,
    )


def test_light_failures_weigh_less() -> None:
    assert after(Answer("dns"), replace(KNOWN, interval=HOUR)).next_due == NOW + 1.5 * HOUR
    assert after(Answer("server_error", status=503), replace(KNOWN, interval=HOUR)).next_due == NOW + 3 * HOUR
    assert FAILURES["dns"] < FAILURES["server_error"] < FAILURES["gone"]


@pytest.mark.parametrize("outcome", sorted(FAILURES))
def test_no_feed_is_ever_dead(outcome: str) -> None:
    state, now = KNOWN, NOW
    for _ in range(200):
        state = decide(state, Answer(outcome), now)  # type: ignore[arg-type]
        assert state.next_due is not None
        assert now < state.next_due <= now + (rules.GONE_INTERVAL if outcome == "gone" else rules.MAX_BACK_OFF)
        now = state.next_due
    assert is_due(state, now)
    back = decide(state, read(known=0, new=5), now)
    assert (back.failures, back.gone, back.next_due) == (0.0, False, now + KNOWN.interval)


def test_gone_is_looked_at_once_a_month() -> None:
    state = after(Answer("gone", status=410))
    assert state.gone
    assert state.next_due == NOW + 30 * DAY
    assert why_due(state, NOW + 30 * DAY) == "due: gone (410), looked at every 30 days"


# Validators


def test_validators_are_kept_as_sent_after_a_good_list() -> None:
    headers = {"etag": 'W/"  x-1"', "last-modified": "Tuesday, 5-Oct-21 odd"}
    state = after(read(known=1, new=1, headers=headers))
    assert (state.etag, state.last_modified, state.body_hash) == ('W/"  x-1"', "Tuesday, 5-Oct-21 odd", "cd")
    assert request_headers(state) == {"If-None-Match": 'W/"  x-1"'}
    assert request_headers(replace(state, etag="")) == {"If-Modified-Since": "Tuesday, 5-Oct-21 odd"}
    assert request_headers(PollState(URL)) == {}


@pytest.mark.parametrize("outcome", ["not_modified", *sorted(FAILURES)])
def test_other_answers_leave_validators_alone(outcome: str) -> None:
    state = after(Answer(outcome, headers={"etag": '"other"', "last-modified": "x"}, body_hash="no"))  # type: ignore[arg-type]
    assert (state.etag, state.last_modified, state.body_hash) == (
        KNOWN.etag,
        KNOWN.last_modified,
        KNOWN.body_hash,
    )


def test_a_list_without_validators_drops_the_old_ones() -> None:
    assert request_headers(after(read(1, 1))) == {}


@pytest.mark.parametrize("bad", ["x" * 513, '"a\r\nX-Evil: 1"', '"caf\xe9"', '"\x00"'])
def test_validators_that_cannot_be_sent_back_are_not_kept(bad: str) -> None:
    state = after(read(1, 1, headers={"etag": bad, "last-modified": bad}))
    assert request_headers(state) == {}


def test_now_and_then_a_full_answer_is_asked_for() -> None:
    state, asked = KNOWN, []
    for day in range(60):
        asked.append(bool(request_headers(state)))
        answer = Answer("not_modified", 304) if asked[-1] else Answer("unchanged", 200, headers={"etag": '"v1"'})
        state = decide(state, answer, NOW + day * DAY)
    assert asked.count(False) == 2
    assert asked.index(False) == rules.FULL_GET_EVERY


def test_an_unfinished_list_is_read_again() -> None:
    state = unfinished(after(read(known=1, new=9, headers={"etag": '"v2"'})))
    assert request_headers(state) == {}
    assert state.body_hash == ""
    assert is_due(state, NOW)
    assert why_due(state, NOW) == "read again, as the last run was cut short"


# The rest


def test_a_permanent_move_is_suggested_until_it_ends() -> None:
    moved = after(read(1, 1, moved_to="https://gazette.example/rss"))
    assert moved.moved_to == "https://gazette.example/rss"
    assert after(Answer("timeout"), moved).moved_to == moved.moved_to
    assert after(read(1, 1), moved).moved_to == ""
    assert after(read(1, 1, moved_to=URL)).moved_to == ""


def test_silence_is_counted_from_the_last_new_entry() -> None:
    assert after(read(known=5, new=1)).last_new == NOW
    assert after(read(known=5, new=0)).last_new == KNOWN.last_new
    assert after(Answer("not_modified"), PollState(URL)).last_new == NOW


def test_why_due_in_words() -> None:
    assert why_due(PollState(URL), NOW) == "never visited"
    assert why_due(KNOWN, NOW) == "due: every 2 h"
    assert why_due(KNOWN, NOW - timedelta(minutes=90)) == "due in 90 min: every 2 h"
    assert why_due(after(Answer("tls")), NOW + DAY) == "due: tried again after tls"
    assert why_due(after(read(1, 1, ttl=86_400)), NOW + DAY) == "due: every 24 h"


def test_body_hash_tells_documents_apart() -> None:
    assert body_hash(b"<rss/>") == body_hash(b"<rss/>") != body_hash(b"<rss />")
    assert len(body_hash(b"")) == 32


# A clock that was ahead

YEARS = timedelta(days=2000)


def test_a_visit_by_a_clock_that_was_ahead_does_not_silence_a_source() -> None:
    ahead = after(read(known=20, new=1), now=NOW + YEARS)
    assert is_due(ahead, NOW)
    assert why_due(ahead, NOW) == "due: the last visit is dated 2027-03-28 08:55 UTC, by a clock that was ahead"
    right = decide(ahead, read(known=20, new=0), NOW)
    assert (right.last_checked, right.last_success, right.last_new) == (NOW, NOW, NOW)
    assert right.next_due == NOW + right.interval
    assert not is_due(right, NOW + HOUR)


def test_failures_by_a_clock_that_was_ahead_count_from_today() -> None:
    ahead = after(Answer("timeout"), now=NOW + YEARS)
    assert is_due(ahead, NOW)
    assert decide(ahead, Answer("timeout"), NOW).failing_since == NOW


def test_a_clock_that_is_set_back_by_little_changes_nothing() -> None:
    assert not is_due(after(read(known=20, new=0)), NOW - rules.CLOCK_SLACK)
    assert is_due(after(read(known=20, new=0)), NOW - rules.CLOCK_SLACK - timedelta(seconds=1))


def test_a_servers_own_word_holds_through_a_wrong_clock_for_a_day_at_most() -> None:
    asked = after(Answer("rate_limited", 429, {"retry-after": "7200"}), now=NOW + 3 * HOUR)
    assert not is_due(asked, NOW)
    assert why_due(asked, NOW) == "waits 5 h more, as the server asked"
    assert is_due(after(Answer("rate_limited", 429, {"retry-after": "7200"}), now=NOW + YEARS), NOW)


def test_a_sitemap_that_a_clock_ahead_has_called_dead_is_looked_at() -> None:
    dead = replace(KNOWN, last_new=NOW - timedelta(days=200), last_checked=NOW - HOUR)
    assert is_dead(dead, NOW)
    assert not is_dead(replace(dead, last_checked=NOW + YEARS), NOW)


# Headers


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 1),
        ("000120", 120),
        ("86401", MAX_WAIT),
        ("9" * 5000, MAX_WAIT),
        ("Tue, 05 Oct 2021 08:57:00 GMT", 120),
        ("Tuesday, 05-Oct-21 08:57:00 GMT", 120),
        ("Tue Oct  5 08:57:00 2021", 120),
        ("Tue, 05 Oct 2021 11:57:00 +0300", 120),
        ("Mon, 04 Oct 2021 08:57:00 GMT", 1),
        ("Fri, 05 Oct 2029 08:57:00 GMT", MAX_WAIT),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("٣٠", None),
        ("Tue, 99 Oct 2021 08:57:00 GMT", None),
        ("Tue, 05 Oct 99999 08:57:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", None),
    ],
)
def test_retry_after(value: str, seconds: int | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"value": "max-age=600"}, 600),
        ({"value": 'Public, Max-Age = "600"'}, 600),
        ({"value": "max-age=600", "age": "100"}, 500),
        ({"value": "max-age=600", "age": "900"}, 0),
        ({"value": "s-maxage=600"}, None),
        ({"value": "stale-while-revalidate=600"}, None),
        ({"value": "max-age=600, no-cache"}, 0),
        ({"value": "no-store"}, 0),
        ({"value": "max-age=600", "expires": "Tue, 05 Oct 2021 20:55:00 GMT"}, 600),
        ({"value": "", "expires": "Tue, 05 Oct 2021 09:05:00 GMT"}, 600),
        (
            {
                "value": "",
                "expires": "Tue, 05 Oct 2021 03:10:00 GMT",
                "date": "Tue, 05 Oct 2021 03:00:00 GMT",
            },
            600,
        ),
        ({"value": "", "expires": "0"}, None),
        ({"value": "", "expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
        ({"value": "max-age=" + "9" * 5000}, MAX_WAIT),
        ({"value": "max-age=x"}, None),
        ({"value": ""}, None),
    ],
)
def test_cache_control(headers: dict[str, str], seconds: int | None) -> None:
    assert parse_cache_control(**headers, now=NOW) == seconds


@given(
    st.text(max_size=80)
    | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d [+-]?\w{1,5}", fullmatch=True)
)
def test_no_header_is_ever_too_odd(value: str) -> None:
    parsed = parse_http_date(value)
    assert parsed is None or parsed.utcoffset() == timedelta(0)
    wait = parse_retry_after(value, NOW)
    assert wait is None or 1 <= wait <= MAX_WAIT
    headers = {"cache-control": value, "expires": value, "age": value, "date": value}
    assert 0 <= freshness(headers, NOW) <= MAX_WAIT


outcomes = st.sampled_from(["ok", "not_modified", "unchanged", *sorted(FAILURES)])
answers = st.builds(
    Answer,
    outcome=outcomes,
    headers=st.dictionaries(
        st.sampled_from(["retry-after", "cache-control", "expires", "etag"]),
        st.sampled_from(["9", "max-age=99999999", "x", ""]),
    ),
    known=st.integers(0, 50),
    new=st.integers(0, 50),
    ttl=st.none() | st.integers(0, 10**9),
)


@given(st.lists(st.tuples(answers, st.integers(0, 10**6)), max_size=30))
def test_whatever_happens_a_feed_is_asked_again_and_never_in_haste(history: list[tuple[Answer, int]]) -> None:
    state, now = PollState(URL), NOW
    for answer, seconds in history:
        now += timedelta(seconds=seconds)
        state = decide(state, answer, now)
        assert rules.MIN_INTERVAL <= state.interval <= rules.MAX_INTERVAL
        assert state.next_due is not None
        assert now + rules.MIN_INTERVAL <= state.next_due <= now + rules.GONE_INTERVAL
        assert (state.failures > 0) == (state.failing_since is not None) == (answer.outcome in FAILURES)
        assert state.not_before is None or now < state.not_before <= now + DAY
        assert is_due(state, now + rules.GONE_INTERVAL)


def test_two_weeks_of_a_feed_cost_few_requests_and_lose_nothing() -> None:
    """A feed of 20 entries with 12 articles a day, read every half hour by cron."""
    state, now, last, requests, missed = PollState(URL), NOW, NOW - 2 * HOUR * 20, 0, 0
    while now < NOW + 14 * DAY:
        if is_due(state, now):
            new = int((now - last) / (2 * HOUR))
            last += new * 2 * HOUR
            missed += max(new - 20, 0)
            answer = read(known=20 - min(new, 20), new=min(new, 20)) if new else Answer("not_modified", 304)
            state, requests = decide(state, answer, now), requests + 1
        now += timedelta(minutes=30)
    assert missed == 0
    assert requests < 100  # a run every half hour that always asked would need 672


def test_a_sitemap_without_news_for_half_a_year_is_looked_at_once_a_month() -> None:
    quiet = PollState("https://tribune.example/news-1.xml", last_new=NOW - timedelta(days=181))
    assert is_dead(replace(quiet, last_checked=NOW - timedelta(days=29)), NOW)
    assert not is_dead(replace(quiet, last_checked=NOW - timedelta(days=31)), NOW)
    assert not is_dead(replace(quiet, last_checked=NOW, last_new=NOW - timedelta(days=179)), NOW)
    assert not is_dead(PollState("https://tribune.example/never-read.xml"), NOW)
