"""What a kind of backfill has to say of the past that it brings in."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from crawler.backfill.units import Reading, Unit

T = TypeVar("T")
U = TypeVar("U", bound=Unit)


class Past(ABC, Generic[T, U]):
    """Targets (an outlet, a quarter hour of GDELT), each with the units that it begins with, and how one is read."""

    #: Targets that are worked on at a time.
    walkers = 1
    #: Pages that are asked for at a time for each of them. Where all are of one host, one is on the way and one waits
    # its turn; more would only delay the end of an interrupted run.
    room = 2
    #: The host without which nothing can be done, "" when there is none.
    vital = ""
    #: Targets that are read for an estimate; None for all. The cost of the others is taken to be alike.
    most_sampled: int | None = None

    @abstractmethod
    def targets(self) -> Iterator[T]:
        """What is walked through, oldest first where there is an order."""

    @abstractmethod
    def count_targets(self) -> int:
        """How many targets there are."""

    @abstractmethod
    def name_target(self, target: T) -> str:
        """A target for a person."""

    @abstractmethod
    async def roots(self, target: T) -> Sequence[U]:
        """The units that a target begins with, in the order in which they are read."""

    @abstractmethod
    async def read(self, unit: U) -> Reading:
        """What a unit holds.

        Raises:
            NotRead: when it cannot be had.
        """

    @abstractmethod
    def is_awaited(self, host: str) -> bool:
        """Whether the run waits when a host asks for a pause. Else its pages have failed, for the next run to try."""

    def follow(self, unit: U, onward: str) -> Sequence[U]:  # noqa: ARG002 - for those whose units have an `onward`
        """What comes after a unit that is passed over, of the `Reading.onward` that it once had."""
        return ()
