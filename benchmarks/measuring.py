"""What a command costs: CPU and wall seconds, and the peak memory of its whole process tree. Linux only."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

_EVERY = 0.05
"""Seconds between two looks at the memory: what lives shorter is missed."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command used and printed.

    Attributes:
        cpu: seconds, user and system, of the process and of all its children that it waited for.
        wall: seconds.
        peak: MB of resident memory, the sum over the process tree; pages that several use count in each.
        output: what it wrote to stdout.
    """

    cpu: float
    wall: float
    peak: float
    output: str


def measured(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Runs a command to its end.

    Raises:
        SystemExit: when it fails; its stderr has been shown by then.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    peak = [0.0]
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peak, ended))
    watch.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    ended.set()
    watch.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}\nended with exit code {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak[0], output)


def _watch(root: int, peak: list[float], ended: threading.Event) -> None:
    while not ended.wait(_EVERY):
        peak[0] = max(peak[0], _resident(root) / 2**20)


def _resident(root: int) -> int:
    """Bytes of resident memory of a process and its descendants."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                # After the command's name, which is in brackets and may hold anything: state, parent, ...
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            parents[int(folder.name)] = int(fields[1])
            sizes[int(folder.name)] = int(fields[21]) * _PAGE
    family = {root}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    return sum(sizes.get(member, 0) for member in family)


def spread(values: Sequence[float], digits: int = 1) -> str:
    """The median, and the range where there are several values."""
    middle = f"{median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def verdict(value: float, bar: float, *, at_least: bool = False) -> str:
    """Whether a bar is met."""
    return "yes" if (value >= bar if at_least else value <= bar) else "**no**"


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Prints a markdown table."""
    print("| " + " | ".join(head) + " |")
    print("| " + " | ".join("---" for _ in head) + " |")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()
