"""What the kinds of backfills share: units, and what is found in them.

A unit is a list of articles that is read once: a sitemap of an archive, a page of an archive's index, a quarter hour of
GDELT, a part of a list of addresses. A unit whose articles all have their fate is not read again.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.model import Entry


@dataclass(frozen=True, slots=True)
class Unit:
    """A list of articles to read.

    Attributes:
        key: tells it apart for ever: what is read, and what is looked for in it.
        source: id of the source for which its requests are counted.
        changed_at: when the list last changed; one that was done before that is read again. None when nobody says.
    """

    key: str
    source: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An article that a unit names.

    Attributes:
        source: id of its source.
        entry: what the list says of it.
        at: for a web archive: the instant whose copy is asked for; None when nothing is known.
    """

    source: str
    entry: Entry
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a unit holds.

    Attributes:
        found: the articles that may be of the days asked for, oldest first where the list says.
        further: units that it names, in the order in which they are to be read.
        onward: from what the next unit follows when this one is passed over, "" when none does. A unit that names
            others, and nothing to follow them from, is never done: what it names may change.
        skipped: what was left out, by reason.
        broken: whether a part of it could not be read, so that it is not done.
    """

    found: tuple[Found, ...] = ()
    further: tuple[Unit, ...] = ()
    onward: str = ""
    skipped: Counter[str] = field(default_factory=Counter)
    broken: bool = False


class NotRead(Exception):  # noqa: N818 - an outcome, said in the reason words of `crawler.failures`
    """A list could not be read.

    Attributes:
        reason: the reason word.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
