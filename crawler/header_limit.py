"""A limit to the header of an answer.

Scrapy counts the bytes of bodies only, and Twisted bounds one line of a header but not their number: a server that
sends header after header fills the memory as fast as the line is, until the time for the answer is over.
"""

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientProtocol, _LenientHTTPClientParser
from twisted.internet.error import ConnectionDone
from twisted.web.client import _HTTP11ClientFactory

if TYPE_CHECKING:
    from scrapy.exceptions import DownloadFailedError
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.python.failure import Failure
    from twisted.web._newclient import Request
    from twisted.web.iweb import IResponse

#: Bytes of all lines before the body, those of interim answers (1xx) too; as much as browsers take. Fields after a body
#: that comes in chunks are bounded by Twisted, to 64 KiB.
LIMIT = 256 * 2**10
#: Bytes that a line counts more than it has, for what keeping it takes: as RFC 7541 (4.1) counts them.
_OVERHEAD = 32


class HeaderTooLargeError(Exception):
    """The header of an answer has more than `LIMIT` bytes."""


class _BoundedParser(_LenientHTTPClientParser):
    """Counts the lines of an answer's header. Each answer has a parser of its own."""

    _counted = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self._counted += len(line) + _OVERHEAD
        if self._counted > LIMIT:
            raise HeaderTooLargeError
        super().lineReceived(line)


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Ends a connection at once over which comes what cannot be read."""

    def request(self, request: "Request") -> "Deferred[IResponse]":
        answer = super().request(request)
        self._parser.__class__ = _BoundedParser  # in the manner of the base class, and as safe
        return answer

    def _giveUp(self, reason: "Failure") -> None:  # noqa: N802 - Twisted's name
        super()._giveUp(reason)  # type: ignore[no-untyped-call]
        # Over TLS that waits for the other side's farewell, and takes whatever comes instead of it.
        if self.transport is not None and not isinstance(reason.value, ConnectionDone):
            self.transport.abortConnection()


class BoundedFactory(_HTTP11ClientFactory):
    """Makes the connections of a pool."""

    noisy = False

    def buildProtocol(self, addr: "IAddress | None") -> _BoundedProtocol:  # noqa: ARG002, N802 - Twisted's
        """One more connection."""
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def is_exceeded(error: "DownloadFailedError") -> bool:
    """Whether a download has failed by this limit."""
    return any(isinstance(reason.value, HeaderTooLargeError) for reason in getattr(error.__cause__, "reasons", ()))
