"""The life of a process that `crawler.worker` starts: `python -m crawler.worker_process DESCRIPTOR NAME`."""

import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from crawler.memory import collect_rarely, give_back_freed_memory, loading

#: Bytes of memory of its own, so that a document that explodes ends its worker and not the machine. Reading the worst
# of 13 kinds of hostile pages and feeds of 8 MiB took 200 MB.
MEMORY_LIMIT = 512 * 2**20
#: Seconds above the time limit of an answer after which a worker that nobody has killed is ended by its own alarm.
_GRACE = 1.0


def work(pipe: Connection) -> None:
    """Learn what to do, say that it is ready, then answer one question after the other, each within its time limit.

    Whoever asks may end in the middle of a message, which the pipe tells by an OSError of no kind of its own.
    """
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT, MEMORY_LIMIT))
    give_back_freed_memory()
    collect_rarely()
    try:
        prepare, arguments, time_limit = pipe.recv()
    except (EOFError, OSError):
        return
    with loading():
        answer_to = prepare(*arguments)
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            question = pipe.recv()
            # The parent kills what is late, unless it has been killed itself.
            signal.setitimer(signal.ITIMER_REAL, time_limit + _GRACE)
            try:
                answer: Any = answer_to(*question)
            except Exception as error:  # noqa: BLE001 - whatever a hostile document provokes is its own fate, not the run's
                answer = RuntimeError(f"{type(error).__name__}: {error}")
            signal.setitimer(signal.ITIMER_REAL, 0)
            pipe.send(answer)
            question = answer = None  # not to be held while the next one arrives: a body may have 8 MiB


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
