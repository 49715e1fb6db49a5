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
