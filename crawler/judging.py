"""Judging stored articles on all cores."""

import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from pipelines.catalogue.projects import Projects
from pipelines.rejudging import JudgeAll, Judgement, Rejudge, StoredArticle

#: Articles that are judged in this process: starting others takes about two seconds each, in which one judges some
#: hundreds.
FEW = 500

#: Articles handed over at a time: few enough that all cores end together, many enough that handing over costs nothing.
_CHUNK = 16


@contextmanager
def judging(projects: Projects, *, topic: bool, milestones: bool, articles: int) -> Iterator[JudgeAll]:
    """Gives what `pipelines.rejudging.rejudge` judges with: this process for few articles, one for each core for many.

    Args:
        projects: the rules.
        topic: whether to assess.
        milestones: whether to look for claims.
        articles: how many will be judged.

    Raises:
        BrokenProcessPool: while judging, when a process was killed (out of memory).
    """
    if articles < FEW:
        rejudge = Rejudge(projects, topic=topic, milestones=milestones)
        yield lambda batch: map(rejudge, batch)
        return
    with ProcessPoolExecutor(
        len(os.sched_getaffinity(0)),
        # "spawn": the store's lock must not be inherited, as it would be by "fork".
        mp_context=get_context("spawn"),
        initializer=_prepare,
        initargs=(projects, topic, milestones),
    ) as pool:

        def judge_all(batch: Sequence[StoredArticle]) -> Iterator[Judgement]:
            return pool.map(_judge, batch, chunksize=_CHUNK)

        try:
            yield judge_all
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


#: The one judge of a worker process, made when it starts.
_judges: list[Rejudge] = []


def _prepare(projects: Projects, topic: bool, milestones: bool) -> None:  # noqa: FBT001 - the pool passes by position
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    _judges.append(Rejudge(projects, topic=topic, milestones=milestones))


def _judge(article: StoredArticle) -> Judgement:
    return _judges[0](article)
