"""The journal: what is in it, what is damaged, and what was cut short."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.store.journal import decode, encode

RECORDS = [{"n": 1, "text": "Съёмка\nна орбите"}, {"n": 2, "text": "\u2028 挑战"}, {"n": 3, "text": ""}]
WHOLE = b"".join(map(encode, RECORDS))


def test_a_round() -> None:
    assert decode(WHOLE).records == RECORDS
    assert decode(b"") == decode(b"\n\n")


@given(st.integers(0, len(WHOLE)))
def test_cut_anywhere_the_whole_records_before_are_kept(length: int) -> None:
    found = decode(WHOLE[:length])
    lines = WHOLE[:length].count(b"\n")
    assert found.records[:lines] == RECORDS[:lines]
    assert len(found.records) <= lines + 1
    assert found.damaged == []


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 7))
def test_a_flipped_bit_costs_one_record_or_two(at: int, bit: int) -> None:
    """Two, when it is the bit of a line's end. What is damaged is kept aside, unless it was the last line's end."""
    broken = bytearray(WHOLE)
    broken[at] ^= 1 << bit
    found = decode(bytes(broken))
    assert all(record in RECORDS for record in found.records)
    assert len(found.records) >= (2 if WHOLE[at : at + 1] != b"\n" else 1)
    assert found.damaged or found.torn or found.records == RECORDS


@given(st.binary(max_size=200))
def test_rubbish_never_raises(rubbish: bytes) -> None:
    found = decode(rubbish)
    assert found.records == []
