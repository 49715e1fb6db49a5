"""For people who live in pandas: the tables as DataFrames, and the questions that everyone asks of them.

Reads what is stored and knows nothing of the writers. Importing it imports pandas, so the crawl never does.
"""

from pipelines.analysis.coverage import coverage, syndication
from pipelines.analysis.load import load_articles, load_milestones, load_runs, load_stories
from pipelines.analysis.race import claims, known_milestones

__all__ = [
    "claims",
    "coverage",
    "known_milestones",
    "load_articles",
    "load_milestones",
    "load_runs",
    "load_stories",
    "syndication",
]
