"""Which known fact a claim speaks of."""

from datetime import date

import pytest

from pipelines.analysis import check_claims, claims, known_milestones
from pipelines.analysis.frames import rows
from pipelines.analysis.record import Record
from tests.pipelines.frames import milestones, project
from tests.pipelines.rows import milestone

CARGO, CREW, DROPPED = date(2021, 6, 30), date(2021, 10, 5), date(2025, 12, 11)
KNOWN = known_milestones(
    [
        project("challenge", ("launch", CARGO, "day", "happened"), ("launch", CREW, "day", "happened")),
        project(
            "liman",
            ("launch", date(2021, 10, 1), "month", "delayed"),
            ("cancellation", DROPPED, "day", "cancelled"),
        ),
        project("see1", ("launch", date(2024, 12, 1), "month", "planned")),
    ]
)
YEAR = {"claimed_date": date(2021, 1, 1), "claimed_precision": "year"}
FRAME = milestones(
    milestone(1, **YEAR),
    milestone(2),
    milestone(3, project="liman", claimed_date=date(2021, 10, 1), claimed_precision="month"),
    milestone(4, project="liman", claimed_date=date(2021, 10, 1), claimed_precision="month", status="delayed"),
    milestone(5, project="liman", milestone="cancellation", status="cancelled", claimed_date=date(2025, 12, 12)),
    milestone(6, project="see1", claimed_date=date(2024, 12, 1), claimed_precision="month"),
    milestone(7, claimed_date=date(2021, 7, 1), claimed_precision="month"),
)


@pytest.mark.parametrize(
    ("number", "fact", "apart"),
    [
        (1, CREW, 0),  # the year holds both launches: the one that is named to the day
        (2, CREW, 0),
        (3, None, None),  # a launch that was put off took place on no day
        (4, date(2021, 10, 1), 0),  # but it was put off
        (5, DROPPED, 1),
        (6, None, None),  # a plan of the record is no fact
        (7, CARGO, 1),
    ],
)
def test_a_claim_stands_beside_what_it_speaks_of(number: int, fact: date | None, apart: int | None) -> None:
    record = Record(KNOWN, claims(FRAME))
    (claim,) = rows(FRAME[FRAME["claim_id"] == f"c{number}"])
    found = record.nearest(claim)
    assert (found and found[0].date, found and found[1]) == (fact, apart)


def test_the_check_of_claims_names_the_same_facts() -> None:
    checked = check_claims(FRAME, KNOWN)
    assert checked[checked["claimed_precision"] == "year"]["known_date"].tolist() == [CREW]
    assert set(checked["project"]) == {"challenge"}
