"""The newsroom: a small news world on the loopback that plays the race to film in orbit.

It is what `orbitwatch demo` and the tests crawl. Its outlets are invented; what they report is not.
"""

from datetime import UTC, datetime

from crawler.newsroom.listener import RequestSeen
from crawler.newsroom.outlets import Outlet
from crawler.newsroom.server import DEFAULT_FIRST_PORT, Newsroom, NewsroomError
from crawler.newsroom.truth import StoryTruth

SCHEDULE: tuple[datetime, ...] = (
    datetime(2020, 5, 29, 6, 0, tzinfo=UTC),  # NASA and Tom Cruise; Doug Liman attached
    datetime(2020, 11, 5, 6, 0, tzinfo=UTC),  # Roscosmos announces; the contest for the lead opens
    datetime(2021, 5, 20, 6, 0, tzinfo=UTC),  # the crew is named
    datetime(2021, 10, 5, 10, 30, tzinfo=UTC),  # launched, not yet docked: the agency's first version
    datetime(2021, 10, 6, 6, 0, tzinfo=UTC),  # docked: the agency's story is an update now
    datetime(2021, 10, 20, 6, 0, tzinfo=UTC),  # filmed and back
    datetime(2022, 2, 1, 6, 0, tzinfo=UTC),  # Maezawa back from the station; a studio module announced
    datetime(2023, 5, 13, 6, 0, tzinfo=UTC),  # premiere, release, a billion roubles; one feed is gone
    datetime(2024, 3, 20, 6, 0, tzinfo=UTC),  # Chinese cinemas
    datetime(2025, 12, 31, 6, 0, tzinfo=UTC),  # the film from Tiangong; the American one reported dropped
)
"""Moments at which a crawl of the newsroom sees most of what matters."""

__all__ = [
    "DEFAULT_FIRST_PORT",
    "SCHEDULE",
    "Newsroom",
    "NewsroomError",
    "Outlet",
    "RequestSeen",
    "StoryTruth",
]
