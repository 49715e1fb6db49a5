"""How much of a page is parsed."""

import re
from itertools import islice

_MAX_SOURCE = 4_000_000
"""Characters of a page that are parsed. The largest of 763 real pages has 2.2 million; lxml refuses single lines
above 10 million."""
_MAX_SIGNS = 40_000
"""Signs of elements and attributes up to which a page is parsed: they bound the memory of its tree, of which 8 MiB of
short elements made 330 MB. The most of 768 real pages is 27,397, scripts included."""

_SIGN = re.compile("[<=]")
_OPENING = re.compile(r"<(?:(script|style)(?=[\s/>])[^>]*>?|!--(?!-?>))", re.IGNORECASE)
_CLOSING = {
    "script": re.compile(r"</script(?=[\s/>])", re.IGNORECASE),
    "style": re.compile(r"</style(?=[\s/>])", re.IGNORECASE),
    "": re.compile("--!?>"),
}
"""What ends a script, a style sheet and a comment."""


def within_bounds(source: str) -> tuple[str, bool]:
    """The beginning of a page that may be parsed, and whether that is not all there is to read.

    Scripts, style sheets and comments hold as many signs as they like and are one node each. So where a page exceeds
    the bounds they are emptied first. What is not counted is not parsed either: nobody gets elements past the count by
    what only looks like a script.
    """
    if not _is_within(source):
        source = _emptied(source)
    beginning = source[:_MAX_SOURCE]
    if not _is_within(beginning):
        beyond = next(islice(_SIGN.finditer(beginning), _MAX_SIGNS, None))
        beginning = beginning[: beyond.start()]
    return beginning, len(beginning) < len(source)


def _is_within(source: str) -> bool:
    return len(source) <= _MAX_SOURCE and source.count("<") + source.count("=") <= _MAX_SIGNS


def _emptied(source: str) -> str:
    """A page without the contents of its comments, style sheets and scripts, except those that state JSON-LD.

    One pass: what is not closed goes on to the end, as in https://html.spec.whatwg.org/multipage/parsing.html. It ends
    where the openings alone exceed the bound.
    """
    kept = []
    at = 0
    for _ in range(_MAX_SIGNS + 1):
        opening = _OPENING.search(source, at)
        if opening is None:
            break
        closing = _CLOSING[(opening[1] or "").lower()].search(source, opening.end())
        end = closing.start() if closing else len(source)
        is_statement = "ld+json" in opening[0].lower()
        kept.append(source[at : end if is_statement else opening.end()])
        at = end
    kept.append(source[at:])
    return "".join(kept)
