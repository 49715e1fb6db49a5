"""Stored articles judged again: their verdicts and their claims change, and nothing else of them.

Pure: a month of a table as it is, the same month as it is to be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa

from pipelines.schema import ARTICLES, MILESTONES
from pipelines.store.errors import RowRefused
from pipelines.store.fold import without
from pipelines.store.months import stem_of
from pipelines.store.rows import Row, to_rows, to_table

VERDICT = ("projects", "relevance", "matched_terms", "rules_version")
"""The columns of an article that the rules decided. All others say what was read, and when."""

_VERDICTS = replace(ARTICLES, columns=tuple(column for column in ARTICLES.columns if column.name in VERDICT))


def with_verdicts(month: pa.Table, verdicts: Mapping[str, Row]) -> pa.Table:
    """A month of articles with new verdicts (by article id) for some of them.

    Raises:
        RowRefused: if a verdict lacks a column of `VERDICT` or has another.
    """
    ids = month.column("article_id").to_pylist()
    stored = to_rows(month.select(VERDICT))
    judged = to_table(_VERDICTS, [verdicts.get(id_, row) for id_, row in zip(ids, stored, strict=True)])
    for name in VERDICT:
        place = month.schema.get_field_index(name)
        month = month.set_column(place, month.schema.field(place), judged.column(name))
    return month


def with_claims(month: pa.Table, stem: str, article_ids: Iterable[str], claims: Iterable[Row]) -> pa.Table:
    """A month of claims with these in the place of those of some articles; of several with one id the first counts.

    Raises:
        RowRefused: if a claim belongs to another month, or the schema does not allow it.
    """
    found: dict[str, Row] = {}
    for claim in claims:
        if stem_of(MILESTONES, claim["published"]) != stem:
            raise RowRefused(f"a claim published on {claim['published']} does not belong to {stem}")
        found.setdefault(claim["claim_id"], claim)
    kept = without(month, "article_id", article_ids)
    after = pa.concat_tables([kept, to_table(MILESTONES, found.values())])
    return after.sort_by([(name, "ascending") for name in MILESTONES.sorted_by])
