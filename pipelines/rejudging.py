"""Stored articles judged again, when the rules have changed.

Pages need not be kept for that (those that are: `pipelines.reextracting`), since what was read from them is: the topic
is assessed on the stored title, text and language, and claims are looked for in the same text, so the answers are those
that the crawl would give today. Nothing is deleted: an article that is no longer on topic stays in the articles with
its new relevance and no projects, and the story of such articles alone leaves the stories table until the rules take it
back. Ids never change.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.catalogue.projects import Projects
from pipelines.intake import milestone_of
from pipelines.milestones import ClaimFinder
from pipelines.model import Milestone
from pipelines.pages import spoken_language
from pipelines.schema import ARTICLES, MILESTONES
from pipelines.store import Store
from pipelines.topic import Judge

_COLUMNS = (
    "article_id",
    "story_id",
    "source",
    "canonical_url",
    "title",
    "text",
    "language",
    "date",
    "projects",
    "relevance",
    "matched_terms",
)

_SAME = 1e-6
"""Relevances closer than this are one: they are stored with 24 bits."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What of a stored article is judged; the attributes are columns of the articles table."""

    article_id: str
    story_id: str
    source: str
    canonical_url: str
    title: str
    text: str
    language: str
    date: date
    projects: tuple[str, ...]
    relevance: float
    matched_terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What today's rules say of one article.

    Attributes:
        verdict: its `projects`, `relevance`, `matched_terms` and `rules_version`; None when it was not assessed.
        claims: what it claims; None when claims were not looked for.
    """

    verdict: dict[str, Any] | None
    claims: tuple[Milestone, ...] | None


class Rejudge:
    """Judges stored articles, one after the other. Pure and CPU-heavy: milliseconds for a usual article.

    Args:
        projects: the rules.
        topic: whether to assess.
        milestones: whether to look for claims; about the projects just found, or about the stored ones without `topic`.
    """

    def __init__(self, projects: Projects, *, topic: bool, milestones: bool) -> None:
        self._judge = Judge(projects) if topic else None
        self._finder = ClaimFinder(projects) if milestones else None
        self._version = projects.version

    def __call__(self, article: StoredArticle) -> Judgement:
        """The judgement; never raises on any text."""
        verdict, projects = None, article.projects
        if self._judge is not None:
            language = spoken_language(article.text, article.language)
            found = self._judge.assess(
                title=article.title, text=article.text, language=language, url=article.canonical_url
            )
            projects = found.projects
            verdict = {
                "projects": list(found.projects),
                "relevance": found.score,
                "matched_terms": list(found.matched_terms),
                "rules_version": self._version,
            }
        return Judgement(verdict, None if self._finder is None else self._claims(self._finder, article, projects))

    def _claims(self, finder: ClaimFinder, article: StoredArticle, projects: Sequence[str]) -> tuple[Milestone, ...]:
        found = finder.find(
            title=article.title,
            text=article.text,
            published=article.date,
            language=article.language,
            projects=projects,
        )
        return tuple(
            milestone_of(
                claim,
                article_id=article.article_id,
                story_id=article.story_id,
                source=article.source,
                published=article.date,
                rules_version=self._version,
            )
            for claim in found
        )


JudgeAll = Callable[[Sequence[StoredArticle]], Iterable[Judgement]]
"""Gives one judgement for each article, in their order; the caller decides in how many processes."""


@dataclass(frozen=True, slots=True)
class Turned:
    """An article that changed sides."""

    article_id: str
    story_id: str
    date: date
    source: str
    url: str
    title: str
    relevance: float


@dataclass(slots=True)
class Rejudged:
    """What came out.

    Attributes:
        articles: judged.
        changed: of these, with other projects, relevance or terms than stored.
        off_topic: on topic by the stored verdict, off topic by today's.
        on_topic: the other way round.
        claims: found.
        claims_new: of these, not stored before.
        claims_gone: stored, and not found any more.
        stories: ids of the stories with an article whose verdict changed.
    """

    articles: int = 0
    changed: int = 0
    off_topic: list[Turned] = field(default_factory=list)
    on_topic: list[Turned] = field(default_factory=list)
    claims: int = 0
    claims_new: int = 0
    claims_gone: int = 0
    stories: set[str] = field(default_factory=set)


def rejudge(
    store: Store,
    judge_all: JudgeAll,
    *,
    without: Collection[str] = (),
    dry_run: bool = False,
    on_month: Callable[[str, int, int], None] | None = None,
) -> Rejudged:
    """Judges every stored article again and replaces verdicts and claims, month by month.

    May be cut short and repeated: months that are done come out the same and are not written again. Needs memory for
    the articles of one month. The stories are to be derived afterwards (`pipelines.store.rebuild_stories`).

    Args:
        store: to be read and changed.
        judge_all: judges.
        without: ids of articles that are passed over.
        dry_run: change nothing.
        on_month: told the month that begins, how many are done, and how many there are.

    Raises:
        StoreError: as `Store.fold` does.
    """
    report = Rejudged()
    with store.lock():
        if not dry_run:
            store.heal()
        months = store.months.stems(ARTICLES)
        for done, month in enumerate(months):
            if on_month is not None:
                on_month(month, done, len(months))
            rows = store.months.read(ARTICLES, month, _COLUMNS).to_pylist()
            articles = [_article(row) for row in rows if row["article_id"] not in without]
            judged = list(zip(articles, judge_all(articles), strict=True))
            verdicts = {a.article_id: j.verdict for a, j in judged if j.verdict is not None}
            claims = {a.article_id: j.claims for a, j in judged if j.claims is not None}
            for article in articles:
                _note(report, article, verdicts.get(article.article_id))
            _note_claims(report, store, month, claims)
            if verdicts and not dry_run:
                store.replace_verdicts(month, verdicts)
            if claims and not dry_run:
                store.replace_claims(month, claims, (claim for found in claims.values() for claim in found))
    return report


def _article(row: Mapping[str, Any]) -> StoredArticle:
    lists = {name: tuple(row[name]) for name in ("projects", "matched_terms")}
    return StoredArticle(**{**row, **lists})


def _note(report: Rejudged, article: StoredArticle, verdict: Mapping[str, Any] | None) -> None:
    report.articles += 1
    if verdict is None:
        return
    same_words = (tuple(verdict["projects"]), tuple(verdict["matched_terms"])) == (
        article.projects,
        article.matched_terms,
    )
    if same_words and abs(verdict["relevance"] - article.relevance) < _SAME:
        return
    report.changed += 1
    report.stories.add(article.story_id)
    if bool(verdict["projects"]) != bool(article.projects):
        turned = Turned(
            article.article_id,
            article.story_id,
            article.date,
            article.source,
            article.canonical_url,
            article.title,
            verdict["relevance"],
        )
        (report.on_topic if verdict["projects"] else report.off_topic).append(turned)


def _note_claims(report: Rejudged, store: Store, month: str, claims: Mapping[str, Sequence[Milestone]]) -> None:
    now = {claim.claim_id for found in claims.values() for claim in found}
    before = {claim_id for claim_id, article_id in _ids(store, month) if article_id in claims}
    report.claims += len(now)
    report.claims_new += len(now - before)
    report.claims_gone += len(before - now)


def _ids(store: Store, month: str) -> Iterator[tuple[str, str]]:
    stored = store.months.read(MILESTONES, month, ["claim_id", "article_id"])
    return zip(*(column.to_pylist() for column in stored.columns), strict=True)
