"""Phrases that give a line away as no part of the article, read from `rules/boilerplate.toml`."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipelines.words import ends_sentence, in_one_word, weigh

_LONGEST_CALL = 220
"""Characters of a line that begins with a call to read on: a longer one is a paragraph that happens to
begin so."""
_PROSE = 30
"""Letters (see `weigh`), five or six words, above which a line that ends as a sentence is prose and no label."""
_LONGEST_NOTE = 600
"""Bytes of a line that holds a phrase of the tail: rights notices are wordy, but no paragraph of prose is
dropped for one phrase. Bytes, since a Chinese sentence has a third of an English one's characters."""
_TAIL = 0.75
"""Share of the text after which phrases of the tail are looked for."""
_COLONS = (":", "：")
_TRIMMED = " \t:：.…!?·•|>»–—-[]()*"


class _Phrases(NamedTuple):
    """The tables of `rules/boilerplate.toml`, case folded."""

    calls: tuple[str, ...]
    begins: tuple[str, ...]
    holds: tuple[str, ...]
    whole: frozenset[str]


def is_furniture(line: str, position: float) -> bool:
    """Whether a line is known to be a call, a button, a notice, and no part of the article.

    Args:
        line: one line of extracted text.
        position: where it begins, as a share of the text, 0 to 1.
    """
    phrases = _phrases()
    folded = line.strip().casefold().removeprefix("- ")
    if len(folded) <= _LONGEST_CALL:
        if _begun_with(phrases.calls, folded):
            return True
        label = _begun_with(phrases.begins, folded)
        if label and (_has_colon(folded, label) or weigh(folded) <= _PROSE or not ends_sentence(folded)):
            return True
    if folded.strip(_TRIMMED) in phrases.whole:
        return True
    return position >= _TAIL and len(folded.encode()) <= _LONGEST_NOTE and any(map(folded.__contains__, phrases.holds))


def _begun_with(phrases: tuple[str, ...], folded: str) -> str:
    """The longest of the phrases that a line begins with and does not go on in the middle of a word, "" for none."""
    if not folded.startswith(phrases):
        return ""
    return max((p for p in phrases if folded.startswith(p) and not in_one_word(folded, len(p))), key=len, default="")


def _has_colon(folded: str, label: str) -> bool:
    return label.endswith(_COLONS) or folded[len(label) :].lstrip().startswith(_COLONS)


@cache
def _phrases() -> _Phrases:
    tables = tomllib.loads(files("pipelines").joinpath("rules/boilerplate.toml").read_text("utf-8"))
    calls, begins, holds, whole = (
        sorted({phrase.casefold() for phrases in tables[name].values() for phrase in phrases})
        for name in ("calls", "begins", "holds", "is")
    )
    return _Phrases(tuple(calls), tuple(begins), tuple(holds), frozenset(phrase.strip(_TRIMMED) for phrase in whole))
