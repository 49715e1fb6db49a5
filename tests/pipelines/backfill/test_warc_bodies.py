"""Codings of archived bodies, done well, badly and with malice."""

import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.warc_bodies import BodyError, plain_body

PAGE = b"<html><p>A film crew works aboard the space station.</p></html>" * 40
LIMIT = 100_000


def raw_deflate(body: bytes) -> bytes:
    coder = zlib.compressobj(wbits=-15)
    return coder.compress(body) + coder.flush()


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 700] for at in range(0, len(body), 700)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("body", "transfer", "content"),
    [
        (PAGE, "", ""),
        (gzip.compress(PAGE), "", "gzip"),
        (gzip.compress(PAGE), "", "X-GZIP"),
        (zlib.compress(PAGE), "", "deflate"),
        (raw_deflate(PAGE), "", "deflate"),
        (brotli.compress(PAGE), "", "br"),
        (gzip.compress(brotli.compress(PAGE)), "", "br, gzip"),
        (chunked(PAGE), "chunked", "identity"),
        (chunked(gzip.compress(PAGE)), "Chunked", "gzip"),
        # The header says more than was done: archives undo codings and keep what named them.
        (PAGE, "chunked", "gzip"),
        (PAGE, "", "br"),
        (PAGE, "", "deflate"),
        (PAGE, "", "lzma"),
    ],
)
def test_codings_are_undone(body: bytes, transfer: str, content: str) -> None:
    assert plain_body(body, transfer=transfer, content=content, limit=LIMIT) == PAGE


@pytest.mark.parametrize(
    ("body", "transfer", "content", "reason"),
    [
        (gzip.compress(bytes(20_000_000)), "", "gzip", "too_large"),
        (gzip.compress(gzip.compress(bytes(20_000_000))), "", "gzip, gzip", "too_large"),
        (brotli.compress(bytes(20_000_000)), "", "br", "too_large"),
        (zlib.compress(bytes(20_000_000)), "", "deflate", "too_large"),
        (chunked(bytes(200_000)), "chunked", "", "too_large"),
        (gzip.compress(PAGE)[:12] + b"nonsense", "", "gzip", "bad_coding"),
        (b"\x8b\x00\x01 noise", "", "br", "bad_coding"),
        (b"noise", "", "deflate", "bad_coding"),
        (b"noise", "", "lzma", "bad_coding"),
        (b"ffffffffffffffff\r\nnoise", "chunked", "", "bad_coding"),
        (chunked(PAGE)[:900], "chunked", "", "bad_coding"),
        (PAGE, "", "gzip, gzip, gzip, gzip", "bad_coding"),
    ],
)
def test_what_cannot_be_undone_has_a_reason(body: bytes, transfer: str, content: str, reason: str) -> None:
    with pytest.raises(BodyError, match=f"^{reason}$"):
        plain_body(body, transfer=transfer, content=content, limit=LIMIT)


@given(
    st.binary(max_size=400), st.sampled_from(["", "chunked"]), st.sampled_from(["gzip", "deflate", "br", "zstd", ""])
)
def test_any_bytes_give_a_bounded_body_or_a_reason(body: bytes, transfer: str, content: str) -> None:
    try:
        found = plain_body(body, transfer=transfer, content=content, limit=1000)
    except BodyError as error:
        found = str(error).encode()
    assert len(found) <= 1000
