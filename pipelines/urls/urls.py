"""The two identities of a web address.

`fetch_url` gives the address that is safe to request: spelled as servers and the URL standard want it, and
otherwise as the outlet wrote it. `match_key` gives one key for all spellings of one article. The key is bold
and may merge two pages in rare cases, so it says "seen already", never "the same story"; and it is never
requested.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache
from ipaddress import IPv6Address
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from pipelines.text import clean_text
from pipelines.urls.folding import article_path, is_slug, site_host, unwrapped, without_trackers

URL_LIMIT = 2083
"""Characters of the longest address that is requested: Internet Explorer's limit, which sites and sitemap
tools still keep to."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z"
)
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ENCODED_DOT = re.compile(r"%2e", re.IGNORECASE)
_MAX_FOLDS = 12
"""Folding is repeated until nothing changes, because one view may hide another (`/amp/index.html`). Real
addresses need two rounds; the bound is for hostile ones."""


def fetch_url(url: str, base: str = "") -> str:
    """The address to request for `url`.

    The fragment and a default port are dropped, dot segments resolved, an international host name is put into
    ASCII and unsafe characters are percent-encoded (URL standard, through w3lib). Path and query are
    otherwise left as the outlet wrote them.

    Args:
        url: as found in a feed, a page or a file; may be relative when `base` is given.
        base: absolute address of the document it stood in.

    Returns:
        An absolute http or https address of at most 2,083 characters. `fetch_url(fetch_url(u)) ==
        fetch_url(u)`.

    Raises:
        ValueError: with the reason, when the address is empty, malformed or too long, has another scheme,
            credentials or no host. Whether the host is public is not judged here: that is for the resolver,
            which sees the address that is dialled.

    >>> fetch_url("../b#top", "HTTP://Example.org:80/a/c/")
    'http://example.org/a/b'
    """
    url = url.strip()
    if not url:
        raise ValueError("empty address")
    if len(url) > 4 * URL_LIMIT:
        raise ValueError(f"longer than {URL_LIMIT} characters")
    if _CONTROL.search(url):
        raise ValueError("holds a control character")
    parts = urlsplit(urljoin(base, url))
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError(
            f"scheme {parts.scheme[:20]!r} is not http or https" if parts.scheme else "not an absolute address"
        )
    if "@" in parts.netloc:
        raise ValueError("holds credentials")
    netloc = _ascii_netloc(parts)
    safe = urlsplit(safe_url_string(urlunsplit(("http", "h", parts.path, parts.query, ""))))
    result = urlunsplit((parts.scheme, netloc, _without_dots(safe.path), safe.query, ""))
    if len(result) > URL_LIMIT:
        raise ValueError(f"longer than {URL_LIMIT} characters")
    return result


def match_key(url: str) -> str:
    """One key for all spellings of one article.

    Folded are http and https, `www.`, `m.`, `mobile.` and `amp.` hosts, AMP caches and archived copies, AMP,
    mobile and print views, trackers (`pipelines.urls.rules`), session ids, index pages, trailing slashes, the
    order of parameters and percent-encoding. Case, other subdomains and all other parameters are kept,
    because they tell articles apart.

    Returns:
        A key that looks like an https address. `match_key(match_key(u)) == match_key(u)`. Something that
        cannot be an address is its own key, cleaned, so this never raises.

    >>> match_key("http://m.example.org/2021/10/film-crew-lifts-off/amp/?utm_source=rss&id=7")
    'https://example.org/2021/10/film-crew-lifts-off?id=7'
    """
    for _ in range(_MAX_FOLDS):
        key = _fold(url)
        if key == url:
            break
        url = key
    return url


def registered_domain(url: str) -> str:
    """The domain somebody registered ("example.co.uk").

    By the public suffix list that tldextract ships; nothing is downloaded.

    Sites under a common host (`outlet.blogspot.com`) count as registered. For an IP address or a bare host
    name it is the host itself, for something that is not an address "".
    """
    try:
        host = (urlsplit(url).hostname or "").removesuffix(".")
    except ValueError:
        return ""
    return _suffix_list()(host) or host


def pick_canonical(url: str, *declared: str) -> str:
    """The address a page should be known by.

    Args:
        url: where the page was read.
        declared: what the page says of itself, most trusted first (rel=canonical, then og:url); relative ones
            are resolved.

    Returns:
        The first declared address that can be believed, else `url` (without an AMP cache around it). Believed
        is one on the same registered domain that is not the home page and not a section in place of an
        article: content systems print both by mistake, and believing them would make all of an outlet's
        articles one.
    """
    page = unwrapped(url)
    try:
        page = fetch_url(page)
    except ValueError:
        return url
    for text in declared:
        try:
            candidate = fetch_url(text, base=page)
        except ValueError:
            continue
        if _is_of_one_site(candidate, page) and _can_stand_for(candidate, page):
            return candidate
    return page


def _is_of_one_site(url: str, other: str) -> bool:
    # Most are of one host, and then nobody needs to read the suffix list.
    hosts = urlsplit(url).hostname, urlsplit(other).hostname
    return hosts[0] == hosts[1] or registered_domain(url) == registered_domain(other)


def _fold(url: str) -> str:
    try:
        # Feeds that escape twice leave `&amp;` in their links.
        fetched = fetch_url(url.replace("&amp;", "&"))
    except ValueError:
        return clean_text(url)
    if (inner := unwrapped(fetched)) != fetched:
        with suppress(ValueError):  # what looks wrapped may be no address
            fetched = fetch_url(inner)
    parts = urlsplit(canonicalize_url(fetched))
    domain = registered_domain(fetched)
    host = site_host(parts.hostname or "", domain)
    port = f":{parts.port}" if parts.port else ""
    query = without_trackers(parts.query, domain)
    return urlunsplit(("https", (f"[{host}]" if ":" in host else host) + port, article_path(parts.path), query, ""))


def _ascii_netloc(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if not host:
        raise ValueError("no host")
    if parts.netloc.startswith("["):
        host = f"[{IPv6Address(host.partition('%')[0]).compressed}]"
    else:
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError as error:
            raise ValueError(f"host name {host[:80]!r} is not valid") from error
        if not _HOST.match(host):
            raise ValueError(f"host name {host[:80]!r} is not valid")
    port = parts.port
    if port == 0:
        raise ValueError("port 0")
    return host if port is None or port == _DEFAULT_PORTS[parts.scheme] else f"{host}:{port}"


def _without_dots(path: str) -> str:
    """RFC 3986, section 5.2.4, with `%2e` taken for a dot as browsers do."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        plain = _ENCODED_DOT.sub(".", segment)
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
    if segments and _ENCODED_DOT.sub(".", segments[-1]) in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


def _can_stand_for(candidate: str, page: str) -> bool:
    candidate_key, page_key = match_key(candidate), match_key(page)
    if candidate_key == page_key:
        return True
    at, here = urlsplit(candidate_key), urlsplit(page_key)
    if at.path == "/" and not at.query:
        return here.path == "/" and not here.query
    return _names_article(at) or not _names_article(here)


def _names_article(parts: SplitResult) -> bool:
    return bool(parts.query) or is_slug(parts.path.rsplit("/", 1)[-1])


@cache
def _suffix_list() -> Callable[[str], str]:
    """Made once a process: reading the list takes 20 ms."""
    import tldextract  # noqa: PLC0415  # 60 ms, and `fetch_url` does without

    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

    @lru_cache(maxsize=1 << 12)
    def registered(host: str) -> str:
        found = extract.extract_str(host)
        labels = host.split(".")
        if found.suffix or ":" in host or labels[-1].isdigit():
            return str(found.top_domain_under_public_suffix)
        # The list's own rule for suffixes that it does not name (`.example`, `.test`, new ones): one label is
        # the suffix.
        return ".".join(labels[-2:])

    return registered
