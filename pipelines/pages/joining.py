"""Joins an article that its page has split over several containers.

Pages cut long articles into chunks with advertisements between them, and trafilatura reads the largest one.
The other chunks are alike: the same element and class, at the same depth, in the same article element.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipelines.pages.places import letters, link_share, words

_SHORTEST = 60
"""Letters of a paragraph that tells what its container is for; shorter ones are captions and labels as
often."""
_LINKED = 0.5
"""Share of letters in links from which a paragraph is a teaser."""
_WORTH_JOINING = 0.25
"""Share of the text that the other chunks must add. On the development pages the two with more than this
were halves of an article, the three with less were boxes between its paragraphs."""
_OUTSIDE = frozenset({"aside", "footer", "nav", "header", "form"})


@dataclass(slots=True)
class _Chunk:
    """A container of paragraphs, each with its letters and whether it has been read."""

    tag: str
    depth: int
    place: HtmlElement | None
    classes: frozenset[str]
    paragraphs: list[tuple[str, str, bool]] = field(default_factory=list)

    def read(self) -> int:
        """Letters of its paragraphs that have been read."""
        return sum(len(key) for _, key, known in self.paragraphs if known)

    def is_like(self, other: "_Chunk") -> bool:
        """Whether two containers look like chunks of one article: most classes of the one are the other's."""
        common = len(self.classes & other.classes)
        fewer = min(len(self.classes), len(other.classes))
        alike = self.tag == other.tag and self.depth == other.depth and self.place is other.place
        return alike and common > 0 and 3 * common >= 2 * fewer


def join_chunks(lines: Sequence[str], tree: HtmlElement) -> list[str]:
    """Complete an extracted text by the chunks that stand beside the one it was read from.

    Args:
        lines: the extracted text, line by line.
        tree: the page.

    Returns:
        The lines with the missing paragraphs after the paragraph that precedes them on the page; the lines as
        they are where nothing is missing.
    """
    known = letters("\n".join(lines))
    chunks = _chunks(tree, known)
    best = max(chunks, key=_Chunk.read, default=None)
    if best is None or not best.read():
        return list(lines)
    alike = [chunk for chunk in chunks if chunk is best or chunk.is_like(best)]
    missing = [key for chunk in alike if chunk is not best for _, key, was_read in chunk.paragraphs if not was_read]
    if sum(map(len, missing)) < _WORTH_JOINING * len(known):
        return list(lines)
    return _merge(lines, alike, set(missing))


def _chunks(tree: HtmlElement, known: str) -> list[_Chunk]:
    """All containers of paragraphs in document order."""
    chunks: dict[HtmlElement, _Chunk] = {}
    for paragraph in tree.iter("p"):
        text = words(paragraph)
        key = letters(text)
        parent = paragraph.getparent()
        if len(key) < _SHORTEST or parent is None or next(paragraph.iter("script", "style"), None) is not None:
            continue
        if link_share(paragraph, key) >= _LINKED:
            continue
        if parent not in chunks:
            above = list(parent.iterancestors())
            if any(element.tag in _OUTSIDE for element in above):
                continue
            place = next((element for element in above if element.tag in ("article", "main")), None)
            classes = frozenset((parent.get("class") or "").split())
            chunks[parent] = _Chunk(parent.tag, len(above), place, classes)
        chunks[parent].paragraphs.append((" ".join(text.split()), key, key in known))
    return list(chunks.values())


def _merge(lines: Sequence[str], chunks: Sequence[_Chunk], missing: set[str]) -> list[str]:
    """Put each missing paragraph after the line that precedes it on the page."""
    merged = list(lines)
    position = {letters(line): number for number, line in enumerate(lines)}
    after = -1
    inserted = 0
    for text, key, _ in (paragraph for chunk in chunks for paragraph in chunk.paragraphs):
        if key in missing:
            merged.insert(after + 1 + inserted, text)
            inserted += 1
        elif key in position:
            after = max(after, position[key])
    return merged
