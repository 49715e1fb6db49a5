"""The numbers of polling, each with its reason, and the ways in which a poll can fail.

Media Cloud's fetcher has polled some 180,000 news feeds for years; its constants (rss-fetcher,
`fetcher/config.py`) are kept where nothing speaks against them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

Outcome = Literal[
    "ok", "not_modified", "unchanged",
    "blocked_address", "bot_wall", "client_error", "connection", "dns", "empty", "forbidden", "gone", "http_error",
    "not_a_feed", "not_found", "not_http", "rate_limited", "redirect", "refused", "robots", "robots_unreachable",
    "server_error", "timeout", "tls", "too_large",
]  # fmt: skip
"""What became of a poll: read anew, 304, the same bytes as before; or one of `FAILURES`."""

HARD, SOFT, TEMPORARY = 1.0, 0.5, 0.25
"""Weights of Media Cloud: a hard error needs a person, a soft one often passes, a temporary one is likely the
line."""

FAILURES: Mapping[Outcome, float] = {
    "blocked_address": HARD,  # the name leads to a private address
    "bot_wall": HARD,  # a page that asks for proof of being human, whatever its status
    "client_error": HARD,  # any other 4xx
    "connection": SOFT,  # reset, or cut off before the end
    "dns": TEMPORARY,
    "empty": SOFT,  # 2xx without a byte
    "forbidden": HARD,  # 401, 403
    "gone": HARD,  # 410
    "http_error": SOFT,  # a 2xx that is no answer: 202 "accepted", 204 without content, 206 for a part of it
    "not_a_feed": HARD,  # a page, or anything else
    "not_found": SOFT,  # 404: outlets lose a feed for an afternoon while they publish
    "not_http": SOFT,  # a status line, a name or a length that HTTP does not allow, a body of another coding
    "rate_limited": SOFT,  # 429
    "redirect": HARD,  # a loop, too many, or to something that is no web address
    "refused": SOFT,
    "robots": HARD,  # disallowed
    "robots_unreachable": TEMPORARY,  # RFC 9309: nothing is allowed until robots.txt answers
    "server_error": SOFT,  # 5xx
    "timeout": TEMPORARY,
    "tls": SOFT,  # certificates are mostly renewed a day late
    "too_large": HARD,  # or it would take too long to read
}
"""Every way to fail, with its weight."""

FIRST_INTERVAL = timedelta(hours=1)
"""For a feed whose rhythm is unknown. Media Cloud begins at 6 h; general feeds of this field roll over in
about that."""
MIN_INTERVAL = timedelta(minutes=10)
"""Media Cloud's, and as often as a polite guest looks."""
MAX_INTERVAL = timedelta(hours=6)
"""Media Cloud lets 180,000 feeds rest for 24 h. For some hundred, four conditional requests a day cost
nothing, and news of the morning is there in the afternoon."""
LENGTHEN, LENGTHEN_QUIET, SHORTEN = timedelta(minutes=10), timedelta(hours=1), timedelta(hours=1)
"""Media Cloud's steps: slowly to rest, six times faster for a feed without news for `QUIET_AFTER`, at once to
work."""
QUIET_AFTER = timedelta(days=31)
MOSTLY_KNOWN, MOSTLY_NEW = 0.67, 0.33
"""Shares of known entries above which an interval grows and below which it shrinks (Media Cloud)."""
BACK_OFF = timedelta(hours=6)
"""Wait for each whole failure in a row, so linear: a hard error waits 6 h, then 12 h; a lost packet 1.5 h.
Doubling was left aside, since it turns a bad weekend into a month of silence."""
MAX_BACK_OFF = timedelta(days=7)
"""A feed of this field lists a week or more: a source that returns is found before its news has left the
list."""
GONE_INTERVAL = timedelta(days=30)
"""410 says gone for good; a look a month costs twelve requests a year and has found feeds that came back."""
DEAD_AFTER = timedelta(days=180)
"""Time without anything new after which a sitemap that an index names is dead: outlets that rotate their sitemaps
leave the old ones in the index for ever. Common Crawl's news crawler draws the line there too."""
FULL_GET_EVERY = 24
"""304s in a row after which one poll asks without validators: some servers answer 304 for ever. 24 keep 96 %
of quiet polls free, and find the fault within a day at hourly polls and six days at the slowest."""
CLOCK_SLACK = timedelta(hours=1)
"""How far ahead of today's clock an earlier visit may lie and be believed. A machine that starts without a battery, or
takes local time for UTC, is hours or years off; what it wrote must not silence a source until then."""
ON_TIME = 1.5
"""A poll later than this many intervals found more that is new than its interval explains, so it shortens
nothing."""
