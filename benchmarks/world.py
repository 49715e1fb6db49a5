"""A news web of its own: outlets with feeds, and pages as large and as cluttered as real ones.

The same plan makes the same world in every process, so that a benchmark knows what stands where without asking. The
texts are the demo newsroom's: its stories about filming in orbit, its look-alikes, and for all other pages its plain
news with the sentences in another order.
"""

import gzip
import random
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

from world_pages import Article, page_of
from world_texts import slug, text_of

#: Language and charset of the outlets, in turn. Servers name utf-8 in their headers; what else there is stands in a
#: meta element only, where a gate that does not decode loses such pages.
_OUTLETS = [
    ("en", "utf-8"),
    ("ru", "windows-1251"),
    ("en", "utf-8"),
    ("es", "utf-8"),
    ("en", "utf-8"),
    ("de", "utf-8"),
    ("ru", "utf-8"),
    ("fr", "utf-8"),
    ("en", "utf-8"),
    ("zh", "utf-8"),
]


@dataclass(frozen=True, slots=True)
class Plan:
    """How large the world is.

    Attributes:
        hosts: outlets, each with an address and a feed of its own.
        pages: articles of each outlet.
        on_topic: share of the articles that are about filming in orbit.
        look_alike: share that are about the next best thing.
        compressed: whether answers are gzipped, as real servers do.
        bodies: folder whose HTML files (.html, .html.gz) stand in for the pages about something else, "" for none.
        seed: another number makes another world.
    """

    hosts: int = 10
    pages: int = 100
    on_topic: float = 0.02
    look_alike: float = 0.03
    compressed: bool = True
    bodies: str = ""
    seed: int = 20211005


class World:
    """Everything that can be fetched.

    Args:
        plan: how large it is.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def articles(self) -> list[Article]:
        """All articles, those on topic scattered among the others."""
        chance = random.Random(self.plan.seed)
        total = self.plan.hosts * self.plan.pages
        on_topic, look_alike = round(total * self.plan.on_topic), round(total * self.plan.look_alike)
        kinds = ["on_topic"] * on_topic + ["look_alike"] * look_alike
        kinds += ["other"] * (total - len(kinds))
        chance.shuffle(kinds)
        articles = []
        for number, kind in enumerate(kinds):
            host = number % self.plan.hosts
            language, charset = _OUTLETS[host % len(_OUTLETS)]
            title, paragraphs = text_of(kind, language, chance)
            path = f"/news/{number}-{slug(title)}.html"
            articles.append(Article(host, path, kind, language, charset, title, paragraphs))
        return articles

    def feed(self, host: int, base: str) -> bytes:
        """The RSS feed of an outlet."""
        items = "".join(
            f"<item><title>{escape(article.title)}</title><link>{base}{article.path}</link>"
            f"<description>{escape(article.paragraphs[0][:200])}</description>"
            f"<guid>{base}{article.path}</guid><pubDate>Tue, 05 Oct 2021 12:00:00 GMT</pubDate></item>"
            for article in self.articles
            if article.host == host
        )
        head = f"<title>Outlet {host}</title><link>{base}/</link><description>News</description>"
        return (
            f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
        )

    def page(self, article: Article, base: str) -> bytes:
        """The page of an article."""
        chance = random.Random(f"{self.plan.seed} {article.path}")
        if self._files and article.kind == "other":
            return read_html(chance.choice(self._files))
        return page_of(article, base, chance)

    def content_type(self, article: Article) -> str:
        """What its server says of a page."""
        named = article.charset == "utf-8" and not (self._files and article.kind == "other")
        return "text/html; charset=utf-8" if named else "text/html"

    @cached_property
    def _files(self) -> list[Path]:
        return html_files(Path(self.plan.bodies)) if self.plan.bodies else []


def html_files(folder: Path) -> list[Path]:
    """The HTML files of a folder and the folders in it.

    Raises:
        SystemExit: when there are none.
    """
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz")))
    if not files:
        raise SystemExit(f"{folder} has no .html or .html.gz files")
    return files


def read_html(path: Path) -> bytes:
    """The page in a file."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
