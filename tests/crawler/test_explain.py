"""`orbitwatch explain`: one page, judged step by step."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.crawler.loopback import Web
from tests.crawler.test_crawl import LAUNCH

CHALLENGE = "<html><head><title>Just a moment...</title></head><body><p>Verify you are human</p></body></html>"
Orbitwatch = Callable[..., Any]


def test_a_page_that_is_a_wall_is_named(web: Web, orbitwatch: Orbitwatch, tmp_path: Path) -> None:
    loopback = ("--allow-private", "127.0.0.0/8", "--json")
    web.serve("tribune", "/consent", "<title>Welcome</title><p>Please choose.</p>")
    asked = web.route("tribune", "/docks", (302, {"Location": "/consent"}, b""))
    assert orbitwatch("explain", asked, *loopback).json["wall"].startswith("consent_wall")

    article = orbitwatch("explain", web.serve("tribune", "/launch", LAUNCH), *loopback).json
    assert article["wall"] is None
    assert article["assessment"]["relevant"]

    kept = tmp_path / "page.html"
    kept.write_text(CHALLENGE)
    assert orbitwatch("explain", asked, "--file", str(kept), "--json").json["wall"].startswith("bot_wall")
    assert "bot_wall" in orbitwatch("explain", asked, "--file", str(kept)).out


def test_a_challenge_with_the_status_of_an_error_is_named_too(web: Web, orbitwatch: Orbitwatch) -> None:
    asked = web.route("tribune", "/docks", (403, {"Content-Type": "text/html"}, CHALLENGE.encode()))
    done = orbitwatch("explain", asked, "--allow-private", "127.0.0.0/8")
    assert done.code == 1
    assert "bot_wall: HTTP 403" in done.err
