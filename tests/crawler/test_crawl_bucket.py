"""Several hosts crawl into one bucket: real command, real sockets, moto's S3 server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.polling.shards import Shard
from tests.crawler.loopback import Done, Web, sources_toml

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2021-10-05T13:10:00+00:00"></head><body><article><h1>{title}</h1>
<p>The actress Yulia Peresild and the director Klim Shipenko reached the International Space Station on Tuesday to shoot
scenes of the feature film The Challenge in orbit. They left Baikonur aboard Soyuz MS-19 with Anton Shkaplerov.</p>
<p>{more} Roscosmos and Channel One make the film together; the crew is to return on 17 October.</p></article></body></html>"""

Orbitwatch = Callable[..., Any]


def outlet_of(part: int) -> str:
    """An outlet that belongs to this half of the sources."""
    names = ("tribune", "gazette", "courier", "herald", "observer", "mirror", "echo", "monitor")
    return next(name for name in names if Shard(part, 2).holds(f"http://{name}.localhost/"))


def test_two_hosts_with_a_shard_each_fill_one_bucket(
    web: Web, tmp_path: Path, orbitwatch: Orbitwatch, bucket: str
) -> None:
    entries = []
    for part, more in ((1, "Rehearsals took four months."), (2, "A surgeon is the heroine; cosmonauts play along.")):
        outlet = outlet_of(part)
        title = f"Film crew reaches the station, {outlet} reports"
        page = web.serve(outlet, "/launch", PAGE.format(title=title, more=more * 5))
        entries.append({"id": outlet, "feeds": [web.feed(outlet, (title, page))]})
    sources = tmp_path / "sources.toml"
    sources.write_text(sources_toml(*entries))
    for part in (1, 2):
        place = ("--data", bucket, "--work", str(tmp_path / f"host{part}"), "--sources", str(sources))
        done: Done = orbitwatch("crawl", *place, "--shard", f"{part}/2", "--json")
        assert done.code == 0, done.err
        assert [row["source"] for row in done.json["rows"]] == [outlet_of(part)]
        assert done.json["total"]["stored"] == 1
        assert not (tmp_path / f"host{part}" / "stories").exists()
        assert not (tmp_path / f"host{part}" / ".journal.jsonl").exists()
    articles = pd.read_parquet(f"{bucket}/articles")
    assert set(articles["source"]) == {outlet_of(1), outlet_of(2)}
    assert set(pd.read_parquet(f"{bucket}/runs")["source"]) == {outlet_of(1), outlet_of(2)}
    web.asked.clear()
    again: Done = orbitwatch("crawl", *place, "--shard", "2/2")
    assert (again.code, again.out, again.err) == (0, "", "")
    assert web.asked == []


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("crawl", ("--data", "s3://Newsroom/x")),
        ("crawl", ("--data", "gs://newsroom/x")),
        ("crawl", ("--shard", "9/8")),
        ("doctor", ("--data", "s3://newsroom/orbit")),
    ],
)
def test_what_cannot_be_meant_is_refused(verb: str, arguments: tuple[str, ...], orbitwatch: Orbitwatch) -> None:
    done: Done = orbitwatch(verb, *arguments)
    assert done.code == 2
    assert "s3://bucket/prefix" in done.err or "3/8" in done.err or "docs/object-stores.md" in done.err
