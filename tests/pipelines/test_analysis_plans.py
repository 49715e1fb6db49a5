"""What was promised, what came, who told of it first, and who was right."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.analysis import (
    check_claims,
    claims,
    known_milestones,
    milestone_reports,
    outlet_accuracy,
    plan_moves,
    planned_dates,
)
from pipelines.analysis.days import dated, days_apart, span, written
from tests.pipelines.frames import milestones, noon, project
from tests.pipelines.rows import milestone

LAUNCH = date(2021, 10, 5)
KNOWN = known_milestones(
    [
        project(
            "challenge",
            ("launch", LAUNCH, "day", "happened"),
            ("return", date(2021, 10, 17), "day", "happened"),
            ("release", date(2023, 4, 20), "day", "happened"),
        ),
        project("see1", ("studio_launch", date(2024, 12, 1), "month", "planned")),
    ]
)

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
PRECISIONS = st.sampled_from(["day", "month", "year"])


@pytest.mark.parametrize(
    ("day", "precision", "first", "last", "words"),
    [
        (date(2021, 10, 5), "day", date(2021, 10, 5), date(2021, 10, 5), "5 Oct 2021"),
        (date(2024, 2, 1), "month", date(2024, 2, 1), date(2024, 2, 29), "Feb 2024"),
        (date(2024, 12, 1), "month", date(2024, 12, 1), date(2024, 12, 31), "Dec 2024"),
        (date(2024, 1, 1), "year", date(2024, 1, 1), date(2024, 12, 31), "2024"),
    ],
)
def test_what_a_date_may_mean(day: date, precision: str, first: date, last: date, words: str) -> None:
    assert span(day, precision) == (first, last)
    assert written(day, precision) == words


@given(DAYS, PRECISIONS, DAYS, PRECISIONS)
def test_days_apart_are_zero_just_when_two_dates_can_be_the_same(
    one: date, fine: str, other: date, coarse: str
) -> None:
    a, b = span(one, fine), span(other, coarse)
    apart = days_apart(a, b)
    assert apart == -days_apart(b, a)
    assert (apart == 0) == (a[0] <= b[1] and b[0] <= a[1])
    assert apart <= 0 or a[0] - timedelta(days=apart) == b[1]


def test_a_plan_for_the_past_and_a_report_of_the_future_are_no_claims() -> None:
    frame = milestones(
        milestone(1, published=date(2021, 5, 13)),
        milestone(2, published=date(2021, 12, 1)),  # plans October in December
        milestone(3, published=date(2021, 5, 13), status="happened"),  # reports October in May
        milestone(4, published=date(2021, 10, 4), status="happened"),  # America's evening of the 4th
        milestone(5, claimed_date=date(2021, 1, 1), claimed_precision="year"),
        milestone(6, claimed_date=None, claimed_precision="none"),
    )
    assert set(dated(frame)["claim_id"]) == {"c1", "c4", "c5"}


def test_the_plan_of_the_day_is_what_most_outlets_name() -> None:
    day = date(2021, 5, 13)
    frame = milestones(
        milestone(1, published=day, source="tribune"),
        milestone(2, published=day, source="gazette"),
        milestone(3, published=day, source="herald", claimed_date=date(2021, 12, 1), confidence=0.99),
        milestone(4, published=day, milestone="training", claimed_date=date(2021, 6, 1)),  # nobody waits for it
        milestone(5, published=day, status="happened", claimed_date=date(2021, 5, 12)),
    )
    plans = planned_dates(frame)
    assert plans[["milestone", "claimed_date", "outlets"]].to_numpy().tolist() == [["launch", LAUNCH, 2]]


def test_a_date_printed_on_that_very_day_is_no_plan() -> None:
    assert planned_dates(milestones(milestone(1, published=LAUNCH))).empty


def test_a_plan_moves_is_refined_and_confirmed() -> None:
    said = [
        (date(2020, 9, 22), date(2021, 1, 1), "year"),  # some time in 2021
        (date(2021, 5, 13), LAUNCH, "day"),  # refined
        (date(2021, 7, 2), date(2021, 10, 1), "month"),  # the same in vaguer words
        (date(2021, 8, 1), date(2021, 10, 20), "day"),  # slipped by fifteen days
        (date(2021, 9, 1), LAUNCH, "day"),  # and back
    ]
    frame = milestones(
        *(
            milestone(number, published=published, claimed_date=day, claimed_precision=precision)
            for number, (published, day, precision) in enumerate(said)
        )
    )
    moves = plan_moves(planned_dates(frame))
    assert moves[["published", "from_date", "to_date", "days"]].to_numpy().tolist() == [
        [date(2021, 8, 1), LAUNCH, date(2021, 10, 20), 15],
        [date(2021, 9, 1), date(2021, 10, 20), LAUNCH, -15],
    ]


def test_a_plan_that_came_true_drifts_no_more() -> None:
    release = {"milestone": "release"}
    frame = milestones(
        milestone(1, published=date(2023, 4, 12), claimed_date=date(2023, 4, 20), **release),
        milestone(2, published=date(2024, 3, 1), claimed_date=date(2024, 3, 15), **release),  # another country
    )
    assert len(plan_moves(planned_dates(frame))) == 1
    assert plan_moves(planned_dates(frame, KNOWN)).empty
    assert len(planned_dates(frame, KNOWN)) == 1


def test_claims_are_checked_with_the_exactness_they_have() -> None:
    report = {"status": "happened", "published": date(2021, 10, 20)}
    frame = milestones(
        milestone(1, source="a", **report),
        milestone(2, source="b", **report, claimed_date=date(2021, 10, 4)),  # a day off is a time zone
        milestone(3, source="c", **report, claimed_date=date(2021, 10, 1), claimed_precision="month"),
        milestone(4, source="c", **report, claimed_date=date(2021, 9, 30)),
        milestone(5, source="d", published=date(2021, 3, 1), claimed_date=date(2021, 9, 1)),  # a plan
        milestone(6, source="d", **report, milestone="docking"),  # not on the record
        milestone(7, source="d", **report, project="see1", milestone="studio_launch"),  # only planned on the record
    )
    checked = check_claims(frame, KNOWN).set_index("source", append=True)
    assert [(index[1], row["days_off"], row["verdict"]) for index, row in checked.iterrows()] == [
        ("d", -34, "moved"),
        ("a", 0, "right"),
        ("b", -1, "right"),
        ("c", 0, "right"),
        ("c", -5, "wrong"),
    ]
    table = outlet_accuracy(check_claims(frame, KNOWN))
    assert table.to_dict("list") == {
        "source": ["a", "b", "c"],
        "reports": [1, 1, 2],
        "right": [1, 1, 1],
        "share": [1.0, 1.0, 0.5],
        "worst_days_off": [0, 1, 5],
    }


def test_who_told_of_a_milestone_first_before_and_after() -> None:
    frame = milestones(
        milestone(1, published=date(2020, 9, 22), claimed_date=date(2021, 1, 1), claimed_precision="year"),
        milestone(2, published=date(2021, 5, 13), source="agency"),
        milestone(3, published=date(2021, 5, 14), source="tribune"),
        milestone(4, published=date(2021, 10, 5), source="tribune", status="happened"),
        milestone(5, published=date(2021, 10, 7), source="gazette", status="happened"),
        milestone(6, published=date(2021, 10, 19), source="gazette", status="happened", milestone="return",
                  claimed_date=date(2021, 10, 17)),
    )  # fmt: skip
    table = milestone_reports(frame, KNOWN)
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["challenge", "launch", LAUNCH, date(2021, 5, 13), "agency", 145, date(2021, 10, 5), "tribune", 0, 2],
        ["challenge", "return", date(2021, 10, 17), None, None, None, date(2021, 10, 19), "gazette", 2, 1],
    ]


def test_who_was_first_on_a_day_is_told_by_the_clock() -> None:
    day = {"published": date(2021, 10, 5), "status": "happened"}
    frame = milestones(
        milestone(1, source="late", **day),
        milestone(2, source="early", **day),
        milestone(3, source="a-tie", **day),
        printed_at={"a1": noon(2021, 10, 5, 11), "a2": noon(2021, 10, 5, 9), "a3": noon(2021, 10, 5, 11)},
    )
    assert list(frame["source"]) == ["early", "a-tie", "late"]
    assert claims(frame)["first_source"].tolist() == ["early"]
    assert milestone_reports(frame, KNOWN)["reported_by"].tolist() == ["early"]


def test_the_same_plan_of_a_day_is_its_first_outlet_s() -> None:
    frame = milestones(
        milestone(1, source="late"),
        milestone(2, source="early"),
        printed_at={"a1": noon(2021, 5, 13, 11), "a2": noon(2021, 5, 13, 9)},
    )
    assert planned_dates(frame)["source"].tolist() == ["early"]


def test_a_year_is_not_its_first_day() -> None:
    new_year = {"claimed_date": date(2022, 1, 1)}
    table = claims(milestones(milestone(1, **new_year), milestone(2, **new_year, claimed_precision="year")))
    assert table[["claimed_precision", "stories"]].to_numpy().tolist() == [["day", 1], ["year", 1]]


def test_claims_without_their_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="load_milestones"):
        claims(milestones(milestone(1)).drop(columns="published_at"))


@pytest.mark.parametrize("question", [planned_dates, lambda frame: check_claims(frame, KNOWN),
                                      lambda frame: milestone_reports(frame, KNOWN),
                                      lambda frame: plan_moves(planned_dates(frame, KNOWN)),
                                      lambda frame: outlet_accuracy(check_claims(frame, KNOWN))])  # fmt: skip
def test_before_the_first_claim_the_columns_are_there(question: object) -> None:
    nothing = question(milestones())  # type: ignore[operator]
    something = question(milestones(milestone(1), milestone(2, published=date(2021, 6, 1))))  # type: ignore[operator]
    assert isinstance(nothing, pd.DataFrame)
    assert nothing.empty
    assert list(nothing.columns) == list(something.columns)
