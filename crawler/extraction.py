"""The worker process that reads the few pages that pass the gate.

Extraction costs tens of milliseconds for a usual page and many seconds for a hostile one. On the reactor it would stop
every download; in a process of its own it can be given a time limit, and whatever happens to it costs one page.
"""

import asyncio
import multiprocessing
import resource
import signal
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipelines.intake import Examined, examine
from pipelines.model import Fetched

#: Seconds for one page. The slowest of 439 real pages took trafilatura 1.4 s; the node cap keeps hostile ones below
# about 5.
TIME_LIMIT = 20.0
#: Seconds for the worker to start: imports and the vocabulary take about 2 on an idle machine.
START_LIMIT = 120.0
#: Bytes of address space, so that a page that explodes in memory ends its worker and not the machine.
MEMORY_LIMIT = 3 * 2**30


class PageTimeoutError(Exception):
    """A page took longer than the limit; its worker has been replaced."""


class WorkerDiedError(Exception):
    """The worker ended while it read a page; it has been replaced."""


class ExtractionWorker:
    """Reads pages one after the other in a process that is started at the first one.

    Args:
        projects: the projects file, None for the project's own.
        time_limit: seconds for one page.
    """

    def __init__(self, projects: Path | None, *, time_limit: float = TIME_LIMIT) -> None:
        self._projects = projects
        self._time_limit = time_limit
        self._turn = asyncio.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    async def examine(self, fetched: Fetched, timezone: str, now: datetime) -> Examined:
        """What `pipelines.intake.examine` says of the page.

        Raises:
            PageTimeoutError: it took too long.
            WorkerDiedError: the worker ended (out of memory, killed).
        """
        async with self._turn:
            return await asyncio.to_thread(self._ask, (fetched, timezone, now))

    def close(self) -> None:
        """Ends the worker."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _ask(self, question: tuple[Fetched, str, datetime]) -> Examined:
        try:
            pipe = self._pipe or self._start()
            pipe.send(question)
            return self._answer(pipe, self._time_limit)
        except (EOFError, OSError) as error:
            self.close()
            msg = f"the extraction worker ended: {error or 'killed'}"
            raise WorkerDiedError(msg) from error

    def _start(self) -> Connection:
        # "spawn": the reactor's sockets and the store's lock must not be inherited, as they would be by "fork".
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, self._projects), daemon=True, name="extraction")
        self._process.start()
        theirs.close()
        self._answer(self._pipe, START_LIMIT)
        return self._pipe

    def _answer(self, pipe: Connection, limit: float) -> Examined:
        if not pipe.poll(limit):
            self.close()
            msg = f"no answer from the extraction worker within {limit:g} s"
            raise PageTimeoutError(msg)
        answer = pipe.recv()
        if isinstance(answer, Exception):
            raise WorkerDiedError(str(answer)) from answer
        return answer  # type: ignore[no-any-return]


def _work(pipe: Connection, projects_file: Path | None) -> None:
    """The worker's life: says that it is ready, then answers one page after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it lets the page in hand be finished
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    from pipelines.catalogue.projects import load_projects  # noqa: PLC0415 - the parent never needs these
    from pipelines.milestones import ClaimFinder  # noqa: PLC0415
    from pipelines.topic import Judge  # noqa: PLC0415

    projects = load_projects(projects_file)
    judge, finder = Judge(projects), ClaimFinder(projects)
    pipe.send(Examined())
    while True:
        try:
            fetched, timezone, now = pipe.recv()
        except EOFError:
            return
        try:
            answer: Examined | Exception = examine(fetched, judge=judge, finder=finder, timezone=timezone, now=now)
        except Exception as error:  # noqa: BLE001 - whatever a hostile page provokes is this page's fate, not the run's
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        pipe.send(answer)
