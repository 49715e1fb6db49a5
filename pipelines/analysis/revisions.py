"""What outlets changed after they had published: a softened headline, a corrected number, a text that grew."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pandas as pd

from pipelines.analysis.frames import rows
from pipelines.urls import match_key
from pipelines.words import WORD

_COLUMNS = [
    "url",
    "source",
    "story_id",
    "revision",
    "title_before",
    "title",
    "title_changed",
    "text_changed",
    "words_before",
    "words",
    "published_at",
    "seen_before",
    "seen",
]


def revisions(articles: pd.DataFrame) -> pd.DataFrame:
    """The updates: what stood at an address, and what stood there next.

    Args:
        articles: as `load_articles` gives them, with the columns canonical_url, source, story_id, revision, title,
            text, published_at and fetched_at.

    Returns:
        One row per update, the latest last, with the columns url, source, story_id (of the new version), revision,
        title_before, title, title_changed, text_changed (0 to 1: the part of the longer version's words that the other
        one lacks; a sentence that only moved counts for nothing), words_before, words, published_at (of the new
        version, as printed), seen_before (when the old version was fetched) and seen (when the new one was: the change
        was made in between).
    """
    ordered = articles.sort_values(["revision", "fetched_at"], kind="stable")
    addresses: dict[str, list[Any]] = {}
    for article in rows(ordered):
        addresses.setdefault(match_key(article.canonical_url), []).append(article)
    found = [_change(before, after) for versions in addresses.values() for before, after in pairwise(versions)]
    table = pd.DataFrame(found, columns=_COLUMNS).astype({"title_changed": bool, "text_changed": float})
    return table.sort_values(["seen", "url"], ignore_index=True)


def _change(before: Any, after: Any) -> dict[str, Any]:
    old, new = Counter(WORD.findall(before.text.lower())), Counter(WORD.findall(after.text.lower()))
    longer = max(old.total(), new.total())
    return {
        "url": after.canonical_url,
        "source": after.source,
        "story_id": after.story_id,
        "revision": after.revision,
        "title_before": before.title,
        "title": after.title,
        "title_changed": before.title != after.title,
        "text_changed": 1 - (old & new).total() / longer if longer else 0.0,
        "words_before": old.total(),
        "words": new.total(),
        "published_at": after.published_at,
        "seen_before": before.fetched_at,
        "seen": after.fetched_at,
    }
