from dataclasses import asdict

import pandas as pd

from pipelines.analysis import completeness
from pipelines.schema import ARTICLES
from tests.pipelines.rows import article


def test_shares_of_fields_by_outlet() -> None:
    rows = [
        article(1),
        article(2, authors=(), date_precision="day", paywalled=True),
        article(3, source="gazette", summary="Short.", date_precision="none", date_conflict=True, language=""),
    ]
    found = completeness(pd.DataFrame([asdict(row) for row in rows])).set_index("source")
    assert list(found.index) == ["gazette", "tribune"]
    assert found.loc["tribune"].to_dict() == {
        "articles": 2, "authors": 0.5, "summary": 0.0, "language": 1.0, "day": 1.0, "minute": 0.5, "clear_date": 1.0, "whole": 0.5,
    }  # fmt: skip
    assert found.loc["gazette", ["summary", "language", "day", "clear_date"]].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_no_articles_give_an_empty_table_with_the_same_columns() -> None:
    empty = completeness(ARTICLES.schema.empty_table().to_pandas())
    assert empty.empty
    assert list(empty.columns)[:2] == ["source", "articles"]
