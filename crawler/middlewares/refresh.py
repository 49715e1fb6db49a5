"""Redirects that are written into a page."""

from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware
from scrapy.http import Request, Response

from crawler import answers
from crawler.failures import is_answer
from pipelines.forwarding import forwarded_to


class RefreshMiddleware(BaseRedirectMiddleware):
    """Follows pages that send their reader on at once, as it follows other redirects: they count together.

    Scrapy's own also follows those that wait for minutes and those that go to themselves, as live blogs do, and reads
    every page for it with a detection of its charset.

    Copies from an archive are what they are: the address in them is not rewritten, and means the outlet.
    """

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request that it leads to."""
        is_rules, is_copy = request.meta.get("dont_obey_robotstxt"), "stay_at" in request.meta
        if is_rules or is_copy or not is_answer(response.status):
            return response
        media_type = answers.content_type(response)
        if not answers.is_html(media_type, response.body):
            return response
        target = forwarded_to(response.body, url=response.url, charset=answers.charset(media_type))
        if not target:
            return response
        return self._redirect(self._redirect_request_using_get(request, response, target), request, "meta refresh")
