"""A copy of a page in a web archive, and the address at which the archive shows it."""

import re
from dataclasses import dataclass
from datetime import datetime

from pipelines.backfill.stamps import read_stamp, write_stamp
from pipelines.urls import fetch_url

_REPLAY = re.compile(r"([0-9]{14})(?:[a-z]{2}_)?/(https?):/{1,2}(.+)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Capture:
    """One copy of a page in the archive.

    Attributes:
        urlkey: the archive's sort key of the address, one for all its spellings.
        original: the address that was captured, safe to request.
        captured_at: instant of the capture, in UTC.
        status: of the answer that was captured, None when the index does not say.
        mimetype: as the index says, "" when it does not.
        digest: base 32 SHA-1 of the content, "" when the index does not say.
        length: bytes of the compressed record, None when the index does not say.
    """

    urlkey: str
    original: str
    captured_at: datetime
    status: int | None = None
    mimetype: str = ""
    digest: str = ""
    length: int | None = None

    def replay(self, base: str) -> str:
        """The address of the copy in its identity form: the bytes as captured, with no link rewritten.

        Args:
            base: of the archive's replay, for example "https://web.archive.org/web".
        """
        return f"{base.rstrip('/')}/{write_stamp(self.captured_at)}id_/{self.original}"


def read_replay_address(url: str, base: str) -> tuple[str, datetime] | None:
    """The page's own address and the instant of its capture, for the address at which a copy was found.

    An archive redirects to the nearest capture that it can show.

    Args:
        url: the address that answered.
        base: of the archive's replay, as for `Capture.replay`; http and https are one.

    Returns:
        None when it is no address of a copy.
    """
    prefix = base.rstrip("/").partition("://")[2] + "/"
    scheme, _, rest = url.partition("://")
    if scheme not in {"http", "https"} or not rest.startswith(prefix):
        return None
    found = _REPLAY.match(rest.removeprefix(prefix))
    if found is None:
        return None
    try:
        return fetch_url(f"{found[2]}://{found[3]}"), read_stamp(found[1])
    except ValueError:
        return None
