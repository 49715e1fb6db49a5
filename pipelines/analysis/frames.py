"""Small things that every question does with a DataFrame."""

from collections.abc import Iterable
from typing import Any

import pandas as pd


def where(frame: pd.DataFrame, wanted: Iterable[bool]) -> pd.DataFrame:
    """The rows for which `wanted` is true; keeps the columns of an empty frame, which `frame[[]]` would lose."""
    return frame[pd.Series(list(wanted), index=frame.index, dtype=bool)]


def rows(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows as named tuples. What a column holds is known from the documents only, hence Any."""
    return frame.itertuples(index=False)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts, for templates and JSON; what is missing is None."""
    plain: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[assignment]
    return plain


def in_order(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims in the order in which their articles were published.

    The day alone does not tell who was first, and most news is told by several outlets on one day. What is equal to
    the microsecond goes by the outlet's name, so that the order is the same wherever the articles were read.

    Args:
        claims: with the columns published_at, source and claim_id.

    Raises:
        ValueError: without published_at, which is no column of the stored table.
    """
    if "published_at" not in claims:
        msg = "these claims have no column published_at: read them with load_milestones, which adds it"
        raise ValueError(msg)
    return claims.sort_values(["published_at", "source", "claim_id"], kind="stable")
