"""Redirects to what is no address."""

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Request, Response

from crawler.failures import Refused
from pipelines.urls import fetch_url


class SoundRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects, to addresses that a list of articles could name as well.

    Scrapy raises what its parser of addresses does, and asks the resolver for hosts with control characters.
    """

    def process_response(  # type: ignore[override]  # its `spider` is deprecated
        self, request: Request, response: Response
    ) -> Request | Response:
        """The answer, or the request that it leads to; raises `Refused` where it leads nowhere."""
        try:
            followed = super().process_response(request, response)
            if isinstance(followed, Request):
                fetch_url(followed.url)
        except ValueError as error:
            raise Refused("redirect", f"redirected to no address: {error}") from error
        return followed
