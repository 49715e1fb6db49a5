"""A story from its articles. Pure, so that a rebuild gives what the crawl gave.

The earliest known article speaks for the story, in the words of its first version: its text belongs to its
date. A later correction is an article of its own (`revision` 1, 2, ...), dated when it was made; taking its
words for the story would show in October what nobody could read before November.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any

Row = dict[str, Any]

SPOKEN = (
    "date",
    "published_at",
    "date_precision",
    "date_source",
    "source",
    "domain",
    "title",
    "summary",
    "text",
    "authors",
    "language",
    "matched_terms",
    "word_count",
)
"""Columns of a story that are its speaker's as they stand."""


def derive_story(articles: list[Row]) -> Row:
    """The row of `stories` for all articles of one story.

    Args:
        articles: rows of the articles table with one `story_id`, at least one, in any order.

    Returns:
        A row with every column of `pipelines.schema.STORIES`.
    """
    ordered = sorted(articles, key=seniority)
    speaker = ordered[0]
    return {
        "story_id": speaker["story_id"],
        **{name: speaker[name] for name in SPOKEN},
        "url": speaker["canonical_url"],
        "projects": list(dict.fromkeys(project for article in ordered for project in article["projects"])),
        "relevance": max(article["relevance"] for article in ordered),
        "articles": len({article["canonical_url"] for article in ordered}),
        "sources": len({article["source"] for article in ordered}),
        "languages": len({article["language"] for article in ordered}),
        "last_published_at": _latest(article["published_at"] for article in ordered),
        "first_seen_at": min(article["first_seen_at"] for article in ordered),
    }


def is_on_topic(articles: Iterable[Row]) -> bool:
    """Whether a story has a place in the table: one of its articles is about a film project.

    The judge names a project for each article that it finds relevant ("unlisted" where the file has none), and none
    for any other.
    """
    return any(article["projects"] for article in articles)


def seniority(article: Row) -> tuple[datetime, int, datetime, str]:
    """Sorts the articles of a story, the earliest first.

    Known to the minute, an article stands at that minute. Known to the day only, it stands at the day's end:
    who can prove the minute comes first. Without a date it stands where it was first seen, since it was
    published before. Ties go to the earlier revision, then to the one seen first.
    """
    published = article["published_at"]
    if published is None or article["date_precision"] == "none":
        instant = article["first_seen_at"]
    elif article["date_precision"] == "day":
        instant = datetime.combine(article["date"], time.max, UTC)
    else:
        instant = published
    return instant, article["revision"], article["first_seen_at"], article["article_id"]


def _latest(instants: Iterable[datetime | None]) -> datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)
