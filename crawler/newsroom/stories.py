"""The newsroom's stories: read from `stories/*.toml`, one file a language.

A wire copy is written down as what an editor did to the original: which paragraphs were kept, what was put
before and after them. So the families are true by construction, and the files hold every text once.

A `[[story]]` has `outlet`, `slug`, `section`, `published` (with its offset), `headline` and `text`, its
paragraphs kept apart by an empty line; or, instead of `text`, `copy_of` (outlet/slug) with the `paragraphs`
taken, counted from 1, and the editor's own `lead` and `tail`. It may have `author`, `summary`, `caption`,
`projects`, `lookalike`, `role`, `kind` (all as in `Story`), and updates: `[[story.update]]` with `at`,
`headline` and `text`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

PageKind = Literal["article", "no_text", "soft_404"]
StoryRole = Literal["original", "copy", "excerpt"]

_SUMMARY_LENGTH = 240  # characters; what the common content systems take from the text


@dataclass(frozen=True, slots=True)
class Version:
    """What stands at a story's address from `at` on.

    Attributes:
        number: 1 for the first.
        at: when it appeared; aware, in UTC.
        headline: plain text.
        paragraphs: plain text each.
    """

    number: int
    at: datetime
    headline: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One story of one outlet, with all its versions.

    Attributes:
        outlet: id of the outlet.
        slug: its name in addresses, unique within the outlet.
        section: slug of the outlet's section.
        author: as printed, "" for none.
        summary: the feed's and the page's description.
        caption: under the picture.
        projects: ids of the in-orbit filming projects it speaks of, the main one first; () for none.
        lookalike: what makes an off-topic story look on topic ("studio-film", "reality-show", ...), "" for
            plain other news.
        kind: an article, a page without text, or a soft 404 (the page says it is missing, but with a 200).
        role: original, or what was made of another outlet's story.
        copy_of: id of that story, "" for an original.
        number: counts the outlet's stories from a base of its own, for addresses with numbers.
        versions: the first and its updates, oldest first.
    """

    outlet: str
    slug: str
    section: str
    author: str
    summary: str
    caption: str
    projects: tuple[str, ...]
    lookalike: str
    kind: PageKind
    role: StoryRole
    copy_of: str
    number: int
    versions: tuple[Version, ...]

    @property
    def id(self) -> str:
        """Unique in the newsroom."""
        return f"{self.outlet}/{self.slug}"

    @property
    def published(self) -> datetime:
        """When it first appeared, in UTC."""
        return self.versions[0].at

    def at(self, now: datetime) -> Version | None:
        """The version that stands at `now`, None before publication."""
        return next((version for version in reversed(self.versions) if version.at <= now), None)


@dataclass(frozen=True, slots=True)
class Listed:
    """A story as a feed or a front page lists it at some instant.

    Attributes:
        link: its address as the feed spells it, with trackers or as an AMP page.
        address: its own address.
        story: the story.
        version: what stands there at that instant.
    """

    link: str
    address: str
    story: Story
    version: Version


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip())


def _rows() -> Iterator[dict[str, Any]]:
    for path in sorted((files(__package__) / "stories").iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml"):
            yield from tomllib.loads(path.read_text(encoding="utf-8"))["story"]


def _edited(row: Mapping[str, Any], originals: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """The paragraphs of a story; for a copy, those of its original as the editor cut and framed them."""
    if "copy_of" not in row:
        return _paragraphs(row.get("text", ""))
    original = _paragraphs(originals[row["copy_of"]]["text"])
    kept = tuple(original[number - 1] for number in row["paragraphs"])
    return _paragraphs(row.get("lead", "")) + kept + _paragraphs(row.get("tail", ""))


def _summary(row: Mapping[str, Any], paragraphs: tuple[str, ...]) -> str:
    """The row's own, or the beginning of the text, as most content systems make it."""
    written = row.get("summary", "")
    if written or not paragraphs:
        return str(written)
    first = paragraphs[0]
    if len(first) <= _SUMMARY_LENGTH:
        return first
    cut = first[:_SUMMARY_LENGTH]
    # Chinese and Japanese have no spaces to cut at; a last word of theirs is as long as the text.
    word = cut.rfind(" ")
    return (cut[:word] if word > _SUMMARY_LENGTH // 2 else cut) + "…"


@cache
def load_stories() -> tuple[Story, ...]:
    """All stories, by time of publication.

    Raises:
        KeyError: if a row lacks a key, or a copy names an original that is not there.
    """
    rows = sorted(_rows(), key=lambda row: row["published"])
    originals = {f"{row['outlet']}/{row['slug']}": row for row in rows}
    stories = []
    for number, row in enumerate(rows, start=1):
        text = _edited(row, originals)
        later = [
            Version(count, update["at"].astimezone(UTC), update["headline"], _paragraphs(update["text"]))
            for count, update in enumerate(row.get("update", ()), start=2)
        ]
        stories.append(
            Story(
                outlet=row["outlet"],
                slug=row["slug"],
                section=row["section"],
                author=row.get("author", ""),
                summary=_summary(row, text),
                caption=row.get("caption", ""),
                projects=tuple(row.get("projects", ())),
                lookalike=row.get("lookalike", ""),
                kind=row.get("kind", "article"),
                role=row.get("role", "copy" if "copy_of" in row else "original"),
                copy_of=row.get("copy_of", ""),
                # Any growing number will do; real ones do not start at 1.
                number=104_000 + 37 * number,
                versions=(Version(1, row["published"].astimezone(UTC), row["headline"], text), *later),
            )
        )
    return tuple(stories)
