"""One outlet's site: what it answers to a path at an instant. Pure; the server puts sockets around it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from crawler.newsroom.dates import http_date
from crawler.newsroom.feeds import MEDIA_TYPES, feed_document, sitemap_document
from crawler.newsroom.markup import Html
from crawler.newsroom.outlets import SITEMAP_PATH, Outlet
from crawler.newsroom.pages import article_page, front_page, missing_page
from crawler.newsroom.stories import Listed, Story

_FEED_LENGTH = 20  # what most content systems list; every outlet here has fewer stories a year than that
_UTM = "?utm_source=rss&utm_medium=feed&utm_campaign=latest"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer.

    Attributes:
        status: HTTP status code.
        body: as sent.
        media_type: Content-Type without parameters.
        charset: parameter of Content-Type, "" for none.
        changed: instant of the last change, for Last-Modified; None when unknown.
        headers: further headers.
        slow: True when the server is to dribble the body.
    """

    status: int
    body: bytes = b""
    media_type: str = "text/html"
    charset: str = ""
    changed: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False


class Site:
    """An outlet with its stories at an address.

    Args:
        outlet: whose site it is.
        stories: of the whole newsroom; the outlet's own are picked.
        base: scheme, name and port.
    """

    def __init__(self, outlet: Outlet, stories: Iterable[Story], base: str) -> None:
        self.outlet = outlet
        self.base = base
        self.stories = tuple(story for story in stories if story.outlet == outlet.id)
        self._at_path = {self.path(story): story for story in self.stories}

    def path(self, story: Story) -> str:
        """The story's own path, by the outlet's pattern."""
        day = story.published.astimezone(self.outlet.zone)
        return self.outlet.path.format(
            slug=story.slug,
            section=story.section,
            number=story.number,
            year=day.year,
            month=f"{day.month:02}",
            day=f"{day.day:02}",
        )

    def address(self, story: Story) -> str:
        """The story's own address, which its page gives as canonical."""
        return self.base + self.path(story)

    def link(self, story: Story) -> str:
        """The story's address as the outlet's feed spells it."""
        if self.outlet.links == "amp":
            return f"{self.base}/amp{self.path(story)}"
        return self.address(story) + (_UTM if self.outlet.links == "utm" else "")

    def listed(self, now: datetime) -> list[Listed]:
        """The stories that stand at `now`, latest first."""
        standing = ((story, story.at(now)) for story in reversed(self.stories))
        return [Listed(self.link(story), self.address(story), story, version) for story, version in standing if version]

    def robots(self) -> str:
        """The text of robots.txt (RFC 9309)."""
        lines = ["User-agent: *", "Disallow: /search", "Disallow: /admin/"]
        if self.outlet.closed_section:
            lines.append(f"Disallow: /{self.outlet.closed_section}/")
        if self.outlet.crawl_delay:
            lines.append(f"Crawl-delay: {self.outlet.crawl_delay:g}")
        return "\n".join([*lines, "", f"Sitemap: {self.base}{SITEMAP_PATH}", ""])

    def answer(self, target: str, now: datetime) -> Answer:
        """What a GET of `target` (path and query, as in the request line) gets at `now`."""
        path = target.partition("?")[0]
        if path == "/robots.txt":
            if self.outlet.robots_missing:
                return self._missing(HTTPStatus.NOT_FOUND)
            return Answer(HTTPStatus.OK, self.robots().encode(), "text/plain", "utf-8")
        if path == self.outlet.feed_path:
            return self._feed(now)
        if path == SITEMAP_PATH:
            return Answer(HTTPStatus.OK, sitemap_document(self.outlet, self.listed(now)), "application/xml")
        if path == "/":
            return self._front(self.outlet.name, self.listed(now))
        if path.startswith("/section/"):
            return self._section(path.removeprefix("/section/"), now)
        if self.outlet.links == "amp" and path.startswith("/amp/"):
            path = path.removeprefix("/amp")
        return self._article(path, now)

    def _feed(self, now: datetime) -> Answer:
        fault = self.outlet.fault_at(now)
        listed = self.listed(now)[:_FEED_LENGTH]
        if fault == "dead":
            return self._missing(HTTPStatus.GONE)
        if fault == "html":
            return self._front(self.outlet.name, listed)
        return Answer(
            HTTPStatus.OK,
            feed_document(self.outlet, listed, self.base, now),
            MEDIA_TYPES[self.outlet.feed],
            changed=max((entry.version.at for entry in listed), default=None),
            slow=fault == "slow",
        )

    def _section(self, slug: str, now: datetime) -> Answer:
        label = self.outlet.sections.get(slug)
        if label is None:
            return self._missing(HTTPStatus.NOT_FOUND)
        return self._front(label, [entry for entry in self.listed(now) if entry.story.section == slug])

    def _article(self, path: str, now: datetime) -> Answer:
        story = self._at_path.get(path)
        version = story.at(now) if story else None
        if story is None or version is None:
            return self._missing(HTTPStatus.NOT_FOUND)
        if story.kind == "soft_404":
            return self._missing(HTTPStatus.OK)
        # Related links are those of the day of publication, so that a page changes only with its story.
        earlier = [entry for entry in self.listed(story.published) if entry.story is not story]
        page = article_page(self.outlet, story, version, earlier=earlier, base=self.base, path=path)
        return self._html(HTTPStatus.OK, page, version.at)

    def _front(self, title: str, listed: list[Listed]) -> Answer:
        return self._html(HTTPStatus.OK, front_page(self.outlet, title, listed, self.base))

    def _missing(self, status: HTTPStatus) -> Answer:
        return self._html(status, missing_page(self.outlet, self.base))

    def _html(self, status: HTTPStatus, page: Html, changed: datetime | None = None) -> Answer:
        body = page.encode(self.outlet.charset, errors="xmlcharrefreplace")
        declared = self.outlet.charset if self.outlet.charset_in == "header" else ""
        return Answer(status, body, charset=declared, changed=changed)


def with_validators(answer: Answer, outlet: Outlet, if_none_match: str, if_modified_since: str) -> Answer:
    """The answer with the validators that the outlet sends, or 304 when they show that nothing has changed.

    If-None-Match goes before If-Modified-Since (RFC 9110, section 13.2.2); a date that cannot be read is
    ignored (13.1.3).
    """
    if answer.status != HTTPStatus.OK:
        return answer
    headers = dict(answer.headers)
    if outlet.validators in {"both", "etag"}:
        headers["ETag"] = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
    if outlet.validators in {"both", "last-modified"} and answer.changed:
        headers["Last-Modified"] = http_date(answer.changed)
    same = _unchanged(headers, answer.changed, if_none_match, if_modified_since)
    if same:
        return Answer(HTTPStatus.NOT_MODIFIED, headers=headers, media_type="")
    return Answer(answer.status, answer.body, answer.media_type, answer.charset, answer.changed, headers, answer.slow)


def _unchanged(
    headers: Mapping[str, str], changed: datetime | None, if_none_match: str, if_modified_since: str
) -> bool:
    if if_none_match and "ETag" in headers:
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return headers["ETag"] in known or "*" in known
    if not if_modified_since or "Last-Modified" not in headers or changed is None:
        return False
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
    return changed.replace(microsecond=0) <= (since if since.tzinfo else since.replace(tzinfo=UTC))
