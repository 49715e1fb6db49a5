"""One fetched page's whole way to a stored article: the single path that the crawl and every backfill share.

It has three steps. `examine` is pure and heavy (it reads the page, judges it and looks for claims), so it runs in a
worker process. `Draft.of` makes a relevant page the article that it will be. `Intake` is light and stateful: it gives
drafts their stories and hands them to the store, in the one process that holds the lock.
"""

from pipelines.intake.drafts import Draft, article_id_of, milestone_of
from pipelines.intake.examining import Examined, examine
from pipelines.intake.settling import STORY_INDEX, Arrival, Intake, Settled, forget_index, open_index

__all__ = [
    "STORY_INDEX",
    "Arrival",
    "Draft",
    "Examined",
    "Intake",
    "Settled",
    "article_id_of",
    "examine",
    "forget_index",
    "milestone_of",
    "open_index",
]
