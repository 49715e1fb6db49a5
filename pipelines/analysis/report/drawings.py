"""Which charts a report gets, drawn for a desk and for a phone, each with its name and what it says in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from markupsafe import Markup

from pipelines.analysis.days import written
from pipelines.analysis.frames import rows
from pipelines.analysis.report.charting import NARROW, WIDE, Picture
from pipelines.analysis.report.charts import coverage_bars, drift_lines
from pipelines.analysis.report.contents import Contents
from pipelines.analysis.report.race_chart import race_chart
from pipelines.analysis.report.svg import draw

_OTHERS = "all others"

#: Plans that get a line. Filming and return move with the launch; they are in the table.
_DRAWN = ("launch", "studio_launch", "premiere", "release")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart ready for the page.

    Attributes:
        wide: for a desk.
        narrow: for a phone.
        series: the names of its colours, () when the page's own legend serves.
        left_out: ids of the projects that it does not show, for want of room or of anything to draw.
    """

    wide: Markup
    narrow: Markup
    series: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def race(contents: Contents, lanes: int) -> Drawing | None:
    """The race at a glance, the projects that most is written of; None before the first story."""
    drawn = contents.standings[contents.standings["project"].isin(contents.marks["project"])]
    if drawn.empty:
        return None
    drawn = drawn.sort_values("stories", ascending=False, kind="stable").head(lanes)
    long = [(str(row.project), str(row.name), _state(row, dated=True)) for row in rows(drawn)]
    short = [(str(row.project), str(row.name), _state(row, dated=False)) for row in rows(drawn)]
    said = "; ".join(f"{name}: {state}" for _, name, state in long)
    left_out = contents.standings[~contents.standings["project"].isin(drawn["project"])]
    drawing = _both(
        lambda width: race_chart(
            contents.marks, long if width == WIDE else short, contents.window, contents.as_of.date(), width
        ),
        name="race",
        title="The race at a glance: milestones of each project on one time axis",
        description=f"{said}.",
    )
    return replace(drawing, left_out=tuple(left_out["project"]))


def _state(row: Any, *, dated: bool) -> str:
    """State with its day, or with the plan that is overdue; a phone has room for one of the two."""
    if row.overdue:
        overdue = f"{row.next_milestone.replace('_', ' ')} overdue"
        return f"{row.state}, {overdue}" if dated else overdue
    return f"{row.state} {written(row.since, row.since_precision)}" if dated and row.since else row.state


def coverage(contents: Contents, series: int) -> Drawing | None:
    """Coverage over time; None before the first story about a project."""
    counted = contents.coverage
    if counted.empty:
        return None
    totals = counted.groupby("project")["stories"].sum().sort_values(ascending=False, kind="stable")
    leading = list(totals.index[:series])
    names = [contents.names.get(project, project) for project in leading]
    of = dict(zip(leading, names, strict=True))
    counted = counted.assign(series=counted["project"].map(of).fillna(_OTHERS).astype(str))
    if len(totals) > series:
        names.append(_OTHERS)
    counted["rank"] = counted["series"].map({name: number for number, name in enumerate(names)})
    summed = counted.groupby(["period", "series", "rank"])["stories"].sum().reset_index()
    periods = pd.period_range(min(counted["period"]), max(counted["period"]), freq=contents.period)
    busiest = counted.groupby("period")["stories"].sum().idxmax()
    return _both(
        lambda width: coverage_bars(summed, [str(period) for period in periods], names, width),
        name="coverage",
        title="Stories over time, by project",
        description=f"Most stories are about {names[0]}; the busiest period is {busiest}.",
        series=tuple(names),
    )


def drift(contents: Contents, series: int) -> Drawing | None:
    """Planned dates as they moved; None when nothing was planned twice."""
    planned = contents.planned[contents.planned["milestone"].isin(_DRAWN)]
    if planned.empty:
        return None
    keys = planned.groupby(["project", "milestone"]).size().sort_values(ascending=False, kind="stable").index[:series]
    names = {key: f"{contents.names.get(key[0], key[0])}: {key[1].replace('_', ' ')}" for key in keys}
    own = [names.get(key, "") for key in zip(planned["project"], planned["milestone"], strict=True)]
    shown = planned.assign(series=own)
    shown = shown[shown["series"] != ""]
    slips = [
        f"{names[(m.project, m.milestone)]} by {m.days} days"
        for m in rows(contents.moves)
        if (m.project, m.milestone) in names
    ]
    return _both(
        lambda width: drift_lines(shown, list(names.values()), contents.as_of.date(), width),
        name="drift",
        title="Planned dates as they moved",
        description=f"Moved: {'; '.join(slips)}." if slips else "None of these plans moved.",
        series=tuple(names.values()),
    )


def _both(
    chart: Callable[[int], Picture], *, name: str, title: str, description: str, series: tuple[str, ...] = ()
) -> Drawing:
    wide, narrow = (
        draw(chart(width), name=f"{name}-{width}", title=title, description=description) for width in (WIDE, NARROW)
    )
    return Drawing(wide, narrow, series)
