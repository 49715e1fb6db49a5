"""Phrases that give a line away as no part of the article, read from `rules/boilerplate.toml`."""

import tomllib
from functools import cache
from importlib.resources import files

_LONGEST_CALL = 220
"""Characters of a line that begins with a call to read on: a longer one is a paragraph that happens to
begin so."""
_LONGEST_NOTE = 600
"""Bytes of a line that holds a phrase of the tail: rights notices are wordy, but no paragraph of prose is
dropped for one phrase. Bytes, since a Chinese sentence has a third of an English one's characters."""
_TAIL = 0.75
"""Share of the text after which phrases of the tail are looked for."""
_TRIMMED = " \t:：.…!?·•|>»–—-[]()*"


def is_furniture(line: str, position: float) -> bool:
    """Whether a line is known to be a call, a button, a notice, and no part of the article.

    Args:
        line: one line of extracted text.
        position: where it begins, as a share of the text, 0 to 1.
    """
    begins, holds, whole = _phrases()
    folded = line.strip().casefold().removeprefix("- ")
    if len(folded) <= _LONGEST_CALL and folded.startswith(begins):
        return True
    if folded.strip(_TRIMMED) in whole:
        return True
    return position >= _TAIL and len(folded.encode()) <= _LONGEST_NOTE and any(phrase in folded for phrase in holds)


@cache
def _phrases() -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
    tables = tomllib.loads(files("pipelines").joinpath("rules/boilerplate.toml").read_text("utf-8"))
    begins, holds, whole = (
        sorted({phrase.casefold() for phrases in tables[name].values() for phrase in phrases})
        for name in ("begins", "holds", "is")
    )
    return tuple(begins), tuple(holds), frozenset(phrase.strip(_TRIMMED) for phrase in whole)
