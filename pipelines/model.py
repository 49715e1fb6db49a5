"""The values that flow through Orbitwatch, one dataclass each.

They carry no behaviour beyond what follows from their own fields. Instants are aware datetimes in UTC; days are
`datetime.date` as the outlet printed them. Lists are tuples, so that a value can be shared and hashed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

DatePrecision = Literal["minute", "day", "none"]
DateSource = Literal["jsonld", "meta", "time", "feed", "sitemap", "url", "htmldate", "first_seen"]
DiscoveredVia = Literal["feed", "news_sitemap", "sitemap", "wayback", "gdelt", "ccnews", "url"]
Role = Literal["original", "copy", "excerpt", "update"]
ClaimStatus = Literal["planned", "happened", "delayed", "cancelled", "denied"]
ClaimPrecision = Literal["day", "month", "year", "none"]

SCHEMA_VERSION = 1
"""Of the tables that `pipelines.schema` describes. It stands here because every start compares it with the
directory's marker, and importing the schema loads pyarrow."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed or a sitemap says of one article.

    Attributes:
        url: absolute address of the article, safe to request; "" when the entry names none.
        id: the feed's own identifier (guid, atom:id); never used alone as an identity.
        title: plain text, tags and entities resolved.
        summary: plain text.
        published: instant of publication.
        updated: instant of the last change.
        author: as printed, names joined by "; ".
        language: BCP 47 tag in lower case, where the entry or its feed states one.
        date_precision: "minute" or "day" for `published` ("none" when there is no date).
        zone_known: False when `published` was printed without a zone and the source's zone was assumed.
    """

    url: str
    id: str = ""
    title: str = ""
    summary: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    author: str = ""
    language: str = ""
    date_precision: DatePrecision = "none"
    zone_known: bool = True

    @property
    def lastmod(self) -> datetime | None:
        """A sitemap's word for `updated`."""
        return self.updated


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed document, read.

    Attributes:
        format: "rss", "atom", "rdf", "cdf", "json", or "" when the document is not a feed (an HTML page, an empty
            body).
        entries: in the document's order.
        problems: what was tolerated or is wrong, one reason code each (for example "recovered", "not_a_feed",
            "naive_dates").
        title: the feed's own title.
        language: BCP 47 tag in lower case.
        ttl: seconds for which the feed asks not to be polled again (`ttl`, `sy:updatePeriod`); None when it does not
            say.
    """

    format: str
    entries: tuple[Entry, ...] = ()
    problems: tuple[str, ...] = ()
    title: str = ""
    language: str = ""
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap, news sitemap or sitemap index, read.

    Attributes:
        entries: pages, with title, published and language where the news extension gives them, and `updated` for
            lastmod.
        children: addresses of further sitemaps (a sitemap index).
        problems: reason codes, as in `Feed`.
        lastmods: when each child last changed, in their order; None where the index does not say.
    """

    entries: tuple[Entry, ...] = ()
    children: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    lastmods: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answered page request, on its way to `pipelines.intake`.

    Attributes:
        source: id of the source that printed it.
        url: the address that answered, after redirects.
        requested_url: the address that was asked for.
        body: the bytes as received, transfer and content coding undone.
        charset: charset of the Content-Type header, "" when it names none.
        fetched_at: instant of the answer.
        discovered_via: how its address became known.
        listed: the feed or sitemap entry that named it, None for bare addresses.
    """

    source: str
    url: str
    requested_url: str
    body: bytes
    charset: str
    fetched_at: datetime
    discovered_via: DiscoveredVia
    listed: Entry | None = None


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """One place that names a date, and what became of it.

    Attributes:
        source: where it stood.
        raw: as written, cut to 100 characters.
        day: the calendar day as printed, None when it could not be read.
        instant: in UTC; None when only a day is given.
        precision: "minute" or "day".
        zone_known: False when no zone was printed and the source's was assumed.
        rejected: "" or the reason why it was not used (for example "modified", "future", "before_1990").
    """

    source: DateSource
    raw: str
    day: date | None
    instant: datetime | None = None
    precision: DatePrecision = "none"
    zone_known: bool = True
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The decision about when an article was published, with all its evidence.

    Attributes:
        day: the calendar day as the outlet printed it.
        instant: in UTC; midnight UTC of `day` when only the day is known, None without any date.
        precision: "minute", "day" or "none".
        source: the evidence that decided.
        conflict: True when trustworthy pieces of evidence differ by more than a day.
        evidence: everything found, in order of trust.
    """

    day: date | None = None
    instant: datetime | None = None
    precision: DatePrecision = "none"
    source: DateSource | Literal[""] = ""
    conflict: bool = False
    evidence: tuple[DateEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An article page, read: what analysts work with, before anyone has judged it.

    Attributes:
        url: the address it was read from.
        canonical_url: the page's own rel=canonical or og:url where it can be believed, else `url`.
        title: headline without the site's name.
        summary: the page's or the feed's description, "" when there is none.
        text: clean body, paragraphs separated by a newline.
        authors: persons, as printed.
        language: BCP 47 primary tag ("en", "zh"), detected from the text where it is long enough, else declared.
        language_declared: what the page says of itself, "" when nothing.
        date: the decision about the day of publication.
        paywalled: True when the page says or shows that the text is not all there.
        site_name: the outlet's name as the page gives it.
        extractor: name and version of what produced `text`, for example "trafilatura 2.3.1" or "fallback 1".
        flags: reason codes worth counting (for example "truncated", "language_disagrees").
    """

    url: str
    canonical_url: str
    title: str
    text: str
    summary: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    language_declared: str = ""
    date: PublicationDate = field(default_factory=PublicationDate)
    paywalled: bool = False
    site_name: str = ""
    extractor: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Is it about filming in orbit, and which project is it?

    Attributes:
        relevant: the verdict.
        score: 0 to 1, the estimated probability that a person would call it relevant.
        projects: ids of projects.toml, the main one first; ("unlisted",) for a real project that the file does not
            name; () when irrelevant.
        project_scores: 0 to 1 for each id in `projects`.
        matched_terms: the words of the text that counted, as written, without repetition.
        why: short sentences that a person can read.
    """

    relevant: bool
    score: float
    projects: tuple[str, ...] = ()
    project_scores: dict[str, float] = field(default_factory=dict)
    matched_terms: tuple[str, ...] = ()
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence says happened, or will happen, to a film project.

    Attributes:
        project: id of projects.toml.
        milestone: "announced", "casting", "crew", "training", "launch", "docking", "filming", "return", "trailer",
            "premiere", "release", "box_office", "studio_launch", "delay", "cancellation" or another kind that
            projects.toml uses.
        status: planned, happened, delayed, cancelled or denied.
        claimed_date: the day; the first of the month or year where only that is given; None without a date.
        claimed_precision: "day", "month", "year" or "none".
        as_written: the words of the date.
        sentence: the evidence.
        confidence: 0 to 1.
    """

    project: str
    milestone: str
    status: ClaimStatus
    claimed_date: date | None
    claimed_precision: ClaimPrecision
    as_written: str
    sentence: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """Which story an article belongs to, and because of which earlier article.

    Attributes:
        story_id: never changes once given.
        role: "original" for the first of its story.
        matched_article_id: the earlier article it was matched with, None for an original.
        similarity: containment of the shorter text in the longer, 0 to 1; 1.0 for an original.
        revision: 0 for the first version at its address, then 1, 2, ...
    """

    story_id: str
    role: Role
    matched_article_id: str | None = None
    similarity: float = 1.0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Article:
    """One row of the articles table: one version of one article. `pipelines.schema.ARTICLES` describes every column."""

    article_id: str
    story_id: str
    role: Role
    matched_article_id: str | None
    similarity: float
    revision: int
    url: str
    canonical_url: str
    source: str
    domain: str
    title: str
    summary: str
    text: str
    authors: tuple[str, ...]
    language: str
    date: date
    published_at: datetime | None
    date_precision: DatePrecision
    date_source: DateSource
    date_conflict: bool
    projects: tuple[str, ...]
    relevance: float
    matched_terms: tuple[str, ...]
    word_count: int
    paywalled: bool
    discovered_via: DiscoveredVia
    first_seen_at: datetime
    fetched_at: datetime
    content_hash: str
    run_id: str
    extractor: str
    rules_version: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """One row of the milestones table: a claim with the article it stands in."""

    claim_id: str
    story_id: str
    article_id: str
    project: str
    milestone: str
    status: ClaimStatus
    claimed_date: date | None
    claimed_precision: ClaimPrecision
    as_written: str
    sentence: str
    source: str
    published: date
    confidence: float
    rules_version: str


@dataclass(slots=True)
class SourceRun:
    """One row of the runs table: what one run did for one source. Filled while the run goes on.

    The pages add up: pages = stored + duplicates + off_topic + sum(dropped) (an answered page has exactly one fate),
    and every request that got no usable answer is in `failed`.
    """

    run_id: str
    started_at: datetime
    source: str
    finished_at: datetime | None = None
    outcome: str = ""
    http_status: int | None = None
    requests: int = 0
    not_modified: int = 0
    entries: int = 0
    new_urls: int = 0
    pages: int = 0
    off_topic: int = 0
    stored: int = 0
    duplicates: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    cpu_seconds: float = 0.0
    next_due_at: datetime | None = None
