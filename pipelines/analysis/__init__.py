"""For people who live in pandas: the tables as DataFrames, and the questions that everyone asks of them.

Reads what is stored and knows nothing of the writers. Importing it imports pandas, so the crawl never does. The report
in HTML (`pipelines.analysis.report`) is apart, since it needs the extra of that name.
"""

from pipelines.analysis.accuracy import check_claims, outlet_accuracy
from pipelines.analysis.completeness import completeness
from pipelines.analysis.coverage import coverage, syndication
from pipelines.analysis.digest import Digest, build_digest
from pipelines.analysis.drift import plan_moves, planned_dates
from pipelines.analysis.firsts import first_reports, milestone_reports
from pipelines.analysis.health import source_health
from pipelines.analysis.load import load_articles, load_events, load_milestones, load_runs, load_stories
from pipelines.analysis.race import claims, known_milestones
from pipelines.analysis.revisions import revisions
from pipelines.analysis.share import coverage_rate, share_of_voice
from pipelines.analysis.standing import standings

__all__ = [
    "Digest",
    "build_digest",
    "check_claims",
    "claims",
    "completeness",
    "coverage",
    "coverage_rate",
    "first_reports",
    "known_milestones",
    "load_articles",
    "load_events",
    "load_milestones",
    "load_runs",
    "load_stories",
    "milestone_reports",
    "outlet_accuracy",
    "plan_moves",
    "planned_dates",
    "revisions",
    "share_of_voice",
    "source_health",
    "standings",
    "syndication",
]
