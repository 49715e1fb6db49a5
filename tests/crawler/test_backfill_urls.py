"""`orbitwatch backfill urls` with outlets and an archive on the loopback."""

import resource
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.crawler.archive_servers import Archives, ArchiveSite, Copy, Published, WebArchive, archives
from tests.crawler.backfilling import Backfill, articles, backfill, bakery, command, landing, launch, write_sources

__all__ = ["archives", "backfill"]

OCTOBER = datetime(2021, 10, 5, 13, 10, tzinfo=UTC)


@pytest.fixture
def addresses(archives: Archives, data: Path) -> Path:
    pages = [Published("/launch", OCTOBER, launch(OCTOBER)), Published("/bakery", OCTOBER, bakery("Mill Street"))]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), pages)
    archives.sites["far"] = ArchiveSite(archives.url("far"), [])
    archives.sites["archive"] = WebArchive(
        [Copy(archives.url("far", "/return"), stamp, landing(None)) for stamp in ("20211018000000", "20240101000000")]
    )
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")}, {"id": "wire"})
    file = data.parent / "list.txt"
    file.write_text(
        "# what a colleague sent\n"
        f"{archives.url('tribune', '/launch')}\n{archives.url('tribune', '/bakery')}\twire\n"
        f"not an address\n{archives.url('far', '/return')}\n{archives.url('far', '/never')}\n"
    )
    return file


def test_a_list_live_and_from_the_archive_where_pages_are_gone(
    archives: Archives, addresses: Path, data: Path, backfill: Backfill
) -> None:
    base = "--archive", archives.url("archive", "/web")
    done = backfill("urls", str(addresses), *base)
    assert done.code == 0
    assert "line 4" in done.err
    rows = {row["source"]: row for row in done.json["rows"]}
    assert rows["wire"]["off_topic"] == 1
    assert rows["far.localhost"]["failed"] == {"not_found": 3}, "two pages at the outlet, one of them in the archive"
    kept = articles(data).set_index("source")
    assert set(kept["discovered_via"]) == {"url"}
    assert kept.loc["tribune", "published_at"] == OCTOBER
    assert kept.loc["far.localhost", "fetched_at"] == datetime(2021, 10, 18, tzinfo=UTC), "the earliest copy"

    archives.asked.clear()
    assert backfill("urls", str(addresses), *base).code == 0
    assert archives.asked == []


def test_a_disk_that_is_full_ends_the_run_and_leaves_the_outlets_alone(archives: Archives, data: Path) -> None:
    pages = [Published(f"/{number}", OCTOBER, bakery(f"Street {number}")) for number in range(80)]
    archives.sites["tribune"] = ArchiveSite(archives.url("tribune"), pages)
    write_sources(data, {"id": "tribune", "home": archives.url("tribune")})
    file = data.parent / "list.txt"
    file.write_text("".join(f"{archives.url('tribune', page.path)}\n" for page in pages))
    room = 160_000  # bytes of the log that SQLite appends to; the tables take some 50,000 of them
    done = subprocess.run(
        command(data, "urls", str(file)),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "state file" in line
    assert 0 < len(archives.paths("tribune")) < 60


def test_mistakes_are_named_before_anything_is_fetched(
    archives: Archives, addresses: Path, data: Path, backfill: Backfill
) -> None:
    assert "tribun" in backfill("urls", str(addresses), "--source", "tribun").err
    addresses.write_text(f"{archives.url('tribune', '/launch')}\tnobody\n")
    done = backfill("urls", str(addresses))
    assert done.code == 2
    assert "line 1: no source is called 'nobody'" in done.err
    addresses.write_text("# nothing\n")
    assert backfill("urls", str(addresses)).code == 2
    assert archives.asked == []
