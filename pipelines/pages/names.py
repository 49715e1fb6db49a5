"""Names as bylines print them: lists taken apart, "by" and roles taken off.

What joins two names or leads to one is also part of names: José Ortega y Gasset, Andrew Y Ng, Di Freeze. So it is
believed where the context leaves no other reading, and a statement of one person is all but left alone.
"""

import re
from collections.abc import Iterator

from pipelines.pages.keys import key

_DESKS_LIST = (
    "admin", "administrator", "editor", "editors", "editorial", "redaktion", "redaction",
    "redacción", "redazione", "redakcja", "редакция", "staff", "newsroom", "webmaster", "author",
    "autor", "anonymous", "unknown", "none", "null", "user", "guest", "newsdesk", "contributor",
    "online", "onlineredaktion", "redakteur", "team", "news",
)  # fmt: skip
DESKS = frozenset(map(key, _DESKS_LIST))
"""Words that stand where a name should: better than nothing, worse than any name."""

_MAX_TEXT = 500
_DIVIDER = re.compile(r"\s*[;|/•、，\n]\s*|\s+·\s*|·\s+")
"""What stands in no name. An unspaced dot does, in Chinese spellings of foreign ones."""
_JOINT = re.compile(
    r"(\s*(?<!\w)&(?!\w)\s*|\s*,(?!\s?(?:jr|sr|ii+|iv|ph\.?d|m\.?d)\b)\s*"
    r"|\s+(?:and|und|et|y|e|и|і|та|og|och|en|i|ja|ve|with|mit)\s+)",
    re.IGNORECASE,
)
_INITIALS = frozenset("YEI")
_PARTICLES = frozenset("yei")
"""Conjunctions that also join the two surnames of one person in Spanish, Portuguese and Catalan."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")

_LABEL = (
    r"by|von|vom|par|por|di|av|af|door|från|fra|autor(?:in)?|author|auteur|autore|автор|текст|text|文|作者|記者|记者"
    r"|取材|撰文|글|기자"
)
_WRITTEN_BY = re.compile(
    rf"^\s*(?:(?:(?:written|reported|story|text|words|article|posted)\s+)?by\s+|(?:{_LABEL}|written by)\s*[:：]\s*)",
    re.IGNORECASE,
)
"""What begins no name."""
_BY = re.compile(rf"^\s*(?:{_LABEL})\s+", re.IGNORECASE)
_GIVEN_NAMES = frozenset({"von", "di", "av", "fra", "text"})
"""Words for "by" that are first names too, or surnames."""
_SUFFIX = re.compile(r"\s*(?:[(（\[<].*|\s[-–—]\s.*|\s(?:in|aus)\s[A-ZÄÖÜ]\w+$|\s*(?:記者|记者|기자|特派員)$)")


def names_in(text: str, *, is_person: bool = False) -> list[str]:
    """The names in a text, as printed, without "by" and without roles.

    Args:
        text: a byline, or what stands where a name should.
        is_person: it is stated as one name, so only what is plainly a list is taken apart.

    >>> names_in("Von Ada Orbit, Lev Soyuz und José Ortega y Gasset")
    ['Ada Orbit', 'Lev Soyuz', 'José Ortega y Gasset']
    """
    parts = _parts(text[:_MAX_TEXT], is_person=is_person)
    return [_SUFFIX.sub("", _without_by(part)).strip(" .,:;-–—*\"'“”„") for part in parts]


def _parts(text: str, *, is_person: bool) -> Iterator[str]:
    for item in _DIVIDER.split(text):
        first, *rest = _JOINT.split(item)
        if len(rest) == 2 and "," in rest[0] and _is_inverted(first, rest[1]):
            yield first + rest[0] + rest[1]
            continue
        name = first
        for joint, following in zip(rest[::2], rest[1::2], strict=True):
            if _separates(joint.strip(), name, following, is_person=is_person):
                yield name
                name = following
            else:
                name += joint + following
        yield name


def _separates(joint: str, name: str, following: str, *, is_person: bool) -> bool:
    if joint in _INITIALS:
        return False
    if key(name) in DESKS or key(following) in DESKS:
        return True
    if joint in _PARTICLES and following.islower():
        return False
    is_upper = joint.isalpha() and not joint.islower()
    doubtful = is_person or is_upper or joint in _PARTICLES
    return not doubtful or (_is_whole(name) and _is_whole(following))


def _is_whole(name: str) -> bool:
    """Whether this is a first name with a surname, or an agency (dpa, AFP), and not half a name."""
    words = name.split()
    return len(words) > 1 or _UNSPACED.search(name) is not None or not all(map(_is_capitalised, words))


def _is_inverted(surname: str, given: str) -> bool:
    """Whether this is "Smith, John", and not two agencies, desks or persons."""
    heads = [word for word in surname.split() if not word.islower()]
    words = [*heads, *given.split()]
    return len(heads) == 1 and 2 <= len(words) <= 3 and all(map(_is_capitalised, words)) and key(given) not in DESKS


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and (not word.isupper() or len(word.strip(".")) == 1)


def _without_by(part: str) -> str:
    part = _WRITTEN_BY.sub("", part)
    found = _BY.match(part)
    if found is None:
        return part
    rest = part[found.end() :]
    is_surname = len(rest.split()) == 1 and _is_capitalised(rest) and key(rest) not in DESKS
    return part if is_surname and found[0].strip().lower() in _GIVEN_NAMES else rest
