"""The parser of robots.txt: Protego, with names compared as RFC 9309 (2.2.1) says.

Protego takes a group for ours when its name begins ours ("orbit"), and does not when a version follows it
("Orbitwatch/1.0"), as many files write it although the standard allows only the name.
"""

import re

from scrapy import Spider
from scrapy.robotstxt import ProtegoRobotParser

from crawler.settings import ROBOTSTXT_USER_AGENT

#: Bytes that are read; RFC 9309 (2.5) asks for at least 500 KiB.
MAX_BYTES = 512_000

_OURS = ROBOTSTXT_USER_AGENT.lower().encode()
_NAME_LINE = re.compile(
    rb"^((?:\xef\xbb\xbf)?[ \t]*user-?[ \t]?agent[ \t]*:[ \t]*)(\*|[a-z_-]+)([^\n#]*)", re.IGNORECASE | re.MULTILINE
)


class RobotsRules(ProtegoRobotParser):
    """Rules of one robots.txt. Made by Scrapy from its bytes."""

    def __init__(self, robotstxt_body: bytes, spider: Spider | None) -> None:
        lines = robotstxt_body[:MAX_BYTES].replace(b"\r", b"\n")
        super().__init__(_NAME_LINE.sub(_plain_name, lines), spider)


def _plain_name(line: re.Match[bytes]) -> bytes:
    """The line with the product token alone, and with names that only begin like ours made unlike it."""
    start, name, rest = line.groups()
    if name == b"*":
        return start + name if not rest.strip() or rest[:1].isspace() else line[0]
    if name.lower() == _OURS:
        # A name goes as far as letters, dashes and underscores do: digits and slashes end it.
        return start + name
    return start + b"not-" + name + rest if _OURS.startswith(name.lower()) else line[0]
