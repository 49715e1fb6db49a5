"""The ping of a run: what a monitor hears, and that a monitor in trouble troubles nobody."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.ping import Ping
from tests.crawler.loopback import Done, Web, sources_toml
from tests.crawler.receivers import Receiver

SECRET = "0b6c8d1e-check"


@pytest.fixture
def sources(web: Web, data: Path) -> None:
    """One outlet with an article that is off topic, and one whose feed is gone."""
    article = web.serve("tribune", "/bakery", "<html><body><p>The bakery reopens.</p></body></html>")
    data.mkdir()
    (data / "sources.toml").write_text(
        sources_toml(
            {"id": "tribune", "feeds": [web.feed("tribune", ("Old bakery reopens", article))]},
            {"id": "gazette", "feeds": [web.url("gazette", "/gone")]},
        )
    )


def test_a_run_tells_its_beginning_and_its_end(
    sources: None, orbitwatch: Callable[..., Done], receiver: Receiver
) -> None:
    done = orbitwatch("crawl", "--ping", f"http://127.0.0.1:{receiver.port}/{SECRET}?rid=7")
    assert (done.code, done.err) == (3, "")
    assert receiver.paths == [f"/{SECRET}/start?rid=7", f"/{SECRET}?rid=7"]
    told = receiver.notes[1].body.decode()
    assert "exit code 3" in told
    assert "2 sources, 1 pages: 0 stored, 0 duplicates, 1 off topic, 0 dropped" in told
    assert "failed: not_found 1" in told


def test_an_idle_run_pings_too_and_a_locked_one_leaves_it_to_the_other(
    web: Web, data: Path, orbitwatch: Callable[..., Done], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORBITWATCH_PING", f"http://127.0.0.1:{receiver.port}/{SECRET}")
    data.mkdir()
    (data / "sources.toml").write_text(sources_toml({"id": "tribune", "feeds": [web.feed("tribune")]}))
    assert orbitwatch("crawl").code == 0
    receiver.notes.clear()
    assert orbitwatch("crawl").code == 0
    assert receiver.paths == [f"/{SECRET}/start", f"/{SECRET}"]
    assert "nothing was due" in receiver.notes[1].body.decode()
    receiver.notes.clear()
    from pipelines.store import Store

    with Store(data).lock():
        assert orbitwatch("crawl").code == 75
    assert receiver.notes == []
    assert orbitwatch("crawl", "--dry-run").code == 0
    assert receiver.notes == []


def test_a_failed_run_says_so(data: Path, orbitwatch: Callable[..., Done], receiver: Receiver) -> None:
    data.mkdir()
    (data / "sources.toml").write_text("[[source]]\nid = 'Wrong Id'\n")
    assert orbitwatch("crawl", "--ping", f"http://127.0.0.1:{receiver.port}/{SECRET}/").code == 2
    assert receiver.paths == [f"/{SECRET}/fail"]
    assert "exit code 2" in receiver.notes[0].body.decode()


def test_a_monitor_that_refuses_is_told_and_changes_nothing(
    sources: None, orbitwatch: Callable[..., Done], receiver: Receiver
) -> None:
    receiver.status = 404
    done = orbitwatch("crawl", "--ping", f"http://127.0.0.1:{receiver.port}/{SECRET}")
    assert done.code == 3
    assert done.err == "orbitwatch: the ping to 127.0.0.1 failed: HTTP 404\n" * 2


def test_a_monitor_that_hangs_is_given_up(receiver: Receiver) -> None:
    receiver.hangs = threading.Event()
    problem = Ping(f"http://127.0.0.1:{receiver.port}/{SECRET}", patience=0.2).send()
    assert problem.startswith("the ping to 127.0.0.1 failed: ")


def test_a_monitor_that_is_not_there(receiver: Receiver) -> None:
    problem = Ping(f"http://user:{SECRET}@127.0.0.1:1/{SECRET}").send("/start")
    assert problem == "the ping to 127.0.0.1 failed: Connection refused"


def test_name_and_password_go_into_a_header(receiver: Receiver) -> None:
    assert Ping(f"http://me:a%20b@127.0.0.1:{receiver.port}/é?x=1 2".replace(" ", "%20")).send("/fail", "é") == ""
    note = receiver.notes[0]
    assert (note.path, note.headers["authorization"], note.body) == (
        "/%C3%A9/fail?x=1%202",
        "Basic bWU6YSBi",
        b"\xc3\xa9",
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hc-ping.com/x",
        "ftp://a.example/x",
        "http:///path",
        "http://a.example:0/",
        "http://a b/",
        "http://[1/x",
        "http://a.example/\n",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="begins with http") as refused:
        Ping(url)
    assert url == "" or url not in str(refused.value)


def test_the_command_refuses_it_as_well(orbitwatch: Callable[..., Done]) -> None:
    done = orbitwatch("crawl", "--ping", f"mailto:{SECRET}")
    assert done.code == 2
    assert "--ping" in done.err
    assert SECRET not in done.err
