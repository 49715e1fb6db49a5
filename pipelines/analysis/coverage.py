"""Who wrote about what, and when; and who copied whom."""

import pandas as pd


def coverage(stories: pd.DataFrame, period: str = "Y") -> pd.DataFrame:
    """Stories by project and period.

    Args:
        stories: as `load_stories` gives them; needs the columns projects, date, articles and sources.
        period: a pandas period alias: "Y", "Q", "M", "W" or "D".

    Returns:
        One row per project and period that has stories, with the columns project, period, stories, articles (with their
        copies) and sources (most outlets that carried one story). A story about two projects counts for both.
    """
    exploded = stories.explode("projects").dropna(subset=["projects"])
    table = pd.DataFrame(
        {
            "project": exploded["projects"].astype(str),
            "period": pd.to_datetime(exploded["date"]).dt.to_period(period).astype(str),
            "articles": exploded["articles"],
            "sources": exploded["sources"],
        }
    )
    grouped = table.groupby(["project", "period"], sort=True)
    return grouped.agg(
        stories=("articles", "size"), articles=("articles", "sum"), sources=("sources", "max")
    ).reset_index()


def syndication(articles: pd.DataFrame, story_id: str) -> pd.DataFrame:
    """How one story travelled: its articles in the order in which they appeared.

    Args:
        articles: as `load_articles` gives them.
        story_id: the story.

    Returns:
        Columns published_at, hours_after (after the first, in hours), source, language, role, revision, similarity and
        title.
    """
    chain = articles[articles["story_id"] == story_id].copy()
    chain["published_at"] = chain["published_at"].fillna(chain["first_seen_at"])
    chain = chain.sort_values(["published_at", "revision"], ignore_index=True)
    if len(chain):
        chain["hours_after"] = (chain["published_at"] - chain["published_at"].iloc[0]).dt.total_seconds() / 3600
    else:
        chain["hours_after"] = pd.Series(dtype="float64")
    return chain[["published_at", "hours_after", "source", "language", "role", "revision", "similarity", "title"]]
