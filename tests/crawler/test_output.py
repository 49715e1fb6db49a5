"""Tables in pipes and in narrow terminals."""

from datetime import UTC, datetime

from rich.console import Console

from crawler.commands.output import console, table
from crawler.commands.running import summary_tables
from crawler.summary import Summary
from pipelines.model import SourceRun

ADDRESS = "https://www.tribune.example/rss/space/" + "and-film/" * 40
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def test_a_pipe_gets_whole_rows(capsys) -> None:
    console().print(table("", ("source", "feed", "asked"), [("tribune", ADDRESS, "yes")], wrap=("feed",)))
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.split() == ["tribune", ADDRESS, "yes"]


def test_a_narrow_terminal_breaks_what_is_long_and_shows_the_rest() -> None:
    narrow = Console(width=60, highlight=False)
    with narrow.capture() as captured:
        narrow.print(table("", ("source", "feed", "asked"), [("tribune", ADDRESS, "yes")], wrap=("feed",)))
    lines = captured.get().splitlines()
    assert "".join(line.replace("tribune  ", "").replace("yes", "").strip() for line in lines).endswith(ADDRESS)
    assert not [line for line in lines if "…" in line]


def test_eighty_characters_hold_what_a_run_did() -> None:
    rows = [
        SourceRun(
            "r",
            NOON,
            "the-longest-name-20c",
            outcome="partial",
            new_urls=1_000,
            pages=1_000,
            off_topic=990,
            stored=3,
            duplicates=2,
            dropped={"no_text": 2, "soft_404": 3},
            failed={"dns": 1, "server_error": 20, "timeout": 300},
            next_due_at=NOON,
        )
    ]
    summary = Summary("20260115T120000.000000Z", NOON, NOON, tuple(rows), rows[0], (), 3)
    narrow = Console(width=80, highlight=False)
    with narrow.capture() as captured:
        for each in summary_tables(summary):
            narrow.print(each)
    shown = captured.get()
    assert "…" not in shown
    for word in ("next due", "15 Jan 12:00", "990", "soft_404 3", "server_error 20", "timeout 300"):
        assert word in shown
