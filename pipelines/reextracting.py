"""Stored articles read again from their raw records, when the rules that read pages have changed.

A page is examined as on the day it was fetched, but by today's rules, and what they read takes the place of what was
stored. What says where the article came from, and which story it belongs to, stays. An article whose page cannot be
read any more keeps what it has.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.intake import Draft, Examined, milestone_of
from pipelines.model import Fetched, Milestone
from pipelines.raw import Archive, RawPlace
from pipelines.schema import ARTICLES, MILESTONES
from pipelines.store import Store
from pipelines.store.rows import Row, row_of, to_rows, to_table

READ = (
    "canonical_url",
    "title",
    "summary",
    "text",
    "authors",
    "language",
    "date",
    "published_at",
    "date_precision",
    "date_source",
    "date_conflict",
    "projects",
    "relevance",
    "matched_terms",
    "word_count",
    "paywalled",
    "content_hash",
    "extractor",
    "rules_version",
)
"""The columns of an article that were read on its page, or follow from what was read."""

BATCH = 1000
"""Articles that are changed at once: what a killed rebuild reads again at most. Each batch rewrites its month."""


@dataclass(frozen=True, slots=True)
class Reread:
    """A page that was read again.

    Attributes:
        fetched: where it came from; its body is not needed any more.
        examined: what is found in it today.
    """

    fetched: Fetched
    examined: Examined


RereadAll = Callable[[Sequence[RawPlace]], Iterable[Reread | None]]
"""Reads and examines the page at each place, in their order; None where that cannot be done. The caller decides in how
many processes."""


@dataclass(slots=True)
class Reextracted:
    """What came out.

    Attributes:
        read: ids of the articles that were read again.
        changed: of these, those of which a column or a claim is different.
        moved: of these, those that belong to another month now.
        unreadable: articles with a raw record whose page gives no text by today's rules, or cannot be examined.
        stories: ids of the stories with an article that changed.
    """

    read: set[str] = field(default_factory=set)
    changed: int = 0
    moved: int = 0
    unreadable: int = 0
    stories: set[str] = field(default_factory=set)


def reextract(
    store: Store,
    archive: Archive,
    reread_all: RereadAll,
    *,
    rules_version: str,
    dry_run: bool = False,
    on_month: Callable[[str, int, int], None] | None = None,
) -> Reextracted:
    """Reads every stored article again that has a raw record, month by month.

    May be cut short and repeated: articles that are done come out the same and are not written again. Needs memory for
    the articles of one month. Stories are derived for what changed; the index of known texts is not: it is to be made
    anew, and to be deleted before this begins, so that no crawl takes an older one for true.

    Args:
        store: to be read and changed; what was journalled has been folded.
        archive: where the records are.
        reread_all: reads and examines.
        rules_version: version of projects.toml and the rules that `reread_all` judges by.
        dry_run: change nothing.
        on_month: told the month that begins, how many are done, and how many there are.

    Raises:
        StoreError: as `Store.fold` does.
    """
    report = Reextracted()
    met: set[str] = set()  # an article that moves to a later month is not read there again
    with store.lock():
        months = store.months.stems(ARTICLES)
        for done, month in enumerate(months):
            if on_month is not None:
                on_month(month, done, len(months))
            stored = to_rows(store.months.read(ARTICLES, month))
            rows = [row for row in stored if row["article_id"] in archive.places and row["article_id"] not in met]
            met.update(row["article_id"] for row in rows)
            claims = _claims(store, month)
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                changed = _reread(batch, claims, archive, reread_all, rules_version, report)
                if changed and not dry_run:
                    store.amend(changed)
    return report


def _reread(
    rows: Sequence[Row],
    claims: Mapping[str, list[Row]],
    archive: Archive,
    reread_all: RereadAll,
    rules_version: str,
    report: Reextracted,
) -> list[tuple[Row, list[Milestone]]]:
    """The articles of a batch that come out differently, with their claims."""
    changed = []
    places = [archive.places[row["article_id"]] for row in rows]
    for before, reread in zip(rows, reread_all(places), strict=True):
        article_id = before["article_id"]
        found = None if reread is None else _amended(before, reread, rules_version)
        if found is None:
            report.unreadable += 1
            continue
        after, told = found
        report.read.add(article_id)
        if after == before and _by_id(map(row_of, told)) == _by_id(claims.get(article_id, [])):
            continue
        changed.append((after, told))
        report.changed += 1
        report.moved += after["date"].timetuple()[:2] != before["date"].timetuple()[:2]
        report.stories.add(before["story_id"])
    return changed


def _amended(before: Row, reread: Reread, rules_version: str) -> tuple[Row, list[Milestone]] | None:
    """The row as it is to be, with its claims; None when there was nothing to read."""
    page, assessment = reread.examined.page, reread.examined.assessment
    if page is None or assessment is None:
        return None
    draft = Draft.of(
        reread.fetched,
        page,
        assessment,
        reread.examined.claims,
        first_seen=before["first_seen_at"],
        rules_version=rules_version,
    )
    said = row_of(draft.article)
    # Through the schema and back, so that numbers have the precision of stored ones.
    after = to_rows(to_table(ARTICLES, [before | {name: said[name] for name in READ}]))[0]
    claims = [
        milestone_of(
            claim,
            article_id=before["article_id"],
            story_id=before["story_id"],
            source=before["source"],
            published=after["date"],
            rules_version=rules_version,
        )
        for claim in draft.claims
    ]
    return after, claims


def _claims(store: Store, month: str) -> dict[str, list[Row]]:
    """The stored claims of a month by their article."""
    found: dict[str, list[Row]] = {}
    for row in to_rows(store.months.read(MILESTONES, month)):
        found.setdefault(row["article_id"], []).append(row)
    return found


def _by_id(claims: Iterable[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for claim in to_rows(to_table(MILESTONES, claims)):
        found.setdefault(claim["claim_id"], claim)
    return found
