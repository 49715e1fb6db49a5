"""The memory between runs: what it keeps, what it does with a broken file, what it costs."""

import errno
import signal
import sqlite3
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.catalogue.sources import Source
from pipelines.model import Entry
from pipelines.polling import Answer, PollState, decide
from pipelines.polling.listings import (
    MAX_FETCHES,
    MAX_TRIES,
    Failure,
    Fate,
    digest,
    entry_signature,
    fetch_reason,
    has_changed,
    retry_wait,
)
from pipelines.state import RobotsCopy, State, StateError, host_of
from pipelines.state.rows import instant, micros, poll_row, read_poll

NOW = datetime(2021, 10, 5, 8, 55, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://gazette.example/feed/"
SITEMAP = "https://gazette.example/news.xml"
GAZETTE = Source("gazette", "Gazette", "https://gazette.example/", feeds=(FEED,), news_sitemaps=(SITEMAP,))
KINO = Source("kino", "Кино", "https://kino.example/", feeds=("https://kino.example/rss",))
ENTRY = Entry("https://gazette.example/vyzov", title="Экипаж «Вызова» стартовал", published=NOW, updated=NOW)
POLLED = PollState(
    FEED,
    etag='"1"',
    last_modified="Tue, 05 Oct 2021 08:00:00 GMT",
    body_hash="ab",
    interval=timedelta(minutes=70),
    last_checked=NOW,
    last_success=NOW - HOUR,
    last_new=NOW - 2 * HOUR,
    next_due=NOW + HOUR,
    not_before=NOW + 2 * HOUR,
    failures=1.75,
    failing_since=NOW - 3 * HOUR,
    last_outcome="tls",
    last_status=503,
    not_modified=7,
    gone=True,
    moved_to="https://gazette.example/rss",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".state" / "state.sqlite"


# Feeds


def test_polls_survive_the_run(path: Path) -> None:
    with State(path) as state:
        state.save_polls([POLLED, PollState(SITEMAP)])
    with State(path) as state:
        assert state.polls() == {FEED: POLLED, SITEMAP: PollState(SITEMAP)}
        state.save_polls([replace(POLLED, etag='"2"')])
        assert state.polls()[FEED].etag == '"2"'
        assert state.set_aside == ""


def test_due_names_what_was_never_visited_and_what_is_overdue(path: Path) -> None:
    off = replace(KINO, id="off", feeds=("https://off.example/rss",), enabled=False)
    with State(path) as state:
        due = state.due([GAZETTE, KINO, off], NOW)
        assert [(each.source.id, each.url, each.why) for each in due] == [
            ("gazette", FEED, "never visited"),
            ("gazette", SITEMAP, "never visited"),
            ("kino", KINO.feeds[0], "never visited"),
        ]
        state.save_polls(
            [
                PollState(FEED, last_checked=NOW - 2 * HOUR, next_due=NOW - HOUR),
                PollState(SITEMAP, last_checked=NOW, next_due=NOW + HOUR),
                PollState(KINO.feeds[0], last_checked=NOW - 5 * HOUR, next_due=NOW - 3 * HOUR),
            ]
        )
        assert [each.url for each in state.due([GAZETTE, KINO], NOW)] == [KINO.feeds[0], FEED]
        everything = state.due([GAZETTE, KINO], NOW, everything=True)
        assert [each.url for each in everything] == [KINO.feeds[0], FEED, SITEMAP]
        assert everything[2].why == "asked for, else due in 60 min: every 60 min"


def test_a_servers_word_holds_even_against_everything(path: Path) -> None:
    asked_to_wait = decide(PollState(FEED), Answer("rate_limited", 429, {"retry-after": "7200"}), NOW)
    with State(path) as state:
        state.save_polls([asked_to_wait])
        assert [each.url for each in state.due([GAZETTE], NOW + HOUR, everything=True)] == [SITEMAP]
        state.hold_host("gazette.example", NOW + 2 * HOUR, NOW)
        state.hold_host("gazette.example", NOW + HOUR, NOW)
        assert state.held_hosts(NOW + HOUR) == {"gazette.example": NOW + 2 * HOUR}
        assert state.due([GAZETTE], NOW + HOUR, everything=True) == []
        assert len(state.due([GAZETTE], NOW + 2 * HOUR, everything=True)) == 2


def test_host_of_is_who_is_asked() -> None:
    assert host_of("https://Gazette.Example:8443/feed") == "gazette.example:8443"


def test_robots_copies(path: Path) -> None:
    copy = RobotsCopy("https://gazette.example", 200, b"User-agent: *\nDisallow: /private\n", NOW)
    with State(path) as state:
        assert state.robots(copy.authority) is None
        state.save_robots(copy)
        assert state.robots(copy.authority) == copy
        state.save_robots(replace(copy, status=404, body=b"x" * 600_000, fetched_at=NOW + HOUR))
        kept = state.robots(copy.authority)
        assert kept is not None
        assert (kept.status, len(kept.body), kept.fetched_at) == (404, 512_000, NOW + HOUR)


# Articles


def test_seen_articles_keep_their_fate(path: Path) -> None:
    with State(path) as state:
        assert state.seen(["a"]) == {}
        state.mark_seen([Fate("a", "stored", 5), Fate("b", "dropped:not_html")], NOW)
        state.mark_seen([Fate("a", "off_topic", 6)], NOW + HOUR)
        seen = state.seen(["a", "b", "c"])
        assert seen["a"] == (6, "off_topic", 2, NOW, NOW + HOUR)
        assert seen["b"] == (0, "dropped:not_html", 1, NOW, NOW)
        assert "c" not in seen


def test_wanted_are_new_entries_and_changed_ones(path: Path) -> None:
    before, same = entry_signature(ENTRY, FEED), entry_signature(ENTRY, FEED)
    retitled = entry_signature(replace(ENTRY, title="Экипаж «Вызова» на орбите"), FEED)
    with State(path) as state:
        state.mark_seen([Fate("changed", "stored", before), Fate("same", "stored", before)], NOW)
        assert state.wanted({"new": same, "changed": retitled, "same": same}) == {
            "new": "new",
            "changed": "changed",
        }


def test_a_listing_that_changes_at_every_poll_is_given_up(path: Path) -> None:
    fetches = 0
    with State(path) as state:
        for minute in range(100):
            signature = entry_signature(replace(ENTRY, updated=NOW + timedelta(minutes=minute)), FEED)
            if state.wanted({"churn": signature}):
                state.mark_seen([Fate("churn", "stored", signature)], NOW)
                fetches += 1
    assert fetches == MAX_FETCHES == 25


def test_another_list_that_words_it_differently_is_no_change() -> None:
    other_words = replace(ENTRY, title="Crew of The Challenge lifts off", updated=None)
    assert not has_changed(entry_signature(ENTRY, FEED), entry_signature(other_words, SITEMAP))
    assert has_changed(entry_signature(ENTRY, FEED), entry_signature(other_words, FEED))
    assert not has_changed(entry_signature(ENTRY, FEED), entry_signature(replace(ENTRY, summary="more"), FEED))
    assert fetch_reason(None, 0) == "new"


@given(st.text(), st.text())
def test_keys_fit_the_table(one: str, other: str) -> None:
    assert -(2**63) <= digest(one) < 2**63
    assert (digest(one) == digest(other)) == (one == other)
    assert -(2**63) <= entry_signature(Entry("", title=one), other) < 2**63


def test_failed_articles_wait_are_tried_again_and_given_up(path: Path) -> None:
    failure = Failure("key", "gazette", ENTRY.url, "timeout", "news_sitemap", 7, ENTRY)
    now = NOW
    with State(path) as state:
        for tries in range(1, MAX_TRIES):
            assert state.mark_failed([failure], now) == []
            assert state.wanted({"key": 8}) == {}
            assert state.retries([GAZETTE], now) == []
            now += retry_wait(tries)
            assert state.retries([GAZETTE], now) == [replace(failure, tries=tries)]
        assert state.mark_failed([replace(failure, reason="dns")], now) == [
            replace(failure, reason="dns", tries=MAX_TRIES)
        ]
        assert state.retries([GAZETTE], now + timedelta(days=99)) == []
        assert state.seen(["key"])["key"].outcome == "failed:dns"
        assert state.wanted({"key": 7}) == {}
        assert state.wanted({"key": 8}) == {"key": "changed"}


@pytest.mark.parametrize("reason", ["store_failed", "worker_broken"])
def test_an_article_is_not_given_up_for_our_own_faults(path: Path, reason: str) -> None:
    now = NOW
    with State(path) as state:
        for _ in range(2 * MAX_TRIES):
            assert state.mark_failed([Failure("key", "gazette", ENTRY.url, reason)], now) == []
            now += timedelta(hours=1)
            assert [each.tries for each in state.retries([GAZETTE], now)] == [0]


def test_a_retry_that_succeeds_is_forgotten_and_held_hosts_are_left_alone(path: Path) -> None:
    bare = Failure("bare", "kino", "https://kino.example/a", "timeout")
    with State(path) as state:
        state.mark_failed([bare, Failure("key", "gazette", ENTRY.url, "timeout")], NOW)
        state.hold_host("kino.example", NOW + 9 * HOUR, NOW)
        assert [each.key for each in state.retries([GAZETTE, KINO], NOW + HOUR)] == ["key"]
        state.mark_seen([Fate("key", "stored")], NOW + HOUR)
        assert [each.key for each in state.retries([GAZETTE, KINO], NOW + 9 * HOUR)] == ["bare"]


def test_only_pages_of_sources_that_are_visited_are_tried_again(path: Path) -> None:
    with State(path) as state:
        state.mark_failed(
            [Failure(name, name, f"https://{name}.example/a", "timeout") for name in ("gazette", "kino")], NOW
        )
        assert [each.key for each in state.retries([GAZETTE], NOW + HOUR)] == ["gazette"]
        off = replace(GAZETTE, enabled=False)
        assert [each.key for each in state.retries([off, KINO], NOW + HOUR)] == ["kino"]
        assert state.retries([], NOW + HOUR) == []


def test_what_a_clock_that_was_ahead_has_put_off_is_not_put_off(path: Path) -> None:
    years, day = timedelta(days=2000), timedelta(days=1)
    with State(path) as state:
        state.hold_host("kino.example", NOW + years + HOUR, NOW + years)
        state.hold_host("gazette.example", NOW + day, NOW)
        assert state.held_hosts(NOW) == {"gazette.example": NOW + day}
        state.hold_host("kino.example", NOW + HOUR, NOW)
        assert state.held_hosts(NOW)["kino.example"] == NOW + HOUR
        state.mark_failed([Failure("key", "gazette", "https://tribune.example/a", "timeout")], NOW + years)
        assert [each.key for each in state.retries([GAZETTE], NOW)] == ["key"]


# Transactions


def test_a_block_happens_whole_or_not_at_all(path: Path) -> None:
    def block(state: State, fault: Exception | None) -> None:
        with state.transaction():
            state.mark_seen([Fate("a", "stored")], NOW)
            state.save_polls([POLLED])
            if fault:
                raise fault

    with State(path) as state:
        with pytest.raises(RuntimeError):
            block(state, RuntimeError())
        assert state.seen(["a"]) == {}
        assert state.polls() == {}
        block(state, None)
    with State(path) as state:
        assert "a" in state.seen(["a"])
        assert state.polls() == {FEED: POLLED}


def test_a_killed_run_leaves_whole_transactions(path: Path) -> None:
    code = f"""
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from pipelines.polling.listings import Fate
    from pipelines.state import State
    now = datetime(2021, 10, 5, tzinfo=UTC)
    state = State(Path({str(path)!r}))
    state.mark_seen([Fate("done", "stored")], now)
    with state.transaction():
        state.mark_seen([Fate(str(n), "stored") for n in range(20000)], now)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False)
    assert run.returncode == -signal.SIGKILL
    with State(path) as state:
        assert state.set_aside == ""
        assert state.seen(["done", "0", "19999"]).keys() == {"done"}


def test_a_reader_beside_a_run_sees_the_last_commit(path: Path) -> None:
    with State(path) as run, State(path) as status:
        run.save_polls([POLLED])
        with run.transaction():
            run.save_polls([replace(POLLED, etag='"2"')])
            assert status.polls()[FEED].etag == '"1"'
        assert status.polls()[FEED].etag == '"2"'


# Files that cannot be used


def test_a_fresh_file_can_be_opened_by_several_at_once(tmp_path: Path) -> None:
    # Of six processes at once one in twenty failed, when each turned the file to WAL for itself.
    code = textwrap.dedent("""
        import multiprocessing, sys
        from pathlib import Path
        from pipelines.state import State

        def opened(path, together):
            together.wait()
            State(path).close()

        fork = multiprocessing.get_context("fork")
        for number in range(40):
            together = fork.Barrier(6)
            path = Path(sys.argv[1]) / str(number) / "state.sqlite"
            runs = [fork.Process(target=opened, args=(path, together)) for _ in range(6)]
            [run.start() for run in runs]
            [run.join() for run in runs]
            assert not any(run.exitcode for run in runs)
    """)
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_foreign_damaged_and_other_versions_are_set_aside(path: Path) -> None:
    aside = path.with_name(".state.sqlite.set-aside")
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 100)
    with State(path) as state:
        assert "damaged" in state.set_aside
        assert str(aside) in state.set_aside
        state.save_polls([POLLED])
    assert aside.read_bytes().startswith(b"not a database")

    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE stamps (id)")
    other.close()
    with State(path) as state:
        assert "not a state file" in state.set_aside
        state.save_polls([POLLED])
    assert sqlite3.connect(aside).execute("SELECT count(*) FROM stamps").fetchone() == (0,)

    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 3")
    newer.close()
    with State(path) as state:
        assert "of version 3, not 2" in state.set_aside
        assert state.polls() == {}
    with State(path) as state:
        assert state.set_aside == ""


def test_an_empty_file_is_filled(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with State(path) as state:
        state.save_polls([POLLED])
        assert state.set_aside == ""


def test_a_log_goes_with_the_file_that_is_set_aside(path: Path) -> None:
    """One left beside the fresh file would be played into it."""
    path.parent.mkdir()
    other = sqlite3.connect(path)  # stays open, so that SQLite cannot fold the log into the file
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("CREATE TABLE stamps (id)")
    with State(path) as state:
        assert "not a state file" in state.set_aside
        state.save_polls([POLLED])
    other.close()
    with State(path) as state:
        assert state.set_aside == ""
        assert state.polls() == {FEED: POLLED}
    aside = sqlite3.connect(path.with_name(".state.sqlite.set-aside"))
    assert aside.execute("SELECT * FROM stamps").fetchall() == []


def test_damage_found_in_a_run_is_an_error_and_the_next_run_begins_afresh(path: Path) -> None:
    with State(path) as state:
        state.mark_seen([Fate(str(n), "stored") for n in range(5000)], NOW)
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 3 * 4096))
    with State(path) as state, pytest.raises(StateError, match="a fresh one takes its place") as caught:
        state.seen([str(n) for n in range(5000)])
    assert isinstance(caught.value, OSError)
    assert caught.value.errno == errno.EIO
    with State(path) as state:
        assert state.seen(["1"]) == {}
        state.mark_seen([Fate("1", "stored")], NOW)
        assert "1" in state.seen(["1"])


def test_a_full_disk_is_said_and_costs_only_the_transaction(path: Path) -> None:
    with State(path) as state:
        state.save_polls([POLLED])
        with state._file.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(StateError, match="full") as caught:
            state.mark_seen([Fate(str(n), "stored") for n in range(5000)], NOW)
        assert caught.value.errno == errno.ENOSPC
        assert caught.value.filename == str(path)
        assert state.seen(["1"]) == {}
        assert state.polls() == {FEED: POLLED}


def test_paths_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="no folder for the state file"):
        State(tmp_path / "file" / "state.sqlite")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StateError, match="state file: unable to open"):
        State(tmp_path / "folder")


def test_a_closed_state_says_so(path: Path) -> None:
    state = State(path)
    state.close()
    state.close()
    with pytest.raises(StateError, match="closed"):
        state.polls()


# Cost


def test_history_costs_no_scan(path: Path) -> None:
    """Every question of a run is answered by a key, so it costs the same with ten million articles as with ten."""
    with State(path) as state, state._file.reading() as connection:
        for statement in (
            "SELECT signature FROM seen WHERE key = 1",
            "SELECT key FROM failures WHERE key = 'a'",
            "SELECT * FROM robots WHERE authority = 'a'",
        ):
            plan = connection.execute("EXPLAIN QUERY PLAN " + statement).fetchone()[3]
            assert plan.startswith("SEARCH"), plan


def test_a_closed_state_is_one_file(path: Path) -> None:
    with State(path) as state:
        state.mark_seen([Fate("a", "stored")], NOW)
    assert [file.name for file in path.parent.iterdir()] == ["state.sqlite"]


instants = st.none() | st.datetimes(
    NOW.replace(1990, tzinfo=None), NOW.replace(2100, tzinfo=None), timezones=st.just(UTC)
)


@given(instants, instants, st.floats(0, 1000), st.timedeltas(timedelta(0), timedelta(days=2)), st.booleans())
def test_rows_keep_every_value(
    one: datetime | None, other: datetime | None, failures: float, interval: timedelta, gone: bool
) -> None:
    state = replace(POLLED, last_checked=one, failing_since=other, failures=failures, gone=gone, interval=interval)
    assert read_poll(poll_row(state)) == state
    assert one is None or instant(micros(one)) == one
