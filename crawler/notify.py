"""Digests sent to people: by mail, Slack, Matrix and whatever else apprise knows.

Needs the extra `notify`. Only addresses that the operator gives are dialled. They hold secrets (tokens, passwords,
whole webhooks), so no message repeats more of one than its scheme.
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from crawler.extras import lacking
from pipelines.analysis.digest import Digest
from pipelines.analysis.digest_text import as_text
from pipelines.analysis.message import fitted, for_chat, for_html, headline
from pipelines.text import clean_text

if TYPE_CHECKING:
    from apprise import NotifyBase

#: What the extra `notify` brings, by the names under which it is imported.
EXTRA = ("apprise", "jinja2")

#: Seconds after which an address is given up; one that throttles us answers later than others.
_PATIENCE = 60.0

#: Share of the room in a channel's message that is used: the rest is for its title and for the escapes of its markup.
_SHARE = 0.75

#: Letters of an address from which a part of it is hidden wherever it turns up; shorter ones hide nothing.
_PART = 3

_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]{0,30})://", re.IGNORECASE)


class NotifyError(Exception):
    """An address to which nothing can be sent. The text holds no secret."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One address.

    Attributes:
        label: what it is called in messages: its place among the addresses, and its scheme.
        service: apprise's view of it.
        secrets: parts of the address that must not be shown.
    """

    label: str
    service: "NotifyBase"
    secrets: tuple[str, ...]

    def send(self, found: Digest) -> str:
        """Send the digest, and return what went wrong in a few words, "" when it was taken. Never raises."""
        from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - only those who send need it

        title = headline(found)
        room = int(self.service.body_maxlen * _SHARE)
        if self.service.resolve_format() == NotifyFormat.HTML:
            from pipelines.analysis.report import render_digest_body  # noqa: PLC0415 - likewise

            form, body = NotifyFormat.HTML, fitted(for_html(found), render_digest_body, room)
        else:
            form, body = NotifyFormat.TEXT, fitted(for_chat(found), as_text, room)
        sender = Apprise(asset=self.service.asset)
        sender.add(self.service)
        result = sender.notify(body or title, title=title if body else "", body_format=form, timeout=_PATIENCE)
        if result:
            return ""
        words = "; ".join(dict.fromkeys(entry.message for entry in result.logs())) or result.status.name.lower()
        return f"{self.label}: {self._masked(clean_text(words, limit=300))}"

    def _masked(self, words: str) -> str:
        for secret in self.secrets:
            words = re.sub(re.escape(secret), "***", words, flags=re.IGNORECASE)
        return words


def missing_extra() -> str:
    """What to do when the extra is not installed, "" when it is."""
    return lacking(EXTRA, purpose="--send", extra="notify")


def open_channels(addresses: Iterable[str]) -> list[Channel]:
    """The channels behind addresses in apprise's notation (https://appriseit.com/services/). Nothing is dialled.

    Raises:
        NotifyError: naming every address that apprise does not know, by its place.
    """
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - only those who send need it

    # Its own messages name hosts and users; what matters of them is in the results.
    log = logging.getLogger("apprise")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    # Without addresses of pictures: a message that loads some tells their server who reads it.
    asset = AppriseAsset(
        app_id="Orbitwatch", app_desc="Orbitwatch", app_url="", image_url_mask="", image_url_logo="", async_mode=False
    )
    channels, problems = [], []
    for number, address in enumerate(addresses, 1):
        scheme = found[1].lower() if (found := _SCHEME.match(address)) else ""
        label = f"address {number}" + (f" ({scheme}://)" if scheme else "")
        service = Apprise.instantiate(address, asset=asset) if scheme else None
        if service is None:
            problems.append(f"{label} is none that apprise can send to: see https://appriseit.com/services/")
        else:
            channels.append(Channel(label, service, _secrets(address, scheme)))
    if problems:
        raise NotifyError("\n".join(problems))
    return channels


def _secrets(address: str, scheme: str) -> tuple[str, ...]:
    """The parts of an address, longest first, as written and decoded."""
    parts = re.split(r"[/:@?&=#,\s]+", address)
    every = {form for part in parts for form in (part, unquote(part)) if len(form) >= _PART and form != scheme}
    return tuple(sorted(every, key=len, reverse=True))
