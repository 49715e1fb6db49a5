"""How complete are the articles of each outlet? A field that was there and is missing now means a changed page."""

import pandas as pd


def completeness(articles: pd.DataFrame) -> pd.DataFrame:
    """The share of articles that have each field, by outlet.

    Args:
        articles: as `load_articles` gives them; needs the columns source, authors, summary, date_precision,
            date_conflict, language and paywalled.

    Returns:
        One row per outlet, sorted by name, with the column articles (their number) and, as shares from 0 to 1: authors,
        summary, language, day (a date of its own), minute (a time of its own), clear_date (no conflicting evidence) and
        whole (not behind a paywall).
    """
    table = pd.DataFrame(
        {
            "source": articles["source"],
            "authors": articles["authors"].map(len) > 0,
            "summary": articles["summary"] != "",
            "language": articles["language"] != "",
            "day": articles["date_precision"] != "none",
            "minute": articles["date_precision"] == "minute",
            "clear_date": ~articles["date_conflict"].astype(bool),
            "whole": ~articles["paywalled"].astype(bool),
        }
    )
    grouped = table.groupby("source", sort=True)
    shares = grouped.mean().astype("float64")
    shares.insert(0, "articles", grouped.size())
    return shares.reset_index()
