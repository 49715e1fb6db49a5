"""Walls, challenges and error pages are told from articles, in several languages; ordinary pages are not mistaken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.interstitials import interstitial

ARTICLE_URL = "https://tribune.example/2021/10/05/film-crew-docks"

STORY = (
    "<p>" + "Yulia Peresild and Klim Shipenko arrived at the station on Tuesday to film The Challenge. " * 30 + "</p>"
)


def page(title: str, body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Just a moment...", '<noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={cvId:"3"}</script>'),
        ("tribune.example", '<script>window._cf_chl_opt={cvId:"3"}</script>'),
        ("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1><p>You are unable to access tribune.example</p>"),
        ("Access Denied", "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p>"),
        ("Вы не робот?", "<p>Подтвердите, что запросы отправляли вы, а не робот</p>"),
        ("Tribune", "<p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p>"),
        ("百度安全验证", "<p>网络不给力，请稍后重试</p>"),
        ("", '<script src="https://captcha-delivery.com/c.js"></script>'),
        ("", "<script>window.gokuProps={}; AwsWafIntegration.checkForceRefresh()</script>"),
    ],
)  # fmt: skip
def test_challenges_are_walls(title: str, body: str) -> None:
    assert interstitial(page(title, body), url=ARTICLE_URL) == "bot_wall"


@pytest.mark.parametrize("headers", [{"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "Challenge"}])
def test_what_a_server_says_of_its_answer_counts(headers: dict[str, str]) -> None:
    assert interstitial(page("Tribune", STORY), url=ARTICLE_URL, headers=headers) == "bot_wall"
    assert interstitial(page("Tribune", STORY), url=ARTICLE_URL, headers={"server": "cloudflare"}) == ""


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Before you continue", "<p>We use cookies and data to deliver services.</p><button>Accept all</button>"),
        ("Tribune", "<h1>We value your privacy</h1><button>Accept all cookies</button>"),
        ("Tageblatt", "<p>Mit Werbung und Cookies lesen</p><button>Zustimmen und weiter</button>"),
        ("Le Courrier", "<button>Tout accepter</button><a>Continuer sans accepter</a>"),
    ],
)
def test_consent_walls(title: str, body: str) -> None:
    assert interstitial(page(title, body), url=ARTICLE_URL) == "consent_wall"


def test_the_vowel_signs_of_a_short_page_do_not_make_it_long() -> None:
    words = "<p>हम कुकीज़ का उपयोग करते हैं ताकि वेबसाइट बेहतर चले और विज्ञापन आपकी रुचि के हों</p>" * 5
    assert interstitial(page("Tribune", words, "<i class=cookiewall></i>"), url=ARTICLE_URL) == "consent_wall"


@pytest.mark.parametrize(
    ("final", "reason"),
    [
        ("https://consent.tribune.example/v2/collect?session=1", "consent_wall"),
        ("https://tribune.example/privacy-wall/?return=x", "consent_wall"),
        ("https://tribune.example/login?next=/2021/10/05/film-crew-docks", "login"),
        ("https://sso.tribune.example/auth", "login"),
        ("https://tribune.example/404", "soft_404"),
        ("https://tribune.example/", "soft_404"),
        ("https://www.tribune.example/en/", "soft_404"),
        ("https://tribune.example/index.html", "soft_404"),
        ("https://tribune.example/science/film-crew-docks", ""),
        ("https://www.tribune.example/2021/10/05/film-crew-docks/", ""),
        ("https://tribune.example/?p=1234", ""),
    ],
)
def test_where_redirects_lead(final: str, reason: str) -> None:
    assert interstitial(page("Film crew docks", STORY), url=final, requested_url=ARTICLE_URL) == reason


def test_an_address_that_was_asked_for_is_no_redirect() -> None:
    assert interstitial(page("Tribune", STORY), url="https://tribune.example/") == ""
    asked, arrived = "http://login.example/consent/story", "https://login.example/consent/story-2"
    assert interstitial(page("Tribune", STORY), url=arrived, requested_url=asked) == ""
    assert (
        interstitial(page("T", STORY), url="https://tribune.example/", requested_url="https://tribune.example/?p=7")
        == "soft_404"
    )


@pytest.mark.parametrize(
    "title",
    [
        "Page not found", "404 - Page Not Found | Tribune", "Tribune – Seite nicht gefunden", "Page introuvable - Le Courrier", "Página no encontrada | El Faro",
        "Страница не найдена — Вестник", "ページが見つかりません｜星報", "页面不存在_晨报", "페이지를 찾을 수 없습니다", "الصفحة غير موجودة | النجم", "Sidan hittades inte &#8211; Bladet",
        "Strona nie istnieje - Gazeta", "Pagina niet gevonden | De Bode", "Página não encontrada – Jornal",
    ],
)  # fmt: skip
def test_soft_404s_by_their_title_whatever_their_menus(title: str) -> None:
    menus = "<nav>" + "<a href='/x'>Science and technology news</a>" * 200 + "</nav>"
    assert interstitial(page(title, menus), url=ARTICLE_URL) == "soft_404"


def test_legacy_charsets_are_read() -> None:
    body = "<html><head><meta charset=windows-1251><title>Страница не найдена</title></head><body>Вестник</body></html>"
    assert interstitial(body.encode("cp1251"), url=ARTICLE_URL) == "soft_404"
    assert interstitial(body.replace("windows-1251", "utf-16").encode("utf-16"), url=ARTICLE_URL) == "soft_404"


def test_a_log_in_form_in_place_of_a_page() -> None:
    form = '<form><input name="user"><input type="password" name="p"><button>Go</button></form>'
    assert interstitial(page("Tribune | Sign in", form), url=ARTICLE_URL) == "login"
    assert interstitial(page("Tribune", form), url=ARTICLE_URL) == "login"
    assert interstitial(page("Film crew docks", form + STORY), url=ARTICLE_URL) == ""


TEASER = "<p>The film crew reached the station.</p><p>Subscribe to continue reading.</p><input type=password>"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:type" content="article">',
        '<meta property="article:published_time" content="2021-10-05T13:00:00Z">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2021-10-05"}</script>',
    ],
)
def test_a_teaser_that_calls_itself_an_article_is_one(head: str) -> None:
    assert interstitial(page("Film crew docks", TEASER, head), url=ARTICLE_URL) == ""


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Are you a robot? Why captchas annoy us", STORY),
        ("Access denied: how Roscosmos closed Baikonur", STORY),
        ("Film crew docks | Tribune", STORY + "<div class=banner>We value your privacy <button>Accept all cookies</button></div>"),
        ("Film crew docks | Tribune", STORY + '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script>'),
        ("A 404 for the ages", STORY),
        ("Page not found in the archive of the film fund", STORY),
        ("Short news", "<p>The premiere of The Challenge has been moved to April.</p>"),
    ],
)  # fmt: skip
def test_ordinary_pages_are_left_alone(title: str, body: str) -> None:
    assert interstitial(page(title, body), url=ARTICLE_URL) == ""


@given(st.binary(max_size=3000), st.text(max_size=200), st.text(max_size=200))
def test_no_bytes_make_it_raise(body: bytes, title: str, tail: str) -> None:
    found = interstitial(body + page(title, tail), url=ARTICLE_URL)
    assert found in {"", "bot_wall", "consent_wall", "login", "soft_404"}
