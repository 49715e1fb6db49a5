"""The one clock.

Every function that needs the time takes a `Clock`, so that tests, the demo and backfill can say what time it is.
Nothing else in the project may ask the system (a test looks for it).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present instant as an aware datetime in UTC."""


def system_clock() -> datetime:
    """The system's time, aware, in UTC."""
    return datetime.now(UTC)


def clock_from(start: datetime) -> Clock:
    """A clock that reads `start` now and runs on at the usual speed, for playing the past.

    Raises:
        ValueError: if `start` has no zone.
    """
    if start.tzinfo is None:
        msg = f"a clock needs an aware datetime, not {start!r}"
        raise ValueError(msg)
    offset: timedelta = start.astimezone(UTC) - system_clock()
    return lambda: system_clock() + offset
