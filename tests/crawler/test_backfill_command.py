"""What all kinds of `orbitwatch backfill` share."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from scrapy import Request
from scrapy.settings import Settings

from crawler.cli import main
from crawler.extensions.crawl_delay import CrawlDelay
from pipelines.analysis import load_runs, source_health
from pipelines.catalogue.sources import load_sources
from tests.crawler.archive_servers import Archives, ArchiveSite, Published, archives
from tests.crawler.backfilling import Backfill, backfill, bakery, write_sources
from tests.crawler.loopback import Done

__all__ = ["archives", "backfill"]


def test_runs_of_a_backfill_say_nothing_of_the_feeds(
    archives: Archives, data: Path, backfill: Backfill, orbitwatch: Any
) -> None:
    published = [Published("/bakery", datetime(2021, 5, 1, tzinfo=UTC), bakery("Mill Street"))]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), published)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    assert backfill("sitemaps", "--since", "2021", "--until", "2021").code == 0
    runs = load_runs(data)
    assert list(runs["outcome"]) == ["backfill"]
    assert list(runs["next_due_at"].isna()) == [True]
    status: Done = orbitwatch("status", "--json", "--now", "2026-01-16T12:00:00Z")
    assert (status.json["last_run"], status.json["sources"][0]["pages"]) == (None, 0)
    assert list(source_health(runs, load_sources(data / "sources.toml"))["verdict"]) == ["not visited"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sitemaps"], "--since"),
        (["sitemaps", "--since", "yesterday"], "is no day"),
        (["sitemaps", "--since", "2021-13"], "is no day"),
        (["sitemaps", "--since", "2021", "--until", "2020"], "ends on 2020-12-31, before it begins"),
        (["sitemaps", "--since", "2021", "--source", "nobody"], "nobody"),
        (["wayback", "--since", "2021", "--url", "a*b.example"], "wildcard"),
        (["wayback", "--since", "2021", "--url", "*.b.example", "--source", "a"], "exclude each other"),
        (["wayback", "--since", "2021", "--cdx", "ftp://b.example"], "not http or https"),
        (["gdelt", "--since", "2021", "--files", "doc"], "doc"),
    ],
)
def test_mistakes_are_told_before_anything_is_fetched(data: Path, arguments: list[str], said: str) -> None:
    write_sources(data, {"id": "tribune"})
    done = CliRunner().invoke(main, ["backfill", arguments[0], "--data", str(data), *arguments[1:]])
    assert done.exit_code == 2
    assert said in done.output
    assert not (data / ".state").exists()


def test_an_archive_has_a_delay_of_its_own_that_robots_can_only_raise() -> None:
    settings = {"ORBITWATCH_LEAST_DELAYS": {"archive.example": 4.0}, "ROBOTSTXT_USER_AGENT": "orbitwatch"}
    settings |= {"DOWNLOAD_DELAY": 1.0, "ORBITWATCH_MAX_CRAWL_DELAY": 60.0}
    crawler: Any = SimpleNamespace(settings=Settings(settings))
    slots = {name: SimpleNamespace(delay=1.0) for name in ("archive.example", "outlet.example")}
    crawler.engine = SimpleNamespace(downloader=SimpleNamespace(slots=slots))
    extension = CrawlDelay(crawler)

    def delays(asked: float) -> list[float]:
        rules: Any = SimpleNamespace(crawl_delay=lambda _: asked)
        for name in slots:
            extension.robots_parsed(rules, Request(f"https://{name}/robots.txt"))
            extension.request_moved(Request(f"https://{name}/", meta={"download_slot": name}))
        return [slot.delay for slot in slots.values()]

    assert delays(0) == [4.0, 1.0]
    assert delays(2) == [4.0, 2.0]
    assert delays(30) == [30.0, 30.0]
