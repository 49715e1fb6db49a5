"""Fixtures for every test of the crawler."""

from tests.crawler.loopback import data, orbitwatch, web

__all__ = ["data", "orbitwatch", "web"]
