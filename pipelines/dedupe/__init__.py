"""Which articles are the same story, and who copied whom."""

from pipelines.dedupe.batch import cluster_documents
from pipelines.dedupe.index import StoryIndex

__all__ = ["StoryIndex", "cluster_documents"]
