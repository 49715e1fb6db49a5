"""Why a request failed: one reason word for each, the same everywhere (logs, state, runs table, status).

The words are those of `pipelines.polling.FAILURES`, and two more for requests that were never sent: bad_url and paused.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.web._newclient import ParseError

from crawler.netguard import refused_hosts

if TYPE_CHECKING:
    from scrapy.http import Request, Response
    from twisted.python.failure import Failure

_BY_EXCEPTION: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "connection"),
    (DownloadCancelledError, "too_large"),
    (UnsupportedURLSchemeError, "bad_url"),
    (DownloadFailedError, "connection"),
)
#: What Scrapy says where it follows no further; it gives no exception of its own to that.
_TOO_MANY_REDIRECTS = "max redirections reached"


class Refused(IgnoreRequest):
    """A request that one of our own rules stopped before it was sent, or whose answer one of them turned away.

    Attributes:
        reason: its reason word.
    """

    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(explanation)
        self.reason = reason


def reason_of_status(status: int) -> str:
    """The reason word for an HTTP status that brings nothing.

    >>> [reason_of_status(s) for s in (202, 304, 403, 404, 410, 429, 503, 418)]
    ['http_error', 'http_error', 'forbidden', 'not_found', 'gone', 'rate_limited', 'server_error', 'client_error']
    """
    named = {
        401: "forbidden",
        402: "forbidden",
        403: "forbidden",
        451: "forbidden",
        404: "not_found",
        410: "gone",
        429: "rate_limited",
    }
    if status in named:
        return named[status]
    if status < 300 or status == 304:  # to a request without conditions
        return "http_error"
    if status < 400:
        return "redirect"
    return "server_error" if status >= 500 else "client_error"


def is_answer(status: int) -> bool:
    """Whether a 2xx carries what was asked for: 200, 203 (changed on the way) and 226 (RFC 9110, RFC 3229).

    202 says "later", 204 and 205 have no content, and a 206 to a request for the whole is a part of it.
    """
    return status in {200, 203, 226}


def read_failure(failure: "Failure") -> tuple["Request", str, "Response | None"]:
    """What an errback was given: the request (after redirects), the reason word, and the answer where there was one."""
    request: Request = getattr(failure, "request")  # noqa: B009 - Scrapy adds it
    reason, response = classify(failure.value or RuntimeError("no error"), request)
    return request, reason, response


def classify(error: BaseException, request: "Request") -> tuple[str, "Response | None"]:
    """The reason word for a failed request, and the answer where there was one.

    Args:
        error: what was raised.
        request: the request that failed, after redirects.
    """
    if isinstance(error, HttpError):
        return reason_of_status(error.response.status), error.response
    return _reason(error, urlsplit(request.url).hostname or ""), None


def _reason(error: BaseException, host: str) -> str:
    if isinstance(error, Refused):
        return error.reason
    if isinstance(error, CannotResolveHostError) and host in refused_hosts:
        return "blocked_address"
    if isinstance(error, IgnoreRequest) and str(error) == _TOO_MANY_REDIRECTS:
        return "redirect"
    if isinstance(error, DownloadFailedError):
        if _breaks_http(error):  # before words are looked for: its message repeats what the server sent
            return "not_http"
        if any(word in str(error) for word in ("certificate", "SSL", "VerificationError")):
            return "tls"
    return next((reason for kind, reason in _BY_EXCEPTION if isinstance(error, kind)), "connection")


def _breaks_http(error: DownloadFailedError) -> bool:
    """Whether the parser of HTTP has stumbled over an answer: a ParseError, or a ValueError or KeyError of its parts.

    A line of more than 16 KiB is not among them: Twisted closes the connection itself then, and says no more than where
    the server does. It counts as "connection", the reason for answers that end too early.
    """
    reasons = getattr(error.__cause__, "reasons", ())
    return any(isinstance(reason.value, ParseError | ValueError | KeyError) for reason in reasons)
