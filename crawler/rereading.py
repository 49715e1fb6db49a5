"""Raw records read and examined again on all cores.

Pages are strangers' input even when they are old, and a newer extractor may stumble where its predecessor did not: so
each is examined in a worker with limits of time and memory, as in a crawl, and costs no more than itself.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue

from crawler.extraction import ExtractionWorker
from crawler.worker import Worker, WorkerDiedError, WorkerTimeoutError
from pipelines.catalogue.projects import Projects
from pipelines.raw import RawPlace, read_raw
from pipelines.reextracting import Reread, RereadAll

#: Pages for which one more worker pays: it takes about two seconds to start, in which one reads some fifty.
_WORTH_A_WORKER = 50


@contextmanager
def rereading(projects: Projects, zones: Mapping[str, str], *, pages: int) -> Iterator[RereadAll]:
    """Gives what `pipelines.reextracting.reextract` reads pages with.

    Args:
        projects: the rules.
        zones: IANA zone by id of the outlet; others have the zone of their raw record.
        pages: how many will be read.
    """
    count = min(len(os.sched_getaffinity(0)), 1 + pages // _WORTH_A_WORKER)
    workers = [ExtractionWorker(projects) for _ in range(count)]
    free: SimpleQueue[Worker] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def reread(place: RawPlace) -> Reread | None:
        try:
            record = read_raw(place)
        except ValueError:
            return None
        fetched = record.fetched
        zone = zones.get(fetched.source, record.timezone)
        worker = free.get()
        try:
            examined = worker.ask_and_wait(fetched, zone, fetched.fetched_at)
        except (WorkerDiedError, WorkerTimeoutError):
            return None
        finally:
            free.put(worker)
        return Reread(replace(fetched, body=b""), examined)

    # The threads only wait for their workers.
    pool = ThreadPoolExecutor(count)

    def reread_all(places: Sequence[RawPlace]) -> Iterator[Reread | None]:
        return pool.map(reread, places)

    try:
        yield reread_all
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.close()
