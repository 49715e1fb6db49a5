"""Datelines of agencies, in their scripts, and sentences that only look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.milestones.datelines import LONGEST_DATELINE, dateline_length


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("MOSCOW, May 15 - ", "An actress will fly."),
        ("BAIKONUR, Kazakhstan, Oct 5 (Example Wire) - ", "A crew left."),
        ("HOUSTON (Example Wire) -- ", "A singer stays."),
        ("Moscou, 5 octobre (Exemple) – ", "Deux cinéastes partent."),
        ("MOSCÚ, 17 oct (Ejemplo).- ", "El equipo volvió."),
        ("МОСКВА, 5 окт - ", "Экипаж улетел."),
        ("موسكو (مثال) - ", "انطلق الطاقم."),
        ("示例社莫斯科5月14日电", "两人将升空。"),
        ("【モスクワ17日】", "2人が帰還した。"),
        ("[모스크바=보기]", "두 사람이 돌아왔다."),
    ],
)
def test_the_head_is_a_dateline_and_the_rest_is_not(head: str, rest: str) -> None:
    assert dateline_length(head + rest) == len(head)
    assert dateline_length(rest) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "On May 15 the actress - and only she - was named.",
        "Cruise - an actor - will fly on October 5.",
        "17日，两人返回地球。",
        "They flew (in May) and returned.",
    ],
)
def test_a_dash_or_a_day_alone_makes_no_dateline(sentence: str) -> None:
    assert dateline_length(sentence) == 0


@given(st.text(max_size=300))
def test_it_stays_within_its_bound(text: str) -> None:
    assert 0 <= dateline_length(text) <= min(len(text), LONGEST_DATELINE + 4)
