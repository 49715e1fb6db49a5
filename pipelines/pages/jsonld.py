"""Schema.org statements in JSON-LD, as publishers write them: https://www.w3.org/TR/json-ld11/, loosely."""

import html
import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

JsonNode = dict[str, Any]

MAX_VALUE = 1_000
"""Characters kept of a stated value or of a heading."""
_MAX_SCRIPTS = 400
"""Scripts of one page, and values of one list, that are read."""
_MAX_SCRIPT = 2_000_000
"""Characters of one JSON-LD script; the largest on 763 real pages, with the whole article in it, has 37,000."""
_MAX_NODES = 2_000
"""JSON-LD nodes walked on one page: a front page with 500 teasers has fewer."""

_FOREIGN_KEYS = frozenset(
    (
        "author",
        "citation",
        "comment",
        "hasPart",
        "isRelatedTo",
        "itemListElement",
        "liveBlogUpdate",
        "mentions",
        "publisher",
        "relatedLink",
        "review",
        "reviews",
    )
)
"""Properties of a JSON-LD node whose values are about something else than the page's own article."""

_JSON_NOISE = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_TRAILING_COMMA = re.compile(r",\s{0,50}([}\]])")


def json_nodes(tree: HtmlElement) -> Iterator[JsonNode]:
    """All nodes of all JSON-LD scripts, breadth first, unrelated branches left out."""
    scripts = (script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower())
    texts = (script.text for script in islice(scripts, _MAX_SCRIPTS))
    waiting = deque(_loads(text) for text in texts if text and len(text) <= _MAX_SCRIPT)
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(value[:_MAX_SCRIPTS])
        elif isinstance(value, dict):
            yield value
            waiting.extend(
                child for key, child in value.items() if key not in _FOREIGN_KEYS and isinstance(child, list | dict)
            )


def _loads(text: str) -> Any:  # JSON of any shape
    """Read JSON as publishers write it: within comment marks, with raw line breaks and trailing commas."""
    text = _JSON_NOISE.sub("", _JSON_NOISE.sub("", text))
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    try:
        # A broken end (a missing brace, a second object) still leaves the first object readable.
        return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
    except (ValueError, RecursionError):
        return None


def plain(value: object) -> str:
    """A JSON-LD or meta value as one line of plain text: entities resolved, also double ones, tags gone."""
    if not isinstance(value, str):
        return ""
    value = value[: 4 * MAX_VALUE]
    if "&" in value:
        value = html.unescape(html.unescape(value))
    if "<" in value:
        value = re.sub(r"</?[a-zA-Z][^<>]*>", " ", value)
    return " ".join(value.split())[:MAX_VALUE]


def listed(value: object) -> list[Any]:
    """A JSON-LD value as a list: the standard allows one value wherever several may stand."""
    return value if isinstance(value, list) else [] if value is None else [value]


def types_of(node: JsonNode) -> list[str]:
    """The types of a node, lower case, without the vocabulary's address."""
    return [name.rsplit("/", 1)[-1].lower() for name in listed(node.get("@type")) if isinstance(name, str)]


def name_of(value: object, nodes: dict[str, JsonNode]) -> str:
    """The name of a JSON-LD person or organisation, given as a string, a node, or a reference to a node."""
    if isinstance(value, dict):
        if "name" not in value and isinstance(identity := value.get("@id"), str):
            value = nodes.get(identity, value)
        value = value.get("name") if isinstance(value, dict) else None
        if isinstance(value, list):
            value = value[0] if value else None
    return plain(value)
