"""Names of months in the languages of `rules/months.toml`."""

import tomllib
from functools import cache, lru_cache
from importlib.resources import files


@lru_cache(maxsize=1_024)
def month_number(word: str, language: str = "en") -> int:
    """Number of the month that a word names in the language or in English, 0 for none.

    >>> month_number("октября", "ru"), month_number("Oct", "ru"), month_number("октября", "fr")
    (10, 10, 0)
    """
    word = word.strip().lower()
    for code in dict.fromkeys((language.lower().split("-")[0].replace("nb", "no"), "en")):
        # The longest beginning wins: Czech "červenec" (July) starts as "červen" (June) does.
        matches = [(len(start), month) for start, month in _beginnings().get(code, ()) if word.startswith(start)]
        if matches:
            return max(matches)[1]
    return 0


@cache
def _beginnings() -> dict[str, tuple[tuple[str, int], ...]]:
    table = tomllib.loads(files("pipelines").joinpath("rules/months.toml").read_text("utf-8"))
    return {
        code: tuple((start, month) for month, spellings in enumerate(names, 1) for start in spellings.split("|"))
        for code, names in table.items()
    }
