"""A small web of 22 outlets of every temper, on one server, for as many polls as a test plays.

What the outlets print are the stories of the demo's newsroom, each at one outlet, so what a crawl should find is known to
the word. A page belongs to a poll: from then on its outlet lists it. `World.polling` says which poll it is.
"""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from html import escape
from itertools import count, cycle
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from crawler.newsroom.outlets import load_outlets
from crawler.newsroom.stories import Story, load_stories
from tests.crawler.hostile import Behaviour, Exchange, Hostile, answer, redirect

RSS, XML = "application/rss+xml", "application/xml"
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
Validator = Literal["ETag", "Last-Modified", ""]

RETRY_AFTER = 10 * 3600
"""Seconds for which the outlet with too many guests asks to be left alone."""
CALENDAR = 60
"""New addresses that the outlet with the endless calendar lists at each poll."""

#: Outlet -> language. What each is like is said by the method that has its name.
OUTLETS = {
    "clean": "en", "agency": "en", "dated": "ru", "cyrillic": "ru", "guobiao": "zh", "shift": "ja", "latin": "es",
    "index": "de", "newsmap": "fr", "broken": "en", "undated": "pt", "relative": "ar", "doubles": "en",
    "redirects": "en", "liar": "en", "rules": "en", "down": "en", "delay": "en", "limit": "en", "heavy": "en",
    "trap": "en", "walls": "en",
}  # fmt: skip


class Line(NamedTuple):
    """An entry of a listing; `date` is as the listing's form writes it."""

    title: str
    url: str
    date: str


@dataclass(slots=True)
class Page:
    """A page of the world that shows a story.

    Attributes:
        outlet: whose it is.
        path: its address there.
        story: what it shows.
        poll: the first poll in which it is listed.
        changed: the poll from which on it says more, under another headline; 0 for never.
        barrier: why no polite crawler gets it, "" when it can.
    """

    outlet: str
    path: str
    story: Story
    poll: int = 1
    changed: int = 0
    barrier: str = ""

    @property
    def on_topic(self) -> bool:
        return bool(self.story.projects)

    @property
    def words(self) -> str:
        """The beginning of its second paragraph, without blanks, by which its text is known again."""
        paragraphs = self.story.versions[0].paragraphs
        return "".join(paragraphs[min(1, len(paragraphs) - 1)].split())[:60]

    def headline(self, polling: int) -> str:
        return ("Updated: " if 0 < self.changed <= polling else "") + self.story.versions[0].headline

    def paragraphs(self, polling: int) -> tuple[str, ...]:
        more = ("An earlier version of this article gave less of the story.",) if 0 < self.changed <= polling else ()
        return self.story.versions[0].paragraphs + more


@dataclass
class World:
    """The outlets, with all their pages, behind a server that is running.

    Attributes:
        server: what serves them.
        polling: number of the poll that is played, from 1.
        pages: every page that shows a story.
        statuses: (poll, outlet, path, status) of every answer that a listing gave.
    """

    server: Hostile
    polling: int = 1
    pages: list[Page] = field(default_factory=list)
    statuses: list[tuple[int, str, str, int]] = field(default_factory=list)
    _odd: list[tuple[str, str]] = field(default_factory=list)  # (outlet, address) of what shows no story
    _dates: dict[tuple[str, str, str], str] = field(default_factory=dict)  # of the listings that have one

    def __post_init__(self) -> None:
        self._share_out()
        for outlet in OUTLETS:
            getattr(self, f"_{outlet}")(outlet)

    def sources(self) -> list[dict[str, object]]:
        """The outlets' entries for a sources file."""
        maps = {"index": "/index.xml", "newsmap": "/news.xml.gz"}
        kinds = {outlet: "news_sitemaps" if outlet in maps else "feeds" for outlet in OUTLETS}
        return [
            {
                "id": outlet,
                "language": language,
                "home": self.server.url(outlet, "/"),
                "feeds": [],
                kinds[outlet]: [self.server.url(outlet, maps.get(outlet, "/feed"))],
            }
            for outlet, language in OUTLETS.items()
        ]

    def of(self, outlet: str, *, on_topic: bool | None = None) -> list[Page]:
        """An outlet's pages: all, or those on or off topic."""
        return [page for page in self.pages if page.outlet == outlet and on_topic in {None, page.on_topic}]

    def _share_out(self) -> None:
        """Gives every story of the newsroom to one outlet of its language: in turn, and copies to another than theirs."""
        languages = {outlet.id: outlet.language.partition("-")[0] for outlet in load_outlets()}
        turns = {tongue: cycle([o for o, own in OUTLETS.items() if own == tongue]) for tongue in OUTLETS.values()}
        numbers = {outlet: count(1) for outlet in OUTLETS}
        where: dict[str, str] = {}
        for story in load_stories():
            if story.kind == "article":
                turn = turns[languages[story.outlet]]
                outlet = next(turn)
                if outlet == where.get(story.copy_of):
                    outlet = next(turn)
                where[story.id] = outlet
                number = next(numbers[outlet])
                self.pages.append(Page(outlet, f"/{number}-{story.slug}", story, poll=1 + (number - 1) % 3))

    # --- outlets that behave

    def _clean(self, outlet: str) -> None:
        """Corrects an article in the third poll."""
        self.of(outlet, on_topic=True)[0].changed = 3
        self.of(outlet, on_topic=True)[0].poll = 1
        self._serve(outlet)

    def _agency(self, outlet: str) -> None:
        self._serve(outlet, write=atom, validator="Last-Modified")

    def _dated(self, outlet: str) -> None:
        self._serve(outlet, validator="Last-Modified")

    # --- charsets: said by the page alone, by the header alone, wrongly, and by nobody

    def _cyrillic(self, outlet: str) -> None:
        self._serve(outlet, charset="cp1251", meta="windows-1251", header="")

    def _guobiao(self, outlet: str) -> None:
        self._serve(outlet, charset="gb18030", header="gb18030")

    def _shift(self, outlet: str) -> None:
        self._serve(outlet, charset="cp932", meta="shift_jis", header="utf-8")

    def _latin(self, outlet: str) -> None:
        self._serve(outlet, charset="iso-8859-1", header="")

    # --- listings

    def _index(self, outlet: str) -> None:
        """A sitemap index of two sitemaps, one of them packed."""
        self._articles(outlet)
        children = [self.server.url(outlet, path) for path in ("/map1.xml", "/map2.xml.gz")]
        locations = "".join(f"<sitemap><loc>{child}</loc></sitemap>" for child in children)
        index = f'<?xml version="1.0"?><sitemapindex xmlns="{SITEMAPS}">{locations}</sitemapindex>'.encode()
        self._list(outlet, "/index.xml", lambda: index, XML)
        self._list(outlet, "/map1.xml", lambda: sitemap(self._lines(outlet)[::2]).encode(), XML)
        self._list(outlet, "/map2.xml.gz", lambda: packed(sitemap(self._lines(outlet)[1::2])), "application/gzip")

    def _newsmap(self, outlet: str) -> None:
        self._articles(outlet)
        self._list(outlet, "/news.xml.gz", lambda: packed(sitemap(self._lines(outlet))), "application/octet-stream")

    def _broken(self, outlet: str) -> None:
        """Something before the declaration, unknown entities, no end."""

        def write(lines: list[Line]) -> str:
            return "\n\n" + rss(lines).replace("</title>", " &nbsp;&bogus;</title>").partition("</channel>")[0]

        self._serve(outlet, write=write)

    def _undated(self, outlet: str) -> None:
        self._serve(outlet, write=lambda lines: rss([line._replace(date="") for line in lines]))

    def _relative(self, outlet: str) -> None:
        base = self.server.url(outlet, "/")

        def write(lines: list[Line]) -> str:
            document = rss([line._replace(url=line.url.removeprefix(base)) for line in lines])
            return document.replace('version="2.0"', f'version="2.0" xml:base="{base}"')

        self._serve(outlet, write=write)

    def _doubles(self, outlet: str) -> None:
        """Lists each page under five addresses: its own, two with trackers, AMP, and one for the printer."""
        ends = ("?utm_source=rss&utm_medium=feed", "", "?fbclid=Iw0x9", "/amp", "?print=1")
        self._serve(
            outlet, write=lambda lines: rss([line._replace(url=line.url + end) for line in lines for end in ends])
        )
        for page in self.of(outlet):
            for end in ends:
                self.server.on(outlet, page.path + end, self._page(page))

    def _liar(self, outlet: str) -> None:
        """Never answers 304, has another ETag at each poll, and was last changed in the future."""
        self._serve(outlet, validator="")

    def _trap(self, outlet: str) -> None:
        """A calendar without end: every poll lists pages that no poll has seen, and each carries a session."""

        def write(lines: list[Line]) -> str:
            for day in range(CALENDAR):
                session = blake2b(f"{self.polling}.{day}".encode(), digest_size=8).hexdigest()
                page = answer(f"<title>Day {day}</title><p>Nothing is planned for this day.</p>")
                address = self.server.on(outlet, f"/calendar?day={self.polling}-{day}&sid={session}", page)
                lines.append(Line(f"Day {day} of the calendar", address, ""))
            return rss(lines)

        self._serve(outlet, write=write)

    # --- ways to a page

    def _redirects(self, outlet: str) -> None:
        """Every page is three redirects away. Others lead to themselves, too far, and to where nobody should go."""
        self._serve(outlet, prefix="/go")
        for page in self.of(outlet):
            self.server.on(outlet, "/go" + page.path, redirect("/via" + page.path, "301 Moved Permanently"))
            self.server.on(outlet, "/via" + page.path, redirect(self.server.url(outlet, "/to" + page.path)))
            self.server.on(outlet, "/to" + page.path, redirect(page.path, "307 Temporary Redirect"))
        for hop in range(9):
            self.server.on(outlet, f"/hop{hop}", redirect(f"/hop{hop + 1}"))
        self._add(outlet, "/hop", redirect("/hop0"))
        self._add(outlet, "/loop", redirect("/loop"))
        for name, target in PRIVATE.items():
            self._add(outlet, f"/{name}", redirect(target))

    def _rules(self, outlet: str) -> None:
        """A page is for members, says its robots.txt, and another address leads there."""
        robots = "User-agent: *\nDisallow: /\n\nUser-agent: orbitwatch\nDisallow: /members/\n"
        self.server.on(outlet, "/robots.txt", answer(robots, "text/plain"))
        page = self.of(outlet, on_topic=True)[0]
        page.path, page.poll, page.barrier = "/members" + page.path, 1, "robots"
        self._serve(outlet)
        self._add(outlet, "/side-door", redirect(page.path))

    def _down(self, outlet: str) -> None:
        """Its robots.txt cannot be had, so nothing may be."""
        self._serve(outlet)
        self.server.on(outlet, "/robots.txt", answer("busy", "text/plain", "500 Internal Server Error"))
        for page in self.of(outlet):
            page.barrier = "robots_unreachable"

    def _delay(self, outlet: str) -> None:
        self.server.on(outlet, "/robots.txt", answer("User-agent: *\nCrawl-delay: 0.5\n", "text/plain"))
        self._serve(outlet)

    def _limit(self, outlet: str) -> None:
        """A page asks for patience in the first poll, while others wait behind it."""
        for page in self.of(outlet)[:4]:
            page.poll = 1
        self._serve(outlet)
        slow_down = answer("slow down", status="429 Too Many Requests", Retry_After=str(RETRY_AFTER))
        self._falter(self.of(outlet)[1], slow_down)

    # --- pages

    def _heavy(self, outlet: str) -> None:
        """Bombs, endless and dripping answers, pages that no parser likes; and three articles that fail at first."""
        self._serve(outlet)
        for path, (behaviour, _, _) in HEAVY.items():
            self._add(outlet, path, behaviour)
        cut = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<html>"
        faults = (answer("oops", status="500 Internal Server Error"), reset, cut)
        for page, fault in zip(self.of(outlet), faults, strict=False):
            page.poll = 1
            self._falter(page, fault)

    def _walls(self, outlet: str) -> None:
        self._serve(outlet)
        for path, (behaviour, _, _) in WALLS.items():
            self._add(outlet, path, behaviour)
        for path in ("/consent?to=1", "/login?next=1"):
            self.server.on(outlet, path, answer("<title>Welcome</title><p>Please choose.</p>"))

    # --- serving

    def _serve(
        self,
        outlet: str,
        *,
        write: "Callable[[list[Line]], str] | None" = None,
        validator: Validator = "ETag",
        prefix: str = "",
        **page: str,
    ) -> None:
        """All pages of an outlet, and its feed."""
        self._articles(outlet, **page)
        self._list(
            outlet, "/feed", lambda: (write or rss)(self._lines(outlet, prefix)).encode(), RSS, validator=validator
        )

    def _articles(self, outlet: str, **charset: str) -> None:
        for page in self.of(outlet):
            self.server.on(outlet, page.path, self._page(page, **charset))

    def _add(self, outlet: str, path: str, behaviour: Behaviour) -> None:
        """A page that shows no story, listed from the first poll on."""
        self._odd.append((outlet, self.server.on(outlet, path, behaviour)))

    def _falter(self, page: Page, fault: Behaviour) -> None:
        """Makes a page fail throughout the first poll."""
        good = self._page(page)
        self.server.on(page.outlet, page.path, lambda exchange: act(fault if self.polling == 1 else good, exchange))

    def _lines(self, outlet: str, prefix: str = "") -> list[Line]:
        """What an outlet lists now."""
        listed = [page for page in self.of(outlet) if page.poll <= self.polling]
        lines = [
            Line(
                page.headline(self.polling),
                self.server.url(outlet, prefix + page.path),
                page.story.published.isoformat(),
            )
            for page in listed
        ]
        return lines + [
            Line(f"Something else at {urlsplit(address).path}", address, "")
            for owner, address in self._odd
            if owner == outlet
        ]

    def _page(
        self, page: Page, *, charset: str = "utf-8", meta: str = "", header: str = "utf-8"
    ) -> Callable[[Exchange], None]:
        """A page as its outlet encodes it, what it says itself of that, and what its Content-Type says."""
        content_type = f"text/html; charset={header}" if header else "text/html"
        address = self.server.url(page.outlet, page.path)
        return lambda exchange: exchange.finish(
            answer(html(page, self.polling, address, meta).encode(charset, "xmlcharrefreplace"), content_type)
        )

    def _list(
        self, outlet: str, path: str, body: Callable[[], bytes], content_type: str, validator: Validator = "ETag"
    ) -> None:
        """A listing with one validator that can be relied on, or with two lies."""

        def behave(exchange: Exchange) -> None:
            content = body()
            mark, asked = blake2b(content, digest_size=8).hexdigest(), exchange.seen.headers
            # A content is dated by the first poll that had it.
            date = self._dates.setdefault((outlet, path, mark), f"Sat, {8 + self.polling:02d} Jan 2022 08:00:00 GMT")
            if validator == "ETag":
                fields, unchanged = {"ETag": f'"{mark}"'}, asked.get("if-none-match") == f'"{mark}"'
            elif validator == "Last-Modified":
                fields, unchanged = {"Last_Modified": date}, asked.get("if-modified-since") == date
            else:
                fields, unchanged = (
                    {"ETag": f'"{self.polling}"', "Last_Modified": "Fri, 01 Jan 2100 00:00:00 GMT"},
                    False,
                )
            self.statuses.append((self.polling, outlet, path, 304 if unchanged else 200))
            if unchanged:
                exchange.finish(answer(b"", "", "304 Not Modified", Content_Length="", **fields))
            else:
                exchange.finish(answer(content, content_type, **fields))

        self.server.on(outlet, path, behave)


# --- documents


def html(page: Page, polling: int, address: str, charset: str) -> str:
    """An article as an ordinary system prints it."""
    headline = escape(page.headline(polling))
    paragraphs = "".join(f"<p>{escape(text)}</p>\n" for text in page.paragraphs(polling))
    said = f'<meta charset="{charset}">' if charset else ""
    return f"""<!doctype html><html><head>{said}<title>{headline} | {page.outlet.title()}</title>
<link rel="canonical" href="{address}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{page.story.published.isoformat()}"></head><body>
<nav><a href="/">Start</a> <a href="/science">Science</a> <a href="/film">Film</a></nav>
<article><h1>{headline}</h1>{paragraphs}</article><footer>{page.outlet.title()}</footer></body></html>"""


def rss(lines: list[Line]) -> str:
    items = "".join(
        f"<item><title>{escape(line.title)}</title><link>{escape(line.url)}</link>"
        + (f"<pubDate>{line.date}</pubDate>" if line.date else "")
        + "</item>\n"
        for line in lines
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def atom(lines: list[Line]) -> str:
    entries = "".join(
        f'<entry><id>{escape(line.url)}</id><title>{escape(line.title)}</title><link href="{escape(line.url)}"/>'
        f"<updated>{line.date}</updated></entry>\n"
        for line in lines
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entries}</feed>'


def sitemap(lines: list[Line]) -> str:
    urls = "".join(
        f"<url><loc>{escape(line.url)}</loc><n:news><n:publication_date>{line.date}</n:publication_date>"
        f"<n:title>{escape(line.title)}</n:title></n:news></url>\n"
        for line in lines
    )
    return f'<?xml version="1.0"?><urlset xmlns="{SITEMAPS}" xmlns:n="{NEWS}">{urls}</urlset>'


def packed(document: str) -> bytes:
    """As a .gz file, the same bytes at any time."""
    return gzip.compress(document.encode(), mtime=0)


# --- what is no article


def act(behaviour: Behaviour, exchange: Exchange) -> None:
    if callable(behaviour):
        behaviour(exchange)
    else:
        exchange.finish(behaviour)


def reset(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")
    exchange.reset()


def endless(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not exchange.stopping.is_set():
        exchange.send(b"10000\r\n" + b"<p>" + b"x" * 65_533 + b"\r\n")


def drip(exchange: Exchange) -> None:
    exchange.drip(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n", b"<")


CREW = "Yulia Peresild and Klim Shipenko shoot The Challenge aboard the International Space Station"
LURE = f"<title>{CREW}</title><h1>{CREW}</h1>"
BREAD = "<title>How our bakers make bread</title><h1>How our bakers make bread</h1>"
BAKER = "Loaf {} takes flour, water, salt and a night in a cool place, and then an hour in the oven, says the baker."
MEGABYTES_OF_NOTHING = b"\0" * (64 * 2**20)
WALL = f"<html>{LURE}<p>{CREW}, and our coverage of the film crew goes on for members. Choose a plan. Visit {{}}x7.</p></html>"

#: Path -> what is served, where it is counted, and as what; "stored" is on topic.
HEAVY: dict[str, tuple[Behaviour, str, str]] = {
    "/bomb": (answer(gzip.compress(MEGABYTES_OF_NOTHING), Content_Encoding="gzip"), "failed", "too_large"),
    "/endless": (endless, "failed", "too_large"),
    "/drip": (drip, "failed", "timeout"),
    "/giant": (answer(BREAD + "".join(f"<p>{BAKER.format(n)}</p>" for n in range(64_000))), "off_topic", ""),
    "/crumbs": (answer(BREAD + "<b>x</b>" * 950_000), "off_topic", ""),
    "/attributes": (answer(LURE + '<a b="c" d="e" f="g">' * 360_000), "dropped", "no_text"),
    "/nested": (answer(LURE + "<div>" * 200_000), "dropped", "no_text"),
    "/many": (answer(LURE + "".join(f"<p>Day {n}: Peresild films The Challenge in orbit.</p>" for n in range(40_000))), "stored", ""),
    "/document": (answer(b"%PDF-1.7\n" + bytes(5_000), "application/pdf"), "dropped", "not_html"),
    "/nothing": (answer(b""), "dropped", "empty"),
}  # fmt: skip
WALLS: dict[str, tuple[Behaviour, str, str]] = {
    "/missing": (answer("<title>Page not found</title><h1>Page not found</h1><p>Try the search.</p>"), "dropped", "soft_404"),
    "/agree": (redirect("/consent?to=1"), "dropped", "consent_wall"),
    "/members": (redirect("/login?next=1"), "dropped", "login"),
    "/challenge": (answer("<title>Just a moment...</title><p>Verify you are human</p>"), "dropped", "bot_wall"),
    "/one": (answer(WALL.format(1)), "dropped", "repeated_text"),
    "/two": (answer(WALL.format(2)), "dropped", "repeated_text"),
    "/three": (answer(WALL.format(3)), "dropped", "repeated_text"),
    "/teaser": (answer(
        f"""<!doctype html><html><head>{LURE.partition("<h1>")[0]}<meta property="og:type" content="article">
<script type="application/ld+json">{{"@type": "NewsArticle", "isAccessibleForFree": false, "datePublished": "2021-10-09"}}</script></head>
<body><article><h1>{CREW}</h1><p>{CREW}, and half of the scenes are done, Roscosmos and Channel One said on Saturday.</p>
<p>Subscribe to continue reading</p></article></body></html>"""), "stored", ""),
}  # fmt: skip
PRIVATE = {
    "metadata": "http://169.254.169.254/latest/",
    "inside": "http://10.0.0.1/",
    "decimal": "http://167772161/",
    "hexadecimal": "http://0x0a.1/",
    "six": "http://[::1]/",
    "mapped": "http://[::ffff:10.0.0.1]/",
}
