"""What an article claims happened, or will happen, to a film project, and when."""

from pipelines.milestones.finder import ClaimFinder, find_claims

__all__ = ["ClaimFinder", "find_claims"]
