"""Kills `orbitwatch backfill warc --keep-raw` at random moments, goes on, and compares with an undisturbed run.

    python -m tests.manual.warc_kills [KILLS]       # 20 by default, with one worker and with three; a quarter of an hour

Most of a short run is its start, so a kill comes at random after the start, after an output, or after the journal. Every
second kill meets the command alone, as `kill -9` in a terminal does, and the processes that it leaves must end by themselves;
the others meet all its processes at once. After three kills a job is left to end, and its tables and raw records must be
those of the undisturbed run. Prints a line for each kill, and ends with 1 when anything differs. Linux only.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import click
import psutil

from crawler.newsroom.outlets import load_outlets
from crawler.newsroom.site import Site
from crawler.newsroom.stories import load_stories
from tests.crawler.test_backfill_warc import OUTLETS, backfill, kept, outputs, started, tables, wait_for, written

IN_A_ROW = 3
ORPHANS_END = 60.0
"""Seconds in which the processes of a killed command must have ended."""


def main() -> int:
    """Returns the exit code."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    moments = random.Random(20211005)  # noqa: S311 - the same moments every time
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        archive = written_archive(room)
        began = time.monotonic()
        done = backfill(room / "whole", *archive, "--workers", 1, "--keep-raw")
        seconds = time.monotonic() - began
        if done.code:
            click.echo(done.err)
            return 1
        whole = tables(room / "whole"), kept(room / "whole")
        click.echo(f"undisturbed: {seconds:.0f} s, {len(whole[1])} articles")
        for workers in (1, 3):
            for data in killed_jobs(room, archive, workers, kills, seconds, moments):
                done = backfill(data, *archive, "--workers", workers, "--keep-raw")
                if done.code or (tables(data), kept(data)) != whole:
                    click.echo(f"{data}: code {done.code}, rows or raw records differ\n{done.err}")
                    return 1
                click.echo(f"{data.name}: the rows and the raw records of the undisturbed run")
    return 0


def written_archive(room: Path) -> list[Path]:
    """Four files, one of each outlet."""
    sites = [Site(outlet, load_stories(), f"https://{outlet.id}.example") for outlet in load_outlets()]
    few = [site for site in sites if site.outlet.id in OUTLETS]
    return [written(room / f"{site.outlet.id}.warc.gz", [site]) for site in few]


def killed_jobs(
    room: Path, archive: list[Path], workers: int, kills: int, seconds: float, moments: random.Random
) -> Iterator[Path]:
    """Kills so often as is asked for; gives each data directory as its last kill is behind it."""
    data, killed = room, 0
    for number in count():
        if number % IN_A_ROW == 0:
            data = room / f"{workers}-workers-{number // IN_A_ROW + 1}"
        before = len(outputs(data))
        stage, delay = moments.choice(("start", "output", "journal")), moments.random()
        process = started(data, *archive, "--workers", workers, "--keep-raw")
        if stage == "start":
            delay *= seconds
        elif stage == "output":
            wait_for(lambda data=data, before=before: len(outputs(data)) > before, process)
        else:
            delay /= 4  # it lives for a moment
            wait_for((data / ".journal.jsonl").exists, process)
        try:
            process.wait(delay)
            process.communicate()
        except subprocess.TimeoutExpired:
            killed += 1
            alone = killed % 2 == 1
            stands = f"{len(outputs(data))} outputs, {'a' if (data / '.journal.jsonl').exists() else 'no'} journal"
            kill(process, alone=alone)
            click.echo(f"{workers} workers, kill {killed}: {'the command' if alone else 'all processes'}, {stands}")
        if killed == kills or number % IN_A_ROW == IN_A_ROW - 1:
            yield data
        if killed == kills:
            return


def kill(process: "subprocess.Popen[str]", *, alone: bool) -> None:
    """Kills a command, and waits until nothing of it runs any more.

    Raises:
        TimeoutError: if processes of it go on.
    """
    if alone:
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + ORPHANS_END
    while left := [one.pid for one in psutil.process_iter() if one.pid != process.pid and is_of(one, process.pid)]:
        if time.monotonic() > until:
            raise TimeoutError(f"processes {left} of a killed command still run")
        time.sleep(0.05)
    process.communicate()


def is_of(process: psutil.Process, group: int) -> bool:
    """Whether a process belongs to a process group, and lives."""
    try:
        return os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, psutil.Error):
        return False


if __name__ == "__main__":
    sys.exit(main())
