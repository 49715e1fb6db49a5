"""The one place that reads a caller's dictionaries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from pipelines.dedupe.fingerprint import number_of
from pipelines.model import Match


@dataclass(frozen=True, slots=True)
class Document:
    """A document on its way into the index.

    Attributes:
        article_id: as the caller names it.
        number: `number_of` the article id.
        title: headline, may be empty.
        text: body, may be empty.
        moment: its date as text, to put documents of one batch in order.
        day: proleptic ordinal of its date.
        address: `number_of` its match key, of its address where it has none, else of its id.
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
        moment = str(values.get("date") or "")
        try:
            day = date.fromisoformat(moment[:10]).toordinal()
        except ValueError:
            msg = f"document {article_id!r} needs a date in ISO form, not {values.get('date')!r}"
            raise ValueError(msg) from None
        address = values.get("match_key") or values.get("canonical_url") or values.get("url") or article_id
        return cls(
            article_id=article_id,
            number=number_of(article_id),
            title=str(values.get("title") or ""),
            text=str(values.get("text") or ""),
            moment=moment,
            day=day,
            address=number_of(str(address)),
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
