"""Drafts made for the tests, and the outputs that hold them."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipelines.backfill.warc_output import OutputWriter
from pipelines.backfill.warc_tally import WarcTally
from pipelines.intake import Draft
from pipelines.model import Claim
from tests.pipelines.rows import article

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
START = datetime(2021, 10, 5, 12, tzinfo=UTC)


def draft(number: int, *, hours: float | None = None, text: str = "", source: str = "tribune", **said: Any) -> Draft:
    """The draft of an article of its own, published so many hours after the start of the story, by number if not said."""
    instant = START + timedelta(hours=number if hours is None else hours)
    name = f"{source}/{number}"
    usual: dict[str, Any] = {
        "article_id": blake2b(f"{name} {text}".encode(), digest_size=16).hexdigest(),
        "story_id": "",
        "run_id": "",
        "source": source,
        "url": f"https://{source}.example/{number}",
        "canonical_url": f"https://{source}.example/{number}",
        "title": f"Report {number} of {source} from orbit",
        "text": text or own_text(name),
        "published_at": instant,
        "date": instant.date(),
        "first_seen_at": instant + timedelta(hours=1),
        "fetched_at": instant + timedelta(hours=1),
        "discovered_via": "ccnews",
    }
    claim = Claim("challenge", "launch", "happened", instant.date(), "day", "Tuesday", f"Report {number}: they left.")
    return Draft(article(number, **{**usual, **said}), (claim,))


def own_text(name: str) -> str:
    """A text that no other name has: twelve sentences of made-up words without figures."""
    digests = [blake2b(f"{name} {number}".encode(), digest_size=4).hexdigest() for number in range(96)]
    words = [digest.translate(_LETTERS) for digest in digests]
    return " ".join(f"{' '.join(words[at : at + 8])}." for at in range(0, 96, 8))


def output_of(path: Path, *drafts: Draft, tally: WarcTally | None = None) -> Path:
    """Writes an output with these drafts; its counts are theirs and those given."""
    writer, counts = OutputWriter(), tally or WarcTally()
    for one in drafts:
        counts.of(one.article.source).pages += 1
        counts.records += 1
        counts.passed += 1
        writer.add(one)
    path.write_bytes(writer.finish(counts))
    return path
