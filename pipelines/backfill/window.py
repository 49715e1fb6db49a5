"""The days that a backfill is asked for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(9999, 12, 30)
"""No web page is older; later than the last one there is no day after."""
_EAST, _WEST = timedelta(hours=14), timedelta(hours=12)
"""The farthest zones: a calendar day begins 14 hours before its UTC midnight in the one and ends 12 hours after in the
other."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `since` to `until`, both included.

    Archives count in UTC, outlets in their own zones, so an instant of a neighbouring day may be of a day asked for;
    `may_hold` and `may_overlap` give the benefit of that doubt, and the date that the page itself states decides later.

    Raises:
        ValueError: if `since` is after `until`, before 1990 or at the end of the calendar.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError(f"the window ends on {self.until}, before it begins on {self.since}")
        if self.since < _FIRST_DAY or self.until > _LAST_DAY:
            raise ValueError(f"days from {self.since} to {self.until} are not all between {_FIRST_DAY} and {_LAST_DAY}")

    @property
    def start(self) -> datetime:
        """The first instant, in UTC."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first instant after it, in UTC."""
        return datetime(self.until.year, self.until.month, self.until.day, tzinfo=UTC) + timedelta(days=1)

    def may_hold(self, instant: datetime) -> bool:
        """Is it, somewhere on earth, one of the days at that instant?"""
        return self.start - _EAST <= instant < self.end + _WEST

    def may_overlap(self, first: date, last: date) -> bool:
        """Do the days from `first` to `last`, both included, share one with the window?"""
        return first <= self.until and self.since <= last
