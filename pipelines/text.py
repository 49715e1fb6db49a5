"""Hygiene for every string that comes from outside.

Titles, summaries, names and bodies pass through `clean_text` once, where they enter. What comes out is NFC,
encodes to UTF-8, holds no control, bidi or zero-width characters, and never changes again when cleaned twice;
so everything behind it (Parquet, CSV, terminals, HTML reports) can take a string as it is.
"""

import re
import unicodedata

TITLE_LIMIT = 1_000
"""Characters kept of a title; real headlines end before 300, a longer one is a page's text in the wrong
place."""

SUMMARY_LIMIT = 4_000
"""Characters kept of a summary; some feeds put the whole article there, and the page itself is read for
that."""

NAME_LIMIT = 200
"""Characters kept of an author or an outlet's name."""

_HTML_LIMIT = 16_384
"""Characters of markup that are parsed for a title or a summary. The parser's text walk is quadratic in
nesting depth: 100,000 nested elements took 10 s, and what fits into 16 KiB takes milliseconds. It still holds
four times `SUMMARY_LIMIT`."""

_MARKS_IN_A_ROW = 30
"""Combining marks kept on one letter, the bound of the Stream-Safe Text Format (UAX 15, section 13). Sorting
a longer run is quadratic in CPython: 120,000 marks took 7 s."""

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls, without tab and newline
    "\u00ad\u034f\u180e\u200b\u2060-\u2064\ufeff"  # soft hyphen and zero-width noise
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls: they reorder what a reader sees
    "\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef"  # interlinear annotation, noncharacters
    "\ud800-\udfff"  # lone surrogates have no UTF-8
    "\U000e0000-\U000e007f"  # tag characters: text nobody sees
    "]"
)
"""Zero-width joiner and non-joiner (U+200C, U+200D) stay: Persian, Hindi and emoji are spelled with them."""

_MANY_MARKS = re.compile(rf"[^\w\s\x00-\x7f]{{{_MARKS_IN_A_ROW + 1},}}")
_SPACES = re.compile(r"\s+")
_SPACES_AROUND_NEWLINES = re.compile(r" ?\n\s*")
_SPACES_IN_LINE = re.compile(r"[^\S\n]+")

_TAG_LIMIT = 40
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}\Z")

_PLAIN = re.compile(r"[^<&]*\Z")
_BLOCK_TAG = re.compile(
    r"(?=</?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|ol|p|pre|section|table"
    r"|td|th|tr|ul)\b)",
    re.IGNORECASE,
)
_STILL_ESCAPED = re.compile(
    r"&(?:[a-z]{2,8}|#[0-9]{1,7}|#x[0-9a-f]{1,6});|</[a-z][a-z0-9]*\s*>|<(?:a|br|embed|hr|iframe|img|object|p|script|style)\b[^<>]*>",
    re.IGNORECASE,
)


def clean_text(s: str, *, limit: int | None = None, keep_newlines: bool = False) -> str:
    r"""Make a string from outside safe to store, show and compare.

    Args:
        s: any string, lone surrogates and controls included.
        limit: keep at most this many characters.
        keep_newlines: keep one newline between paragraphs; otherwise every run of white space becomes one
            space.

    Returns:
        `s` in NFC without control, bidi, zero-width and unencodable characters, trimmed. Never raises;
        cleaning twice changes nothing.

    >>> clean_text(" The\u202e  Challenge\x00 \n")
    'The Challenge'
    """
    s = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", s))
    if not s.isascii():
        # NFC may turn one mark into two, so the run is cut on both sides of it.
        s = _thin_marks(unicodedata.normalize("NFC", _thin_marks(s)))
    if keep_newlines:
        s = _SPACES_AROUND_NEWLINES.sub("\n", _SPACES_IN_LINE.sub(" ", s)).strip()
    else:
        s = _SPACES.sub(" ", s).strip()
    return s if limit is None else s[:limit].rstrip()


def plain_text(html: str, *, limit: int | None = None) -> str:
    """A feed's title or summary as plain text.

    Markup is parsed as a browser would, scripts and styles are dropped, block elements part words. Entities
    are resolved once, and a second time only where the result still looks escaped, because some outlets
    escape twice.

    Args:
        html: text that may hold markup and entities.
        limit: keep at most this many characters.

    Returns:
        One line of clean text (see `clean_text`). Never raises.

    >>> plain_text("<p>The <b>Challenge</b></p><p>Vyzov &amp;amp; Co</p>")
    'The Challenge Vyzov & Co'
    """
    text = _strip_markup(html)
    if _STILL_ESCAPED.search(text):
        text = _strip_markup(text)
    return clean_text(text, limit=limit)


def language_tag(value: object) -> str:
    """A BCP 47 tag in lower case, "" for anything else (`English`, `en_US.utf8`, None).

    >>> language_tag("en_GB")
    'en-gb'
    """
    tag = str(value or "")[:_TAG_LIMIT].strip().replace("_", "-").lower()
    return tag if _LANGUAGE_TAG.match(tag) else ""


def printable(s: str) -> str:
    r"""A string for one line of a log or terminal.

    Controls, newlines and invisible characters are shown as escapes.

    >>> printable("line\nbreak \x1b[31m")
    'line\\nbreak \\x1b[31m'
    """
    if s.isprintable():
        return s
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in s)


def _thin_marks(s: str) -> str:
    return _MANY_MARKS.sub(_thin_run, s)


def _thin_run(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for c in run.group():
        marks = marks + 1 if unicodedata.combining(c) else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(c)
    return "".join(kept)


def _strip_markup(html: str) -> str:
    if _PLAIN.match(html):
        return html
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  # 20 ms, and most titles hold no markup

    # A lone surrogate cannot be handed to the parser, and an HTML parser takes a CDATA section for a comment.
    source = _INVISIBLE.sub("", html[:_HTML_LIMIT]).replace("<![CDATA[", "").replace("]]>", "")
    tree = LexborHTMLParser(_BLOCK_TAG.sub(" ", source))
    tree.strip_tags(["script", "style", "template", "noscript", "iframe", "object", "svg"])
    body = tree.body
    return body.text(separator="") if body is not None else ""
