"""What a scheduled run leaves in the events table."""

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


def test_events_that_cannot_be_stored_cost_a_word_and_no_story(web: Web, data: Path, orbitwatch: Orbitwatch) -> None:
    serve(web, data)
    Store(data).probe()
    (data / "events" / "year=2021").mkdir(parents=True)
    (data / "events" / "year=2021" / "2021-10.parquet").write_bytes(b"PAR1 damaged PAR1")
    done: Done = orbitwatch("crawl", "--json")
    assert len(pd.read_parquet(data / "stories")) == 4
    assert "the events of the new stories are not stored" in done.err
    assert "2021-10.parquet" in done.err
