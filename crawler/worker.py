"""A process beside the reactor for work that hostile input can make slow or big.

On the reactor it would stop every download. In a process of its own it has limits of time and memory, and whatever
happens to it costs one answer.
"""

import asyncio
import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from crawler.memory import collect_rarely, give_back_freed_memory, keep_for_good

#: Seconds for a worker to start: imports and the vocabulary take about 2 on an idle machine.
START_LIMIT = 120.0
#: Bytes of memory of its own, so that a document that explodes ends its worker and not the machine. Reading the worst
# of 13 kinds of hostile pages and feeds of 8 MiB took 200 MB.
MEMORY_LIMIT = 512 * 2**20


class WorkerTimeoutError(Exception):
    """An answer took longer than the limit; the worker has been replaced."""


class WorkerDiedError(Exception):
    """The worker ended, or failed, while it worked; it has been replaced where it ended."""


class Worker:
    """Answers questions one after the other in a process that is started at the first one.

    Args:
        name: for messages and lists of processes.
        prepare: called once in the process with `arguments`; returns the function that answers. All three, and
            questions and answers, must be picklable.
        arguments: for `prepare`.
        time_limit: seconds for one answer.
        keep: whether the process is kept when no more questions wait. A rare one had better not hold its memory for
            the rest of the run.
    """

    def __init__(
        self,
        name: str,
        prepare: Callable[..., Callable[..., Any]],
        arguments: tuple[Any, ...],
        time_limit: float,
        *,
        keep: bool = True,
    ) -> None:
        self._name = name
        self._prepare = prepare
        self._arguments = arguments
        self._time_limit = time_limit
        self._keep = keep
        self._asked = 0  # questions without an answer yet
        self._turn = asyncio.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    async def ask(self, *question: Any) -> Any:
        """The answer to `question`, the arguments of the function that `prepare` returned.

        Raises:
            WorkerTimeoutError: it took too long.
            WorkerDiedError: the worker ended (out of memory, killed), or the function raised.
        """
        self._asked += 1
        async with self._turn:
            try:
                return await asyncio.to_thread(self._ask, question)
            finally:
                self._asked -= 1
                if not self._keep and not self._asked:
                    self.close()

    def ask_and_wait(self, *question: Any) -> Any:
        """`ask` where no event loop runs, and one thread asks."""
        return self._ask(question)

    def close(self) -> None:
        """Ends the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None

    def _ask(self, question: tuple[Any, ...]) -> Any:
        try:
            pipe = self._pipe or self._start()
            pipe.send(question)
            return self._answer(pipe, self._time_limit)
        except (EOFError, OSError) as error:
            self.close()
            msg = f"the {self._name} worker ended: {error or 'killed'}"
            raise WorkerDiedError(msg) from error

    def _start(self) -> Connection:
        # "spawn": the reactor's sockets and the store's lock must not be inherited, as they would be by "fork".
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_work, args=(theirs, self._prepare, self._arguments), daemon=True, name=self._name
        )
        self._process.start()
        theirs.close()
        self._answer(self._pipe, START_LIMIT)
        return self._pipe

    def _answer(self, pipe: Connection, limit: float) -> Any:
        if not pipe.poll(limit):
            self.close()
            msg = f"no answer from the {self._name} worker within {limit:g} s"
            raise WorkerTimeoutError(msg)
        answer = pipe.recv()
        if isinstance(answer, Exception):
            raise WorkerDiedError(str(answer)) from answer
        return answer


def _work(pipe: Connection, prepare: Callable[..., Callable[..., Any]], arguments: tuple[Any, ...]) -> None:
    """The worker's life: says that it is ready, then answers one question after the other until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair: it lets the work in hand be finished
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))
    give_back_freed_memory()
    collect_rarely()
    answer_to = prepare(*arguments)
    keep_for_good()
    pipe.send(None)
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        try:
            answer: Any = answer_to(*question)
        except Exception as error:  # noqa: BLE001 - whatever a hostile document provokes is its own fate, not the run's
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        pipe.send(answer)
        question = answer = None  # not to be held while the next one arrives: a body may have 8 MiB
