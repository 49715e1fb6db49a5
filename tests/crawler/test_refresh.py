"""Pages that send their reader on are followed as redirects are."""

from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler import answers
from crawler.middlewares.refresh import RefreshMiddleware

SENT_ON = b"<!doctype html><meta http-equiv=refresh content='0; url=/new'>"


@pytest.fixture
def middleware() -> RefreshMiddleware:
    return RefreshMiddleware.from_crawler(get_crawler(settings_dict={"REDIRECT_MAX_TIMES": 2}))


def asked(**meta: Any) -> Request:
    return Request("https://tribune.example/old", meta=meta)


def came(request: Request, status: int = 200, body: bytes = SENT_ON) -> Response:
    return Response(request.url, status, {"Content-Type": "text/html"}, body, request=request)


def test_it_counts_with_other_redirects(middleware: RefreshMiddleware) -> None:
    request = asked(redirect_times=1, redirect_urls=["https://tribune.example/"], redirect_reasons=[301], source="a")
    followed = middleware.process_response(request, came(request))
    assert isinstance(followed, Request)
    assert followed.url == "https://tribune.example/new"
    assert followed.meta["source"] == "a"
    assert followed.meta["redirect_urls"] == ["https://tribune.example/", "https://tribune.example/old"]
    assert answers.moved_to(came(followed)) == "", "a list has not moved for good by that"
    with pytest.raises(IgnoreRequest, match="redirections"):
        middleware.process_response(followed, came(followed, body=SENT_ON.replace(b"new", b"newer")))


@pytest.mark.parametrize(
    ("meta", "status"),
    [({"dont_obey_robotstxt": True}, 200), ({"stay_at": "tribune.example"}, 200), ({}, 404), ({}, 202)],
    ids=["robots.txt", "a copy of an archive", "no page", "no answer yet"],
)
def test_what_is_no_page_of_an_outlet_stays(middleware: RefreshMiddleware, meta: dict[str, Any], status: int) -> None:
    request = asked(**meta)
    response = came(request, status)
    assert middleware.process_response(request, response) is response
