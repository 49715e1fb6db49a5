"""Which extracted lines belong to the article: where a line stands on the page says more than its words.

trafilatura finds the container of the article; what remains wrong in it are lines that are links to other
articles, captions, the headline again, the byline and the date. A link is a link in every language, so
these rules come before the phrases of `boilerplate`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

from pipelines.pages.boilerplate import is_furniture
from pipelines.pages.places import Place, Places, letters
from pipelines.words import ends_sentence, weigh

_LINK_SHARE = 0.7
"""Share of a line's letters inside links from which it is a pointer elsewhere: of 276 such lines on the
development pages 247 were not in the article, of those between .5 and .7 only half."""
_LONGEST_POINTER = 250
"""Letters of such a line; a paragraph that is one link as a whole is an article's text, set by mistake."""
_LONGEST_LABEL = 60
"""Bytes of the letters of a line that can be a label, a heading or a signature: 60 Latin letters, 30
Cyrillic, 20 Chinese."""
_LONGEST_TAIL = 6
"""Labels taken off the end. An article may end with a list of short lines, such as the dates of a tour;
then nothing is taken."""
_HEAD = 8
"""Lines at the beginning among which headline, byline and date are looked for."""
_ITEMS = ("- ", "|")
"""How trafilatura begins an item of a list and a row of a table."""
_SHORTEST_LIST = 2
"""Items of a list of facts; a single one is as often a label."""
_LARGEST_CUT = 0.5
"""Share of the text that the rules may take away. Where they want more, the page is a list of links, and
the list is its text."""

_COVERED = 0.85
"""Share of an articleBody that must be found in the text for it to be a referee."""
_COVERING = 0.6
"""Share of the text's letters that it must have in return, or else it is a beginning. Those that are whole had .7 and
more of what was extracted, one that was the first part of an article .29."""

_PROSE_LINE = 40
"""Letters from which a line counts as running text: menus, buttons and captions are shorter."""
_SHORT_SENTENCE = 15
"""Letters from which a shorter line is running text if it ends as a sentence. "Please try again." is one too, so half
of its letters count."""
_PROSE = 120
"""Letters of running text that make an article: one short paragraph. Of 568 development pages with a text none has
less."""

_SENTENCE_END = re.compile(r"[.!?…。！？»”\"'’)）」』:：;；।]\s*$")
_DATE_LINE = re.compile(
    r"(?:19|20)\d\d.{0,20}\d{1,2}[:.h時点]\d{2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}"
    r"|\d{1,2}\.?\s[^\W\d]{3,12}\.?,?\s(?:19|20)\d\d|[^\W\d]{3,12}\.?\s\d{1,2},?\s(?:19|20)\d\d|\d+\s?(?:min\b|minut|мин\b|分で読)"
)


def article_lines(
    lines: Sequence[str],
    on_page: Places,
    titles: Iterable[str],
    people: Iterable[str],
    *,
    reference: str = "",
) -> list[str]:
    """The lines that belong to the article.

    Args:
        lines: extracted text, line by line.
        on_page: the page, untouched by the extraction.
        titles: all spellings of the headline that the page has.
        people: the writers' names.
        reference: letters of the articleBody that the page states, "" when it states none.

    Returns:
        A subsequence of `lines`; all of them where the rules would take more than half of the text.
    """
    keys = [letters(line) for line in lines]
    places = on_page.of(keys)
    headlines = {letters(title) for title in titles} - {""}
    writers = {letters(person) for person in people} - {""}
    total = sum(map(len, keys)) or 1
    head = _head(lines)
    kept: list[bool] = []
    read = 0
    for number, (line, key) in enumerate(zip(lines, keys, strict=True)):
        drop = (
            not key
            or _is_pointer(key, places)
            or is_furniture(line, read / total)
            or (number < head and _is_head(line, key, headlines, writers))
        )
        kept.append(not drop)
        read += len(key)
    facts = _facts(lines, keys, kept, places)
    if reference:
        _ask_reference(lines, keys, kept, reference, places, facts)
    _drop_labels(lines, keys, kept)
    _drop_tail(lines, keys, kept, facts)
    remaining = sum(len(key) for key, keep in zip(keys, kept, strict=True) if keep)
    if remaining < (1 - _LARGEST_CUT) * total:
        return list(lines)
    return [line for line, keep in zip(lines, kept, strict=True) if keep]


def has_prose(lines: Sequence[str], on_page: Places) -> bool:
    """Whether lines hold running text, and not only the menus, captions and teasers of a page that shows other things.

    Args:
        lines: extracted text, line by line.
        on_page: the page.
    """
    keys = [letters(line) for line in lines]
    places = on_page.of(keys)
    running = 0.0
    for line, key in zip(lines, keys, strict=True):
        if not _is_pointer(key, places):
            running += _running(line)
        if running >= _PROSE:
            return True
    return False


def _running(line: str) -> float:
    """What a line adds to the running text, in letters (see `weigh`); menus and buttons are short and no sentences."""
    weight = weigh(line)
    if weight >= _PROSE_LINE:
        return weight
    return weight / 2 if weight >= _SHORT_SENTENCE and ends_sentence(line) else 0.0


def _is_pointer(key: str, places: Mapping[str, Place]) -> bool:
    """Whether a line is a caption or, nearly as a whole, a link."""
    place = places.get(key)
    return place is not None and (place.caption or (place.link_share >= _LINK_SHARE and len(key) <= _LONGEST_POINTER))


def _head(lines: Sequence[str]) -> int:
    """The number of lines among which headline, byline and date are looked for: a list after a paragraph is no head."""
    text = next((number for number, line in enumerate(lines[:_HEAD]) if _is_prose(line)), _HEAD)
    items = [line.startswith(_ITEMS) for line in lines[: _HEAD + 1]]
    return next((number for number in range(text, len(items) - 1) if items[number] and items[number + 1]), _HEAD)


def _is_head(line: str, key: str, headlines: set[str], writers: set[str]) -> bool:
    """Whether a line at the beginning is the headline again (with its kicker), the byline or the date."""
    if any(key == title or (len(title) > 12 and title in key and len(key) <= 1.6 * len(title)) for title in headlines):
        return True
    if not _is_label(line, key):
        return False
    by = any(writer in key and len(key) <= len(writer) + 25 for writer in writers)
    return by or bool(_DATE_LINE.search(line))


def _is_label(line: str, key: str) -> bool:
    """Whether a line is short and no sentence; one in brackets is a signature, such as "(AFP)"."""
    bracketed = line[:1] in "(（[" and line[-1:] in ")）]"
    return len(key.encode()) <= _LONGEST_LABEL and (bracketed or not _SENTENCE_END.search(line.rstrip(":： ")))


def _ask_reference(
    lines: Sequence[str],
    keys: Sequence[str],
    kept: list[bool],
    reference: str,
    places: Mapping[str, Place],
    facts: AbstractSet[int],
) -> None:
    """Drop what the page's own articleBody does not have, where that is safe: list items, and what follows.

    On 35 development pages with an articleBody no such line was the article's; lines before and between
    were as often as not, since ledes, subheadings and quotations are left out of it. An articleBody that
    the text does not cover is a teaser or another text. One that it covers may still be cut off: the article
    then goes on in the same containers, while what is no part of it stands in others.
    """
    known = [bool(key) and key in reference for key in keys]
    read = sum(len(key) for key, is_known in zip(keys, known, strict=True) if is_known)
    if read < _COVERED * len(reference) or read < _COVERING * sum(map(len, keys)):
        return
    around = {_within(key, places) for key, is_known in zip(keys, known, strict=True) if is_known}
    end = max(number for number, is_known in enumerate(known) if is_known)
    last = end
    for number in range(end + 1, len(lines)):
        if kept[number] and _is_prose(lines[number]) and _within(keys[number], places) in around:
            last = number
    for number, line in enumerate(lines):
        dropped = number > last or (number < end and line.startswith("- "))
        if dropped and not known[number] and number not in facts:
            kept[number] = False


def _is_prose(line: str) -> bool:
    return ends_sentence(line) and weigh(line) >= _PROSE_LINE


def _within(key: str, places: Mapping[str, Place]) -> tuple[str, str] | None:
    """The kind of container that a line stands in, None for one that is a part of an element, between breaks."""
    place = places.get(key)
    return None if place is None else place.within


def _facts(
    lines: Sequence[str], keys: Sequence[str], kept: Sequence[bool], places: Mapping[str, Place]
) -> frozenset[int]:
    """The numbers of the lines of lists and tables that tell something, such as dates or a crew, with their headings.

    Nothing in them is a link, and most of them hold a number or a colon announces them. Lists that lead elsewhere are
    links, and buttons hold neither.
    """
    facts: set[int] = set()
    for is_list, group in groupby(range(len(lines)), lambda number: lines[number].startswith(_ITEMS)):
        run = list(group)
        items = [number for number in run if keys[number]]
        told = [number for number in items if kept[number] and _has_no_link(keys[number], places)]
        if not is_list or len(told) < max(len(items), _SHORTEST_LIST):
            continue
        before = run[0] - 1
        announced = before >= 0 and kept[before] and lines[before].rstrip().endswith((":", "："))
        if announced or 2 * sum(any(map(str.isdigit, keys[number])) for number in items) > len(items):
            facts.update(items)
            if announced or (before >= 0 and kept[before] and _is_label(lines[before], keys[before])):
                facts.add(before)
    return frozenset(facts)


def _has_no_link(key: str, places: Mapping[str, Place]) -> bool:
    place = places.get(key)
    return place is None or not place.link_share


def _drop_labels(lines: Sequence[str], keys: Sequence[str], kept: list[bool]) -> None:
    """Drop the heading of a list of links that was dropped."""
    for number in range(len(lines) - 2):
        if kept[number] and not kept[number + 1] and not kept[number + 2] and _is_label(lines[number], keys[number]):
            kept[number] = False


def _drop_tail(lines: Sequence[str], keys: Sequence[str], kept: list[bool], facts: AbstractSet[int]) -> None:
    """Drop signatures, tags and headings that end the text: what such a heading headed is gone."""
    tail = []
    for number in range(len(lines) - 1, 0, -1):
        if number in facts or (kept[number] and not _is_label(lines[number], keys[number])):
            break
        if kept[number]:
            tail.append(number)
    if len(tail) <= _LONGEST_TAIL:
        for number in tail:
            kept[number] = False
