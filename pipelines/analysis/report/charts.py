"""The charts of coverage over time and of plans as they moved."""

from datetime import date, timedelta
from math import ceil
from typing import Any

import altair as alt
import pandas as pd

from pipelines.analysis.days import span
from pipelines.analysis.report.charting import SOFT, WIDE, Picture, finish, numbered, plain


def coverage_bars(counted: pd.DataFrame, periods: list[str], series: list[str], width: int) -> Picture:
    """Stories by period, stacked by project.

    Args:
        counted: columns period, series (the legend's name) and stories.
        periods: all periods in order, empty ones too.
        series: the names in the order of the legend.
        width: pixels of the drawing.
    """
    every = max(1, ceil(len(periods) * 60 / width))
    ticks = periods[::every]
    bars = (
        alt.Chart(counted)
        .mark_bar(stroke="var(--paper)", strokeWidth=0.5)
        .encode(
            x=alt.X(
                "period:N",
                sort=periods,
                scale=alt.Scale(domain=periods, paddingInner=0.15),
                title=None,
                axis=alt.Axis(values=ticks, labelAngle=0, ticks=False, domainColor=SOFT),
            ),
            y=alt.Y(
                "stories:Q",
                title="stories",
                axis=alt.Axis(
                    tickMinStep=1,
                    tickCount=5,
                    domain=False,
                    ticks=False,
                    titleAngle=0,
                    titleAlign="left",
                    titleY=-10,
                    titleX=-20,
                ),
            ),
            color=alt.Color("series:N", scale=numbered(series), sort=series, legend=None),
            order=alt.Order("rank:Q"),
        )
    )
    return finish(alt.layer(bars), width - 30, 220)


def drift_lines(planned: pd.DataFrame, series: list[str], today: date, width: int) -> Picture:
    """Planned dates against the day on which they were printed; on the diagonal a plan has become the present.

    Args:
        planned: columns published, claimed_date, claimed_precision, outlets, point and series.
        series: the names in the order of the legend.
        today: where lines end.
        width: pixels of the drawing.
    """
    spans = [
        span(day, precision)
        for day, precision in zip(planned["claimed_date"], planned["claimed_precision"], strict=True)
    ]
    shown = planned.assign(
        day=[begin + (end - begin) / 2 for begin, end in spans], first=[b for b, _ in spans], last=[e for _, e in spans]
    )
    start = min(shown["published"]) - timedelta(days=30)
    days = [start, *shown["last"], *shown["published"]]
    end = max(*shown["published"], min(today, max(days)))
    x = alt.X(
        "published:T",
        scale=alt.Scale(domain=[start.isoformat(), end.isoformat()], nice=False, type="utc"),
        title="printed",
        axis=_years(),
    )
    upright = alt.Scale(
        domain=[start.isoformat(), (max(days) + timedelta(days=60)).isoformat()], nice=False, type="utc"
    )
    y = alt.Y(
        "day:T",
        scale=upright,
        title="planned for",
        axis=_years(titleAngle=0, titleAlign="left", titleY=-10, titleX=-34),
    )
    colour = alt.Color("series:N", scale=numbered(series), sort=series, legend=None)
    base = alt.Chart(plain(shown, "day", "published", "claimed_date", "first", "last")).encode(x=x, color=colour)
    diagonal = pd.DataFrame(
        {"published": [start.isoformat(), end.isoformat()], "day": [start.isoformat(), end.isoformat()]}
    )
    return finish(
        alt.layer(
            alt.Chart(diagonal).mark_line(color=SOFT, strokeDash=[2, 4], strokeWidth=1).encode(x=x, y=y),
            base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=y),
            base.mark_rule(strokeWidth=3, opacity=0.35).encode(y=alt.Y("first:T", scale=upright), y2="last:T"),
            base.transform_filter("datum.point == 'came'")
            .mark_point(shape="square", size=130, strokeWidth=2.5)
            .encode(y=y),
            base.transform_filter("datum.point == 'plan'")
            .mark_point(filled=True, opacity=1)
            .encode(
                y=y,
                size=alt.Size("outlets:Q", scale=alt.Scale(domain=[1, 8], range=[40, 160], clamp=True), legend=None),
            ),
        ),
        width - 40,
        300 if width == WIDE else 240,
    )


def _years(**more: Any) -> alt.Axis:
    return alt.Axis(format="%Y", tickCount="year", ticks=False, domain=False, grid=True, **more)
