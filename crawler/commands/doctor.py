"""`orbitwatch doctor`: is this machine fit to run the crawl?"""

import os
import platform
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import click

from crawler.commands.options import (
    ConfigurationError,
    catalogue_options,
    data_option,
    json_option,
    read_projects,
    read_sources,
)
from pipelines.clock import system_clock
from pipelines.polling.rules import CLOCK_SLACK

#: Bytes below which a disk is called nearly full: a month file is rewritten whole beside the old one, and logs grow.
_SPARE = 500 * 2**20


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: its name, "ok", "warning" or "error", and what was seen."""

    check: str
    verdict: Literal["ok", "warning", "error"]
    seen: str


@click.command()
@data_option
@catalogue_options
@json_option
@click.pass_context
def doctor(
    ctx: click.Context, data: Path, sources_file: Path | None, projects_file: Path | None, as_json: bool
) -> None:
    """Check versions, disk, clock, name resolution and both catalogue files. Exit 1 when something must be mended."""
    from crawler.commands.output import console, print_json, table

    findings = list(examine(data, sources_file, projects_file))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = ((f.verdict, f.check, f.seen) for f in findings)
        console().print(table("orbitwatch doctor", ("", "check", "seen"), rows, wrap=("seen",)))
    if any(finding.verdict == "error" for finding in findings):
        ctx.exit(1)


def examine(data: Path, sources_file: Path | None, projects_file: Path | None) -> Iterator[Finding]:
    """Every check, in order."""
    names = ("orbitwatch", "scrapy", "trafilatura", "pyarrow", "pandas", "lxml")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    yield Finding("versions", "ok", f"Python {platform.python_version()}, {versions}")
    yield _writable(data)
    yield _locking(data)
    yield _disk(data)
    yield _clock()
    yield _names()
    yield from _catalogue(data, sources_file, projects_file)
    yield _last_run(data)


def _writable(data: Path) -> Finding:
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=data, prefix=".tmp-doctor-") as probe:
            probe.write(b"orbitwatch")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return Finding(
            "data directory", "error", f"{data} cannot be written: {error.strerror}; give another with --data"
        )
    return Finding("data directory", "ok", f"{data.resolve()} can be written")


def _locking(data: Path) -> Finding:
    """Two handles on one file must exclude each other; on some network disks they do not."""
    import fcntl

    try:
        with (
            tempfile.NamedTemporaryFile(dir=data, prefix=".tmp-doctor-") as first,
            Path(first.name).open("rb") as second,
        ):
            fcntl.flock(first, fcntl.LOCK_EX | fcntl.LOCK_NB)
            try:
                fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return Finding("locks", "ok", "two runs exclude each other here")
    except OSError as error:
        return Finding("locks", "error", f"no file can be locked in {data}: {error.strerror}")
    return Finding("locks", "error", f"locks do not hold in {data} (a network disk?); keep the data on a local disk")


def _disk(data: Path) -> Finding:
    try:
        free = shutil.disk_usage(data).free
    except OSError as error:
        return Finding("free disk", "error", f"{data}: {error.strerror}")
    return Finding("free disk", "ok" if free > _SPARE else "warning", f"{free / 2**30:.1f} GiB free")


def _clock() -> Finding:
    now = system_clock()
    # No release of this program is older than 2026: a clock that says otherwise has lost its battery.
    sane = 2026 <= now.year < 2100
    return Finding(
        "clock", "ok" if sane else "error", f"{now:%Y-%m-%d %H:%M} UTC" + ("" if sane else "; set the system's clock")
    )


def _names() -> Finding:
    try:
        socket.getaddrinfo("example.com", 443, type=socket.SOCK_STREAM)
    except OSError as error:
        return Finding(
            "name resolution",
            "warning",
            f"example.com could not be resolved ({error.strerror}); outlets will not be either",
        )
    return Finding("name resolution", "ok", "example.com resolves")


def _catalogue(data: Path, sources_file: Path | None, projects_file: Path | None) -> Iterator[Finding]:
    try:
        sources = read_sources(data, sources_file)
        yield Finding("sources", "ok", f"{len(sources)} sources, {sum(s.enabled for s in sources)} enabled")
    except ConfigurationError as error:
        yield Finding("sources", "error", error.message)
    try:
        projects = read_projects(data, projects_file)
        yield Finding("projects", "ok", f"{len(projects.projects)} projects, rules version {projects.version}")
    except ConfigurationError as error:
        yield Finding("projects", "error", error.message)


def _last_run(data: Path) -> Finding:
    from pipelines.analysis import load_runs

    try:
        runs = load_runs(data, columns=["run_id", "started_at", "outcome"])
    except (OSError, ValueError, sqlite3.Error) as error:
        return Finding("last run", "error", f"the runs table cannot be read: {error}")
    if runs.empty:
        return Finding("last run", "ok", "no run yet")
    to_come = runs["started_at"] > system_clock() + CLOCK_SLACK
    if to_come.any():
        first = runs.loc[to_come, "started_at"].iloc[0]
        wrong = "which is still to come: a clock was ahead, or this one is behind"
        return Finding("last run", "warning", f"one is dated {first:%Y-%m-%d %H:%M} UTC, {wrong}")
    last = runs[runs["run_id"] == runs["run_id"].iloc[-1]]
    failed = int((last["outcome"] == "failed").sum())
    return Finding(
        "last run", "ok", f"{last['started_at'].iloc[0]:%Y-%m-%d %H:%M} UTC, {len(last)} sources, {failed} failed"
    )
