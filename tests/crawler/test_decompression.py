import gzip

import pytest
from scrapy import Spider
from scrapy.http import HtmlResponse, Request, Response, TextResponse, XmlResponse
from scrapy.utils.test import get_crawler

from crawler.failures import Refused, classify
from crawler.middlewares.decompression import DecompressionMiddleware

PAGE = "<html><head><title>Съёмки на МКС</title></head><body><p>Экипаж вернулся.</p></body></html>".encode(
    "windows-1251"
)
ASKED = Request("https://tribune.example/news")


def decompressed(response: Response, maximum: int = 10_000) -> Response:
    crawler = get_crawler(Spider, {"DOWNLOAD_MAXSIZE": maximum})
    answer = DecompressionMiddleware.from_crawler(crawler).process_response(ASKED, response)
    assert isinstance(answer, Response)
    return answer


def answered(kind: type[Response], body: bytes, content_type: str) -> Response:
    headers = {"Content-Type": content_type, "Content-Encoding": "gzip", "ETag": '"v1"'}
    return kind(ASKED.url, status=203, headers=headers, body=body, request=ASKED, flags=["kept"], protocol="HTTP/1.1")


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [(HtmlResponse, "text/html"), (HtmlResponse, "text/html; charset=windows-1251"), (XmlResponse, "application/xml")],
)
def test_the_answer_is_the_same_with_a_plain_body(kind: type[Response], content_type: str) -> None:
    answer = decompressed(answered(kind, gzip.compress(PAGE), content_type))
    assert type(answer) is kind
    assert answer.body == PAGE
    assert "Content-Encoding" not in answer.headers
    kept = (answer.url, answer.status, answer.headers["ETag"], answer.request, answer.flags, answer.protocol)
    assert kept == (ASKED.url, 203, b'"v1"', ASKED, ["kept"], "HTTP/1.1")


def test_the_charset_of_compressed_bytes_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def guess(_self: TextResponse, _body: bytes) -> None:
        pytest.fail("the charset of a compressed body was guessed")

    monkeypatch.setattr(TextResponse, "_auto_detect_fun", guess)
    assert decompressed(answered(HtmlResponse, gzip.compress(PAGE), "text/html")).body == PAGE


@pytest.mark.parametrize("path", ["news", "news/robots-film-in-orbit", "redirection"])
def test_a_bomb_is_too_large_wherever_it_is(path: str) -> None:
    address = f"https://tribune.example/{path}"
    bomb = answered(HtmlResponse, gzip.compress(bytes(20_000)), "text/html").replace(url=address)
    with pytest.raises(Refused, match="exceeded") as caught:
        decompressed(bomb)
    assert classify(caught.value, Request(address)) == ("too_large", None)


def test_a_body_that_is_not_coded_as_it_says_is_told_from_a_bomb() -> None:
    with pytest.raises(Refused, match="not coded") as caught:
        decompressed(answered(HtmlResponse, b"plain", "text/html"))
    assert caught.value.reason == "not_http"


def test_an_answer_that_just_fits_is_kept() -> None:
    page = b"<p>" + bytes(9_997)
    assert decompressed(answered(HtmlResponse, gzip.compress(page), "text/html")).body == page


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(PAGE) + b"rubbish",
        gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:]),
        gzip.compress(PAGE)[:-8] + bytes(8),
        gzip.compress(PAGE)[:-8],
    ],
    ids=["rubbish behind it", "in two members", "wrong checksum", "cut"],
)
def test_what_is_no_sound_gzip_is_read_as_far_as_scrapy_can(body: bytes) -> None:
    assert decompressed(answered(HtmlResponse, body, "text/html")).body == PAGE


def test_a_plain_answer_is_left_as_it_is() -> None:
    response = HtmlResponse(ASKED.url, body=PAGE, request=ASKED)
    assert decompressed(response) is response
