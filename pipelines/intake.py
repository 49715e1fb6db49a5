"""One fetched page's whole way to a stored article: the single path that the crawl and every backfill share.

It has two halves. `examine` is pure and heavy (it reads the page, judges it and looks for claims), so the crawl runs it
in a worker process. `Intake.settle` is light and stateful: it gives the article its story and hands it to the store, in
the one process that holds the lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

from pipelines.accounting import PageFate
from pipelines.dedupe import StoryIndex
from pipelines.milestones import ClaimFinder
from pipelines.model import Article, Assessment, Claim, Fetched, Match, Milestone, Page
from pipelines.pages import read_page
from pipelines.store import Store
from pipelines.text import count_words
from pipelines.topic import Judge
from pipelines.urls import match_key, registered_domain

STORY_INDEX = ".state/stories.sqlite"
"""The story index's file, below the data directory."""

#: Columns of the articles that the story index needs.
_REPLAYED = [
    "article_id",
    "story_id",
    "role",
    "matched_article_id",
    "similarity",
    "revision",
    "canonical_url",
    "title",
    "text",
    "date",
]


@dataclass(frozen=True, slots=True)
class Examined:
    """What `examine` found.

    Attributes:
        page: None when the page has no text.
        assessment: None when there is no page to judge.
        claims: milestone claims; only looked for in relevant pages.
        reason: why the page is dropped, "" when it is not.
    """

    page: Page | None = None
    assessment: Assessment | None = None
    claims: tuple[Claim, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a page.

    Attributes:
        fate: for the books.
        reason: why it was dropped, "" otherwise.
        article: the stored row, None unless the fate is "stored".
    """

    fate: PageFate
    reason: str = ""
    article: Article | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A page that has been examined and waits for its fate.

    Attributes:
        fetched: where it came from; its body is not needed any more.
        examined: what was found in it.
        first_seen: when its address was first fetched, None when that is now.
    """

    fetched: Fetched
    examined: Examined
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A relevant page on its way into the store."""

    fetched: Fetched
    page: Page
    assessment: Assessment
    claims: tuple[Claim, ...]
    article_id: str
    content_hash: str
    first_seen: datetime
    day: date

    @classmethod
    def of(
        cls,
        fetched: Fetched,
        page: Page,
        assessment: Assessment,
        claims: tuple[Claim, ...],
        first_seen: datetime | None,
    ) -> Self:
        content_hash = _digest(page.title, page.text)
        article_id = _digest(match_key(page.canonical_url), content_hash)
        first_seen = first_seen or fetched.fetched_at
        return cls(
            fetched, page, assessment, claims, article_id, content_hash, first_seen, page.date.day or first_seen.date()
        )

    def document(self) -> dict[str, str]:
        """What the story index wants to know."""
        return {
            "id": self.article_id,
            "title": self.page.title,
            "text": self.page.text,
            "url": self.page.canonical_url,
            "date": self.day.isoformat(),
            "published": (self.page.date.instant or self.first_seen).isoformat(),
            "source": self.fetched.source,
        }


def examine(fetched: Fetched, *, judge: Judge, finder: ClaimFinder, timezone: str, now: datetime) -> Examined:
    """Reads, judges and searches one page. Pure and CPU-heavy: tens of milliseconds for a usual page.

    Args:
        fetched: the answered page.
        judge: knows the projects and the vocabulary.
        finder: finds milestone claims.
        timezone: IANA zone of the outlet, for dates printed without one.
        now: instant after which a date of publication is not believed.
    """
    listed_in_sitemap = fetched.discovered_via in {"news_sitemap", "sitemap"}
    page = read_page(
        fetched.body,
        fetched.url,
        charset=fetched.charset,
        listed=fetched.listed,
        listed_source="sitemap" if listed_in_sitemap else "feed",
        timezone=timezone,
        now=now,
    )
    if page is None or not page.text:
        return Examined(reason="no_text")
    assessment = judge.assess(title=page.title, text=page.text, language=page.language, url=page.url)
    claims: tuple[Claim, ...] = ()
    if assessment.relevant:
        claims = tuple(
            finder.find(
                title=page.title,
                text=page.text,
                published=page.date.day or fetched.fetched_at.date(),
                language=page.language,
                projects=list(assessment.projects),
            )
        )
    return Examined(page, assessment, claims)


def open_index(store: Store, path: Path) -> StoryIndex:
    """The story index, with every stored article in it.

    The index is a cache. What it lacks, because it is new, was deleted or its last transaction was lost, it takes from
    the store.
    """
    index = StoryIndex(path)
    if len(index) < sum(table.num_rows for table in store.articles(columns=["article_id"])):
        for month in store.articles(columns=_REPLAYED):
            rows = month.to_pylist()
            missing = set(index.missing(row["article_id"] for row in rows))
            index.replay(row for row in rows if row["article_id"] in missing)
    return index


class Intake:
    """Gives examined pages their story and hands them to the store.

    Args:
        store: journals articles.
        index: knows the stories so far.
        run_id: goes into every row.
        rules_version: version of projects.toml and the rules.
    """

    def __init__(self, store: Store, index: StoryIndex, *, run_id: str, rules_version: str) -> None:
        self._store = store
        self._index = index
        self._run_id = run_id
        self._rules_version = rules_version

    def settle(self, arrivals: Sequence[Arrival]) -> list[Settled]:
        """Decides the fates of pages, and stores those that are relevant and new, all of them with one sync.

        They are given their stories in the order of their publication, not of their arrival, so that the outlet that
        had a story first is its original.

        Returns:
            One fate for each arrival, in their order.

        Raises:
            StoreError: when the journal cannot be written; none of them is then acknowledged.
        """
        fates: list[Settled | None] = []
        candidates: dict[str, _Candidate] = {}
        for arrival in arrivals:
            page, assessment = arrival.examined.page, arrival.examined.assessment
            if page is None or assessment is None:
                fates.append(Settled("dropped", arrival.examined.reason or "no_text"))
            elif not assessment.relevant:
                fates.append(Settled("off_topic"))
            else:
                candidate = _Candidate.of(
                    arrival.fetched, page, assessment, arrival.examined.claims, arrival.first_seen
                )
                if candidate.article_id in candidates or self._index.has(candidate.article_id):
                    fates.append(Settled("duplicate"))
                else:
                    candidates[candidate.article_id] = candidate
                    fates.append(None)
        stored = iter(self._store_all(list(candidates.values())))
        return [fate or Settled("stored", article=next(stored)) for fate in fates]

    def _store_all(self, candidates: list[_Candidate]) -> list[Article]:
        # The index keeps an article only once the journal has it: one that it alone knew would be a duplicate for ever.
        with self._index.placing([candidate.document() for candidate in candidates]) as matches:
            articles = [self._article(candidate, match) for candidate, match in zip(candidates, matches, strict=True)]
            claims = [
                [
                    milestone_of(
                        claim,
                        article_id=article.article_id,
                        story_id=article.story_id,
                        source=article.source,
                        published=article.date,
                        rules_version=self._rules_version,
                    )
                    for claim in candidate.claims
                ]
                for article, candidate in zip(articles, candidates, strict=True)
            ]
            self._store.append_many(zip(articles, claims, strict=True))
        return articles

    def _article(self, candidate: _Candidate, match: Match) -> Article:
        fetched, page, assessment = candidate.fetched, candidate.page, candidate.assessment
        return Article(
            article_id=candidate.article_id,
            story_id=match.story_id,
            role=match.role,
            matched_article_id=match.matched_article_id,
            similarity=match.similarity,
            revision=match.revision,
            url=page.url,
            canonical_url=page.canonical_url,
            source=fetched.source,
            domain=registered_domain(page.url),
            title=page.title,
            summary=page.summary,
            text=page.text,
            authors=page.authors,
            language=page.language,
            date=candidate.day,
            published_at=page.date.instant,
            date_precision=page.date.precision,
            date_source=page.date.source or "first_seen",
            date_conflict=page.date.conflict,
            projects=assessment.projects,
            relevance=assessment.score,
            matched_terms=assessment.matched_terms,
            word_count=count_words(page.text),
            paywalled=page.paywalled,
            discovered_via=fetched.discovered_via,
            first_seen_at=candidate.first_seen,
            fetched_at=fetched.fetched_at,
            content_hash=candidate.content_hash,
            run_id=self._run_id,
            extractor=page.extractor,
            rules_version=self._rules_version,
        )


def milestone_of(
    claim: Claim, *, article_id: str, story_id: str, source: str, published: date, rules_version: str
) -> Milestone:
    """The row of the milestones table for a claim that stands in an article of that id, story, outlet and day."""
    claimed = claim.claimed_date.isoformat() if claim.claimed_date else ""
    return Milestone(
        claim_id=_digest(article_id, claim.project, claim.milestone, claim.status, claimed, claim.sentence),
        story_id=story_id,
        article_id=article_id,
        project=claim.project,
        milestone=claim.milestone,
        status=claim.status,
        claimed_date=claim.claimed_date,
        claimed_precision=claim.claimed_precision,
        as_written=claim.as_written,
        sentence=claim.sentence,
        source=source,
        published=published,
        confidence=claim.confidence,
        rules_version=rules_version,
    )


def _digest(*parts: str) -> str:
    """128 bits of BLAKE2b as 32 hexadecimal digits; parts are kept apart by a character that no text contains."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
