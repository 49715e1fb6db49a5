"""Pages that stand in front of an article or in its place: consent walls, bot challenges, log-ins, soft 404s.

They answer 200 like any page, hold no topic and would be marked as read, so the article behind them would never be
asked for again; or worse, their words would be stored as stories. What gives them away is data, in
`rules/interstitials.toml`. A page that says of itself that it is an article is believed, whatever else it
carries: paywall teasers do, and `pipelines.pages` flags those.
"""

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from pipelines.encoding import decode
from pipelines.words import HANGUL, IDEOGRAPHS_AND_KANA, SIGNS

if TYPE_CHECKING:
    from pipelines.scanner import Scanner

Reason = Literal["bot_wall", "consent_wall", "login", "soft_404"]

PASSING: frozenset[Reason] = frozenset({"bot_wall", "consent_wall", "login"})
"""Reasons that say nothing about the article behind: it is asked for again later. A soft 404 is an answer."""

_HEAD = 32_768
"""Bytes in which the title is looked for. Of 763 real news pages 12 have it later, behind inlined styles."""

_SMALL = 131_072
"""Bytes up to which a page is searched for markers: what a wall guards is not in it, so it is small. 40 % of 763 real
news pages are larger and cost only the look at their title."""

_FEW_WORDS_WITH_TITLE, _FEW_WORDS = 250, 100
"""Visible words, menus included, below which a page can be a wall. A consent page explains itself at some length and
names itself in its title; a marker alone is weaker (forms for comments carry captchas, old sites a password box on
every page), so less must stand beside it. With both, none of 763 real news pages is taken for a wall."""

_FEW_TAGS = 1_000
"""Markup signs that a page with so few words needs at most; the median of 763 real news pages is 1,400. It saves most
pages the search for markers, and keeps the parser, which is quadratic in nesting, from hostile ones."""

_TITLE = re.compile(r"<title\b[^<>]{0,200}>([^<]{1,500})</title", re.IGNORECASE)
_TITLE_PARTS = re.compile(r"\s+[|:·•»«–—-]+\s+|\s*[|｜]\s*|\s+[-–—]+|::|(?<=[^\x00-\x7f])[-_－—–](?=[^\x00-\x7f])|_")
_ARTICLE_SIGNS = (
    b"article:published_time",
    b"datepublished",
    b"articlebody",
    b'newsarticle"',
    b'content="article"',
    b"content='article'",
)
"""What only pages of articles say of themselves (Open Graph, schema.org), in whatever case."""
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][a-z]{2})?")
_DENSE = f"{IDEOGRAPHS_AND_KANA}{HANGUL}"
_WORD = re.compile(rf"[{_DENSE}]{{2}}|[^\W\d_{_DENSE}]+(?:[{SIGNS}]+[^\W\d_{_DENSE}]*)*")
"""Two characters of Chinese, Japanese or Korean count as a word."""


@dataclass(frozen=True, slots=True)
class _Rules:
    addresses: Mapping[Reason, frozenset[str]]
    fronts: frozenset[str]
    headers: Mapping[str, str]
    titles: Mapping[Reason, frozenset[str]]
    markers: "Scanner"  # for pages in small letters, with single spaces; by the number of what they mark
    marked: tuple[Reason, ...]


def interstitial(
    body: bytes,
    *,
    url: str,
    requested_url: str = "",
    headers: Mapping[str, str] | None = None,
    charset: str = "",
) -> Reason | Literal[""]:
    """What a page is when it is no article: the reason to drop it, or "".

    Args:
        body: the bytes, content coding undone. Any status: challenges come with 200, 202, 403, 429 and 503.
        url: the address that answered.
        requested_url: the address that was asked for, "" when it is the same.
        headers: of the answer, names in lower case.
        charset: of the Content-Type header, "" when it names none.

    Returns:
        "bot_wall", "consent_wall", "login", "soft_404" or "". Never raises; linear in the size of `body`.
    """
    rules = _rules()
    for name, beginning in rules.headers.items():
        if name in (headers or {}) and (headers or {})[name].strip().lower().startswith(beginning):
            return "bot_wall"
    return _by_address(url, requested_url or url, rules) or _by_content(body, charset, rules)


def _by_address(url: str, requested: str, rules: _Rules) -> Reason | Literal[""]:
    """Where redirects led: to a place to agree or to sign in, to an error page, or to the front page."""
    if url == requested:
        return ""
    arrived, asked = _parts(url), _parts(requested)
    for reason, words in rules.addresses.items():
        if (arrived & words) - asked:
            return reason
    return "soft_404" if _is_front(url, rules) and not _is_front(requested, rules) else ""


def _by_content(body: bytes, charset: str, rules: _Rules) -> Reason | Literal[""]:
    small = len(body) <= _SMALL and body.count(b"<") <= _FEW_TAGS
    if _article_signs().scan(body[:_SMALL], most=0):
        return ""
    source = decode(body if small else body[:_HEAD], charset=charset)[0]
    title = _TITLE.search(source, 0, _HEAD)
    parts = _title_parts(html.unescape(title[1])) if title else frozenset[str]()
    named = next((reason for reason, phrases in rules.titles.items() if parts & phrases), None)
    if named == "soft_404" or not small:
        return named if named == "soft_404" else ""
    folded = " ".join(source.lower().split()).encode("utf-8", "replace")
    found = {number for _, number in rules.markers.scan(folded, most=len(rules.marked))}
    marked = rules.marked[min(found)] if found else None
    if named is None and marked is None:
        return ""
    words = _visible_words(source)
    # A challenge is often titled with the outlet's name and a wall with the service's, so either is enough.
    if named is not None and words < _FEW_WORDS_WITH_TITLE:
        return named
    return marked if marked is not None and words < _FEW_WORDS else ""


def _title_parts(title: str) -> frozenset[str]:
    """The whole title and what its bars and dashes part, each as the rules spell it."""
    title = " ".join(title.lower().split())
    return frozenset({part.strip(" .!¡") for part in (title, *_TITLE_PARTS.split(title))})


def _visible_words(source: str) -> int:
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  # most pages end before this is needed

    tree = LexborHTMLParser(source)
    tree.strip_tags(["script", "style", "template", "svg", "head"])
    return len(_WORD.findall(tree.body.text(separator=" "))) if tree.body is not None else 0


def _parts(url: str) -> frozenset[str]:
    """Labels of the host's name but for the registered ones, and segments of the path, lower case."""
    host, path = _host_and_path(url)
    return frozenset({*host.split(".")[:-2], *path.split("/")} - {""})


def _is_front(url: str, rules: _Rules) -> bool:
    """Is it an outlet's front page, or that of one of its languages? A query makes it another page."""
    _, path = _host_and_path(url)
    return not urlsplit(url).query and (path in rules.fronts or _LANGUAGE.fullmatch(path) is not None)


def _host_and_path(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), unquote(parts.path).lower().strip("/")


@cache
def _article_signs() -> "Scanner":
    from pipelines.scanner import CASELESS, Scanner  # noqa: PLC0415 - feeds that have not changed do without

    return Scanner((re.escape(sign), 0, CASELESS) for sign in _ARTICLE_SIGNS)


@cache
def _rules() -> _Rules:
    from pipelines.scanner import ONCE, Scanner  # noqa: PLC0415 - as above

    table = tomllib.loads(files("pipelines").joinpath("rules/interstitials.toml").read_text("utf-8"))
    return _Rules(
        addresses={reason: frozenset(words) for reason, words in table["addresses"].items()},
        fronts=frozenset(table["front"]["paths"]),
        headers=table["headers"],
        titles={reason: frozenset(p.strip(" .!¡") for p in phrases) for reason, phrases in table["titles"].items()},
        markers=Scanner(
            (re.escape(marker).encode(), number, ONCE)
            for number, markers in enumerate(table["markers"].values())
            for marker in markers
        ),
        marked=tuple(table["markers"]),
    )
