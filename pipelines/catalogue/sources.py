"""The outlets that are visited: `sources.toml`, read and checked.

A person edits the file, so every mistake in it is found at once and said with its mend, and nothing is
fetched before all is right. The module is light to import: a run with nothing to do reads the file and goes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue.documents import decoded, parsed, read_bytes
from pipelines.catalogue.problems import CatalogueError, Problem, default_file
from pipelines.catalogue.sources_check import (
    LISTS,
    FetchPolicy,
    Kind,
    check_entry,
    check_repetition,
    unknown_key,
)


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet in one language.

    Attributes:
        id: short name for rows, options and reports: `^[a-z0-9][a-z0-9-]{0,63}$`.
        name: the outlet's name as a reader knows it.
        home: address of its front page.
        country: ISO 3166-1 alpha-2 code of where it is edited; "" when unknown.
        language: ISO 639-1 code of what it publishes; "" when mixed or unknown.
        timezone: IANA zone for dates that it prints without one.
        kind: "space", "film", "agency", "general" or "local".
        feeds: addresses of RSS, Atom or JSON feeds.
        news_sitemaps: addresses of Google News sitemaps; polled like feeds.
        sitemaps: addresses of archive sitemaps, for backfill only.
        fetch: "all" fetches every article listed, "matching" first those whose title or summary speaks of the
            subject.
        max_silence_days: days without any new entry after which `status` calls it silent.
        enabled: False keeps the entry in the file and out of the runs.
    """

    id: str
    name: str
    home: str
    country: str = ""
    language: str = ""
    timezone: str = "UTC"
    kind: Kind = "general"
    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    fetch: FetchPolicy = "matching"
    max_silence_days: int = 14
    enabled: bool = True

    @property
    def listings(self) -> tuple[str, ...]:
        """What a scheduled run polls: feeds, then news sitemaps."""
        return self.feeds + self.news_sitemaps


def load_sources(path: Path | None = None) -> tuple[Source, ...]:
    """Read and check a sources file.

    Args:
        path: the file; None reads the project's own.

    Returns:
        All entries in the file's order, disabled ones too.

    Raises:
        CatalogueError: with every mistake found.
    """
    path = path or default_file("sources.toml")
    missing = "name another with --sources, or begin one with `orbitwatch sources add URL`"
    return parse_sources(decoded(read_bytes(path, missing=missing), path), path)


def parse_sources(text: str, path: Path) -> tuple[Source, ...]:
    """Check the text of a sources file; `path` is only named in messages. Otherwise as `load_sources`."""
    document = parsed(text, path)
    problems = [unknown_key("file", key, ("source",)) for key in document if key != "source"]
    entries = document.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(
            Problem("file", "`source` is no list of entries", "begin each with [[source]], in two brackets")
        )
        entries = []
    elif not entries and not problems:
        problems.append(Problem("file", "holds no source", "add one with `orbitwatch sources add URL`"))
    for number, entry in enumerate(entries, start=1):
        problems += check_entry(entry, number)
    problems += check_repetition(entries)
    if problems:
        raise CatalogueError(path, problems)
    return tuple(_source(entry) for entry in entries)


def _source(entry: dict[str, Any]) -> Source:
    values: dict[str, Any] = {key: tuple(value) if key in LISTS else value for key, value in entry.items()}
    return Source(**values)
