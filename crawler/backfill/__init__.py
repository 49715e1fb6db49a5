"""Bringing the past in: runs over lists of it, and tasks over WARC files."""
