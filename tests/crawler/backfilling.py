"""Pages of the race, and `orbitwatch backfill` run against the loopback archives."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.crawler.loopback import Done, sources_toml

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "DOWNLOAD_TIMEOUT=5", "--delay", "0")
NOW = "2026-01-15T12:00:00Z"

Backfill = Callable[..., Done]


def page(title: str, at: datetime | None, *paragraphs: str) -> bytes:
    printed = f'<meta property="article:published_time" content="{at.isoformat()}">' if at else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{printed}</head>'
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()


def launch(at: datetime | None, place: str = "Tuesday") -> bytes:
    return page(
        "Film crew reaches the space station",
        at,
        f"A Russian actress and a film director arrived at the International Space Station on {place} to shoot the first "
        "feature film in orbit.",
        "Yulia Peresild and Klim Shipenko left Baikonur aboard the Soyuz MS-19 spacecraft with the cosmonaut Anton "
        "Shkaplerov, who docked the ship by hand after a problem with the automatic approach.",
        "They will spend twelve days filming scenes of a drama called The Challenge, in which a surgeon is sent to the "
        "station to save the life of a cosmonaut. Roscosmos and Channel One make the film together.",
    )


def crew(at: datetime | None, place: str = "Star City") -> bytes:
    return page(
        "Actress chosen to film in orbit",
        at,
        "Roscosmos has named the actress Yulia Peresild and the director Klim Shipenko as the crew that will shoot a "
        "feature film aboard the International Space Station in October.",
        f"The two begin their training in {place} this month. The film, with the working title The Challenge, is made "
        "by Channel One and the studio Yellow, Black and White; twenty actresses had been tested by doctors.",
    )


def landing(at: datetime | None) -> bytes:
    return page(
        "Film crew back on Earth after twelve days",
        at,
        "The first people to shoot a feature film in space have landed on the steppe of Kazakhstan in a Soyuz capsule.",
        "Klim Shipenko and Yulia Peresild returned with the cosmonaut Oleg Novitskiy, who plays a part in The Challenge "
        "himself. They bring thirty hours of material from the International Space Station, the director said.",
    )


def bakery(street: str) -> bytes:
    return page(
        f"Old bakery in {street} reopens",
        None,
        f"The bakery in {street} opens its doors again on Saturday after two years of repairs, with a new owner.",
        "Neighbours had collected money for the roof. There will be free rolls for children until noon.",
    )


def write_sources(data: Path, *entries: dict[str, Any]) -> None:
    data.mkdir(parents=True, exist_ok=True)
    feeds = [{"feeds": [f"http://{entry['id']}.localhost/feed"], **entry} for entry in entries]
    (data / "sources.toml").write_text(sources_toml(*feeds))


def articles(data: Path) -> pd.DataFrame:
    return pd.read_parquet(data / "articles").sort_values(["date", "url"], ignore_index=True)


def command(data: Path, kind: str, *arguments: str, now: str | None = NOW) -> list[str]:
    pretended = ["--now", now] if now else []
    called = [sys.executable, "-m", "crawler", "backfill", kind, "--data", str(data), *FAST, *pretended]
    return [*called, "--allow-private", "127.0.0.0/8", *arguments]


@pytest.fixture
def backfill(data: Path) -> Backfill:
    """Runs a kind in a process of its own, and looks whether its books add up."""

    def run(kind: str, *arguments: str, now: str | None = NOW) -> Done:
        called = command(data, kind, "--json", *arguments, now=now)
        done = subprocess.run(called, capture_output=True, text=True, timeout=120, check=False)
        ended = Done(done.returncode, done.stdout, done.stderr)
        if ended.out.startswith("{"):
            for row in (*ended.json["rows"], ended.json["total"]):
                fates = row["stored"] + row["duplicates"] + row["off_topic"] + sum(row["dropped"].values())
                assert row["pages"] == fates, f"{json.dumps(row)} {ended.err}"
        return ended

    return run
