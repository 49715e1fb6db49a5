"""A digest as a message: short enough for its channel, and nothing in it that a channel obeys.

Chats read their own markup in whatever is sent (`*bold*`, `<!channel>`, `[text](address)`), each another one, and call
people by `@name`. Headlines come from strangers. So the signs that any chat reads are replaced in strangers' words by
their full-width twins, which all fonts have and no chat obeys; nothing then depends on how well a channel is escaped.
"""

from collections.abc import Callable
from dataclasses import replace

from pipelines.analysis.digest import Digest

#: The small at sign instead of the full-width one, which some networks take for the beginning of a name.
_AT = {"@": "\ufe6b"}
_TWINS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "*_`~|<>[]{}#&!\\"} | _AT)
_NO_CALLS = str.maketrans(_AT)

#: In an address they mean the same when they are percent-encoded.
_ENCODED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "*_`~|<>[]{}!\\@()"})

#: Lines of each kind, most first, until the message is short enough.
_LENGTHS = (200, 50, 20, 10, 5, 3, 1)


def headline(found: Digest) -> str:
    """What is new, as a subject.

    >>> from datetime import datetime
    >>> headline(Digest(datetime(2021, 10, 5), datetime(2021, 10, 6)))
    'Orbitwatch: nothing new'
    """
    kinds = (
        (len(found.moved), "planned date moved", "planned dates moved"),
        (len(found.claims), "new claim", "new claims"),
        (len(found.stories), "new story", "new stories"),
        (len(found.unwell), "source needs a person", "sources need a person"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in kinds if count]
    return f"Orbitwatch: {', '.join(parts) or 'nothing new'}"


def for_chat(found: Digest) -> Digest:
    """The digest for channels that take text: no word in it is markup, and none calls anybody."""
    return _with_words(found, _TWINS)


def for_html(found: Digest) -> Digest:
    """The digest for channels that take HTML, where a template escapes the markup: no word in it calls anybody."""
    return _with_words(found, _NO_CALLS)


def fitted(found: Digest, render: Callable[[Digest], str], room: int) -> str:
    """The digest as `render` writes it, shortened to at most `room` characters; "" when no form of it is that short."""
    for each in _LENGTHS:
        text = render(shortened(found, each))
        if len(text) <= room:
            return text
    return ""


def shortened(found: Digest, each: int) -> Digest:
    """At most `each` stories, claims, moves and sources; how many are left out is kept in `left_out`."""
    kinds = {"stories": found.stories, "claims": found.claims, "moved": found.moved, "unwell": found.unwell}
    return replace(
        found,
        stories=found.stories[:each],
        claims=found.claims[:each],
        moved=found.moved[:each],
        unwell=found.unwell[:each],
        left_out={kind: max(len(items) - each, 0) for kind, items in kinds.items()},
    )


def _with_words(found: Digest, table: dict[int, str]) -> Digest:
    """The digest with all words of strangers, and names in files that may have been imported, translated."""
    return replace(
        found,
        stories=tuple(
            replace(story, title=story.title.translate(table), url=story.url.translate(_ENCODED))
            for story in found.stories
        ),
        claims=tuple(replace(claim, sentence=claim.sentence.translate(table)) for claim in found.claims),
        moved=tuple(replace(move, sentence=move.sentence.translate(table)) for move in found.moved),
        unwell=tuple(
            replace(source, name=source.name.translate(table), reasons=source.reasons.translate(table))
            for source in found.unwell
        ),
        names={project: name.translate(table) for project, name in found.names.items()},
        outlets={source: name.translate(table) for source, name in found.outlets.items()},
    )
