import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.backfill.unpacking import LINE_LIMIT, CutError, unpacked_lines

LINES = [b"one", b"", b"three\twords", "четыре".encode()]


def zip_of(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda text: zip_of(("folder/", b""), ("a.csv", text), ("b", b"x"))]
)
def test_lines_whatever_they_are_packed_in(pack, end):
    assert list(unpacked_lines(pack(end.join(LINES)), limit=100)) == LINES
    assert list(unpacked_lines(pack(end.join(LINES) + end), limit=100)) == LINES


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda text: zip_of(("a", text))])
def test_the_bound(pack):
    text = b"0123456789\n" * 3
    assert len(list(unpacked_lines(pack(text), limit=33))) == 3
    lines = unpacked_lines(pack(text + b"x"), limit=33)
    assert [next(lines) for _ in range(3)] == [b"0123456789"] * 3
    with pytest.raises(CutError, match="more than 33 bytes"):
        list(lines)


def test_a_bomb_costs_no_memory():
    bomb = gzip.compress(b"\0" * (64 * 2**20))
    lines = unpacked_lines(bomb, limit=32 * 2**20)
    assert len(next(lines)) == LINE_LIMIT
    with pytest.raises(CutError):
        next(lines)


@pytest.mark.parametrize(
    "body",
    [
        zip_of(("a", b"x\n" * 50_000))[:-60],
        zip_of(("a", b"x"), method=zipfile.ZIP_LZMA),
        zip_of(("a", b"x"), method=zipfile.ZIP_BZIP2),
        zip_of(),
        zip_of(("folder/", b"")),
        zip_of(("a", b"abc"), method=zipfile.ZIP_STORED).replace(b"abc", b"abd"),
        gzip.compress(b"abc")[:-4],
        gzip.compress(b"abc")[:-8] + b"\0" * 8,
        b"\x1f\x8b",
        b"PK\x03\x04",
    ],
)
def test_what_cannot_be_read(body):
    body = b"PK\x03\x04" + body if body.startswith(b"PK\x05\x06") else body
    with pytest.raises(CutError):
        list(unpacked_lines(body, limit=2**20))


@given(st.data())
def test_a_damaged_archive(data):
    body = bytearray(zip_of(("a", b"one\ntwo\n" * 20)))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(4, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        lines = list(unpacked_lines(bytes(body), limit=2**16))
    except CutError:
        return
    assert sum(map(len, lines)) <= 2**16
