"""From the records of a WARC file to the few pages that are worth extraction.

Headers decide first: what is no page asked for is passed over without its body. The bodies of the others go through the
gate at the speed of reading, so that nothing here works harder than it must.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from fastwarc.warc import WarcHeader, WarcRecord, WarcRecordType

from pipelines.backfill.warc_bodies import BodyError, plain_body
from pipelines.backfill.warc_records import LONGEST_HEADER, Tape, records
from pipelines.backfill.warc_tally import WarcTally
from pipelines.backfill.window import Window
from pipelines.catalogue.outlets import Outlet, Outlets
from pipelines.interstitials import interstitial
from pipelines.model import Fetched
from pipelines.topic import Judge
from pipelines.urls import fetch_url

BODY_LIMIT = 8 * 2**20
"""Bytes of a page, as in the crawl; of 763 real pages the largest has 3.4 MB, and CC-NEWS cuts at 1 MiB."""

_RESPONSE = int(WarcRecordType.response)
_TYPES = {
    int(kind): name
    for name, kind in vars(WarcRecordType).items()
    if isinstance(kind, WarcRecordType) and name not in {"any_type", "no_type"}
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which pages are asked for.

    Attributes:
        outlets: finds whose page it is.
        window: days of capture, by the archive's clock; None for all. Outlets are captured within hours.
        sources: ids of the sources that are asked for; empty for every outlet there is.
    """

    outlets: Outlets
    window: Window | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passed:
    """A page that went through the gate, and the zone of its outlet."""

    fetched: Fetched
    timezone: str


def passed_pages(tape: Tape, wanted: Wanted, judge: Judge, tally: WarcTally) -> Iterator[Passed]:
    """The pages that could be relevant, in the file's order.

    Args:
        tape: the file.
        wanted: what to look at.
        judge: its gate.
        tally: gets one count for each record, but for the fates of the pages given.

    Raises:
        NoWarcError: at the end, for a file without a record.
    """
    for record in records(tape, tally):
        kind = int(record.record_type)
        if kind != _RESPONSE:
            tally.skipped[_TYPES.get(kind, "unknown")] += 1
            continue
        found = _page(record, wanted)
        if isinstance(found, str):
            tally.skipped[found] += 1
            continue
        page = _passed(record, *found, judge, tally)
        if page is not None:
            yield page


def _page(record: WarcRecord, wanted: Wanted) -> tuple[Outlet, str, datetime] | str:
    """Whose page a response is, its address and its instant; or why it is none that is asked for."""
    headers = record.headers
    url = (headers.get(WarcHeader.WARC_TARGET_URI) or "").strip("<> ")  # WARC 1.0 had brackets around it
    if not url:
        return "no_address"
    outlet = wanted.outlets.of(url)
    if outlet is None:
        return "not_http"
    if wanted.sources and outlet.source not in wanted.sources:
        return "other_source"
    try:
        instant = _instant(headers.get(WarcHeader.WARC_DATE) or "")
    except ValueError:
        return "bad_date"
    if wanted.window is not None and not wanted.window.may_hold(instant):
        return "other_day"
    if record.content_length > BODY_LIMIT + LONGEST_HEADER:
        return "too_large"
    return (outlet, url, instant) if not (reason := _no_page(record)) else reason


def _no_page(record: WarcRecord) -> str:
    """Why what was answered is no page, by its HTTP headers; "" when it is one."""
    try:
        record.parse_http(auto_decode="none", max_header_len=LONGEST_HEADER)
        answer = record.http_headers
        status = answer.status_code if answer is not None else None
    except OSError:
        return "not_http"
    if status is None:
        return "not_http"
    if status != 200:
        return "status"
    media_type = record.http_content_type
    # Where the server says nothing, the body does.
    return "" if not media_type or "html" in media_type.lower() else "not_html"


def _passed(
    record: WarcRecord, outlet: Outlet, url: str, instant: datetime, judge: Judge, tally: WarcTally
) -> Passed | None:
    """A page when it passes the gate; the fate of every other one is counted.

    A body is let go of on return: memory that the next can have at once saves 3 % of reading.
    """
    counts = tally.of(outlet.source)
    counts.pages += 1
    try:
        body = _body(record)
    except BodyError as error:
        counts.drop(str(error))
        return None
    tally.page_bytes += len(body)
    tally.truncated += record.headers.get_bytes(WarcHeader.WARC_TRUNCATED) is not None
    charset = record.http_charset or ""
    if not body or body.isspace():
        counts.drop("empty")
    elif not judge.may_be_relevant(body, charset=charset):
        counts.off_topic += 1
    elif reason := _refusal(record, url, body, charset):
        counts.drop(reason)
    else:
        tally.passed += 1
        address = fetch_url(url)
        fetched = Fetched(outlet.source, address, address, body, charset, instant, "ccnews")
        return Passed(fetched, outlet.timezone)
    return None


def _body(record: WarcRecord) -> bytes:
    """The bytes of the page.

    Raises:
        BodyError: also "cut", when the file ends before the page does, and "damaged".
    """
    length = record.content_length
    try:
        body = record.reader.read(BODY_LIMIT + 1)
    except OSError:
        raise BodyError("damaged") from None
    if len(body) > BODY_LIMIT:
        raise BodyError("too_large")
    if len(body) < length:
        raise BodyError("cut")
    if body.startswith(b"<"):
        return body  # plain, whatever the headers say: most are, and looking into headers takes longest of all here
    headers = record.http_headers
    transfer, content = headers.get("transfer-encoding"), headers.get("content-encoding")
    if transfer or content:
        return plain_body(body, transfer=transfer or "", content=content or "", limit=BODY_LIMIT)
    return body


def _refusal(record: WarcRecord, url: str, body: bytes, charset: str) -> str:
    """Why a page that passed the gate is no article; "" when it may be one."""
    try:
        fetch_url(url)
    except ValueError:
        return "bad_url"
    if not record.http_content_type and body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<":
        return "not_html"
    headers = {name.lower(): value for name, value in record.http_headers.to_tuples()}
    return interstitial(body, url=url, headers=headers, charset=charset)


def _instant(written: str) -> datetime:
    """The instant of a WARC-Date, "2021-10-05T08:55:00Z", with or without a fraction.

    Raises:
        ValueError: if it is none, or has no zone.
    """
    instant = datetime.fromisoformat(written.strip())
    if instant.tzinfo is None:
        raise ValueError(f"{written[:40]!r} has no zone")
    return instant.astimezone(UTC)
