"""What stands around the places of a page that are worth reading, and its headings: all that is read of most pages."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipelines.scanner import Match
from pipelines.topic.markup import text_between

REACH = 400
"""Bytes on either side of a place in what a reader sees of a page that are read. With 300 as many of 1,946 accepted
articles in real pages are found and more others pass; with 600 as many others do, and one article more is lost."""

RAW_REACH = 800
"""The same of a page with its markup. With 600 an article with captions between its paragraphs is lost."""

LONGEST = 3_200
"""Bytes between the first and the last place of a passage: places that are close to each other share one."""

MOST = 12
"""Passages of a page that are read, those with most places; of 319 pages that are read 16 have more."""

LONGEST_HEADING = 1_000
"""Bytes of a page in which a heading must end."""

HEADINGS = (b"<title", b"<h1", b'property="og:title"', rb'"headline"\s?:\s?"')
"""What the headings of a page begin with, in either case, as expressions for `pipelines.scanner.Scanner`."""

_ENDS = tuple(
    re.compile(end, re.IGNORECASE | re.DOTALL)
    for end in (rb"[^>]*>(.*?)</title", rb"[^>]*>(.*?)</h1", rb"([^>]*)>", rb'((?:[^"\\]|\\.)*)"')
)


def passages(text: bytes, places: Sequence[int], *, reach: int) -> str:
    """The passages around places, a line each.

    Args:
        text: markup or plain text, UTF-8.
        places: offsets, ascending.
        reach: bytes on either side of a place that are read.
    """
    spans = list(_spans(places, reach))
    if len(spans) > MOST:
        spans = sorted(sorted(spans, key=len, reverse=True)[:MOST])
    done = 0
    lines = []
    for span in spans:
        start, end = max(done, span[0] - reach), min(len(text), span[-1] + reach)
        lines.append(text_between(text, *_within_tags(text, start, end, span)))
        done = end
    return "\n".join(lines)


def headings(page: bytes, begun: Iterable[Match]) -> list[str]:
    """Whatever may be the headline of a page, without parsing it.

    Args:
        page: UTF-8.
        begun: where which of `HEADINGS` stand.
    """
    ended = (_ENDS[number].match(page, end, end + LONGEST_HEADING) for end, number in begun)
    return [text_between(page, *heading.span(1)) for heading in ended if heading]


def _spans(places: Sequence[int], reach: int) -> Iterator[list[int]]:
    """Places that share a passage."""
    span: list[int] = []
    for place in places:
        if span and (place - reach > span[-1] + reach or place - span[0] > LONGEST):
            yield span
            span = []
        span.append(place)
    if span:
        yield span


def _within_tags(text: bytes, start: int, end: int, span: list[int]) -> tuple[int, int]:
    """The same piece without the part of a tag that it begins or ends with."""
    closed = text.find(b">", start, span[0] - 1)
    if closed >= 0 and text.find(b"<", start, closed) < 0:
        start = closed + 1
    opened = text.rfind(b"<", span[-1], end)
    if opened >= 0 and text.find(b">", opened, end) < 0:
        end = opened
    return start, end
