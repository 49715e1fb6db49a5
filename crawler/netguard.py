"""Only public addresses are dialled.

Feeds, links and redirects are attackers' input: without a guard `http://2130706433/` or a name that resolves to
169.254.169.254 reaches the machine's own services. The check stands in the resolver, where Twisted asks for names *and*
for address literals in every notation, so the address that was checked is the address that is dialled, on every hop,
with no gap for DNS rebinding.

`ipaddress.is_global` alone is not enough: it passes multicast, and several forms of IPv6 that wrap private addresses.
"""

import logging
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError

if TYPE_CHECKING:
    from twisted.internet.base import ReactorBase

Network = IPv4Network | IPv6Network

# The one part of IPv6 from which addresses are given out (RFC 4291, 2.4; IANA's registry). What lies outside is the
# machine's own, a link's or a site's (fec0::/10, RFC 3879), or an IPv4 address in another form: compatible (::/96),
# translated (::ffff:0:0:0/96, RFC 2765), NAT64 (RFC 6052, RFC 8215).
_UNICAST = ip_network("2000::/3")
# Where no outlet is, although Python, or one of its versions, calls it global: IPv4 inside IPv6 again, by 6to4 (RFC
# 3056, with its relays) and, among the assignments for protocols of RFC 2928, by Teredo (RFC 4380); whichever gateway
# is nearest (192.0.0.0/24 and 2001:1::1, RFC 7723, RFC 8155); examples (RFC 9637).
_NO_OUTLETS = tuple(ip_network(n) for n in ("2002::/16", "192.88.99.0/24", "2001::/23", "192.0.0.0/24", "3fff::/20"))

logger = logging.getLogger(__name__)

#: Host names that were refused in this process: the error that Twisted raises for them looks like any other failed
# look-up.
refused_hosts: set[str] = set()


def parse_networks(ranges: Iterable[str]) -> tuple[Network, ...]:
    """Address ranges in CIDR notation.

    Raises:
        ValueError: naming the range that is none.
    """
    networks: list[Network] = []
    for text in ranges:
        try:
            networks.append(ip_network(text.strip()))
        except ValueError as error:
            msg = f"{text!r} is not an address range such as 127.0.0.0/8: {error}"
            raise ValueError(msg) from error
    return tuple(networks)


def is_public(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether `address` (a literal IPv4 or IPv6 address) may be dialled.

    >>> is_public("93.184.216.34"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False, False)
    """
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if any(ip in network for network in allowed if network.version == ip.version):
        return True
    if ip.version == _UNICAST.version and ip not in _UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in n for n in _NO_OUTLETS if n.version == ip.version)


def literal_address(host: str) -> str | None:
    """The address that `host` spells out, in any notation that some resolver understands; None for a name.

    >>> [literal_address(host) for host in ("::1", "10.0.0.1.", "0x0a.1", "167772161", "example.org")]
    ['::1', '10.0.0.1', '10.0.0.1', '10.0.0.1', None]
    """
    bare = host.rstrip(".")
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        return str(IPv4Address(socket.inet_aton(bare)))
    except (OSError, ValueError):
        return None


class PublicOnlyResolver(CachingThreadedResolver):
    """Scrapy's caching resolver, which refuses names and literals that lead to an address that is not public.

    Names below `.localhost` are the loopback (RFC 6761, 6.3) and are answered here without asking anybody; they are
    refused as well unless ORBITWATCH_ALLOW_PRIVATE opens the range. Names are looked up in IPv4 only, as Scrapy does;
    literals of IPv6 are dialled when they are public.
    """

    def __init__(
        self, reactor: "ReactorBase", cache_size: int, timeout: float, allowed: Sequence[Network] = ()
    ) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allowed = allowed

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: "ReactorBase") -> "PublicOnlyResolver":
        """Made by Scrapy's process, before any crawler exists."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            settings.getfloat("DNS_TIMEOUT"),
            parse_networks(settings.getlist("ORBITWATCH_ALLOW_PRIVATE")),
        )

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> "Deferred[str]":  # noqa: N802 - Twisted's name
        """The address of `name`, or a `DNSLookupError` when it is not to be dialled."""
        host = name.rstrip(".").lower()
        literal = literal_address(host)
        answer: Deferred[str]
        if literal is not None:
            answer = succeed(literal)
        elif host == "localhost" or host.endswith(".localhost"):
            answer = succeed("127.0.0.1")
        else:
            answer = super().getHostByName(name, timeout)
        return answer.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if is_public(address, self._allowed):
            return address
        refused_hosts.add(name.lower())
        logger.info("Refused to dial %s: its address %s is not public", name, address)
        msg = f"{name} is {address}, which is not a public address"
        raise DNSLookupError(msg)
