"""Feeds as outlets write them: RSS, Atom, RDF, CDF and JSON Feed, read with all their faults."""

from pipelines.feeds.reader import ENTRIES_LIMIT, parse_feed

__all__ = ["ENTRIES_LIMIT", "parse_feed"]
