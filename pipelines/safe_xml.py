"""The one way in which XML from outside is parsed.

lxml's defaults resolve entities, and with `huge_tree` they leaked a local file into a title; so every lxml
parser in the project is made with these options (a test looks for others).
"""

import re
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


def without_impossible_references(body: bytes) -> bytes:
    """A document without references to what is no character.

    These are halves of one (`&#55357;&#56960;`) and numbers past the last. JavaScript escapes emoji in
    halves. XML forbids it, and lxml and feedparser give up the whole document at the first one.
    """
    return _HIGH_REFERENCE.sub(_possible, body)


def _possible(reference: re.Match[bytes]) -> bytes:
    decimal, hexadecimal = reference.groups()
    if len(decimal or hexadecimal) > 10:
        return b""
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return b"" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else reference.group()
