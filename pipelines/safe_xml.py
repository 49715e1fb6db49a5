"""The one way in which XML from outside is parsed.

lxml's defaults resolve entities, and with `huge_tree` they leaked a local file into a title; so every lxml
parser in the project is made with these options (a test looks for others).
"""

import re
from html.entities import html5
from typing import Final, TypedDict


class XmlOptions(TypedDict):
    """Options of `lxml.etree.XMLParser` that decide what a document can do to its reader."""

    resolve_entities: bool
    no_network: bool
    load_dtd: bool
    dtd_validation: bool
    huge_tree: bool
    recover: bool
    remove_comments: bool
    remove_pis: bool


SAFE_XML: Final[XmlOptions] = {
    "resolve_entities": False,  # no entity bombs, no local files (XXE)
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,  # libxml2 keeps its limits: depth 256, text nodes of 10 MB
    "recover": True,  # an outlet's broken XML still gives what stands before the fault
    "remove_comments": True,
    "remove_pis": True,
}

_HIGH_REFERENCE = re.compile(rb"&#(?:([0-9]{5,})|[xX]([0-9a-fA-F]{4,}));")
_CDATA = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_NAME = rb"[A-Za-z][A-Za-z0-9]{1,30}"
_STRAY = re.compile(rb"&(?!(?:#[0-9]+|#[xX][0-9a-fA-F]+|" + _NAME + rb");)")
_NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)(" + _NAME + rb";)")


def with_sound_references(body: bytes) -> bytes:
    """A document in which every "&" outside CDATA begins a reference that XML allows.

    References to what is no character are left out: halves of one (`&#55357;&#56960;`), since JavaScript escapes emoji
    in halves, and numbers past the last. lxml and feedparser give up the whole document at the first one. At other
    faults they skip what follows: of `?id=5&lang=en` is left `?id=5=en`, another page's address. HTML's names become
    numbers (`&eacute;`), and whatever else begins with "&" stands for itself.

    Args:
        body: in a charset in which ASCII is one byte a character; others are left as they are.
    """
    if b"\0" in body[:64] or b"\x1b$" in body:  # UTF-16 and UTF-32; ISO-2022-JP, where "&" is half of a character
        return body
    pieces = _CDATA.split(_HIGH_REFERENCE.sub(_possible, body))
    pieces[::2] = (_NAMED.sub(_numbered, _STRAY.sub(b"&amp;", piece)) for piece in pieces[::2])
    return b"".join(pieces)


def _possible(reference: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = reference.groups()
    if len(decimal or hexadecimal) > 10:
        return b""
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return b"" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else reference.group()


def _numbered(named: re.Match[bytes]) -> bytes:
    meant = html5.get(named[1].decode("ascii"))
    return "".join(f"&#{ord(char)};" for char in meant).encode("ascii") if meant else b"&amp;" + named[1]
