"""RFC 9309, rule by rule, against the parser in use and as much of a file as is read of it.

Cases where the standard leaves a choice follow Google's published behaviour. One difference is known and errs on the safe
side: a rule for an encoded question mark (`/a%3Fb`) also holds for the query (`/a?b`).
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.robots_rules import RobotsRules

HOST = "https://tribune.example"


def allowed(robots: str | bytes, path: str, agent: str = "orbitwatch") -> bool:
    body = robots.encode() if isinstance(robots, str) else robots
    return bool(RobotsRules(body, None).allowed(HOST + path, agent))


CASES: dict[str, tuple[str | bytes, dict[str, bool]]] = {
    # name: (robots.txt, {path: may it be fetched})
    # 2.2.1 User-agent: groups, names, their order and their union
    "empty file": ("", {"/": True, "/a": True}),
    "only comments": ("# nothing\n\n", {"/a": True}),
    "no group for us": ("User-agent: other\nDisallow: /\n", {"/a": True}),
    "group for all": ("User-agent: *\nDisallow: /a\n", {"/a": False, "/b": True}),
    "own group instead of that for all": ("User-agent: *\nDisallow: /\nUser-agent: orbitwatch\nDisallow: /a\n", {"/a": False, "/b": True}),
    "own group before that for all": ("User-agent: orbitwatch\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n", {"/a": False, "/b": True}),
    "names in any case": ("USER-AGENT: OrbitWatch\nDISALLOW: /a\n", {"/a": False}),
    "several names for one group": ("User-agent: other\nUser-agent: orbitwatch\nDisallow: /a\n", {"/a": False}),
    "two groups of one name are one": ("User-agent: orbitwatch\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\nUser-agent: orbitwatch\nDisallow: /b\n", {"/a": False, "/b": False, "/c": True}),
    "two groups for all are one": ("User-agent: *\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: *\nDisallow: /b\n", {"/a": False, "/b": False, "/c": True}),
    "a blank line ends no group": ("User-agent: orbitwatch\n\nDisallow: /a\n", {"/a": False}),
    "rules before any group count for nobody": ("Disallow: /a\nUser-agent: *\nDisallow: /b\n", {"/a": True, "/b": False}),
    "an empty own group frees from that for all": ("User-agent: orbitwatch\nDisallow:\n\nUser-agent: *\nDisallow: /\n", {"/a": True}),
    "a group without rules": ("User-agent: *\nUser-agent: orbitwatch\n", {"/a": True}),
    "other lines part no names": ("User-agent: x\nSitemap: https://tribune.example/s.xml\nUser-agent: orbitwatch\nDisallow: /a\n", {"/a": False}),
    "crawl-delay is no end of a group": ("User-agent: *\nCrawl-delay: 5\nDisallow: /a\n", {"/a": False}),
    "a comment behind a name": ("User-agent: orbitwatch # us\nDisallow: /a # this\n", {"/a": False}),
    "a version behind our name": ("User-agent: Orbitwatch/0.1\nDisallow: /a\n", {"/a": False}),
    "words behind our name": ("User-agent: orbitwatch bot\nDisallow: /a\n", {"/a": False}),
    "words behind the star": ("User-agent: * # all\nDisallow: /a\n", {"/a": False}),
    "a name that begins ours": ("User-agent: orbit\nDisallow: /\n\nUser-agent: o\nDisallow: /\n", {"/a": True}),
    "a name that begins ours frees nobody": ("User-agent: orbit\nAllow: /\n\nUser-agent: *\nDisallow: /a\n", {"/a": False}),
    "a name that ours begins": ("User-agent: orbitwatch-images\nDisallow: /\n", {"/a": True}),
    "a name that holds ours": ("User-agent: superorbitwatch\nDisallow: /\n", {"/a": True}),
    "no name": ("User-agent:\nDisallow: /\n", {"/a": True}),
    # 2.2.2 Allow and Disallow: the longest match wins, allow on a tie, case counts
    "an empty disallow allows": ("User-agent: *\nDisallow:\n", {"/a": True}),
    "prefixes": ("User-agent: *\nDisallow: /fish\n", {"/fish": False, "/fish.html": False, "/fishheads/y": False, "/Fish": True, "/catfish": True, "/?id=fish": True}),
    "folder": ("User-agent: *\nDisallow: /fish/\n", {"/fish": True, "/fish/": False, "/fish/salmon": False}),
    "longest wins": ("User-agent: *\nDisallow: /x/\nAllow: /x/page.html\n", {"/x/page.html": True, "/x/": False, "/x/page": False}),
    "longest wins in any order": ("User-agent: *\nAllow: /x/page.html\nDisallow: /x/\n", {"/x/page.html": True, "/x/other": False}),
    "longer disallow wins": ("User-agent: *\nAllow: /p\nDisallow: /p/private\n", {"/p/private/1": False, "/p/q": True}),
    "a tie allows": ("User-agent: *\nDisallow: /folder\nAllow: /folder\n", {"/folder/page": True}),
    "all but one page": ("User-agent: *\nDisallow: /\nAllow: /$\n", {"/": True, "/a": False}),
    "robots.txt itself": ("User-agent: *\nDisallow: /\n", {"/a": False}),
    "query": ("User-agent: *\nDisallow: /a?print\n", {"/a": True, "/a?print": False, "/a?print=1": False, "/a?x&print": True}),
    # 2.2.3 special characters
    "star": ("User-agent: *\nDisallow: /*.php\n", {"/index.php": False, "/folder/a.php?x": False, "/a.php5/": False, "/": True, "/windows.PHP": True}),
    "star at the end": ("User-agent: *\nDisallow: /fish*\n", {"/fish": False, "/fish.html": False, "/Fish": True}),
    "star in the middle": ("User-agent: *\nDisallow: /fish*.php\n", {"/fish.php": False, "/fishheads/catfish.php?p": False, "/Fish.PHP": True}),
    "stars in a row": ("User-agent: *\nDisallow: /a***b\n", {"/ab": False, "/axxb": False, "/a": True}),
    "end": ("User-agent: *\nDisallow: /*.php$\n", {"/a.php": False, "/a.php?x": True, "/a.php/": True, "/a.php5": True}),
    "dollar inside is itself": ("User-agent: *\nDisallow: /a$b\n", {"/a$b": False, "/a": True}),
    "star and end": ("User-agent: *\nDisallow: /*/amp$\n", {"/x/amp": False, "/x/amp/": True}),
    "regular expressions are none": ("User-agent: *\nDisallow: /a.c\nDisallow: /(b|c)\n", {"/abc": True, "/a.c": False, "/b": True, "/(b|c)": False}),
    # 2.2.2 percent-encoding: compared octet by octet
    "encoded letters": ("User-agent: *\nDisallow: /%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2\n", {"/%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2": False, "/вызов": False, "/%D0%B2": True}),
    "letters as they are": ("User-agent: *\nDisallow: /вызов\n", {"/%D0%B2%D1%8B%D0%B7%D0%BE%D0%B2/1": False}),
    "encoded in any case": ("User-agent: *\nDisallow: /%e3%83%84\n", {"/%E3%83%84": False}),
    "an encoded slash is no slash": ("User-agent: *\nDisallow: /a%2Fb\n", {"/a%2Fb": False, "/a/b": True}),
    "encoded plain letters": ("User-agent: *\nDisallow: /foo/bar/%62%61%7A\n", {"/foo/bar/baz": False}),
    # lines, bytes and size
    "byte order mark": (b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", {"/a": False}),
    "carriage returns and line feeds": ("User-agent: *\r\nDisallow: /a\r\n", {"/a": False, "/b": True}),
    "carriage returns only": ("User-agent: *\rDisallow: /a\r", {"/a": False, "/b": True}),
    "no end of the last line": ("User-agent: *\nDisallow: /a", {"/a": False}),
    "white space around": ("  User-agent :  *  \n\tDisallow\t:\t/a  \n", {"/a": False, "/b": True}),
    "no colon": ("User-agent *\nDisallow /a\n", {"/b": True}),
    "misspelled rules that Google reads": ("Useragent: *\nDissallow: /a\nDisalow: /b\n", {"/a": False, "/b": False, "/c": True}),
    "unknown lines": ("User-agent: *\nNoindex: /b\nDisallow: /a\nHost: x\n", {"/a": False, "/b": True}),
    "not text": (bytes(range(256)) * 20, {"/a": True}),
    "a page instead of rules": ("<!doctype html><html><head><title>Welcome</title></head></html>", {"/a": True}),
    "rules up to 500 KiB count": (b"User-agent: *\n" + b"# filling\n" * 50_000 + b"Disallow: /a\n", {"/a": False}),
    "rules beyond them do not": (b"User-agent: *\nDisallow: /b\n" + b"# filling\n" * 60_000 + b"Disallow: /a\n", {"/a": True, "/b": False}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_standard(name: str) -> None:
    robots, expected = CASES[name]
    assert {path: allowed(robots, path) for path in expected} == expected


@pytest.mark.parametrize("named", ["orbitwatch", "Orbitwatch", "ORBITWATCH"])
def test_our_name_is_the_product_token(named: str) -> None:
    robots = f"User-agent: {named}\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n"
    assert not allowed(robots, "/a")
    assert allowed(robots, "/b")


def test_hostile_rules_are_read_in_bounded_time() -> None:
    stars = "User-agent: *\nDisallow: /" + "*a" * 200 + "$\n"
    assert allowed(stars, "/" + "a" * 150)
    many = "User-agent: *\n" + "".join(f"Disallow: /{n}*x$\n" for n in range(20_000))
    assert allowed(many, "/y")


LINE = st.sampled_from(
    [
        b"User-agent: *\n",
        b"User-agent: orbitwatch\n",
        b"Disallow: /",
        b"Allow: /a*$",
        b"Crawl-delay: ",
        b"\xef\xbb\xbf",
        b"#",
        b"\r",
        b"%zz",
    ]
)


@given(st.lists(LINE | st.binary(max_size=30), max_size=20).map(b"".join))
def test_any_bytes_are_rules(body: bytes) -> None:
    rules = RobotsRules(body, None)
    assert isinstance(rules.allowed("https://tribune.example/a?b=%zz", "orbitwatch"), bool)
    delay = rules.crawl_delay("orbitwatch")
    assert delay is None or isinstance(delay, float)
