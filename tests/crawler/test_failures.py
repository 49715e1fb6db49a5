"""Why a request failed, told from what was raised."""

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseFailed
from twisted.web.http_headers import Headers, InvalidHeaderName

from crawler.failures import Refused, classify


def failed(*reasons: Exception) -> DownloadFailedError:
    """As Scrapy raises it: with a text that repeats what the server has sent."""
    cause = ResponseFailed([Failure(reason) for reason in reasons])
    error = DownloadFailedError(str(cause))
    error.__cause__ = cause
    return error


def bad_name() -> InvalidHeaderName:
    with pytest.raises(InvalidHeaderName) as caught:
        Headers().addRawHeader(b"SSL certificate", b"")
    return caught.value


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (failed(bad_name()), "not_http"),
        (failed(ParseError("non-integer status code", b"HTTP/1.1 SSL")), "not_http"),
        (failed(KeyError(b"br")), "not_http"),
        (failed(ConnectionDone()), "connection"),
        (failed(ConnectionLost()), "connection"),
        (DownloadFailedError("[('SSL routines', '', 'certificate verify failed')]"), "tls"),
        (DownloadFailedError("reset"), "connection"),
        (IgnoreRequest("max redirections reached"), "redirect"),
        (IgnoreRequest("https://tribune.example/redirections-of-robots"), "connection"),
        (Refused("too_large", "max redirections reached"), "too_large"),
    ],
)
def test_an_answer_that_is_no_http_is_told_from_a_line_that_broke(error: Exception, reason: str) -> None:
    assert classify(error, Request("https://tribune.example/")) == (reason, None)
