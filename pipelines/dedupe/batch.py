"""Clusters documents that are all at hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.dedupe.index import StoryIndex
from pipelines.dedupe.storage import MEMORY


def cluster_documents(docs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Story ids for a list of documents.

    There is one way to place an article: this is `StoryIndex.add` with an index that is kept in memory.

    Args:
        docs: as in `StoryIndex.place`.

    Returns:
        One story id for each document, in their order.

    Raises:
        ValueError: if a document has no id or no date.
    """
    with StoryIndex(MEMORY) as index:
        return index.add(docs)
