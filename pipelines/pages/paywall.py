"""Is the whole text there? What the page says to search engines, and what it says to readers."""

import tomllib
from functools import cache
from importlib.resources import files

from pipelines.pages.jsonld import JsonNode, listed
from pipelines.pages.structured import Structured

_TAIL = 400
"""Characters at the end of the extracted text in which the call to subscribe stands."""
_CLOSED_TIERS = frozenset({"locked", "premium", "paid", "subscriber", "subscribers", "restricted"})
"""Values of article:content_tier that mean a closed article. "metered" does not: the text is there until
the meter ends."""


def is_paywalled(page: Structured, raw_text: str) -> bool:
    """Whether a page says or shows that its text is not all there.

    Args:
        page: its structured statements; schema.org `isAccessibleForFree` is what Google asks publishers to
            set.
        raw_text: the extracted text before lines were dropped from it.
    """
    for article in page.articles[:2]:
        if any(_is_closed(node) for node in (article, *listed(article.get("hasPart")))):
            return True
    if (
        page.first_meta("article:content_tier", "og:article:content_tier", "content:accesslevel").lower()
        in _CLOSED_TIERS
    ):
        return True
    tail = raw_text[-_TAIL:].casefold()
    return any(phrase in tail for phrase in _phrases())


def _is_closed(node: JsonNode | object) -> bool:
    if not isinstance(node, dict):
        return False
    value = node.get("isAccessibleForFree")
    return value is False or (isinstance(value, str) and value.strip().lower() in ("false", "no", "0"))


@cache
def _phrases() -> tuple[str, ...]:
    table = tomllib.loads(files("pipelines").joinpath("rules/paywall.toml").read_text("utf-8"))
    return tuple(sorted({phrase.casefold() for phrases in table.values() for phrase in phrases}))
