"""Bytes of a page to text, as a careful browser would do it.

Older outlets, Russian, Chinese and Japanese ones above all, still serve legacy charsets, often with a
missing or a wrong declaration. The order of trust is that of the HTML standard (section 13.2.3.2,
"Determining the character encoding") with one change: text that is valid UTF-8 is UTF-8 whatever it
claims, since no legacy charset passes that test by accident on a whole page.
"""

import re

from w3lib.encoding import read_bom, resolve_encoding, to_unicode

_SUPPORTED = frozenset(
    {"utf-8", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874"}
    | {f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
    | {f"cp125{page}" for page in range(9)}
    | {"gb18030", "big5hkscs", "big5", "euc_jp", "iso2022_jp", "cp932", "cp949"}
)
"""Python's names of the Encoding Standard's charsets. Other codecs ("hex", "idna", "utf-7") are attacks."""

_DECLARATION_WINDOW = 65_536
"""Bytes searched for a declaration. The standard says 1,024, but browsers heed later ones, and pages put
scripts first."""

_DECLARATION = re.compile(
    rb"""<(?:meta\b[^>]{0,400}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s{0,9}=\s{0,9}["']?\s{0,9}([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_TAG_OR_SCRIPT = re.compile(rb"<(?:script|style)\b[^<]*(?:<(?!/(?:script|style))[^<]*)*|<[^<>]*>", re.IGNORECASE)
_DETECTION_SAMPLE = 200_000
"""Bytes given to the detector after markup is taken out: whole articles, and a bound on its time."""

_HIGH_BYTES = bytes(range(0x80, 0x100))
_TOLERATED_BAD_UTF8 = 0.2
"""Share of bad among the non-ASCII bytes. A UTF-8 page with a cut character or a foreign include has a few; of
legacy text read as UTF-8 most are bad."""

_TOLERATED_STRANGENESS = 0.05
"""Share of odd characters up to which a declaration is believed. On the development pages Cyrillic ones truly
declared have at most 0.001; read in another Cyrillic charset (windows-1251, KOI8-R, KOI8-U, ISO 8859-5) at least
0.1. Pairs that share most letters, such as Latin-1 and Latin-2 for German, need a reader of the language to tell."""

_STRANGE = re.compile(
    "[\ufffd\x80-\x9f\ue000-\uf8ff]"  # undecodable, C1 controls, private use
    "|[\xa1-\xff]{3,}"  # Cyrillic or Greek read as Latin-1: no Latin script has such runs
    # The rest of the word counts as well, since few letters of a text are capitals, or those that become signs.
    "|[а-џґ][Ѐ-ЯҐ]+"  # KOI8 and windows-1251 exchanged swap the case of every letter: "Фильм" is "тХКЭЛ"
    "|[а-џґ][№§\u2500-\u257f][а-џґ]+"  # windows-1251 read as ISO 8859-5, Ukrainian in KOI8-U read as KOI8-R
)
_SIGN_IN_WORD = re.compile("[±¹³¶¼¾](?<=[a-zà-ÿ].)(?=[a-zà-ÿ])")
"""Latin-2 read as Latin-1: Polish "głos" is "g³os", Czech "každý" "ka¾dý". One kind alone may be an apostrophe ("it¹s")
or a unit; two kinds are letters."""
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")

_LANGUAGE = re.compile(rb"""<html\b[^>]{0,400}?\blang\s?=\s?["']?([a-z]{2})""", re.IGNORECASE)
_CHARSETS_OF_LANGUAGE = {
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"),
    "ru": ("cp1251", "koi8-r"),
    "uk": ("cp1251", "koi8-u"),
}
"""Where the page names its language, detection chooses among these, since East Asian charsets share most
of their byte pairs."""

_CHINESE = ("gb18030", "big5hkscs")
_COMMON_CHINESE = re.compile("[的一是不了在有人我他這这個个們们中大國国]")
"""One character in eight of a Chinese text. Big5 read as GB 18030, or the other way round, gives characters as good as
any, and hardly ever these."""

_UKRAINIAN = re.compile("[єіїґ]")
"""They stand in KOI8-U where KOI8-R has lines for drawing boxes; the other letters are the same."""

_C1 = re.compile("[\x80-\x9f]")
_WINDOWS_SIBLING = {"iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-13": "cp1257"}
"""The Windows charsets that add curly quotes where ISO 8859 has C1 controls, which no page means."""


def decode(body: bytes, *, charset: str = "") -> tuple[str, str]:
    """Decode a page or a feed.

    Args:
        body: the bytes, transfer and content coding undone.
        charset: the charset of the Content-Type header, "" when it names none.

    Returns:
        The text, undecodable bytes as U+FFFD, and Python's name of the encoding used. Never raises; linear in
        the size of `body`.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return to_unicode(body[len(bom) :], bom_encoding), bom_encoding
    if wide := _utf16_without_bom(body):
        return to_unicode(body, wide), wide
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(body, charset)
    if "\x1b$" in text and "iso2022_jp" in _declared(body, charset):
        # ISO-2022-JP is the one charset still in use whose bytes are all ASCII.
        return to_unicode(body, "iso2022_jp"), "iso2022_jp"
    return text, "utf-8"


def _decode_legacy(body: bytes, charset: str) -> tuple[str, str]:
    """Decode what is not valid UTF-8: declarations first, each put to the test, then detection."""
    high = len(body) - len(body.translate(None, _HIGH_BYTES))
    text = to_unicode(body, "utf-8")
    if text.count("\ufffd") <= _TOLERATED_BAD_UTF8 * high:
        return text, "utf-8"
    best, best_strangeness = (text, "utf-8"), 1.0
    for encoding in _declared(body, charset):
        text = to_unicode(body, encoding)
        strangeness = _strangeness(text)
        if strangeness <= _TOLERATED_STRANGENESS:
            return text, encoding
        if strangeness < best_strangeness:
            best, best_strangeness = (text, encoding), strangeness
    encoding = _detected(body)
    text = to_unicode(body, encoding)
    return (text, encoding) if _strangeness(text) <= best_strangeness else best


def _declared(body: bytes, charset: str) -> list[str]:
    """Legacy encodings that the header and the document name, in that order."""
    labels = [charset]
    if found := _DECLARATION.search(body, 0, _DECLARATION_WINDOW):
        labels.append(found[1].decode("ascii", "replace"))
    names = [_resolve(label) for label in labels]
    return [name for name in dict.fromkeys(names) if name and name != "utf-8"]


def _resolve(label: str) -> str:
    """Python's codec for a charset label by the browsers' table ("gb2312" is gb18030), or ""."""
    name = resolve_encoding(label.strip()) if label.isascii() and 0 < len(label) <= 40 else None
    return name if name in _SUPPORTED else ""


def _detected(body: bytes) -> str:
    """What the bytes look like; cp1252, the browsers' default, when they look like nothing."""
    import cchardet  # noqa: PLC0415  # needed by few pages, so not at import

    visible = _TAG_OR_SCRIPT.sub(b" ", body[: 4 * _DETECTION_SAMPLE])
    sample = (visible if visible.translate(None, _HIGH_BYTES) != visible else body)[:_DETECTION_SAMPLE]
    encoding = _resolve(cchardet.detect(sample)["encoding"] or "") or "cp1252"
    language = _LANGUAGE.search(body, 0, _DECLARATION_WINDOW)
    expected = _CHARSETS_OF_LANGUAGE.get(language[1].decode().lower(), ()) if language else ()
    if expected and encoding not in expected:
        # The detector's own answer stays in the contest: the language of a page may be wrong as well.
        encoding = min((*expected, encoding), key=lambda name: _strangeness(to_unicode(sample, name)))
    if encoding in _CHINESE:
        return max(_CHINESE, key=lambda name: len(_COMMON_CHINESE.findall(to_unicode(sample, name))))
    if encoding == "koi8-r" and _UKRAINIAN.search(to_unicode(sample, "koi8-u")):
        return "koi8-u"
    if encoding in _WINDOWS_SIBLING and _C1.search(to_unicode(sample, encoding)):
        return _WINDOWS_SIBLING[encoding]
    return encoding


def _utf16_without_bom(body: bytes) -> str:
    """UTF-16 shows in markup as every other byte zero."""
    head = body[:64]  # markup, before any text in letters that need both bytes
    if head.count(0) * 3 < len(head):
        return ""
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def _strangeness(text: str) -> float:
    """Share of the non-ASCII characters that do not occur so in any written language, 0 to 1."""
    runs = _NON_ASCII.findall(text)  # a few of a page's characters, and all that may be strange
    total = sum(map(len, runs))
    strange = sum(map(len, _STRANGE.findall(" ".join(runs))))
    signs = _SIGN_IN_WORD.findall(text)
    if len(set(signs)) > 1:
        strange += len(signs)
    return strange / total if total else 0.0
