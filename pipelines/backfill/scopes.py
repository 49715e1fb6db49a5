"""Which addresses of a web archive are asked for."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pipelines.urls import fetch_url, registered_domain

MatchType = Literal["exact", "prefix", "host", "domain"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which addresses are asked for.

    Attributes:
        url: address, or its beginning, without wildcard.
        match: "exact", "prefix" (what begins so), "host" (all of a host) or "domain" (its subdomains too).
    """

    url: str
    match: MatchType


def scope_of_pattern(pattern: str) -> Scope:
    """What a person means by an address with a wildcard.

    Args:
        pattern: "*.outlet.example" for a domain, "outlet.example/2021/*" for what begins so, or one address; with or
            without a scheme.

    Raises:
        ValueError: if it holds no host, or a wildcard anywhere else.

    >>> scope_of_pattern("outlet.example/2021/*")
    Scope(url='outlet.example/2021/', match='prefix')
    """
    bare = pattern.strip().removeprefix("https://").removeprefix("http://")
    if bare.partition("/")[0].endswith(":"):
        raise ValueError(f"{pattern!r}: the scheme is not http or https")
    match: MatchType = "exact"
    if bare.startswith("*."):
        bare, match = bare[2:].removesuffix("*").removesuffix("/"), "domain"
        if "/" in bare:
            raise ValueError(f"{pattern!r}: nothing may follow the host of a domain pattern")
    elif bare.endswith("*"):
        bare, match = bare[:-1], "prefix"
    if "*" in bare:
        raise ValueError(f"{pattern!r}: a wildcard may stand at the beginning (*.) or at the end (*) only")
    try:
        known = fetch_url(f"http://{bare}").removeprefix("http://")
    except ValueError as error:
        raise ValueError(f"{pattern!r}: {error}") from None
    return Scope(known.removesuffix("/") if match == "domain" else known, match)


def scope_of_site(home: str) -> Scope:
    """All pages of the site that has this front page.

    The whole domain where the front page is the domain's; the host for a site on a subdomain; what begins with its
    path for one in a folder.

    Raises:
        ValueError: if `home` is no address.

    >>> scope_of_site("https://www.outlet.example/")
    Scope(url='outlet.example', match='domain')
    """
    parts = urlsplit(fetch_url(home))
    if parts.path.strip("/"):
        return Scope(parts.netloc + parts.path, "prefix")
    # The archive's keys have no "www.".
    host, domain = (parts.hostname or "").removeprefix("www."), registered_domain(home)
    return Scope(parts.netloc.removeprefix("www."), "domain" if host == domain else "host")
