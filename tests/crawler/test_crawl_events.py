"""What a scheduled run leaves in the events table."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipelines.store import Store
from tests.crawler.loopback import Done, Web, sources_toml
from tests.pipelines.event_texts import TOLD

PAGE = """<!doctype html><html lang="{language}"><head><title>{title}</title>
<meta property="article:published_time" content="{published}"></head><body><article><h1>{title}</h1>{text}</article></body></html>"""

Orbitwatch = Callable[..., Any]


def serve(web: Web, data: Path) -> None:
    """Two outlets in two languages, each with its story of the launch and its story of the return."""
    entries = []
    for outlet in ("tribune", "vestnik"):
        told = [t for t in TOLD if t.outlet == outlet and t.event in {"launch", "return"}]
        links = []
        for number, story in enumerate(told):
            text = "".join(f"<p>{line}</p>" for line in story.text.split("\n"))
            page = PAGE.format(
                language=story.language, title=story.title, published=story.published.isoformat(), text=text
            )
            links.append((story.title, web.serve(outlet, f"/{story.event}-{number}", page)))
        entries.append({"id": outlet, "feeds": [web.feed(outlet, *links)]})
    data.mkdir(parents=True, exist_ok=True)
    (data / "sources.toml").write_text(sources_toml(*entries))


def test_after_a_run_stories_of_one_event_stand_together(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    serve(web, data)
    done: Done = orbitwatch("crawl", "--json")
    assert done.code == 0, done.err
    events = pd.read_parquet(data / "events")
    titles = pd.read_parquet(data / "stories").set_index("story_id")["title"]
    assert sorted(events["story_id"]) == sorted(titles.index)
    wanted = {
        frozenset(t.title for t in TOLD if t.event == event and t.outlet in {"tribune", "vestnik"})
        for event in ("launch", "return")
    }
    assert {frozenset(titles[list(group)]) for _, group in events.groupby("event_id")["story_id"]} == wanted


KILLED = """
import os
from crawler.cli import run
from pipelines.store import Store
Store.put_events = lambda *_: os._exit(137)
run()
"""


def test_what_a_run_killed_before_its_events_has_stored_the_next_one_relates(
    web: Web, data: Path, orbitwatch: Orbitwatch
) -> None:
    serve(web, data)
    crawl = ["crawl", "--data", str(data), "--allow-private", "127.0.0.0/8", "-s", "DOWNLOAD_DELAY=0"]
    killed = subprocess.run([sys.executable, "-c", KILLED, *crawl], capture_output=True, timeout=120, check=False)
    assert killed.returncode == 137
    assert not (data / ".journal.jsonl").exists()
    assert not (data / "events").exists()
    done: Done = orbitwatch("crawl", "--all", "--json")
    assert done.code == 0, done.err
    assert set(pd.read_parquet(data / "events")["story_id"]) == set(pd.read_parquet(data / "stories")["story_id"])
    assert orbitwatch("check", "--read-data").out == ""


def test_events_that_cannot_be_stored_cost_a_word_and_no_story(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    serve(web, data)
    Store(data).probe()
    (data / "events" / "year=2021").mkdir(parents=True)
    (data / "events" / "year=2021" / "2021-10.parquet").write_bytes(b"PAR1 damaged PAR1")
    done: Done = orbitwatch("crawl", "--json")
    assert len(pd.read_parquet(data / "stories")) == 4
    assert "the events of new stories are not stored, the next run tries again" in done.err
    assert "2021-10.parquet" in done.err
