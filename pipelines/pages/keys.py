"""What two spellings of one headline, or of one name, share."""

import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit


def key(text: str) -> str:
    """Letters and digits of a title or a name, case and width folded."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def site_keys(names: Iterable[str], url: str) -> frozenset[str]:
    """Keys of all that may stand for the site in a title: its names, its host and the parts of it."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    hosts = {key(host), key(".".join(labels[-2:])), *(key(label) for label in labels[:-1] if len(label) > 2)}
    return frozenset(hosts | {key(name) for name in names} - {""})
