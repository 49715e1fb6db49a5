"""A ping, as healthchecks.io and its likes take it: a monitor hears that runs begin and end, and when they stop.

Plain `http.client`, so that an idle run stays cheap. Nothing here raises: a monitor that is down must not fail a run.
"""

import threading
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

#: Seconds for one ping, name resolution included. A run sends two at most.
PATIENCE = 5.0

#: Characters of a ping's body; monitors keep some kilobytes.
_BODY = 4_000

#: What an address may hold as it is; the rest of it is percent-encoded.
_SAFE = "/%:@!$&'()*+,;=~-._?"


class Ping:
    """The address of one check.

    Args:
        url: http or https; a name and password in it are sent as basic authorisation, a query stays behind what is
            added to the path.
        patience: seconds after which a ping is given up.

    Raises:
        ValueError: when it is no such address. The text does not repeat it: whoever knows it can ping.
    """

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self._parts = _split(url)
        self._patience = patience

    def send(self, suffix: str = "", body: str = "") -> str:
        """Send one ping, and wait for its answer no longer than the patience.

        Args:
            suffix: "/start", "/fail", or "" for success.
            body: plain text for whoever looks at the check.

        Returns:
            What went wrong in words that hold no secret, "" when it was taken.
        """
        answers: list[str] = []
        # A thread, because nothing else bounds the resolver; one that hangs ends with the process.
        sending = threading.Thread(target=lambda: answers.append(self._ask(suffix, body)), daemon=True)
        sending.start()
        sending.join(self._patience)
        problem = answers[0] if answers else f"no answer within {self._patience:g} s"
        return problem and f"the ping to {self._parts.hostname} failed: {problem}"

    def _ask(self, suffix: str, body: str) -> str:
        parts = self._parts
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        path = quote(parts.path.rstrip("/") + suffix, safe=_SAFE) or "/"
        query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
        headers = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "orbitwatch"}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        connection = kind(parts.hostname or "", parts.port, timeout=self._patience)
        try:
            connection.request("POST", path + query, body[:_BODY].encode(), headers)
            status = connection.getresponse().status
        except (OSError, HTTPException, ValueError) as error:  # their texts may repeat the address
            return getattr(error, "strerror", None) or type(error).__name__
        finally:
            connection.close()
        return "" if 200 <= status < 300 else f"HTTP {status}"


def _split(url: str) -> "SplitResult":
    msg = "a ping needs an address that begins with http:// or https:// and names a host"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        raise ValueError(msg) from None
    if not usable or " " in url:
        raise ValueError(msg)
    return parts
