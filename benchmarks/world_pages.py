"""Article pages as large and as cluttered as real ones.

What surrounds the text follows 120 real news pages, which had 7 to 8 elements, 70 to 110 characters of text and 200 of
scripts for each kilobyte, a link for every fifth element, and in one of five no date that a machine could read.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from world_texts import headline, sentences, slug, stories

_RELATED_ON_TOPIC = 0.15
"""Share of the pages that link to a story on topic by its headline and slug: what a gate on raw HTML falls for."""
_MEDIAN_SIZE, _SPREAD, _SMALLEST, _LARGEST = 180_000, 0.85, 60_000, 900_000
"""Bytes of a page, log-normal: median 179 kB, mean 265 kB, p95 729 kB in 439 real pages."""
_USUAL = 150_000
"""Bytes of the page that the numbers of links, teasers and comments below belong to; larger pages have more of them."""
_UNDATED = 0.2
_ICON = (
    '<svg viewBox="0 0 24 24">'
    '<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 18a8 8 0 1 1 0-16 8 8 0 0 1 0 16z"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the world.

    Attributes:
        host: number of its outlet.
        path: of its address.
        kind: "on_topic", "look_alike" or "other".
        language: BCP 47 tag.
        charset: of its bytes.
        title: its headline.
        paragraphs: its text.
    """

    host: int
    path: str
    kind: str
    language: str
    charset: str
    title: str
    paragraphs: tuple[str, ...]


def page_of(article: Article, base: str, chance: random.Random) -> bytes:
    """The page of an article at an outlet whose addresses begin with `base`."""
    size = min(_LARGEST, max(_SMALLEST, round(chance.lognormvariate(0, _SPREAD) * _MEDIAN_SIZE)))
    dated = chance.random() >= _UNDATED
    head = "".join(_head(article, base, dated=dated))
    body = "".join(_body(article, base, size / _USUAL, chance, dated=dated))
    start = f'<!DOCTYPE html>\n<html lang="{article.language}">\n<head>\n<meta charset="{article.charset}">\n'
    scripts = list(_scripts(size - len(head) - len(body), chance))
    parts = (start, head, *scripts[::2], "</head>\n<body>", body, *scripts[1::2], "</body>\n</html>\n")
    return "".join(parts).encode(article.charset, "xmlcharrefreplace")


def _head(article: Article, base: str, *, dated: bool) -> Iterator[str]:
    title, url = escape(article.title), base + article.path
    described = {
        "og:title": title,
        "og:description": escape(article.paragraphs[0][:200]),
        "og:url": url,
        "og:type": "article",
        "og:image": f"{base}/images/lead-1200x630.jpg",
        "article:section": "News",
    }
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "author": [{"@type": "Person", "name": "Ada Holm"}],
        "publisher": {"@type": "Organization", "name": f"Outlet {article.host}"},
        "mainEntityOfPage": url,
    }
    if dated:
        described["article:published_time"] = data["datePublished"] = "2021-10-05T12:00:00+00:00"
    yield f'<title>{title} | Outlet {article.host}</title>\n<link rel="canonical" href="{url}">\n'
    for name, value in described.items():
        yield f'<meta property="{name}" content="{value}">\n'
    for number in range(18):
        yield f'<meta name="app-{number}" content="value-{number * 7919}">\n'
    for number in range(20):
        yield f'<link rel="preload" as="script" crossorigin href="{base}/assets/chunk-{number * 104729:x}.js">\n'
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    yield f'<script type="application/ld+json">{text}</script>\n'


def _body(article: Article, base: str, scale: float, chance: random.Random, *, dated: bool) -> Iterator[str]:
    yield '<div id="app" class="layout"><header class="site-header"><nav class="mega-menu" aria-label="Sections"><ul>\n'
    yield from _menu(article.language, round(26 * scale), chance)
    yield '</ul></nav></header>\n<main><div class="grid grid--article"><article class="article" itemscope>\n'
    yield f'<h1 class="article__title">{escape(article.title)}</h1>\n'
    yield '<div class="byline"><span>By</span> <a rel="author" href="/by/ada-holm">Ada Holm</a> '
    yield '<time datetime="2021-10-05T12:00:00+00:00">5 October 2021</time>' if dated else "<i>5 October 2021</i>"
    yield f'</div>\n<figure><img src="{base}/images/lead.jpg" srcset="{_srcset(base)}" alt="">'
    yield '<figcaption>Archive</figcaption></figure><div class="article__body">\n'
    for number, text in enumerate(article.paragraphs):
        yield f'<p class="paragraph">{escape(text)}</p>\n'
        if number % 6 == 5:
            yield f'<div class="ad-slot" id="ad-{number}" {_marks(number)}><span>Advertisement</span></div>\n'
    yield '</div></article>\n<aside class="related"><h2>More news</h2>\n'
    yield from _cards(article, base, round(40 * scale), chance)
    yield '</aside><section class="comments"><h2>Comments</h2>\n'
    for number in range(round(18 * scale)):
        text = " ".join(chance.choices(sentences(article.language), k=3))
        yield f'<div class="comment" id="c{number}" {_marks(number)}><span class="who">Reader {number}</span>'
        yield f'<p>{escape(text)}</p><div class="tools"><a href="#">Reply</a> <a href="#">Report</a></div></div>\n'
    yield "</section></div></main>\n<footer><div class='columns'>\n"
    for column in range(4):
        yield f'<div class="column"><h4>Service {column}</h4><ul>'
        yield "".join(f'<li><a href="/service/{column}/{entry}">Service {entry}</a></li>' for entry in range(8))
        yield "</ul></div>\n"
    yield "</div><p>Outlet. All rights reserved.</p></footer></div>\n"
    yield "".join(f'<div class="portal portal--{number}"><div></div><i></i></div>' for number in range(24))


def _menu(language: str, sections: int, chance: random.Random) -> Iterator[str]:
    for section in range(sections):
        label = escape(headline(language, chance)[:14])
        yield f'<li class="menu__item" {_marks(section)}><a href="/section/{section}"><span>{label}</span></a><ul>'
        for topic in range(5):
            address = f"/section/{section}/{topic}"
            yield f'<li class="menu__leaf" {_marks(topic)}><a href="{address}">{label} {topic}</a></li>'
        yield "</ul></li>\n"


def _cards(article: Article, base: str, number: int, chance: random.Random) -> Iterator[str]:
    """Teasers of other stories, with a picture each."""
    titles = [headline(article.language, chance) for _ in range(number)]
    if chance.random() < _RELATED_ON_TOPIC:
        titles[chance.randrange(number)] = chance.choice(stories("on_topic", article.language)).versions[0].headline
    for title in titles:
        href = f"/news/{chance.randrange(10**6)}-{slug(title)}.html"
        yield f'<div class="card" {_marks(len(title))}><div class="card__media"><a href="{href}">'
        yield f'<img loading="lazy" srcset="{_srcset(base)}" alt=""></a></div><div class="card__text">'
        yield f'<h3><a href="{href}">{escape(title)}</a></h3><span class="meta">{_ICON}2 h</span></div></div>\n'


def _marks(number: int) -> str:
    """Attributes as frameworks and trackers leave them."""
    tracked = f'data-track="click|list|{number * 7919 % 10**6}"'
    return f'data-component="teaser-{number % 7}" {tracked} style="--order:{number};--span:2"'


def _srcset(base: str) -> str:
    return ", ".join(f"{base}/images/crop-{width}x{width * 9 // 16}.webp {width}w" for width in (320, 640, 960, 1280))


def _scripts(size: int, chance: random.Random) -> Iterator[str]:
    """About `size` bytes of scripts in 24 pieces: settings as JSON, and code that has been squeezed."""
    room = max(0, size) // 24
    for number in range(24):
        lines: list[str] = []
        length = 0
        while length < room:
            name, value = f"{chance.getrandbits(40):x}", chance.getrandbits(60)
            line = (
                f'{{"id":"{name}","enabled":true,"weight":{value},"path":"/assets/{name}.js","label":"unit {number}"}},'
            )
            if number % 2:
                line = f"function t{name}(e,n){{return e.data&&n({value})||(e[{value % 97}]=!0)}}"
            lines.append(line)
            length += len(line)
        text = "".join(lines)
        yield f"<script>{text if number % 2 else f'window.__state{number}=[{text}]'}</script>\n"
