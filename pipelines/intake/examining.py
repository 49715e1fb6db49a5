"""What is in a page? The pure and heavy step."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipelines.milestones import ClaimFinder
from pipelines.model import Assessment, Claim, Fetched, Page
from pipelines.pages import UNSTATED, read_page, spoken_language
from pipelines.topic import Judge


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


def examine(
    fetched: Fetched, *, judge: Judge, finder: ClaimFinder, timezone: str, now: datetime, search_date: bool = False
) -> Examined:
    """Reads, judges and searches one page. Pure and CPU-heavy: tens of milliseconds for a usual page.

    Args:
        fetched: the answered page.
        judge: knows the projects and the vocabulary.
        finder: finds milestone claims.
        timezone: IANA zone of the outlet, for dates printed without one.
        now: instant after which a date of publication is not believed.
        search_date: whether a page that is not relevant is searched for a date, too.
    """
    listed_in_sitemap = fetched.discovered_via in {"news_sitemap", "sitemap"}
    read = partial(
        read_page,
        fetched.body,
        fetched.url,
        charset=fetched.charset,
        listed=fetched.listed,
        listed_source="sitemap" if listed_in_sitemap else "feed",
        timezone=timezone,
        now=now,
    )
    page = read(search_date=search_date)
    if page is None or not page.text:
        return Examined(reason="no_text")
    language = spoken_language(page.text, page.language)
    assessment = judge.assess(title=page.title, text=page.text, language=language, url=page.url)
    claims: tuple[Claim, ...] = ()
    if assessment.relevant:
        if page.date.source in UNSTATED and not search_date:
            # Most pages that get here are not kept, and need no date: for its first search htmldate loads the months of
            # two hundred languages, which takes a second.
            page = read() or page
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
