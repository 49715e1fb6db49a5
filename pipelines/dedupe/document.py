"""The one place that reads a caller's dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from pipelines.dedupe.fingerprint import number_of
from pipelines.model import Match
from pipelines.urls import match_key


@dataclass(frozen=True, slots=True)
class Document:
    """A document on its way into the index.

    Attributes:
        article_id: as the caller names it.
        number: `number_of` the article id.
        title: headline, may be empty.
        text: body, may be empty.
        moment: its instant of publication, or its date, as text: puts the documents of one batch in order.
        day: proleptic ordinal of its date.
        address: `number_of` the match key of its address, or of its id where it has none.
    """

    article_id: str
    number: int
    title: str
    text: str
    moment: str
    day: int
    address: int

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Reads a document or a row of the articles table.

        Raises:
            ValueError: if it has no id or no date.
        """
        article_id = str(values.get("article_id") or values.get("id") or "")
        if not article_id:
            msg = f"a document has no id: {values.get('url') or values.get('title') or 'nor address nor title'}"
            raise ValueError(msg)
        day = str(values.get("date") or "")
        try:
            ordinal = date.fromisoformat(day[:10]).toordinal()
        except ValueError:
            msg = f"document {article_id!r} needs a date in ISO form, not {values.get('date')!r}"
            raise ValueError(msg) from None
        url = str(values.get("canonical_url") or values.get("url") or "")
        key = values.get("match_key") or match_key(url) or article_id
        return cls(
            article_id=article_id,
            number=number_of(article_id),
            title=str(values.get("title") or ""),
            text=str(values.get("text") or ""),
            moment=str(values.get("published") or day),
            day=ordinal,
            address=number_of(str(key)),
        )


def match_of(row: Mapping[str, Any]) -> Match:
    """The match that a row of the articles table records.

    Raises:
        ValueError: if it has no story id.
    """
    if not row.get("story_id"):
        msg = f"article {row.get('article_id') or row.get('id')!r} has no story_id"
        raise ValueError(msg)
    return Match(
        story_id=row["story_id"],
        role=row.get("role") or "original",
        matched_article_id=row.get("matched_article_id"),
        similarity=float(row.get("similarity") or 0.0),
        revision=int(row.get("revision") or 0),
    )
