"""Rows of the tables, made for tests: every column filled, any of them to be said otherwise."""

from dataclasses import fields
from datetime import UTC, date, datetime
from typing import Any

from pipelines.model import Article, Milestone


def article(number: int = 1, **said: Any) -> Article:
    """An article about the flight of 5 October 2021."""
    usual: dict[str, Any] = {
        "article_id": f"a{number}",
        "story_id": f"s{number}",
        "role": "original",
        "matched_article_id": None,
        "similarity": 1.0,
        "revision": 0,
        "url": f"https://tribune.example/{number}",
        "canonical_url": f"https://tribune.example/{number}",
        "source": "tribune",
        "domain": "tribune.example",
        "title": f"Film crew in orbit {number}",
        "summary": "",
        "text": "A film crew works aboard the space station.",
        "authors": ("Ada Holm",),
        "language": "en",
        "date": date(2021, 10, 5),
        "published_at": datetime(2021, 10, 5, 12, tzinfo=UTC),
        "date_precision": "minute",
        "date_source": "jsonld",
        "date_conflict": False,
        "projects": ("challenge",),
        "relevance": 0.9,
        "matched_terms": ("film crew", "space station"),
        "word_count": 8,
        "paywalled": False,
        "discovered_via": "feed",
        "first_seen_at": datetime(2021, 10, 5, 13, tzinfo=UTC),
        "fetched_at": datetime(2021, 10, 5, 13, tzinfo=UTC),
        "content_hash": f"h{number}",
        "run_id": "run",
        "extractor": "test 1",
        "rules_version": "r1",
    }
    assert set(usual) == {field.name for field in fields(Article)}
    return Article(**usual | said)


def milestone(number: int = 1, **said: Any) -> Milestone:
    """A claim that the launch is planned for 5 October 2021."""
    usual: dict[str, Any] = {
        "claim_id": f"c{number}",
        "story_id": f"s{number}",
        "article_id": f"a{number}",
        "project": "challenge",
        "milestone": "launch",
        "status": "planned",
        "claimed_date": date(2021, 10, 5),
        "claimed_precision": "day",
        "as_written": "5 October",
        "sentence": "The launch is planned for 5 October.",
        "source": "tribune",
        "published": date(2021, 5, 13),
        "confidence": 0.8,
        "rules_version": "r1",
    }
    return Milestone(**usual | said)
