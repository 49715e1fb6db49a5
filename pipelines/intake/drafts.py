"""A relevant page as the article that it will be once it has its story."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Self

from pipelines.model import Article, Assessment, Claim, Fetched, Match, Milestone, Page
from pipelines.urls import match_key, registered_domain
from pipelines.words import count_words


@dataclass(frozen=True, slots=True)
class Draft:
    """An article without a story.

    Attributes:
        article: all that the page says. `story_id` and `run_id` are "", and the columns that speak of other articles
            (role, matched_article_id, similarity, revision) mean nothing yet.
        claims: the milestone claims found in it.
        raw: the page's raw record, see `pipelines.raw`; b"" when none is to be kept.
    """

    article: Article
    claims: tuple[Claim, ...]
    raw: bytes = b""

    @classmethod
    def of(
        cls,
        fetched: Fetched,
        page: Page,
        assessment: Assessment,
        claims: tuple[Claim, ...],
        *,
        first_seen: datetime | None = None,
        rules_version: str,
        raw: bytes = b"",
    ) -> Self:
        """The draft of a page that was found relevant.

        Args:
            fetched: where the page came from; its body is not needed.
            page: what was read from it.
            assessment: what was judged.
            claims: what it claims.
            first_seen: when its address was first fetched, None when that is now.
            rules_version: version of projects.toml and the rules that judged.
            raw: the page's raw record, if it is to be kept.
        """
        first_seen = first_seen or fetched.fetched_at
        article = Article(
            article_id=article_id_of(page),
            story_id="",
            role="original",
            matched_article_id=None,
            similarity=1.0,
            revision=0,
            url=page.url,
            canonical_url=page.canonical_url,
            source=fetched.source,
            domain=registered_domain(page.url),
            title=page.title,
            summary=page.summary,
            text=page.text,
            authors=page.authors,
            language=page.language,
            date=page.date.day or first_seen.date(),
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
            first_seen_at=first_seen,
            fetched_at=fetched.fetched_at,
            content_hash=_content_hash(page),
            run_id="",
            extractor=page.extractor,
            rules_version=rules_version,
        )
        return cls(article, claims, raw)

    @property
    def moment(self) -> datetime:
        """When it was published, as far as that is known, else when it was first seen."""
        return self.article.published_at or self.article.first_seen_at

    def document(self) -> dict[str, str]:
        """What the story index wants to know."""
        article = self.article
        return {
            "id": article.article_id,
            "title": article.title,
            "text": article.text,
            "url": article.canonical_url,
            "date": article.date.isoformat(),
            "published": self.moment.isoformat(),
            "source": article.source,
        }

    def placed(self, match: Match, run_id: str) -> tuple[Article, list[Milestone]]:
        """The rows to store, now that the story is known."""
        article = replace(
            self.article,
            story_id=match.story_id,
            role=match.role,
            matched_article_id=match.matched_article_id,
            similarity=match.similarity,
            revision=match.revision,
            run_id=run_id,
        )
        milestones = [
            milestone_of(
                claim,
                article_id=article.article_id,
                story_id=article.story_id,
                source=article.source,
                published=article.date,
                rules_version=article.rules_version,
            )
            for claim in self.claims
        ]
        return article, milestones


def article_id_of(page: Page) -> str:
    """The id of the article that a page becomes: it follows from its address, headline and text."""
    return _digest(match_key(page.canonical_url), _content_hash(page))


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


def _content_hash(page: Page) -> str:
    return _digest(page.title, page.text)


def _digest(*parts: str) -> str:
    """128 bits of BLAKE2b as 32 hexadecimal digits; parts are kept apart by a character that no text contains."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()
