"""The whole reading of a page, and the judges it is made of, on pages written for the purpose."""

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.model import Entry, Page
from pipelines.pages import extract_record, read_page, spoken_language
from pipelines.pages.body import MAX_NODES
from pipelines.pages.boilerplate import is_furniture
from pipelines.pages.headline import without_site
from pipelines.pages.keys import site_keys
from tests.pipelines.page_texts import CHINESE, JAPANESE, PARAGRAPHS, RUSSIAN, URL, page, paragraphs

NOW = datetime(2021, 10, 6, 12, 0, tzinfo=UTC)


def read(source: str, **options: object) -> Page:
    found = read_page(source.encode(), URL, now=NOW, **options)  # type: ignore[arg-type]
    assert found is not None
    return found


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **node})}</script>'


def article(extra_before: str = "", extra_after: str = "", *, middle: str = "") -> str:
    first, rest = paragraphs(PARAGRAPHS[:2]), paragraphs(PARAGRAPHS[2:])
    return f"<article><h1>Film crew lifts off</h1>{extra_before}{first}{middle}{rest}{extra_after}</article>"


# the whole page ------------------------------------------------------------------------------------------------------


def test_a_page_is_read_whole() -> None:
    head = (
        "<title>Film crew lifts off | Orbit Daily</title>"
        '<meta property="og:site_name" content="Orbit Daily"><meta property="og:description" content="Two lift off, one film in mind.">'
        f'<link rel="canonical" href="{URL}">'
        + ld(
            headline="Film crew lifts off",
            datePublished="2021-10-05T08:55:00Z",
            author={"@type": "Person", "name": "Ada Orbit"},
        )
    )
    found = read(page(head=head))
    assert found.title == "Film crew lifts off"
    assert found.text == "\n".join(PARAGRAPHS)
    assert found.summary == "Two lift off, one film in mind."
    assert found.authors == ("Ada Orbit",)
    assert found.site_name == "Orbit Daily"
    assert found.canonical_url == URL
    assert (found.language, found.language_declared) == ("en", "en")
    assert (found.date.day, found.date.source, found.date.precision) == (date(2021, 10, 5), "jsonld", "minute")
    assert found.extractor.startswith("trafilatura ")
    assert found.flags == ()
    assert not found.paywalled


def test_a_record_for_scorers() -> None:
    head = ld(
        headline="Film crew lifts off",
        datePublished="2021-10-06T01:30:00+03:00",
        author=[{"name": "Ada Orbit"}, {"name": "Lev Soyuz"}],
    )
    record = extract_record(page(head=head).encode(), URL)
    assert set(record) == {"text", "title", "date", "author", "language", "canonical"}
    assert record["author"] == "Ada Orbit; Lev Soyuz"
    assert datetime.fromisoformat(record["date"]) == datetime(2021, 10, 5, 22, 30, tzinfo=UTC)
    assert record["date"].startswith("2021-10-06"), "the printed day"


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00" * 100, b"<html></html>", b"<html><body><script>1</script></body></html>"]
)
def test_none_only_where_there_is_no_text(body: bytes) -> None:
    assert read_page(body, URL) is None
    assert extract_record(body, URL) == {}


@pytest.mark.parametrize(
    ("texts", "language", "codec"),
    [(RUSSIAN, "ru", "cp1251"), (JAPANESE, "ja", "euc_jp"), (CHINESE, "zh", "gb18030"), (PARAGRAPHS, "en", "ascii")],
)
def test_legacy_bytes_reach_the_text_unharmed(texts: tuple[str, ...], language: str, codec: str) -> None:
    found = read_page(page(f"<article>{paragraphs(texts)}</article>", language=language).encode(codec), URL)
    assert found is not None
    assert found.text == "\n".join(texts)
    assert found.language == language


def test_the_entry_fills_what_the_page_leaves_out() -> None:
    entry = Entry(
        URL,
        title="Crew off to orbit",
        summary="A summary.",
        author="Ada Orbit; Lev Soyuz",
        published=NOW,
        date_precision="minute",
    )
    found = read_page(
        page(f"<div>{paragraphs()}</div>").encode(), "https://orbit-daily.example/lift-off", listed=entry, now=NOW
    )
    assert found is not None
    assert (found.title, found.summary, found.authors) == (
        "Crew off to orbit",
        "A summary.",
        ("Ada Orbit", "Lev Soyuz"),
    )
    assert (found.date.instant, found.date.source) == (NOW, "feed")


def test_a_language_that_the_template_got_wrong_is_flagged() -> None:
    found = read(page(f"<article>{paragraphs(RUSSIAN)}</article>", language="en"))
    assert (found.language, found.language_declared) == ("ru", "en")
    assert "language_disagrees" in found.flags


INDONESIAN = (
    "Dua puluh menit film itu direkam di stasiun luar angkasa, dan sutradaranya sendiri yang memegang kamera. Kru kembali "
    "dengan selamat pada hari Minggu setelah dua belas hari di orbit, kata badan antariksa itu dalam sebuah pernyataan."
)


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [(INDONESIAN, "id", "id"), (INDONESIAN, "en", ""), (INDONESIAN, "", ""), ("Film di orbit", "en", "en")],
)
def test_a_text_is_read_by_its_language_unless_it_seems_to_be_another(text: str, language: str, spoken: str) -> None:
    assert spoken_language(text, language) == spoken


def test_a_date_conflict_is_flagged() -> None:
    head = (
        ld(datePublished="2021-10-05T08:55:00Z")
        + '<meta property="article:published_time" content="2021-09-01T00:10:00Z">'
    )
    assert "date_conflict" in read(page(head=head)).flags


def test_a_foreign_canonical_is_not_believed() -> None:
    assert read(page(head='<link rel="canonical" href="https://elsewhere.example/">')).canonical_url == URL


# hostile and broken pages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [300, 20_000])
def test_deep_nesting_is_read_in_a_plainer_way(depth: int) -> None:
    found = read(f"<html><body>{'<div>' * depth}{paragraphs()}")
    assert all(text in found.text for text in PARAGRAPHS)
    assert found.extractor == "fallback 1"
    assert "fallback" in found.flags


def test_a_page_of_many_nodes_is_cut() -> None:
    many = "".join(
        f"<p>Paragraph number {number} tells of the film crew aboard the station.</p>"
        for number in range(MAX_NODES + 5_000)
    )
    found = read(page(f"<article>{many}</article>"))
    assert "truncated" in found.flags
    assert "Paragraph number 14000 " in found.text
    assert "Paragraph number 16000 " not in found.text


@pytest.mark.parametrize("markup", ["<i></i>", '<i a="b" c="d" e="f">'])
def test_markup_beyond_what_any_article_has_is_not_parsed(markup: str) -> None:
    more = "<p>What stands behind a hundred thousand signs is no article.</p>"
    found = read(page(f"<article>{'<p>' + '</p><p>'.join(PARAGRAPHS) + '</p>'}</article>") + markup * 50_000 + more)
    assert "truncated" in found.flags
    assert all(text in found.text for text in PARAGRAPHS)
    assert more[3:-4] not in found.text


def test_a_huge_line_is_cut_and_flagged() -> None:
    found = read(f"<html><body><p>{'a film made in orbit ' * 250_000}</p></body></html>")
    assert "truncated" in found.flags
    assert len(found.text) <= 1_000_000


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"@type": "NewsArticle", "author": ' + '{"name": ' * 900,
        "{" + ", " * 100_000,
        "null",
        '"text"',
        "{]",
        "\ud800",
    ],
)
def test_broken_statements_harm_nothing(script: str) -> None:
    source = page(head=f'<script type="application/ld+json">{script}</script>')
    found = read_page(source.encode("utf-8", "surrogatepass"), URL)
    assert found is not None
    assert found.text == "\n".join(PARAGRAPHS)


def test_statements_as_publishers_write_them() -> None:
    script = '<!-- {"@type": "NewsArticle", "headline": "Film crew\nlifts off", "datePublished": "2021-10-05",} -->'
    found = read(
        page(f"<article>{paragraphs()}</article>", head=f'<script type="application/ld+json">{script}</script>')
    )
    assert (found.title, found.date.source) == ("Film crew lifts off", "jsonld")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: page(f"<article><p>{text}</p>").encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_are_nothing(body: bytes) -> None:
    found = read_page(body, URL)
    assert found is None or found.text


# headline ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Film crew lifts off | Orbit Daily", "Film crew lifts off"),
        ("Film crew lifts off - orbit-daily.example", "Film crew lifts off"),
        ("Orbit Daily: no, Orbit Daily — Film crew lifts off", "Orbit Daily: no, Orbit Daily — Film crew lifts off"),
        ("Orbit Daily » Film crew lifts off", "Film crew lifts off"),
        ("Film crew lifts off | Orbit Daily | Orbit Daily", "Film crew lifts off"),
        ("Soyuz MS-19 - the film's ship", "Soyuz MS-19 - the film's ship"),
        ("电影摄制组升空_Orbit Daily", "电影摄制组升空"),
        ("Orbit Daily", "Orbit Daily"),
    ],
)
def test_the_sites_name_is_taken_off(title: str, headline: str) -> None:
    assert without_site(title, site_keys(["Orbit Daily"], URL)) == headline


def test_the_vote_weighs_what_agrees() -> None:
    head = '<title>Lift-off! Film crew lifts off - Orbit Daily</title><meta property="og:title" content="Film crew lifts off">'
    assert read(page(head=head)).title == "Film crew lifts off"


def test_the_banner_of_a_site_is_no_headline() -> None:
    body = f"<h1>Orbit Daily</h1><article>{paragraphs()}</article>"
    assert read(page(body, head="<title>Film crew lifts off » Orbit Daily</title>")).title == "Film crew lifts off"


# authors -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ("By Ada Orbit and Lev Soyuz", ("Ada Orbit", "Lev Soyuz")),
        ("Von Ada Orbit, Lev Soyuz", ("Ada Orbit", "Lev Soyuz")),
        ("Ada Orbit et Lev Soyuz", ("Ada Orbit", "Lev Soyuz")),
        ("Анна Орбита и Лев Союз", ("Анна Орбита", "Лев Союз")),
        ("Ada Orbit | Orbit Daily", ("Ada Orbit",)),
        ("Sammy Davis, Jr.", ("Sammy Davis, Jr",)),
        ("Ada Orbit (Baikonur)", ("Ada Orbit",)),
        ("Orbit Daily", ("Orbit Daily",)),
        ("https://social.example/ada", ()),
        ("admin", ()),
    ],
)
def test_names_are_split_and_cleaned(stated: str, authors: tuple[str, ...]) -> None:
    head = f'<meta property="og:site_name" content="Orbit Daily"><meta name="author" content="{stated}">'
    assert read(page(head=head)).authors == authors


def test_persons_are_found_by_reference() -> None:
    graph = {
        "@graph": [
            {"@type": "NewsArticle", "headline": "Film crew lifts off", "author": {"@id": "#ada"}},
            {"@type": "Person", "@id": "#ada", "name": "Ada Orbit"},
        ]
    }
    assert read(page(head=f'<script type="application/ld+json">{json.dumps(graph)}</script>')).authors == ("Ada Orbit",)


def test_a_marked_byline_serves_where_nothing_is_stated() -> None:
    assert read(page(article('<p>By <a rel="author" href="/ada">Ada Orbit</a></p>'))).authors == ("Ada Orbit",)


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">By Ada Orbit</p>',
        '<div class="article-Byline">Ada Orbit</div>',
        '<span id="xiaobian">Ada Orbit</span>',
        '<b data-component="Byline">Ada Orbit</b>',
        "<author>Ada Orbit</author>",
        '<div class="posted-by">Ada Orbit</div>',
    ],
)
def test_a_byline_is_known_by_its_name(byline: str) -> None:
    assert read(page(article(byline))).authors == ("Ada Orbit",)


def test_a_name_alone_is_no_byline() -> None:
    assert read(page(article('<p class="intro">Ada Orbit</p>'))).authors == ()


# the lines of the text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "extra",
    [
        '<p><a href="/other">Tom Cruise still plans a film aboard the station, studio says</a></p>',
        '<p>Also in the news: <a href="/other">a studio wants to build a sound stage in orbit by 2030</a></p>',
        "<p>Read more: all about the race to film in orbit</p>",
        "<p>Lesen Sie auch: alles über den Wettlauf ins All</p>",
        "<p>Читайте также: всё о гонке за первый фильм на орбите</p>",
        "<p>Advertisement</p>",
    ],
)
def test_pointers_elsewhere_are_dropped(extra: str) -> None:
    assert read(page(article(middle=extra))).text == "\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "extra",
    [
        "<p>© 2021 Orbit Daily. All rights reserved. This material may not be published, broadcast or rewritten.</p>",
        "<p>Sign up for our newsletter to get the latest from orbit.</p>",
        "<p>(OD/tass)</p>",
        "<h2>More on this story</h2>",
    ],
)
def test_what_follows_the_end_is_dropped(extra: str) -> None:
    assert read(page(article(extra_after=extra))).text == "\n".join(PARAGRAPHS)


def test_headline_byline_and_date_are_not_repeated_in_the_text() -> None:
    extra = '<p>Film crew lifts off</p><p class="byline">By Ada Orbit</p><p>5 October 2021, 11:55</p>'
    head = ld(headline="Film crew lifts off", author={"name": "Ada Orbit"})
    assert read(page(article(extra), head=head)).text == "\n".join(PARAGRAPHS)


def test_a_paragraph_that_mentions_a_phrase_is_kept() -> None:
    sentence = (
        "Read more widely, the contract says that all rights reserved by the studio lapse when the crew does not return to the "
        "station within a year, a clause on which the agency and the studio had haggled for most of the winter before the flight."
    )
    assert sentence in read(page(article(middle=f"<p>{sentence}</p>"))).text
    assert not is_furniture(sentence, 0.2)


@pytest.mark.parametrize(
    "line",
    [
        "Реклама Pepsi, снятая космонавтами на станции «Мир» в 1996 году, обошлась в миллионы долларов.",
        "Реклама молока Tnuva со станции «Мир»:",
        "Reklama mleka nakręcona na stacji Mir trafiła do Księgi rekordów Guinnessa.",
        "Advertisements had been filmed aboard Mir before, one of them for an Israeli dairy",
        "Publicité tournée dans l'espace, le film de Pepsi montrait une canette géante",
        "Mainosvideo kuvattiin kansainvälisellä avaruusasemalla",
        "Annonceret i maj 2020 skulle filmen med Tom Cruise optages på rumstationen.",
        "Anzeigetafeln in Baikonur zählten die Sekunden bis zum Start herunter.",
        "Assine o contrato quem quiser voar, disse o diretor à equipe de filmagem.",
        "Поделиться впечатлениями о полёте актриса пообещала после приземления.",
        "Auch interessant ist, dass die Schauspielerin vier Monate lang trainierte.",
        "Publicerad i maj förra året väckte planen stor uppmärksamhet i hela världen.",
        "Les Merveilles de l'espace",
        "会員登録をした観客のうち半数以上が、宇宙で撮影された場面に満足したと答えた。",
        "관련기사를 쓴 기자들은 촬영팀이 우주정거장에서 열이틀 동안 머물렀다고 전했다.",
    ],
)
def test_a_paragraph_may_begin_like_a_label(line: str) -> None:
    assert not is_furniture(line, 0.3)


@pytest.mark.parametrize(
    "line",
    [
        "Реклама",
        "- Advertisement",
        "ANNONS:",
        "Read more: A studio wants to build a sound stage in orbit by 2030.",
        "Auch interessant: Das Filmteam ist nach zwölf Tagen wieder auf der Erde gelandet.",
        "Lire aussi : l'actrice raconte son séjour à bord de la station spatiale.",
        "Lesen Sie auch, wie sich das Team auf den Flug vorbereitet hat.",
        "Publicerad 5 oktober 2021",
        "Subscribe now!",
        "© 2021 Orbit Daily",
        "यह भी पढ़ें: फिल्म दल स्टेशन पर पहुंचा",
        "责任编辑张三",
        "扫码看视频。",
        "▶ 우주 영화 예고편 보기",
    ],
)
def test_labels_and_calls_are_furniture(line: str) -> None:
    assert is_furniture(line, 0.3)


def test_a_closing_list_of_short_lines_is_kept() -> None:
    dates = "".join(f"<p>April {day} — Cinema in Orbit hall {day}</p>" for day in range(10, 22))
    assert "April 21" in read(page(article(extra_after=dates))).text


@pytest.mark.parametrize(
    ("heading", "items"),
    [
        ("<p>The crew of the flight:</p>", ("Anton Shkaplerov, commander", "Yulia Peresild, actress")),
        ("<h2>Key dates</h2>", ("5 October 2021: launch", "17 October 2021: landing", "20 April 2023: premiere")),
        ("<p>Box office by country:</p>", ("Russia: 464 million rubles", "Kazakhstan: 40 million rubles")),
        ("<h2>上映日</h2>", ("ロシア：2023年4月20日", "カザフスタン：2023年4月20日")),
    ],
)
@pytest.mark.parametrize("stated", [False, True], ids=["", "with an articleBody"])
def test_facts_in_a_closing_list_are_kept(heading: str, items: tuple[str, ...], stated: bool) -> None:
    listed = "".join(f"<li>{item}</li>" for item in items)
    tags = "<p>Orbit</p><p>Film</p>"
    head = ld(articleBody=" ".join(PARAGRAPHS)) if stated else ""
    found = read(page(article(extra_after=f"{heading}<ul>{listed}</ul>{tags}"), head=head))
    assert found.text.split("\n")[5:] == [re.sub("<.*?>", "", heading), *(f"- {item}" for item in items)]


def test_facts_in_a_closing_table_are_kept() -> None:
    rows = "".join(
        f"<tr><td>{country}</td><td>{n} million</td></tr>" for n, country in ((464, "Russia"), (2, "Cyprus"))
    )
    found = read(page(article(extra_after=f"<table>{rows}</table>")))
    assert found.text.split("\n")[5:] == ["| Russia | 464 million |", "| Cyprus | 2 million |"]


@pytest.mark.parametrize(
    "after",
    [
        "<h3>Related</h3><ul><li><a href=/1>7 films to see in orbit</a></li><li><a href=/2>The 2 crews</a></li></ul>",
        "<p>See as well:</p><ul><li>Space: <a href=/1>7 films to see</a></li><li><a href=/2>The 2 crews</a></li></ul>",
        "<ul><li>Inappropriate</li><li>Misleading</li><li>Repetitive</li></ul>",
        "<h4>Comments</h4><ul><li>12 so far</li></ul>",
        "<p>Share:</p><ul><li>Facebook</li><li>Telegram</li></ul>",
    ],
)
def test_closing_lists_of_links_and_buttons_are_dropped(after: str) -> None:
    assert read(page(article(extra_after=after))).text == "\n".join(PARAGRAPHS)


def test_a_page_of_links_is_no_article() -> None:
    links = "".join(
        f'<li><a href="/{n}">Film project number {n} plans to shoot scenes aboard the station</a></li>'
        for n in range(30)
    )
    assert read_page(page(f"<main><h1>All projects</h1><ul>{links}</ul></main>").encode(), URL, now=NOW) is None


def test_a_shell_for_a_script_and_a_video_page_are_no_articles() -> None:
    menus = '<nav><a href="/">Home</a> <a href="/film">Film</a></nav><div class="share"><a href="#f">Share</a></div>'
    video = f"{menus}<h1>Watch: the first trailer</h1><figure><figcaption>Video: 1 min 58 s</figcaption></figure>"
    for body in ('<div id="app"></div><script src="/app.js"></script>', video):
        assert read_page(page(body).encode(), URL, now=NOW) is None


def test_a_short_notice_is_an_article() -> None:
    notice = "The film crew has landed in Kazakhstan, Roscosmos said on Sunday; all three travellers are well. More follows soon."
    assert read(page(f"<article><h1>Film crew lands</h1><p>{notice} {notice}</p></article>")).text.startswith(
        "The film crew"
    )
    assert read(
        page(f"<article><h1>剧组返回地球</h1><p>{'俄罗斯剧组周日在哈萨克斯坦着陆，三人状况良好。' * 3}</p></article>")
    ).text


KOREAN_LINES = (
    "러시아 배우와 감독이 화요일 국제우주정거장으로 떠났다.",
    "두 사람은 열이틀 동안 그곳에서 영화 '도전'을 찍는다.",
    "우주선은 발사된 지 세 시간 만에 정거장에 도착했다.",
    "이들은 시월 십칠일 카자흐스탄의 초원으로 돌아왔다.",
)
HINDI_LINES = (
    "रूसी फिल्म दल अंतरिक्ष के लिए मंगलवार को रवाना हुआ।",
    "वे बारह दिन तक स्टेशन पर रहकर फिल्म की शूटिंग करेंगे।",
    "फिल्म का नाम द चैलेंज है और यह एक सर्जन की कहानी है।",
    "दल सत्रह अक्टूबर को कजाकिस्तान के मैदान में उतरा।",
)
ENGLISH_LINES = (
    "The first film crew is in orbit.",
    "One of them is an actress.",
    "One is a director, one a pilot.",
    "They will stay for twelve days.",
    "The film is called The Challenge.",
    "A surgeon must save a cosmonaut.",
    "It will open in a year or two.",
    "A studio in Texas had the idea first.",
    "So far it has not flown anybody.",
    "Nobody can say when it will.",
)


@pytest.mark.parametrize(
    ("lines", "language"), [(KOREAN_LINES, "ko"), (HINDI_LINES, "hi"), (ENGLISH_LINES, "en")], ids=["ko", "hi", "en"]
)
def test_an_article_may_have_short_paragraphs(lines: tuple[str, ...], language: str) -> None:
    found = read(page(f"<article><h1>Orbit</h1>{paragraphs(lines)}</article>", language=language))
    assert found.text == "\n".join(lines)


def test_a_few_short_messages_are_no_article() -> None:
    messages = ("This video is not available.", "Please try again later.", "Your browser is out of date.", "Go back.")
    assert read_page(page(f"<main><h1>Trailer</h1>{paragraphs(messages)}</main>").encode(), URL, now=NOW) is None


def test_an_article_body_ends_the_article_but_does_not_replace_it() -> None:
    after = (
        "<div class=box><h3>Support us</h3><p>The foundation that runs this page asks its readers for a small sum.</p>"
        "<p>It spends every month whatever they can spare on the telescope behind the town hall.</p></div>"
    )
    found = read(
        page(
            article(middle="<h2>Twelve days in orbit</h2>", extra_after=after),
            head=ld(articleBody=" ".join(PARAGRAPHS)),
        )
    )
    assert "foundation" not in found.text
    assert "telescope" not in found.text
    assert "Twelve days in orbit" in found.text


@pytest.mark.parametrize("stated", [*range(1, len(PARAGRAPHS)), "cut off"])
@pytest.mark.parametrize("box", ["{}", "<div class=text>{}</div>"], ids=["one container", "containers alike"])
def test_an_article_body_that_is_cut_off_cuts_nothing(stated: int | str, box: str) -> None:
    head = " ".join(PARAGRAPHS[:stated]) if isinstance(stated, int) else f"{' '.join(PARAGRAPHS)[:390]}…"
    texts = (*PARAGRAPHS[:3], "Back on the steppe", *PARAGRAPHS[3:])
    body = "".join(box.format(f"<p>{text}</p>") for text in texts)
    found = read(page(f"<article><h1>Film crew lifts off</h1>{body}</article>", head=ld(articleBody=head)))
    assert found.text == "\n".join(texts)


def test_an_article_body_that_is_a_small_part_cuts_nothing() -> None:
    rest = "".join(f"<section class=part{n}><p>{text}</p></section>" for n, text in enumerate(PARAGRAPHS[2:]))
    body = f"<article><h1>Film crew lifts off</h1>{paragraphs(PARAGRAPHS[:2])}{rest}</article>"
    found = read(page(body, head=ld(articleBody=" ".join(PARAGRAPHS[:2]))))
    assert found.text == "\n".join(PARAGRAPHS)


def test_a_teaser_as_article_body_cuts_nothing() -> None:
    found = read(page(article(), head=ld(articleBody=f"{PARAGRAPHS[0]} {'Subscribe to read on. ' * 40}")))
    assert found.text == "\n".join(PARAGRAPHS)


def test_chunks_of_one_article_are_joined() -> None:
    chunk = '<div class="grid"><div class="story-body">{}</div></div><div class="ad">Buy a ticket to orbit</div>'
    long = tuple(
        f"{text} Part {part} of the long report goes on with what the crew did that day."
        for part in range(3)
        for text in PARAGRAPHS
    )
    body = (
        "<main><h1>Film crew lifts off</h1>"
        + "".join(chunk.format(paragraphs(long[n : n + 5])) for n in (0, 5, 10))
        + "</main>"
    )
    assert read(page(body)).text == "\n".join(long)


def test_the_next_article_of_an_endless_page_is_cut() -> None:
    other = tuple(
        text.replace("The", "Another").replace("film", "opera") + " It was sung in the dome." for text in PARAGRAPHS
    )
    body = f"{article()}<article><h1>An opera in the dome</h1>{paragraphs(other)}</article>"
    assert "dome" not in read(page(body)).text


# paywall -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "after", "paywalled"),
    [
        (ld(isAccessibleForFree=False), "", True),
        (ld(isAccessibleForFree="False"), "", True),
        (ld(isAccessibleForFree=True), "", False),
        (ld(hasPart={"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}), "", True),
        ('<meta property="article:content_tier" content="locked">', "", True),
        ('<meta property="article:content_tier" content="metered">', "", False),
        ("", "<p>To continue reading, choose a plan. Already a subscriber? Log in to your account here.</p>", True),
        ("", "<p>Чтобы читать дальше, войдите в личный кабинет или выберите один из планов.</p>", True),
        ("", "", False),
    ],
)
def test_paywalls_are_told(head: str, after: str, paywalled: bool) -> None:
    assert read(page(article(extra_after=after), head=head)).paywalled is paywalled


# dates on the page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "body", "source"),
    [
        ('<meta property="article:published_time" content="2021-10-05T08:55:00Z">', "", "meta"),
        ('<meta itemprop="datePublished" content="2021-10-05T08:55:00Z">', "", "meta"),
        ("", '<time datetime="2021-10-05T08:55:00Z" pubdate>Tuesday</time>', "time"),
        ("", "<time>5 October 2021, 8:55 UTC</time>", "time"),
        ("", '<div class="article-date">5 October 2021, 8:55 UTC</div>', "time"),
    ],
)
def test_the_places_of_a_date(head: str, body: str, source: str) -> None:
    found = read(page(article(body), head=head)).date
    assert (found.instant, found.source) == (datetime(2021, 10, 5, 8, 55, tzinfo=UTC), source)


def test_the_article_of_the_page_gives_the_date_and_not_its_neighbours() -> None:
    neighbours = [
        {"@type": "NewsArticle", "url": f"https://orbit-daily.example/{n}", "datePublished": "2021-10-01"}
        for n in range(3)
    ]
    own = {
        "@type": "NewsArticle",
        "url": URL,
        "datePublished": "2021-10-05T08:55:00Z",
        "headline": "Film crew lifts off",
    }
    head = f'<script type="application/ld+json">{json.dumps([*neighbours, own])}</script>'
    assert read(page(head=head)).date.day == date(2021, 10, 5)


def test_other_articles_times_are_no_evidence() -> None:
    body = f'{article()}<aside><article><time datetime="2021-10-01T00:30:00Z">1 October</time></article></aside>'
    assert read(page(body)).date.source == "url"


def test_a_change_alone_dates_nothing() -> None:
    head = '<meta property="article:modified_time" content="2021-10-05T08:55:00Z">'
    found = read_page(page(head=head).encode(), "https://orbit-daily.example/lift-off", now=NOW)
    assert found is not None
    assert all(item.rejected == "modified" for item in found.date.evidence if item.source == "meta")
    assert found.date.source != "meta"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["2021-10-05T25:61", "0000-00-00", "NewsArticle"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@type", "@graph", "name", "@id"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(
            ["datePublished", "dateModified", "headline", "author", "inLanguage", "publisher", "isAccessibleForFree",
             "articleBody", "mainEntityOfPage", "description", "hasPart"]
        ),
        VALUES,
    )
)  # fmt: skip
def test_any_json_may_be_stated_of_an_article(stated: dict[str, Any]) -> None:
    block = json.dumps({"@type": "NewsArticle", **stated})
    found = read(page(f"<script type='application/ld+json'>{block}</script><p>{'</p><p>'.join(PARAGRAPHS)}</p>"))
    assert found.text
