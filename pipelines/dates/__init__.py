"""When was an article published? All evidence collected, one decision, with its precision and origin."""

from pipelines.dates.dates import Statement, day_in_url, decide

__all__ = ["Statement", "day_in_url", "decide"]
