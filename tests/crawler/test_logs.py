"""What reaches a log: one line an event, no secrets."""

import io
import logging

import pytest

from crawler.logs import hush, mended_record, redact


@pytest.mark.parametrize(
    ("written", "logged"),
    [
        ("https://tribune.example/feed?api_key=s3cret&page=2", "https://tribune.example/feed?api_key=***&page=2"),
        ("https://tribune.example/feed?page=2&X-Amz-Signature=s3cret", "https://tribune.example/feed?page=2&X-Amz-Signature=***"),
        ("https://tribune.example/feed?accessToken=s3cret#top", "https://tribune.example/feed?accessToken=***#top"),
        ("https://tribune.example/a;token=s3cret/b", "https://tribune.example/a;token=***"),
        ("https://ada:s3cret@tribune.example/", "https://***@tribune.example/"),
        ("https://s3cret@tribune.example/", "https://***@tribune.example/"),
        ("<GET https://tribune.example/?sig=s3cret> (referer: None)", "<GET https://tribune.example/?sig=***> (referer: None)"),
        ("{'HTTPAUTH_PASS': 's3cret', 'DOWNLOAD_DELAY': '1'}", "{'HTTPAUTH_PASS': '***', 'DOWNLOAD_DELAY': '1'}"),
        ("Authorization: Bearer s3cret", "Authorization: ***"),
    ],
)  # fmt: skip
def test_secrets_are_taken_out(written: str, logged: str) -> None:
    assert redact(written) == logged
    assert redact(logged) == logged


@pytest.mark.parametrize(
    "harmless",
    [
        "https://tribune.example/feed?author=peresild&keyword=space&monkey=1&design=2",
        "https://tribune.example/@handle/the-key=to-space",
        "mail ada@tribune.example about https://tribune.example/",
    ],
)
def test_the_rest_stays_as_it_is(harmless: str) -> None:
    assert redact(harmless) == harmless


def test_a_record_is_mended_everywhere() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    before = logging.getLogRecordFactory()
    logging.setLogRecordFactory(mended_record)
    logger = logging.getLogger("tests.mended")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.error("Crawled (%d) %s in %.1f s", 200, "https://t.example/?key=s3cret\n2026 forged \x1b[31mline", 1.5)
        logger.error("no arguments: https://t.example/?token=s3cret #\n2026 forged")
        logger.error(ValueError("the message itself: ?key=s3cret&\r\n2026 forged \x1b[31m"))
        try:
            raise ValueError("https://t.example/?password=s3cret&\n2026 forged \x1b]0;title\x07\u2028")  # noqa: TRY301
        except ValueError:
            logger.exception("failed")
    finally:
        logging.setLogRecordFactory(before)
        logger.removeHandler(handler)
    written = stream.getvalue()
    assert "s3cret" not in written
    lines = written.splitlines()
    assert lines[0].startswith("Crawled (200) https://t.example/?key=***")
    assert lines[1] == "no arguments: https://t.example/?token=*** #\\n2026 forged"
    assert lines[2] == "the message itself: ?key=***&\\r\\n2026 forged \\x1b[31m"
    assert lines[3:5] == ["failed", "  Traceback (most recent call last):"]
    assert lines[-2] == "  ValueError: https://t.example/?password=***&"
    assert lines[-1] == "  2026 forged \\x1b]0;title\\x07\\u2028"
    assert written.replace("\n", "").isprintable()
    assert not any(line.startswith("2026") for line in lines)


def test_what_nobody_asked_for_is_not_even_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    root, scrapy = logging.getLogger(), logging.getLogger("scrapy")
    handler = logging.NullHandler(logging.ERROR)
    monkeypatch.setattr(root, "handlers", [handler])
    before, made_by = scrapy.level, logging.getLogRecordFactory()
    try:
        hush(verbose=True)
        engine = logging.getLogger("scrapy.core.engine")
        assert engine.isEnabledFor(logging.ERROR)
        assert not engine.isEnabledFor(logging.WARNING)
        handler.setLevel(logging.DEBUG)  # as for -vv
        hush(verbose=True)
        assert engine.isEnabledFor(logging.DEBUG)
    finally:
        scrapy.setLevel(before)
        logging.setLogRecordFactory(made_by)
