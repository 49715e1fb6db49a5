"""Files that are broken in places: what can be read is read, and the reading ends."""

import gzip
import io
import random
from collections import Counter

import pytest
from fastwarc.warc import WarcHeader

from pipelines.backfill.warc_records import MOST_BREAKS, NoWarcError, records
from pipelines.backfill.warc_tally import WarcTally
from tests.pipelines.backfill.warcs import packed, record

ROWS = [record(f"https://tribune.example/{number}") for number in range(6)]
MEMBERS = [packed(row) for row in ROWS]


def read(content: bytes) -> tuple[list[str], Counter[str]]:
    """The last parts of the addresses of the records that were read, and what was skipped."""
    tally = WarcTally()
    found = [
        (one.headers.get(WarcHeader.WARC_TARGET_URI) or "").rpartition("/")[2]
        for one in records(io.BytesIO(content), tally)
    ]
    assert tally.records == len(found)
    return found, tally.skipped


def damaged(member: bytes, at: int, by: bytes) -> bytes:
    return member[:at] + by + member[at + len(by) :]


def test_a_sound_file_is_read_whole_compressed_or_not() -> None:
    assert read(packed(*ROWS)) == (list("012345"), Counter())
    assert read(b"".join(ROWS)) == (list("012345"), Counter())
    assert read(b"") == ([], Counter())


@pytest.mark.parametrize(
    "bad",
    [
        damaged(MEMBERS[2], 0, b"xx"),  # no member any more
        damaged(MEMBERS[2], 60, bytes(range(90, 150))),
        packed(b"This is no record.\r\n\r\n"),
        packed(b"WARC/1.0\r\nX-Long: " + b"x" * 500_000 + b"\r\n\r\n"),
        b"left behind by another program" * 30,
        MEMBERS[2][: len(MEMBERS[2]) // 2],
    ],
)
def test_what_stands_behind_a_broken_member_is_read(bad: bytes) -> None:
    found, skipped = read(b"".join([*MEMBERS[:2], bad, *MEMBERS[3:]]))
    assert [number for number in found if number not in {"", "2"}] == list("01345")
    assert set(skipped) == {"damaged"}


def test_what_stands_behind_a_broken_record_of_a_plain_file_is_read() -> None:
    found, skipped = read(ROWS[0] + b"nothing that was ever a record\r\n" * 9 + ROWS[1])
    assert (found, skipped) == (["0", "1"], {"damaged": 1})


@pytest.mark.parametrize("length", [0, 10**9, -1, 2**70])
def test_a_record_that_lies_about_its_length_costs_no_endless_loop(length: int) -> None:
    found, _ = read(b"".join([MEMBERS[0], packed(record("https://tribune.example/1", length=length)), *MEMBERS[2:]]))
    assert found[:2] == ["0", "1"]
    assert set(found) <= {*"012345"}
    assert len(found) == len(set(found))


def test_a_file_of_nothing_but_damage_is_given_up() -> None:
    broken = b"".join(damaged(member, 200, bytes(range(50, 90))) for member in MEMBERS) * 40
    found, skipped = read(broken)
    assert len(found) <= MOST_BREAKS
    assert skipped == {"damaged": MOST_BREAKS, "unread": 1}


class OneWay(io.BytesIO):
    """A tape that cannot go back."""

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("tape", [io.BytesIO, OneWay])
@pytest.mark.parametrize(
    "content",
    [
        b"# Changes\n\n- Nothing yet.\n",
        random.Random(3).randbytes(50_000),  # noqa: S311 - the same noise every time
        gzip.compress(b"<html><title>503 Service Unavailable</title></html>"),
        gzip.compress(b""),
        bytes(5_000),
        b"\r\n\r\n",
    ],
    ids=["text", "noise", "error page", "empty member", "zeros", "blank"],
)
def test_a_file_without_a_record_is_no_warc(content: bytes, tape: type[io.BytesIO]) -> None:
    with pytest.raises(NoWarcError, match="no record"):
        list(records(tape(content), WarcTally()))


def test_a_tape_that_cannot_go_back_leaves_the_rest_unread() -> None:
    tally = WarcTally()
    content = b"".join([MEMBERS[0], damaged(MEMBERS[1], 0, b"xx"), MEMBERS[2]])
    assert len(list(records(OneWay(content), tally))) == 1
    assert tally.skipped == {"damaged": 1, "unread": 1}


def test_an_error_of_the_tape_is_no_damage() -> None:
    class GoneError(Exception):
        pass

    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= 65_536:
                raise GoneError
            return super().read(size)

    noise = random.Random(5).randbytes(60_000)  # noqa: S311 - the same noise every time
    with pytest.raises(GoneError):
        list(records(Failing(packed(*[record(body=noise)] * 4)), WarcTally()))


@pytest.mark.parametrize("seed", range(40))
def test_random_damage_ends_with_what_is_whole(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same damage every time
    content = bytearray(packed(*ROWS) if seed % 2 else b"".join(ROWS))
    for _ in range(chance.choice([1, 3, 20])):
        at = chance.randrange(len(content))
        content[at : at + chance.choice([0, 1, 4])] = chance.randbytes(chance.choice([0, 1, 9]))
    found, _ = read(bytes(content))
    assert len(found) <= 40
