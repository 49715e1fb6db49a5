"""Fixtures for every test of the crawler."""

from tests.crawler.buckets import bucket
from tests.crawler.loopback import data, orbitwatch, web
from tests.crawler.playing import demo
from tests.crawler.receivers import mailbox, receiver

__all__ = ["bucket", "data", "demo", "mailbox", "orbitwatch", "receiver", "web"]
