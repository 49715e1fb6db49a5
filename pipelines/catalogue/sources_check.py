"""What may stand in `sources.toml`, and what to say when something else does."""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from pipelines.catalogue.codes import country_mend, language_mend, timezone_mend
from pipelines.catalogue.problems import Problem

Kind = Literal["space", "film", "agency", "general", "local"]
FetchPolicy = Literal["matching", "all"]

LISTS = ("feeds", "news_sitemaps", "sitemaps")
_TEXTS = ("id", "name", "home", "country", "language", "timezone", "kind", "fetch")
_FLAGS = ("enabled",)
_KEYS = (*_TEXTS, *LISTS, "max_silence_days", *_FLAGS)
_REQUIRED = ("id", "name", "home")

# An id names rows, options and files, so it is a plain word without a path's characters.
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# The longest address that all common browsers and servers take.
_MAX_URL = 2083
# Ten years: longer than any outlet is silent and still expected to speak.
_MAX_SILENCE_DAYS = 3650


def check_entry(entry: Mapping[str, Any], number: int) -> list[Problem]:
    """All mistakes of one [[source]] by itself.

    Args:
        entry: the table as TOML gives it.
        number: its place in the file, from 1.
    """
    where = _label(entry, number)
    problems = [unknown_key(where, key, _KEYS) for key in entry if key not in _KEYS]
    problems += [
        Problem(where, f"`{key}` is missing", f"add a line `{key} = ...`") for key in _REQUIRED if key not in entry
    ]
    for key in _KEYS:
        if key not in entry:
            continue
        value = entry[key]
        if mend := _type_mend(key, value):
            problems.append(Problem(where, f"`{key}` has the wrong type", mend))
        elif key in LISTS or key == "home":
            urls = value if key in LISTS else [value]
            problems += [
                Problem(where, f"bad address {url[:100]!r} in `{key}`", mend) for url in urls if (mend := url_mend(url))
            ]
        elif mend := _MENDS.get(key, _nothing)(value):
            problems.append(Problem(where, f"bad {key} {str(value)[:80]!r}", mend))
    if not problems and entry.get("enabled", True) and not any(entry.get(key) for key in LISTS):
        problems.append(Problem(where, "names nothing to visit", "add a feed, or set `enabled = false`"))
    return problems


def check_repetition(entries: list[dict[str, Any]]) -> list[Problem]:
    """Ids and listings that stand in the file twice: they would count twice, and ask the outlet twice."""
    problems: list[Problem] = []
    ids: dict[str, int] = {}
    listings: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id")
        if isinstance(name, str) and (first := ids.setdefault(name, number)) != number:
            mend = f"source {first} has it already; give each entry its own"
            problems.append(Problem(f"source {number}", f"id {name[:80]!r} is used twice", mend))
        for key in LISTS:
            for url in entry.get(key, ()) if not _type_mend(key, entry.get(key, [])) else ():
                here = f"`{key}` of {_label(entry, number)}"
                if _spelling(url) in listings:
                    mend = f"leave one out; it stands in {listings[_spelling(url)]} already"
                    problems.append(Problem(_label(entry, number), f"`{key}` repeats {url[:100]}", mend))
                listings.setdefault(_spelling(url), here)
    return problems


def unknown_key(where: str, key: str, known: tuple[str, ...]) -> Problem:
    """A key that nobody reads, with the one that was likely meant."""
    close = get_close_matches(key, known, n=1)
    mend = f"did you mean `{close[0]}`?" if close else f"keys are {', '.join(known)}"
    return Problem(where, f"unknown key {key[:80]!r}", mend)


def _label(entry: Mapping[str, Any], number: int) -> str:
    """How messages name an entry: by its id, or by its place while the id cannot be used."""
    name = entry.get("id")
    return f'source "{name}"' if isinstance(name, str) and _ID.fullmatch(name) else f"source {number}"


def _type_mend(key: str, value: object) -> str:
    if key in _TEXTS:
        return "" if isinstance(value, str) else 'write it in quotes, for example "text"'
    if key in LISTS:
        right = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if right else 'write a list of addresses, for example ["https://example.org/feed/"]'
    if key in _FLAGS:
        return "" if isinstance(value, bool) else "write true or false, without quotes"
    right = isinstance(value, int) and not isinstance(value, bool)
    return "" if right else "write a whole number, without quotes"


def url_mend(url: str) -> str:
    """What to do about an address that cannot be asked for at all, "" for one that can.

    Whether its host is a public one is seen when it is dialled.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        return f"mend it: {error}"
    if parts.scheme not in {"http", "https"}:
        return "write the whole address, beginning with https://"
    if not parts.hostname or port == 0:
        return "name a host, for example https://example.org/feed/"
    if parts.username is not None or parts.password is not None:
        return "leave the user name and password out: they would stand in every log"
    if not url.isprintable() or " " in url:
        return "write blanks and control characters as %20 and the like"
    return "" if len(url) <= _MAX_URL else f"use one of at most {_MAX_URL} characters"


def _id_mend(value: str) -> str:
    return "" if _ID.fullmatch(value) else "use 1 to 64 of a-z, 0-9 and -, and begin with a letter or digit"


def _name_mend(value: str) -> str:
    return "" if value.strip() and value.isprintable() else "write the outlet's name, without control characters"


def _choice_mend(value: str, choices: tuple[str, ...]) -> str:
    if value in choices:
        return ""
    close = get_close_matches(value, choices, n=1)
    return f'did you mean "{close[0]}"?' if close else f"write one of {', '.join(choices)}"


def _silence_mend(value: int) -> str:
    return "" if 1 <= value <= _MAX_SILENCE_DAYS else f"write a number from 1 to {_MAX_SILENCE_DAYS}"


def _nothing(_value: object) -> str:
    return ""


_MENDS: dict[str, Callable[[Any], str]] = {
    "id": _id_mend,
    "name": _name_mend,
    "country": lambda value: country_mend(value) if value else "",
    "language": lambda value: language_mend(value) if value else "",
    "timezone": timezone_mend,
    "kind": lambda value: _choice_mend(value, get_args(Kind)),
    "fetch": lambda value: _choice_mend(value, get_args(FetchPolicy)),
    "max_silence_days": _silence_mend,
}
"""For each key with a rule of its own: "" for a value that is right, else what to do about it."""


def _spelling(url: str) -> str:
    """One spelling for http and https, for capitals in the host and for a closing slash."""
    host, slash, path = url.partition("://")[2].partition("/")
    return (host.lower() + slash + path).rstrip("/")
