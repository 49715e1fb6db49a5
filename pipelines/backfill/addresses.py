"""A list of addresses that a person has: one a line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipelines.urls import fetch_url

LIST_LIMIT = 32 * 2**20
"""Bytes of a list: some 300,000 addresses."""

_SHOWN = 100
"""Bad lines that are kept; the rest is counted."""

_BOM_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Listed:
    """An address of a list.

    Attributes:
        url: safe to request.
        source: id of the outlet, "" when the line names none.
        line: its number, from 1.
    """

    url: str
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no address.

    Attributes:
        line: its number, from 1.
        reason: in words.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class AddressList:
    """A list, read.

    Attributes:
        addresses: in the list's order, without repetition.
        bad: the first hundred lines that are no address.
        bad_lines: how many there are.
        repeated: lines with an address that stands further up.
    """

    addresses: tuple[Listed, ...] = ()
    bad: tuple[BadLine, ...] = ()
    bad_lines: int = 0
    repeated: int = 0


def read_addresses(body: bytes) -> AddressList:
    """Read a list of addresses.

    Empty lines, and those that begin with "#", are passed over. Behind an address may stand a tab and the id of the
    outlet that it is of; further columns are not read, so that a column of a table can be pasted with its neighbours.

    Args:
        body: the file; UTF-8, or UTF-16 with its mark, with any ends of lines.

    Raises:
        ValueError: when it is larger than `LIST_LIMIT`.
    """
    if len(body) > LIST_LIMIT:
        raise ValueError(f"a list of more than {LIST_LIMIT // 2**20} MiB; split it")
    found: dict[str, Listed] = {}
    bad: list[BadLine] = []
    bad_lines = repeated = 0
    for number, line in enumerate(_lines(body), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        address, _, rest = text.partition("\t")
        try:
            url = fetch_url(address)
        except ValueError as error:
            bad_lines += 1
            if len(bad) < _SHOWN:
                bad.append(BadLine(number, str(error)))
            continue
        if url in found:
            repeated += 1
        else:
            found[url] = Listed(url, rest.partition("\t")[0].strip(), number)
    return AddressList(tuple(found.values()), tuple(bad), bad_lines, repeated)


def _lines(body: bytes) -> Iterator[str]:
    encoding: Literal["utf-16", "utf-8-sig"] = "utf-16" if body.startswith(_BOM_16) else "utf-8-sig"
    # Only these end a line: `str.splitlines` also parts at characters that may stand in an address.
    return iter(body.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n"))
