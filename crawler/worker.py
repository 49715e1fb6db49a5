"""A process beside the reactor for work that hostile input can make slow or big.

On the reactor it would stop every download. In a process of its own it has limits of time and memory, and whatever
happens to it costs one answer.
"""

import asyncio
import os
import signal
import subprocess
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import Any

from crawler.interpreter import module_command, search_path

#: Seconds for a worker to start: imports and the vocabulary take about 2 on an idle machine.
START_LIMIT = 120.0
#: What asks a whole group of processes to end: Ctrl-C, `timeout`, systemd. It is the parent's affair, which lets the
# work in hand be finished.
_REQUESTS = frozenset({signal.SIGINT, signal.SIGTERM})


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
        self._pipe: Connection | None = None
        self._end: weakref.finalize[..., Worker] | None = None

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
        if self._end is not None:
            self._end()
        self._pipe = self._end = None

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
        # Not by `multiprocessing`, which keeps one more process of 12 MB to look after what is never shared here, and
        # has the worker import the command line.
        self._pipe, theirs = Pipe()
        with theirs, _inherited_mask(_REQUESTS):
            process = subprocess.Popen(  # noqa: S603 - Python itself
                module_command("crawler.worker_process", str(theirs.fileno()), self._name),
                env={**os.environ, **search_path()},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],  # alone: not the reactor's sockets and the store's lock
            )
        self._end = weakref.finalize(self, _end, process, self._pipe)  # with this process at the latest
        self._pipe.send((self._prepare, self._arguments, self._time_limit))
        self._answer(self._pipe, START_LIMIT)
        return self._pipe

    def _answer(self, pipe: Connection, limit: float) -> Any:
        if not pipe.poll(limit):
            self.close()
            msg = f"no answer from the {self._name} worker within {limit:g} s"
            raise WorkerTimeoutError(msg)
        try:
            answer = pipe.recv()
        except (EOFError, OSError):
            raise  # it has ended
        except Exception as error:  # whatever it takes to make an object again, or to fail to
            msg = f"the answer of the {self._name} worker cannot be read: {type(error).__name__}: {error}"
            raise WorkerDiedError(msg) from error
        if isinstance(answer, Exception):
            raise WorkerDiedError(str(answer)) from answer
        return answer


@contextmanager
def _inherited_mask(signals: Iterable[signal.Signals]) -> Iterator[None]:
    """Starts processes that these signals do not reach, not even while Python is starting in them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(process: subprocess.Popen[bytes], pipe: Connection) -> None:
    process.kill()
    process.wait()
    pipe.close()
